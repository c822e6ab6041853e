"""What a camera was asked over HTTP, for who tests a client: a list, and assertions upon it.

The latest requests only (edge/journal.py says how many). A client that logs in by Digest asks
everything twice: first without credentials, which is refused with 401.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from emulator.edge.journal import Entry, Journal

MOST_SHOWN = 20
REFUSED = 401


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. status: None where the connection was broken instead; user: who logged in.

    near  known paths that an unknown one is like
    """

    method: str
    path: str
    query: Mapping[str, str]
    status: int | None
    user: str | None
    took_ms: float
    near: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return self.text


class Requests:
    """The latest requests, the oldest first: iterable, with a length, by index."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __iter__(self) -> Iterator[Asked]:
        return iter([_asked(entry) for entry in self._journal.entries()[0]])

    def __len__(self) -> int:
        return len(self._journal.entries()[0])

    def __getitem__(self, place: int) -> Asked:
        return list(self)[place]

    def clear(self) -> None:
        """Forget all."""
        self._journal.clear()

    def got(
        self,
        path: str,
        *,
        method: str | None = None,
        status: int | None = None,
        user: str | None = None,
        times: int | None = None,
        **query: Any,
    ) -> list[Asked]:
        """Return the requests like this; an AssertionError tells what came if there are none.

        status  None: any but 401, the refusal that invites a client to log in
        times   how many there must be; None: at least one
        query   what the query must hold: dw="heatmapcsv"; others may stand beside it
        """
        __tracebackhide__ = True
        found = self._like(path, method, status, user, query)
        if (not found) if times is None else (len(found) != times):
            wanted = _wanted(path, method, status, user, query)
            count = "no" if not found else str(len(found))
            number = "" if times is None else f", not {times}"
            raise AssertionError(f"{count} {wanted} came in{number}; {self._told()}")
        return found

    def never(self, path: str, *, method: str | None = None, **query: Any) -> None:
        """Raise an AssertionError that shows them if requests like this came in."""
        __tracebackhide__ = True
        if found := self._like(path, method, None, None, query):
            wanted = _wanted(path, method, None, None, query)
            raise AssertionError(f"{len(found)} {wanted} came in, not none; {self._told()}")

    def _like(
        self,
        path: str,
        method: str | None,
        status: int | None,
        user: str | None,
        query: Mapping[str, Any],
    ) -> list[Asked]:
        is_so: tuple[Callable[[Asked], bool], ...] = (
            lambda one: one.path == path,
            lambda one: method is None or one.method == method.upper(),
            lambda one: one.status != REFUSED if status is None else one.status == status,
            lambda one: user is None or one.user == user,
            lambda one: all(one.query.get(name) == str(value) for name, value in query.items()),
        )
        return [one for one in self if all(claim(one) for claim in is_so)]

    def _told(self) -> str:
        entries, dropped = self._journal.entries()
        if not entries:
            return "nothing did"
        shown = [f"  {_asked(entry)}" for entry in entries[-MOST_SHOWN:]]
        left = dropped + len(entries) - len(shown)
        before = [f"  ({left} before these)"] if left else []
        return "\n".join(["these did:", *before, *shown])


def _wanted(
    path: str,
    method: str | None,
    status: int | None,
    user: str | None,
    query: Mapping[str, Any],
) -> str:
    words = [f"{method.upper()} {path}" if method else f"request for {path}"]
    asked = {"status": status, "user": user} | dict(query)
    told = [f"{name}={value}" for name, value in asked.items() if value is not None]
    return " with ".join([*words, *([", ".join(told)] if told else [])])


def _asked(entry: Entry) -> Asked:
    query = f"?{entry.query}" if entry.query else ""
    status = "broken off" if entry.status is None else str(entry.status)
    user = f", {entry.user}" if entry.user else ""
    near = f", like {', '.join(entry.near)}" if entry.near else ""
    return Asked(
        method=entry.method,
        path=entry.path,
        query=dict(parse_qsl(entry.query, keep_blank_values=True)),
        status=entry.status,
        user=entry.user,
        took_ms=entry.took_ms,
        near=entry.near,
        text=f"{entry.method} {entry.path}{query} -> {status}{user}{near}",
    )
