"""XML as a device sends it: each element's text and attribute with its path, and where it stands.

A value is changed where it stands, so that prefixes, order and declaration stay as they were.
Documents that declare a type are refused: their entities could grow without bounds.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

_TAG = re.compile(
    rb"""<[^\s/>]++(?P<inside>(?:[^"'>/]++|"[^"]*+"|'[^']*+'|/(?!>))*+)(?P<end>/?)>"""
)
_ATTRIBUTE = re.compile(rb"""(?P<name>[^\s=]++)\s*+=\s*+(?P<value>"[^"]*"|'[^']*')""")
DEEPEST, MOST_SPOTS, LONGEST_PATH = 64, 20_000, 4096


class MarkupError(ValueError):
    """No XML that would be looked at."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in a document, and the bytes [start, end) that spell it.

    form  "text": between two tags; "attribute": with its quotes; "empty": a tag such as <A/>
    """

    value: str
    start: int
    end: int
    form: str


@dataclass(slots=True)
class _Open:
    path: str
    start: int
    content: int
    is_empty: bool
    counts: dict[str, int]
    texts: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, text: str) -> None:
        self.raw = text.encode()
        self.spots: dict[str, Spot] = {}
        self.open: list[_Open] = [_Open("", 0, 0, False, {})]
        self.parser = expat.ParserCreate("utf-8")  # whatever it declares: it is text already
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._text
        self.parser.EndElementHandler = self._end

    def read(self) -> dict[str, Spot]:
        self.parser.Parse(self.raw, True)
        return self.spots

    def _refuse(self, *_: Any) -> None:
        raise MarkupError("a document type is declared")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        parent = self.open[-1]
        if len(self.open) > DEEPEST:
            raise MarkupError(f"deeper than {DEEPEST} elements")
        number = parent.counts[name] = parent.counts.get(name, 0) + 1
        path = f"{parent.path}/{name}" + (f"#{number}" if number > 1 else "")
        self._bound(path)
        start = self.parser.CurrentByteIndex
        tag = _TAG.match(self.raw, start)
        if tag is None:
            raise MarkupError("a tag that can't be followed")
        self.open.append(_Open(path, start, tag.end(), bool(tag["end"]), {}))
        for found in _ATTRIBUTE.finditer(self.raw, tag.start("inside"), tag.end("inside")):
            key = found["name"].decode()
            if key in attributes:
                self._bound(f"{path}/@{key}")
                spot = Spot(attributes[key], *found.span("value"), "attribute")
                self.spots[f"{path}/@{key}"] = spot

    def _bound(self, path: str) -> None:
        if len(self.spots) > MOST_SPOTS:
            raise MarkupError(f"more than {MOST_SPOTS} values")
        if len(path) > LONGEST_PATH:
            raise MarkupError(f"a path of more than {LONGEST_PATH} characters")

    def _text(self, text: str) -> None:
        self.open[-1].texts.append(text)

    def _end(self, _: str) -> None:
        done = self.open.pop()
        if done.counts:  # what stands between elements is layout
            return
        if done.is_empty:
            self.spots[done.path] = Spot("", done.start, done.content, "empty")
        else:
            end = self.parser.CurrentByteIndex
            self.spots[done.path] = Spot("".join(done.texts), done.content, end, "text")


def spots(text: str) -> dict[str, Spot]:
    """Return each value of a document by its path, such as /Heat/Day#2/@index.

    Raises MarkupError where it is no XML, or none that would be looked at.
    """
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise MarkupError("it does not begin with a tag")
    try:
        return _Reader(text.strip("\ufeff \t\r\n")).read()
    except (expat.ExpatError, UnicodeError) as error:
        raise MarkupError(str(error)) from None


def put(text: str, path: str, value: str) -> str:
    """Return a document with another value at a path that it has."""
    text = text.strip("\ufeff \t\r\n")
    spot, raw = spots(text)[path], text.encode()
    if spot.form == "attribute":
        spelled = quoteattr(value)
    elif spot.form == "text":
        spelled = escape(value)
    else:
        tag = raw[spot.start : spot.end].decode()
        name = re.match(r"<([^\s/>]+)", tag)
        assert name is not None
        spelled = f"{tag[:-2].rstrip()}>{escape(value)}</{name[1]}>"
    return (raw[: spot.start] + spelled.encode() + raw[spot.end :]).decode()
