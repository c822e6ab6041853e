"""TARGETS.toml: the devices of one run, and what is particular to each.

    [[target]]
    name = "entrance"                    # of its folder and in the report; else the URL's host
    url = "https://192.168.5.190"
    user = "admin"
    password_env = "ENTRANCE_PASSWORD"   # a variable's name; never the password
    serial = "6111B2233445566AB"         # who it has to be; not to be mistaken for another

Besides these the keys of ROW. What a target leaves out is as on the command line.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance import address
from conformance.safety import LEVELS

MOST_TARGETS = 1000
MOST_BYTES = 4 * 1024 * 1024
_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class TargetsError(ValueError):
    """A file of targets that can't be used; the message names it, the target and what is wrong."""


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


ROW: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "name": (
        "1..64 of A-Z a-z 0-9 . _ -, a letter or digit first",
        lambda value: isinstance(value, str) and _NAME.fullmatch(value) is not None,
    ),
    "url": ("a URL such as https://192.168.5.190", _text),
    "serial": ("a text", _text),
    "user": ("a text", _text),
    "password_env": ("the name of a variable", _text),
    "dialect": ("a dialect's name or file", _text),
    "only": ("ids and chapters, such as SET-04,wire", _text),
    "safety": (f"one of {', '.join(LEVELS)}", lambda value: value in LEVELS),
    "confirm_serial": ("the serial number of the device that may be reset", _text),
    "i_own_this_device": ("true or false", lambda value: isinstance(value, bool)),
    "ca": ("a file", _text),
    "fingerprint": ("a SHA-256 fingerprint", _text),
    "insecure": ("true or false", lambda value: isinstance(value, bool)),
    "control": ("a URL", _text),
    "control_token_env": ("the name of a variable", _text),
    "waivers": ("a file", _text),
}
"""Every key a target may have: what it has to be in words, and whether a value is that."""


@dataclass(frozen=True, slots=True)
class Row:
    """One target: its name, and its keys as they stand in the file."""

    name: str
    keys: Mapping[str, Any]

    @property
    def url(self) -> str:
        """Where it is."""
        return str(self.keys["url"])

    @property
    def serial(self) -> str:
        """Who it has to be; empty: anybody."""
        return str(self.keys.get("serial", ""))


def read(file: Path) -> list[Row]:
    """Return the targets in a file, in its order. Raises TargetsError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise TargetsError(f"{file}: {error.strerror}") from None
    if len(content) > MOST_BYTES:
        raise TargetsError(f"{file} has more than {MOST_BYTES // 1024**2} MB")
    try:
        document = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise TargetsError(f"{file} is not TOML: {error}") from None
    unknown = sorted(set(document) - {"target"})
    if unknown:
        raise TargetsError(f"{file}: unknown {unknown[0]!r}; there is only [[target]]")
    tables = document.get("target", [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        raise TargetsError(f"{file}: targets are written [[target]]")
    if not tables:
        raise TargetsError(f"{file} has no [[target]]")
    if len(tables) > MOST_TARGETS:
        raise TargetsError(f"{file} has {len(tables)} targets, and {MOST_TARGETS} are the most")
    rows = [_row(file, number, keys) for number, keys in enumerate(tables, 1)]
    _refuse_twins(file, rows)
    return rows


def _row(file: Path, number: int, keys: Mapping[str, Any]) -> Row:
    where = f"{file}: target {number}"
    if "url" not in keys:
        raise TargetsError(f"{where} has no url")
    for key, value in keys.items():
        if key not in ROW:
            raise TargetsError(f"{where}: unknown key {key!r}; there are {', '.join(ROW)}")
        words, is_fit = ROW[key]
        if not is_fit(value):
            raise TargetsError(f"{where}: {key}={str(value)[:80]!r} is not {words}")
    try:
        host = address.read(keys["url"])
    except address.TargetError as error:
        raise TargetsError(f"{where}: {error}") from None
    name = keys.get("name") or re.sub("[^A-Za-z0-9._-]", "-", f"{host.host}-{host.port}")
    return Row(str(name), keys)


def _refuse_twins(file: Path, rows: list[Row]) -> None:
    """No two targets may be one device: their saves would undo one another."""
    spelled: tuple[tuple[str, Callable[[Row], str]], ...] = (
        ("name", lambda row: row.name.lower()),
        ("url", lambda row: address.read(row.url).url),
        ("serial", lambda row: row.serial),
    )
    for what, spelling in spelled:
        first: dict[str, int] = {}
        for number, row in enumerate(rows, 1):
            text = spelling(row)
            if text and text in first:
                raise TargetsError(
                    f"{file}: targets {first[text]} and {number} have one {what}, {text!r}"
                )
            first[text] = number
