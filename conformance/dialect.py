"""Dialects: how one family of firmware spells requests, field names and answers, as data.

Reads `dialects/*.toml`; milesight-8.toml explains the form, docs/dialects.md what a learned one
has besides. Nothing else in the harness knows a path or a field's name.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from conformance import wording
from conformance.layers import LayerError
from conformance.signing import SignIn, SignInError, known_sign_in
from conformance.wire import Wire
from conformance.wording import WordingError

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
    """One request: its paths, the likeliest first, its query, and what an answer must hold.

    method, headers, body   of a request that is no plain GET; of a save that is no JSON, its
                            template (wire.py)
    """

    purpose: str
    paths: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    fits: tuple[str, ...] | str
    evidence: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

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

    settings, identity, user, export   our names -> the wire's; of a learned dialect, identity
                               may hold places (layers.py)
    wire                       where settings stand if they are no plain JSON object; None: they are
    login                      how its pages log in, if it is not HTTP's way
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
    answer: Mapping[str, Any]
    beside: tuple[Beside, ...]
    pages: Mapping[str, Any]
    onvif: Mapping[str, Any]
    streams: Mapping[str, Any]
    wire: Wire | None = None
    login: SignIn | None = None

    @property
    def unknown(self) -> list[str]:
        """The settings that this dialect does not know how to spell."""
        return [name for name in SETTINGS if name not in self.settings]


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


def located(name: str) -> str:
    """Return a dialect's name, or its file's whole path: what finds it from anywhere."""
    return name if name in names() else str(Path(name).resolve())


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
                row.get("method", "GET"),
                dict(row.get("headers", {})),
                row.get("body", ""),
            )
            for purpose, row in document["request"].items()
        }
        wire = _wire(document)
        dialect = Dialect(
            document["name"],
            document["about"],
            document["makers_models"],
            requests,
            {
                name: word if isinstance(word, str) else word["key"]
                for name, word in document["settings"].items()
            },
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
            wire,
            known_sign_in(document["login"]) if "login" in document else None,
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise DialectError(f"dialect {name!r} can't be read: {error}") from None
    except (WordingError, LayerError, SignInError) as error:
        raise DialectError(f"dialect {name!r}: {error}") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise DialectError(f"dialect {name!r} lacks or misspells {error}") from None
    missing = [purpose for purpose in NEEDED if purpose not in requests]
    if wire is None:
        missing += dialect.unknown
    missing += [kind for kind in KINDS if kind not in dialect.report.get("kinds", {})]
    if missing:
        raise DialectError(f"dialect {name!r} lacks {', '.join(missing)}")
    return dialect


def _fits(value: Any) -> tuple[str, ...] | str:
    return value if isinstance(value, str) else tuple(value)


def _wire(document: Mapping[str, Any]) -> Wire | None:
    rows = {name: row for name, row in document["settings"].items() if not isinstance(row, str)}
    save = document["request"]["save"]
    if not rows and "blocked" not in save:
        return None
    if len(rows) < len(document["settings"]):
        raise WordingError("[settings] has names and tables, where all must be the same")
    if strange := [name for name in rows if name not in SETTINGS]:
        raise WordingError(f"{strange[0]!r} is no setting")
    both = {
        way: {
            name: wording.known(name, row[way]["at"], row[way].get("as", {}))
            for name, row in rows.items()
        }
        for way in ("read", "save")
    }
    carried = tuple((tuple(one["save"]), tuple(one["read"])) for one in save.get("carried", ()))
    return Wire(both["read"], both["save"], carried, save.get("blocked", ""))
