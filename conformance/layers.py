"""Texts inside texts: what a body holds, as leaves with a place each, and the way to change one.

Nothing here knows a device. A place is a tuple of steps, from the outside in:

  form NAME     a pair of a form or of a query; NAME#2 is the second of that name
  json /a/0/b   a JSON pointer (RFC 6901)
  xml /A/B#2    an element's text, or with /@name an attribute's; #2: the second of that name
  lines NAME    a line NAME=value or var NAME='value';
  base64        the text is another in Base64 (RFC 4648, 4)

So ("form cfg", "base64", "json /heat/sens") is a number in a JSON object, in Base64, in a form.
A whole text without any layer has the place (). Everything is bounded: by DEEPEST, MOST_LEAVES,
LONGEST and LONGEST_STEP, beyond which a text is one leaf; no pattern tries a character twice.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_plus

from conformance import markup
from conformance.markup import MarkupError

Place = tuple[str, ...]

DEEPEST, LONGEST, LONGEST_LINE = 4, 2 * 1024 * 1024, 8192
MOST_LEAVES, LONGEST_STEP = markup.MOST_SPOTS, markup.LONGEST_PATH
SHORTEST_INNER = 8
"""Characters below which a value is not looked into."""

_FORM = re.compile(r'[^=&\s<>{}"]++=[^&\s<>"]*+(?:&[^=&\s<>{}"]++(?:=[^&\s<>"]*+)?+)*+&?')
_LINE = re.compile(r"(?P<name>[\w.\[\]-]++)[^\S\n]*+=[^\S\n]*+(?P<value>.*)")
_VARIABLE = re.compile(
    r"""var[^\S\n]++(?P<name>[\w.$\[\]-]++)[^\S\n]*+=[^\S\n]*+
    (?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'
    |(?P<bare>(?:[^"';\s]++|[^\S\n]++(?=[^"';\s]))*+))[^\S\n]*+;?""",
    re.VERBOSE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{12,}+={0,2}+\s*+")


class LayerError(ValueError):
    """A place that a text does not have, or a value that can't stand there."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value in a text, as text: JSON's true is "true", its null is no leaf."""

    place: Place
    value: str

    @property
    def key(self) -> str:
        """The innermost name on the way to it, without numbers; or an empty text."""
        for step in reversed(self.place):
            names = [name for name in re.split(r"[ /]", step)[1:] if not name.isdecimal()]
            if names:
                return names[-1].partition("#")[0].lstrip("@")
        return ""


def leaves(text: str, deepest: int = DEEPEST) -> list[Leaf]:
    """Return all values in a text; () is the place of a text without layers."""
    if len(text) > LONGEST:
        return [Leaf((), text)]
    for name, layer in LAYERS.items():
        found = layer.read(text)
        if found is None or len(found) > MOST_LEAVES:
            continue
        within: list[Leaf] = []
        for rest, value in found.items():
            step = f"{name} {rest}" if rest else name
            is_worth_it = deepest > 0 and len(value) >= SHORTEST_INNER
            inner = leaves(value, deepest - 1) if is_worth_it else [Leaf((), value)]
            within += [Leaf((step, *leaf.place), leaf.value) for leaf in inner]
        if name == "base64" and all(leaf.place == ("base64",) for leaf in within):
            continue  # any word of eight letters is Base64 of something
        return within
    return [Leaf((), text)]


def pick(text: str, place: Place) -> str:
    """Return the value at a place. Raises LayerError where the text has none, or is too long."""
    for number, step in enumerate(place):
        if len(text) > LONGEST:
            raise LayerError(f"{len(text)} characters are more than {LONGEST}: not looked into")
        name, _, rest = step.partition(" ")
        found = LAYERS[name].read(text) if name in LAYERS else None
        if found is None or rest not in found:
            raise LayerError(f"nothing at {shown(place[: number + 1])}")
        text = found[rest]
    return text


def put(text: str, place: Place, value: str) -> str:
    """Return a text with another value at a place, the rest as it was.

    A JSON number stays a number and a text a text. Raises LayerError.
    """
    if not place:
        return value
    inner = put(pick(text, place[:1]), place[1:], value)
    name, _, rest = place[0].partition(" ")
    return LAYERS[name].write(text, rest, inner)


def shown(place: Place) -> str:
    """Return a place as a reader sees it."""
    return " > ".join(place) or "the whole text"


# --- the layers ----------------------------------------------------------------------------------


def _read_json(text: str) -> dict[str, str] | None:
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        document = json.loads(text)
        found: dict[str, str] = {}
        _descend(document, "", found)
    except (ValueError, RecursionError):
        return None
    return found


def _descend(value: Any, pointer: str, found: dict[str, str]) -> None:
    # A long name above many values would be written out for each of them.
    if len(found) > MOST_LEAVES or len(pointer) > LONGEST_STEP:
        raise ValueError(f"more than {MOST_LEAVES} values, or a way of more than {LONGEST_STEP}")
    if isinstance(value, dict):
        for key, inner in value.items():
            _descend(inner, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", found)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _descend(inner, f"{pointer}/{index}", found)
    elif value is not None:
        found[pointer] = value if isinstance(value, str) else json.dumps(value)


def _write_json(text: str, pointer: str, value: str) -> str:
    document = json.loads(text)
    at: Any = document
    keys = [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
    for key in keys[:-1]:
        at = at[int(key)] if isinstance(at, list) else at[key]
    last: Any = int(keys[-1]) if isinstance(at, list) else keys[-1]
    at[last] = _as_before(at[last], value, pointer)
    is_compact = not re.search(r'": ', text)
    return json.dumps(
        document,
        ensure_ascii=text.isascii(),
        separators=(",", ":") if is_compact else None,
    )


def _as_before(old: Any, value: str, pointer: str) -> Any:
    if isinstance(old, str):
        return value
    try:
        new = json.loads(value)
    except ValueError:
        new = None
    if type(new) is not type(old):
        raise LayerError(f"{value[:20]!r} can't stand at json {pointer}, where {old!r} was")
    return new


def _read_xml(text: str) -> dict[str, str] | None:
    try:
        return {name: spot.value for name, spot in markup.spots(text).items()}
    except MarkupError:
        return None


def _write_xml(text: str, path: str, value: str) -> str:
    return markup.put(text, path, value)


def _read_form(text: str) -> dict[str, str] | None:
    if not _FORM.fullmatch(text.strip()):
        return None
    if text.strip().endswith("=") and "&" not in text:  # far likelier the end of some Base64
        return None
    pairs = text.strip().rstrip("&").split("&")
    if len(pairs) > MOST_LEAVES:
        return None
    numbered = _Numbered()
    found: dict[str, str] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        found[numbered(unquote_plus(name))] = unquote_plus(value)
    return found


def _write_form(text: str, wanted: str, value: str) -> str:
    numbered = _Numbered()
    pairs = text.strip().split("&")
    for number, pair in enumerate(pairs):
        name = pair.partition("=")[0]
        if numbered(unquote_plus(name)) == wanted:
            pairs[number] = f"{name}={quote(value, safe=':')}"
    return "&".join(pairs)


def _read_lines(text: str) -> dict[str, str] | None:
    numbered = _Numbered()
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.strip():
            spot = _spot(line)
            if spot is None or len(found) > MOST_LEAVES:
                return None
            name, first, last = spot
            found[numbered(name)] = line[first:last]
    return found if any(found.values()) else None


def _write_lines(text: str, wanted: str, value: str) -> str:
    numbered = _Numbered()
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        spot = _spot(line)
        if spot is None:
            continue
        name, first, last = spot
        if numbered(name) == wanted:
            lines[number] = line[:first] + value + line[last:]
    return "".join(lines)


def _spot(line: str) -> tuple[str, int, int] | None:
    """Return a line's name, and where its value begins and ends."""
    bare = line.strip()
    if not bare or len(line) > LONGEST_LINE:
        return None
    indent = line.index(bare)
    match = _VARIABLE.fullmatch(bare)
    if match is not None:
        group = match.lastgroup or "bare"
    else:
        match, group = _LINE.fullmatch(bare), "value"
    if match is None:
        return None
    return match["name"], match.start(group) + indent, match.end(group) + indent


def _read_base64(text: str) -> dict[str, str] | None:
    plain = "".join(text.split())
    if not _BASE64.fullmatch(text) or len(plain) % 4:
        return None
    try:
        return {"": base64.b64decode(plain, validate=True).decode("utf-8")}
    except (binascii.Error, ValueError):
        return None


def _write_base64(text: str, wanted: str, value: str) -> str:
    return base64.b64encode(value.encode()).decode()


class _Numbered:
    """Gives the second of a name #2, and so on."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def __call__(self, name: str) -> str:
        number = self._counts[name] = self._counts.get(name, 0) + 1
        return name if number == 1 else f"{name}#{number}"


@dataclass(frozen=True, slots=True)
class _Layer:
    read: Callable[[str], dict[str, str] | None]
    write: Callable[[str, str, str], str]


LAYERS = {  # the pickiest first
    "json": _Layer(_read_json, _write_json),
    "xml": _Layer(_read_xml, _write_xml),
    "base64": _Layer(_read_base64, _write_base64),
    "form": _Layer(_read_form, _write_form),
    "lines": _Layer(_read_lines, _write_lines),
}
