"""Which camera has the heat map: a model, a firmware and the table of series in, a decision out.

Pure: the table is fixtures/models.toml, parsed by whoever may open files. Its rows are the
rules; nothing here knows a model, a digit or a version.

A *series* is one rule: which names it covers, and from which firmware on they have the
function, if ever. The first series that fits a name decides. A *family* is a list of example
models for people to read.

Sources: GATE-01..06; facts 6 (how names and version texts are read, [DOC] and [INF]).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class GatingError(ValueError):
    """A model, a firmware or a table that can't be read; the message names it."""


@dataclass(frozen=True, slots=True, order=True)
class Firmware:
    """A version. Equal and ordered by major, minor, patch, r; the platform never counts (GATE-06).

    platform  the hardware line, the first number of the text
    r         the number after -r; 0 where the text has none
    """

    platform: int = field(compare=False)
    major: int
    minor: int
    patch: int
    r: int


@dataclass(frozen=True, slots=True)
class Series:
    """One row of [[series]]; an empty tuple asks for nothing.

    first   None: no firmware has the function, or none is known to
    needs   what stands in the table: "x.8.0.2", "never" or "undocumented"
    who     the series in words, plural
    """

    name: str
    lines: tuple[str, ...]
    last_two_digits: tuple[str, ...]
    suffix_has: tuple[str, ...]
    suffix_ends: tuple[str, ...]
    first: Firmware | None
    needs: str
    requirement: str
    who: str

    def covers(self, line: str, digits: str, suffix: str) -> bool:
        """Tell whether a name of these three parts belongs to the series."""
        return (
            (not self.lines or line in self.lines)
            and (not self.last_two_digits or digits[-2:] in self.last_two_digits)
            and (not self.suffix_has or any(part in suffix for part in self.suffix_has))
            and (not self.suffix_ends or suffix.endswith(self.suffix_ends))
        )


class Example(NamedTuple):
    """A model of a family with a firmware text."""

    family: str
    model: str
    firmware: str


