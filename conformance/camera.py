"""The device in the harness's words, whatever its dialect spells them: what checks talk to.

Reads may be asked at any time. Whatever changes the device goes through a Keeper, which refuses
what the run may not do and has written down first what will have to be put back.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import httpx

from conformance import layers, wire
from conformance.client import Client, Login
from conformance.dialect import Dialect, Spelling, path_and_query
from conformance.exchange import Answer, NoAnswerError
from conformance.expect import NotCheckedError
from conformance.layers import LayerError
from conformance.signing import filler, sign_in
from conformance.wire import Sent
from conformance.wording import WordingError

NOT_FOUND = 404
REFUSING = {401, 403}
JSON_TYPE = {"Content-Type": "application/json"}


class Keeper(Protocol):
    """Who allows changes, and can take them back (keeper.py)."""

    def before_settings(self) -> None:
        """Be told that settings are about to change. Raises if they may not."""

    def before_user(self, name: str) -> None:
        """Be told that an account is about to be made."""


@dataclass(frozen=True, slots=True)
class Saved:
    """How the device answered to a change: accepted or refused, and its words."""

    accepted: bool
    message: str
    answer: Answer


class Camera:
    """One device, spoken to in one dialect."""

    def __init__(self, client: Client, dialect: Dialect) -> None:
        self.client, self.dialect = client, dialect
        self.keeper: Keeper | None = None
        self._paths: dict[str, str] = {}  # by purpose: the one that was answered
        self._tokens: dict[str, str] | None = None  # sign_in's; None: not logged in

    # --- reading -------------------------------------------------------------------------------

    def ask(self, purpose: str, more: Sequence[tuple[str, str]] = (), **how: Any) -> Answer:
        """Send the request of a purpose (dialect's [request.*]), its query followed by `more`.

        The first path that is understood is kept to. Raises NoAnswerError.
        """
        spelling = self.dialect.requests[purpose]
        paths = [self._paths[purpose]] if purpose in self._paths else spelling.paths
        answer: Answer | None = None
        for path in paths:
            target = path_and_query(path, [*spelling.query, *more])
            sent = Sent(target.partition("?")[2], spelling.body)
            answer = self._sent(spelling, partial(wire.filled, sent), path, how)
            if self.fits(answer, spelling.fits):
                self._paths[purpose] = path
                break
        assert answer is not None
        return answer

    def target(self, purpose: str, more: Sequence[tuple[str, str]] = (), form: str = "json") -> str:
        """Return path and query of a purpose; `form`: json, inf, or an empty text for none."""
        spelling = self.dialect.requests[purpose]
        path = self._paths.get(purpose, spelling.paths[0])
        query = [(name, value) for name, value in spelling.query if name != "format"]
        if form and len(query) < len(spelling.query):
            query.append(("format", form))
        return path_and_query(path, [*query, *more])

    def fields(self, purpose: str) -> dict[str, Any]:
        """Return the answer of a purpose as the JSON object that it must be.

        Raises NoAnswerError when it is not one, or says that it failed.
        """
        answer = self.ask(purpose)
        document = answer.json() if answer.status == httpx.codes.OK else None
        if not isinstance(document, dict) or self._has_failed(document):
            raise NoAnswerError(f"{answer.request}: {answer.shown}")
        return document

    def settings(self) -> dict[str, Any]:
        """Return the heat map's settings by our names, values as the wire has them.

        Raises NotCheckedError where the dialect does not know how each of them is spelled.
        """
        if self.dialect.wire is not None:
            if unknown := self.dialect.unknown:
                raise NotCheckedError(f"{self._dialect} how {unknown[0]} is spelled")
            return self.known_settings()
        fields = self.fields("settings")
        return {name: fields[key] for name, key in self.dialect.settings.items() if key in fields}

    def known_settings(self) -> dict[str, Any]:
        """Return the settings that a learned dialect knows. Raises NoAnswerError."""
        assert self.dialect.wire is not None
        answer = self._told()
        try:
            return self.dialect.wire.values(answer.text)
        except WordingError as error:
            raise NoAnswerError(f"{answer.request}: {error}") from None

    def kept(self) -> dict[str, Any]:
        """Return what a save may overwrite, as `overwrite` puts it back.

        By the wire's names; of a learned dialect by ours (wire.py). Raises NoAnswerError.
        """
        if self.dialect.wire is None:
            fields = self.fields("settings")
            return {key: fields[key] for key in self.dialect.settings.values() if key in fields}
        answer = self._told()
        try:
            return self.dialect.wire.kept(answer.text)
        except WordingError as error:
            raise NoAnswerError(f"{answer.request}: {error}") from None

    def time_report(
        self, kind: str = "daily", start: datetime | str | None = None, **how: Any
    ) -> Answer:
        """Ask for the time report (CSV). kind: daily, weekly, monthly, annual, hour."""
        return self.ask("time", self.report_query(kind, start), **how)

    def space_report(
        self, kind: str = "daily", start: datetime | str | None = None, **how: Any
    ) -> Answer:
        """Ask for the space report (JSON)."""
        return self.ask("space", self.report_query(kind, start), **how)

    def picture(
        self, kind: str = "daily", start: datetime | str | None = None, **how: Any
    ) -> Answer:
        """Ask for the space report as a picture (PNG)."""
        return self.ask("picture", self.report_query(kind, start), **how)

    def report_query(self, kind: str | None, start: datetime | str | None) -> list[tuple[str, str]]:
        """Return a report's query; None leaves a parameter out, a text is sent as it is."""
        words = self.dialect.report
        query = []
        if start is not None:
            text = start if isinstance(start, str) else start.strftime(words["time_format"])
            query.append((words["start"], text))
        if kind is not None:
            query.append((words["kind"], words["kinds"].get(kind, kind)))
        return query

    def now(self) -> datetime:
        """Return the camera's local time, without a zone."""
        fields = self.fields("date_and_time")
        try:
            parts = [int(fields[name]) for name in ("year", "month", "day")]
            parts += [int(fields[name]) for name in ("hour", "minute", "second")]
            return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001  # a wall clock
        except (KeyError, TypeError, ValueError) as error:
            raise NoAnswerError(f"the device's date and time can't be read: {error}") from None

    def has_volume(self) -> bool | None:
        """Return whether a card or a share is in use; None: the device does not tell all of it."""
        words = self.dialect.volumes
        if self.fields("storage").get(words["card"]) == words["card_in_use"]:
            return True
        answer = self.ask("shares")
        if not self.fits(answer, self.dialect.requests["shares"].fits):
            return None
        shares = answer.json()[words["shares"]]
        return any(share.get(words["share"]) == words["share_in_use"] for share in shares)

    def export(self) -> dict[str, Any]:
        """Return the automatic export's settings by our names, values as the wire has them."""
        fields = self.fields("export")
        keys = self.dialect.export.items()
        return {name: fields[key] for name, key in keys if isinstance(key, str) and key in fields}

    # --- changing ------------------------------------------------------------------------------

    def save(self, **values: Any) -> Saved:
        """Save settings, by our names. Raises NotCheckedError where the run may not change any."""
        if self.dialect.wire is not None:
            return self._save_worded(values)
        keys = self.dialect.settings
        return self.save_fields({keys[name]: value for name, value in values.items()})

    def save_fields(self, fields: Mapping[str, Any], **how: Any) -> Saved:
        """Save settings by the wire's names, whatever they hold; auth=...: as somebody else."""
        return self.save_body(json.dumps(fields).encode(), **how)

    def save_body(self, body: bytes, **how: Any) -> Saved:
        """Send any body where settings are saved."""
        self._refuse_raw()
        assert self.keeper is not None
        self.keeper.before_settings()
        return self.post("save", body, **how)

    def save_query(self, pairs: Iterable[tuple[str, str]]) -> Saved:
        """Save settings by a GET, as old clients do: decimal text."""
        self._refuse_raw()
        assert self.keeper is not None
        self.keeper.before_settings()
        return self._saved(self.client.get(self.target("save", list(pairs))))

    def overwrite(self, wanted: Mapping[str, Any]) -> Saved:
        """Put back what `kept` returned: no new change, so no leave is needed."""
        if self.dialect.wire is None:
            return self.post("save", json.dumps(wanted).encode())
        return self._save_kept(wanted, {})

    def _save_worded(self, changes: Mapping[str, Any]) -> Saved:
        assert self.dialect.wire is not None
        if self.dialect.wire.blocked:
            raise NotCheckedError(f"nothing can be saved: {self.dialect.wire.blocked}")
        for name in changes:
            if name not in self.dialect.settings:
                raise NotCheckedError(f"{self._dialect} how {name} is spelled")
        assert self.keeper is not None
        self.keeper.before_settings()
        return self._save_kept(self.kept(), changes)

    def _save_kept(self, kept: Mapping[str, Any], changes: Mapping[str, Any]) -> Saved:
        assert self.dialect.wire is not None
        spelling = self.dialect.requests["save"]
        path = spelling.paths[0]
        template = Sent(path_and_query("", spelling.query).removeprefix("?"), spelling.body)
        put_in = partial(self.dialect.wire.request, kept=kept, changes=changes)

        def made(fill: Callable[[str], str]) -> Sent:
            # What the device told is put in last: nothing in it is taken for a placeholder.
            return put_in(wire.filled(template, fill))

        try:
            return self._saved(self._sent(spelling, made, path, {}))
        except WordingError as error:
            raise NotCheckedError(f"dialect {self.dialect.name} can't say this: {error}") from None

    def _refuse_raw(self) -> None:
        if self.dialect.wire is not None:
            raise NotCheckedError(
                f"what is sent as it stands means nothing in dialect {self.dialect.name}"
            )

    @property
    def _dialect(self) -> str:
        return f"dialect {self.dialect.name} does not know"

    def save_export(self, **values: Any) -> Saved:
        """Save settings of the automatic export, by our names; put back at the run's end."""
        assert self.keeper is not None
        self.keeper.before_settings()
        fields = {self.dialect.export[name]: value for name, value in values.items()}
        return self.post("save_export", json.dumps(fields).encode())

    def add_user(self, login: Login, role: str) -> Saved:
        """Make an account: admin, operator or viewer. It is gone at the end of the check."""
        assert self.keeper is not None
        self.keeper.before_user(login.user)
        words = self.dialect.user
        fields = {
            words["name"]: login.user,
            words["password"]: login.password,
            words["role"]: words["roles"][role],
        }
        return self.post("add_user", json.dumps(fields).encode())

    def delete_user(self, name: str) -> Saved:
        """Take an account away."""
        fields = {self.dialect.user["name"]: name}
        return self.post("delete_user", json.dumps(fields).encode())

    def post(self, purpose: str, body: bytes, **how: Any) -> Saved:
        """POST a body to a purpose; the caller knows that it may."""
        answer = self.client.send("POST", self.target(purpose), body=body, headers=JSON_TYPE, **how)
        return self._saved(answer)

    # --- requests of a learned dialect ---------------------------------------------------------

    def _signed_in(self) -> dict[str, str]:
        if self.dialect.login is None:
            return {}
        if self._tokens is None:
            self._tokens = sign_in(self.client, self.dialect.login)
        return self._tokens

    def _sent(
        self,
        spelling: Spelling,
        made: Callable[[Callable[[str], str]], Sent],
        path: str,
        how: Mapping[str, Any],
    ) -> Answer:
        """Send a request; once more after a new log-in if the one before is no longer taken.

        made  makes its texts, given what fills placeholders in
        """
        if self.dialect.login is None:
            return self._once(spelling, made(str), path, str, how)
        is_ours = "auth" not in how and not how.get("anonymous")
        fill = filler(self._signed_in() if is_ours else {})
        answer = self._once(spelling, made(fill), path, fill, how)
        if answer.status in REFUSING and is_ours:
            self._tokens = None
            fill = filler(self._signed_in())
            answer = self._once(spelling, made(fill), path, fill, how)
        return answer

    def _once(
        self,
        spelling: Spelling,
        sent: Sent,
        path: str,
        fill: Callable[[str], str],
        how: Mapping[str, Any],
    ) -> Answer:
        return self.client.send(
            spelling.method,
            f"{path}?{sent.query}" if sent.query else path,
            body=sent.body.encode() if sent.body else None,
            headers={name: fill(text) for name, text in spelling.headers.items()},
            **how,
        )

    def _told(self) -> Answer:
        answer = self.ask("settings")
        if answer.status != httpx.codes.OK:
            raise NoAnswerError(f"{answer.request}: {answer.shown}")
        return answer

    # --- answers -------------------------------------------------------------------------------

    def _saved(self, answer: Answer) -> Saved:
        words = self.dialect.answer
        if "at" in words:
            accepted = answer.status == httpx.codes.OK and self._succeeded(answer)
            return Saved(accepted, "" if accepted else answer.text, answer)
        try:
            document = answer.json()
        except NoAnswerError:
            document = None
        if not isinstance(document, dict):
            document = {}
        # Some devices answer a change with an empty body (facts 2.1).
        accepted = answer.status == httpx.codes.OK and (
            document.get(words["key"]) == words["succeeded"] or not answer.body.strip()
        )
        return Saved(accepted, str(document.get(words["message"], "")), answer)

    def _succeeded(self, answer: Answer) -> bool:
        words = self.dialect.answer
        try:
            said = layers.pick(answer.text, tuple(words["at"]))
        except LayerError:
            return False
        return said == str(words["succeeded"])

    def has_failed(self, answer: Answer) -> bool:
        """Return whether the device says in its own way that it can't do what was asked."""
        if "at" in self.dialect.answer and not answer.request.startswith("GET "):
            return not self._succeeded(answer)
        try:
            document = answer.json()
        except NoAnswerError:
            return False
        return isinstance(document, dict) and self._has_failed(document)

    def _has_failed(self, document: Mapping[str, Any]) -> bool:
        words = self.dialect.answer
        return bool(document.get(words["key"]) == words["failed"])

    def fits(self, answer: Answer, fits: tuple[str, ...] | str) -> bool:
        """Return whether an answer holds what a dialect's `fits` asks for."""
        if answer.status != httpx.codes.OK:
            return False
        if isinstance(fits, str):
            return fits in answer.text[:1000]
        if not fits:
            return True
        try:
            document = answer.json()
        except NoAnswerError:
            return False
        return isinstance(document, dict) and all(key in document for key in fits)
