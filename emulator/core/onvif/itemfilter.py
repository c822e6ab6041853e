"""Content filters in ONVIF's ItemFilter dialect: which items an event must have.

The grammar is the Core specification's, "Message Content Filter": a small part of XPath 1.0,

    boolean(//tt:SimpleItem[@Name="State" and @Value="true"])
        and not(boolean(//tt:ElementItem[@Name="Layout"]))

with `and` binding tighter than `or`. Events here have simple items only, so a test for an element
item fails whatever it asks. Read by descent, no deeper than DEEPEST.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from emulator.core.onvif.topicfilter import LONGEST_EXPRESSION, Content, FilterError

ITEM_FILTER = "http://www.onvif.org/ver10/tev/messageContentFilter/ItemFilter"
SCHEMA = "http://www.onvif.org/ver10/schema"
"""The namespace of the elements that a filter may ask for."""

DEEPEST = 20

_TOKEN = re.compile(
    r"""\s*(?: (?P<text>"[^"]*"|'[^']*')
            | (?P<word>//|@?[A-Za-z_][\w.-]*)
            | (?P<mark>[:()\[\]=]) )""",
    re.VERBOSE | re.ASCII,
)

Item = tuple[str, str]
Test = Callable[[Item], bool]
Found = TypeVar("Found")


def read(expression: str, dialect: str, namespaces: Mapping[str, str]) -> Content:
    """Return what tells whether an event passes the filter.

    namespaces  by prefix, as where the expression stands
    Raises FilterError if it can't be read.
    """
    if dialect != ITEM_FILTER:
        raise FilterError(
            "InvalidMessageContentExpressionFault",
            f"message content is filtered by the dialect {ITEM_FILTER} only",
        )
    return _Reader(expression, namespaces).whole()


class _Reader:
    """Reads one expression; a method for each rule of the grammar."""

    def __init__(self, expression: str, namespaces: Mapping[str, str]) -> None:
        self._tokens = _tokens(expression)
        self._at, self._depth = 0, 0
        self._namespaces = namespaces

    def whole(self) -> Content:
        found = self._either()
        if self._at < len(self._tokens):
            raise _wrong(f"there is {self._tokens[self._at]!r} behind its end")
        return found

    # --- of whole events ---------------------------------------------------------------------

    def _either(self) -> Content:
        options = [self._all()]
        while self._has("or"):
            options.append(self._all())
        return lambda event: any(option(event) for option in options)

    def _all(self) -> Content:
        parts = [self._part()]
        while self._has("and"):
            parts.append(self._part())
        return lambda event: all(part(event) for part in parts)

    def _part(self) -> Content:
        self._deeper()
        if self._has("not"):
            inner = self._within("(", self._either, ")")
            found: Content = lambda event: not inner(event)  # noqa: E731
        elif self._has("boolean"):
            found = self._within("(", self._path, ")")
        else:
            found = self._within("(", self._either, ")")
        self._depth -= 1
        return found

    def _path(self) -> Content:
        self._need("//")
        name, prefix = self._next(), None
        if self._has(":"):
            prefix, name = name, self._next()
        if prefix is not None and self._namespaces.get(prefix) != SCHEMA:
            raise _wrong(f"the prefix {prefix[:40]!r} is not that of {SCHEMA}")
        if name not in {"SimpleItem", "ElementItem"}:
            raise _wrong(f"{name[:40]!r} is neither SimpleItem nor ElementItem")
        test: Test = self._within("[", self._any_test, "]")
        if name == "ElementItem":
            return lambda event: False
        return lambda event: any(map(test, (*event.source, *event.data)))

    # --- of one item -------------------------------------------------------------------------

    def _any_test(self) -> Test:
        options = [self._all_tests()]
        while self._has("or"):
            options.append(self._all_tests())
        return lambda item: any(option(item) for option in options)

    def _all_tests(self) -> Test:
        parts = [self._test()]
        while self._has("and"):
            parts.append(self._test())
        return lambda item: all(part(item) for part in parts)

    def _test(self) -> Test:
        self._deeper()
        if self._has("not"):
            inner = self._within("(", self._any_test, ")")
            found: Test = lambda item: not inner(item)  # noqa: E731
        elif self._peek() == "(":
            found = self._within("(", self._any_test, ")")
        else:
            found = self._comparison()
        self._depth -= 1
        return found

    def _comparison(self) -> Test:
        attribute = self._next()
        if attribute not in {"@Name", "@Value"}:
            raise _wrong(f"{attribute[:40]!r} is neither @Name nor @Value")
        self._need("=")
        text = self._next()
        if text[0] not in "\"'":
            raise _wrong(f"{text[:40]!r} is no text in quotes")
        index, wanted = int(attribute == "@Value"), text[1:-1]
        return lambda item: item[index] == wanted

    # --- tokens ------------------------------------------------------------------------------

    def _within(self, opening: str, inner: Callable[[], Found], closing: str) -> Found:
        self._need(opening)
        found = inner()
        self._need(closing)
        return found

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _wrong(f"it is nested deeper than {DEEPEST}")

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _has(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._at += 1
        return True

    def _next(self) -> str:
        if (token := self._peek()) is None:
            raise _wrong("it ends too soon")
        self._at += 1
        return token

    def _need(self, token: str) -> None:
        if (found := self._next()) != token:
            raise _wrong(f"there is {found[:40]!r} where {token!r} is due")


def _tokens(expression: str) -> list[str]:
    if len(expression) > LONGEST_EXPRESSION:
        raise _wrong(f"its {len(expression)} characters are more than {LONGEST_EXPRESSION}")
    text, at = expression.rstrip(), 0
    tokens: list[str] = []
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _wrong(f"{text[at : at + 20]!r} can't be read")
        tokens.append(match["text"] or match["word"] or match["mark"])
        at = match.end()
    return tokens


def _wrong(what: str) -> FilterError:
    return FilterError("InvalidMessageContentExpressionFault", f"the content filter: {what}")