@dataclass(frozen=True, slots=True)
class Families:
    """The whole table: rules in the order they are tried, and examples in the order shown."""

    series: tuple[Series, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a camera has the function, and why in plain words, with the requirement's id."""

    offered: bool
    reason: str
    series: str


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One line of the overview. `needs` is the firmware asked for, or why none is."""

    family: str
    model: str
    firmware: str
    decision: Decision
    needs: str


# CHOICE (GATE-06): a variant is letters after "-" or "_"; the vendor's LPR firmware is
# spelled T_61.8.0.3_XX-r7 and 45.8.0.3-LPR_XX-r1. A bare "-r" is a broken release number,
# not a variant. Lengths are bounded so that no text makes an absurd number.
_VARIANTS = r"(?:[-_](?!r(?:[-_]|\Z))[A-Za-z]{1,12}){0,4}"
_FIRMWARE = re.compile(
    r"(?:[A-Za-z0-9]{1,12}_)?V?([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})"
    rf"{_VARIANTS}(?:-r([0-9]{{1,4}}))?{_VARIANTS}"
)

# CHOICE: capitals only, as the vendor writes them. Some road traffic names end in "/P".
_MODEL = re.compile(r"(MS-C[A-Z]?|TS)([0-9]{3,4})-([A-Z0-9]{1,16}(?:/[A-Z])?)")

_WITHOUT_FIRMWARE = {
    "never": "{who} never have the heat map, whatever the firmware",
    "undocumented": "undocumented AI series: the vendor's article does not tell whether {who}"
    " have the heat map, so it is not offered",
}


def parse_firmware(text: str) -> Firmware:
    """Return the version that `text` spells. Raises GatingError for any other text.

    >>> parse_firmware("45.8.0.2-AIoT-r4")
    Firmware(platform=45, major=8, minor=0, patch=2, r=4)
    """
    if (match := _FIRMWARE.fullmatch(text)) is None:
        raise GatingError(f"firmware {text[:40]!r} is not of the form 61.8.0.3-r8")
    return Firmware(*(int(number or 0) for number in match.groups()))


_ACTIVATES_FROM = parse_firmware("4.7.0.69")  # 4x in facts 1; the platform never compares


def decide(model: str, firmware: str, families: Families) -> Decision:
    """Tell whether `model` with `firmware` has the heat map.

    Raises GatingError for a model that fits no series, or a firmware that can't be read.
    """
    series, version = _series_of(model, families.series), parse_firmware(firmware)
    if series.first is None:
        offered, words = False, _WITHOUT_FIRMWARE[series.needs].format(who=series.who)
    else:
        offered = version >= series.first
        words = (
            f"{series.who} have the heat map from firmware {series.needs} on, "
            f"and {firmware} is {'not ' if offered else ''}older"
        )
    return Decision(offered, f"{model}: {words} ({series.requirement})", series.name)


def activates(firmware: str) -> bool:
    """Tell whether a device of `firmware` has no password until its first use (facts 1)."""
    return parse_firmware(firmware) >= _ACTIVATES_FROM


def overview(families: Families) -> tuple[ModelRow, ...]:
    """Return every example model with its decision, in the order of the table."""
    return tuple(
        ModelRow(
            family=family,
            model=model,
            firmware=firmware,
            decision=decide(model, firmware, families),
            needs=_series_of(model, families.series).needs,
        )
        for family, model, firmware in families.examples
    )


def series_table(document: Mapping[str, object]) -> Families:
    """Return the table that `document`, the parsed models.toml, holds.

    Raises GatingError for a row of another form, and for an example whose model falls under
    another series than its family claims, or whose firmware can't be read.
    """
    series = tuple(_series(row) for row in _rows(document, "series"))
    examples: list[Example] = []
    for row in _rows(document, "family"):
        family, claimed = _text(row, "name"), _text(row, "series")
        for model, firmware in _pairs(row, "models"):
            actual = _series_of(model, series).name
            if actual != claimed:
                raise GatingError(f"{model} of family {family!r} is {actual!r}, not {claimed!r}")
            parse_firmware(firmware)
            examples.append(Example(family, model, firmware))
    return Families(series, tuple(examples))


def _series_of(model: str, series: tuple[Series, ...]) -> Series:
    match = _MODEL.fullmatch(model)
    fitting = (row for row in series if match and row.covers(*match.groups()))
    if (first := next(fitting, None)) is None:
        raise GatingError(f"model {model[:40]!r} fits no series")
    return first


def _series(row: Mapping[str, object]) -> Series:
    needs = _text(row, "from_firmware")
    known = needs.startswith("x.")
    if not known and needs not in _WITHOUT_FIRMWARE:
        raise GatingError(f"from_firmware={needs[:40]!r} is no x.MAJOR.MINOR.PATCH, never, ...")
    return Series(
        name=_text(row, "name"),
        lines=_texts(row, "line"),
        last_two_digits=_texts(row, "last_two_digits"),
        suffix_has=_texts(row, "suffix_has"),
        suffix_ends=_texts(row, "suffix_ends"),
        first=parse_firmware(f"0{needs.removeprefix('x')}") if known else None,
        needs=needs,
        requirement=_text(row, "requirement"),
        who=_text(row, "who"),
    )


_FIELDS = {
    "series": {"name", "line", "last_two_digits", "suffix_has", "suffix_ends"}
    | {"from_firmware", "requirement", "who"},
    "family": {"name", "series", "models"},
}


def _rows(document: Mapping[str, object], kind: str) -> list[Mapping[str, object]]:
    rows = document.get(kind)
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise GatingError(f"the table has no [[{kind}]]")
    for row in rows:
        if strange := sorted(set(row) - _FIELDS[kind]):  # a misspelt limit would ask for nothing
            raise GatingError(f"[[{kind}]] has no field {strange[0]!r}")
    return rows


def _text(row: Mapping[str, object], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise GatingError(f"{key}={value!r} is not a text")
    return value


def _texts(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    if key not in row:
        return ()
    values = row[key]
    if not isinstance(values, list) or not values or not all(v and type(v) is str for v in values):
        raise GatingError(f"{key}={values!r} is not a list of texts")
    return tuple(values)


def _pairs(row: Mapping[str, object], key: str) -> list[tuple[str, str]]:
    pairs = row.get(key)
    if not isinstance(pairs, list) or not pairs or not all(isinstance(p, list) for p in pairs):
        raise GatingError(f"{key}={pairs!r} is not a list of [model, firmware]")
    for pair in pairs:
        if [type(part) for part in pair] != [str, str]:
            raise GatingError(f"{pair!r} is not [model, firmware]")
    return [(model, firmware) for model, firmware in pairs]
