"""Dialects: how one family of firmware spells requests, field names and answers, as data.

Reads `dialects/*.toml`; milesight-8.toml explains the form. Nothing else in the harness knows a
path or a field's name.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from urllib.parse import quote

NEEDED = (
    *("information", "date_and_time", "storage", "settings", "save", "time", "space", "picture"),
    *("snapshot", "users", "add_user", "delete_user", "reboot"),
    *("shares", "export", "save_export"),
)
SETTINGS = (
    *("enable", "sensitivity", "min_object_size", "min_dwell", "adaptability"),
    *("region", "schedule"),
)
ONVIF_DEVICE = "/onvif/device_service"
"""Where every ONVIF device has its first service (Core Specification, 5.1)."""
KINDS = ("daily", "weekly", "monthly", "annual", "hour")


class DialectError(ValueError):
    """A dialect that can't be used; the message names it and what is wrong."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """One request: its paths, the likeliest first, its query, and what an answer must hold."""

    purpose: str
    paths: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    fits: tuple[str, ...] | str
    evidence: str

    def targets(self, more: Sequence[tuple[str, str]] = ()) -> list[str]:
        """Return a path with query for each path, `more` at the query's end."""
        return [path_and_query(path, [*self.query, *more]) for path in self.paths]


@dataclass(frozen=True, slots=True)
class Beside:
    """A group of settings that changing ours may change: how it is read and put back."""

    name: str
    paths: tuple[str, ...]
    get: str
    set: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """One dialect file.

    settings, identity, user, export   our names -> the wire's
    volumes                    what tells that a card or a share is in use
    report                     start, end, kind: the query's names; kinds: daily -> its value
    answer                     key, succeeded, failed, message
    pages                      the names of the pages' controls; empty: no pages are known
    onvif, streams             where ONVIF and pictures that move are, as far as ONVIF does not tell
    """

    name: str
    about: str
    models: str
    requests: Mapping[str, Spelling]
    settings: Mapping[str, str]
    identity: Mapping[str, str]
    report: Mapping[str, Any]
    user: Mapping[str, Any]
    export: Mapping[str, Any]
    volumes: Mapping[str, Any]
    answer: Mapping[str, str]
    beside: tuple[Beside, ...]
    pages: Mapping[str, Any]
    onvif: Mapping[str, Any]
    streams: Mapping[str, Any]


def names() -> list[str]:
    """Return the names of the dialects that come with stuntcam."""
    folder = files("conformance") / "dialects"
    return sorted(one.name[:-5] for one in folder.iterdir() if one.name.endswith(".toml"))


def load(name: str) -> Dialect:
    """Return a dialect that comes with stuntcam, or the one in the file `name`.

    Raises DialectError.
    """
    if name in names():
        return _read(name, files("conformance") / "dialects" / f"{name}.toml")
    if Path(name).is_file():
        return _read(name, Path(name))
    raise DialectError(f"no dialect or file {name!r}; there are {', '.join(names())}")


def path_and_query(path: str, query: Sequence[tuple[str, str]]) -> str:
    """Return path and query as clients in the field write them: colons stay as they are."""
    text = "&".join(f"{quote(name, safe=':')}={quote(value, safe=':')}" for name, value in query)
    return f"{path}?{text}" if text else path


def _read(name: str, file: Traversable | Path) -> Dialect:
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
        requests = {
            purpose: Spelling(
                purpose,
                tuple(row["paths"]),
                tuple(row["query"].items()),
                _fits(row.get("fits", ())),
                row["evidence"],
            )
            for purpose, row in document["request"].items()
        }
        dialect = Dialect(
            document["name"],
            document["about"],
            document["makers_models"],
            requests,
            document["settings"],
            document["identity"],
            document["report"],
            document["user"],
            document["export"],
            document["volumes"],
            document["answer"],
            tuple(
                Beside(row["name"], tuple(row["paths"]), row["get"], row["set"])
                for row in document["beside"]
            ),
            document.get("pages", {}),
            {"device": ONVIF_DEVICE} | document.get("onvif", {}),
            document.get("streams", {}),
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DialectError(f"dialect {name!r} can't be read: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise DialectError(f"dialect {name!r} lacks or misspells {error}") from None
    missing = [purpose for purpose in NEEDED if purpose not in requests]
    missing += [setting for setting in SETTINGS if setting not in dialect.settings]
    missing += [kind for kind in KINDS if kind not in dialect.report.get("kinds", {})]
    if missing:
        raise DialectError(f"dialect {name!r} lacks {', '.join(missing)}")
    return dialect


def _fits(value: Any) -> tuple[str, ...] | str:
    return value if isinstance(value, str) else tuple(value)
