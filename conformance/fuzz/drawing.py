"""Hypothesis's strategies for sequences of requests: what is right, and every way to be wrong.

What is right lies inside the ranges: where exactly they end is asked by `around` alone, so that
a range that is off by one breaks its own rule and no other's.
"""

import json
from typing import Any

from hypothesis import strategies as st

from conformance import oracle
from conformance.documented import (
    DAY_CHARACTERS,
    DAYS,
    FAR,
    LAST_MINUTE,
    PERIODS,
    RANGES,
    REGION_CELLS,
)
from conformance.fuzz.steps import Report, Save, Sequence, Step
from conformance.weeks import day

Members = st.SearchStrategy[tuple[tuple[str, str], ...]]
Member = st.SearchStrategy[tuple[str, str]]

LONGEST = 6
"""Requests in a sequence: each costs a small device two, and orders that matter are short."""

HUGE = 20_000

ODD_TEXTS = ("", " ", "\u0665", "\u202e1", "null", "\x00", "%s%n", "'\";--", "1" * HUGE, "😀" * 500)
NO_NUMBERS = (
    *("5.0", "5.5", "1e1", "true", "null", '"5"', '""', "[]", "[5]", "{}", "NaN", "-Infinity"),
    *('"\\u0665"', '"\\ud800"', "4" + "0" * 5000, "[" * 500 + "]" * 500, '{"":5}'),
)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-32", "latin-1", "cp037")


def _characters() -> st.SearchStrategy[str]:
    """Any character; 0 is the simplest. Hypothesis's own need seconds to learn Unicode first."""
    points = st.integers(0x30, 0x7F) | st.integers(0, 0x2FFF) | st.integers(0, 0x10FFFF)
    return points.filter(lambda point: not 0xD800 <= point < 0xE000).map(chr)


def _texts(most: int) -> st.SearchStrategy[str]:
    return st.lists(_characters(), max_size=most).map("".join)


# --- settings ------------------------------------------------------------------------------------


def around(name: str) -> st.SearchStrategy[Sequence]:
    """Sequences that save one number: in its range, at its ends, and where words wrap round."""
    low, high, _ = RANGES[name]
    near = st.integers(low - 3, high + 3)
    wrapped = st.tuples(near, st.sampled_from((8, 16, 31, 32, 63, 64))).map(
        lambda drawn: drawn[0] + 2 ** drawn[1]
    )
    values = st.one_of(
        st.sampled_from((low, high, low - 1, high + 1)), near, wrapped, st.integers(-FAR, FAR)
    )
    return _sequences(values.map(lambda value: Save(((name, str(value)),))))


def mixed() -> st.SearchStrategy[Sequence]:
    """Sequences of saves right and wrong, of any settings, with reports between them."""
    right = _right_members().map(Save)
    wrong = st.tuples(_right_members(least=0), _wrong_members(), st.integers(0, 4)).map(_woven)
    encoded = st.builds(_encoded, right, st.sampled_from(ENCODINGS))
    return _sequences(st.one_of(right, wrong, right, wrong, encoded, _reports()))


def regions() -> st.SearchStrategy[Sequence]:
    """Sequences that save regions: of the right length and characters, and of others."""
    return _sequences((_right_region() | _wrong_region()).map(_alone("region")))


def schedules() -> st.SearchStrategy[Sequence]:
    """Sequences that save weeks or days of them."""
    return _sequences((_right_week() | _wrong_week()).map(_alone("schedule")))


def queries() -> st.SearchStrategy[Sequence]:
    """Sequences that save a number as old clients do, in the query."""
    texts = st.integers(-2, 400).map(str) | st.sampled_from(
        ("", "+5", " 5", "5.0", "0x5", "1_0", "\u0665", str(FAR), str(-FAR), "true", "NaN", "5%00")
    )
    member = st.sampled_from(tuple(RANGES)).flatmap(
        lambda name: st.tuples(st.just(name), _inside(name) | texts.filter(_is_not_near(name)))
    )
    return _sequences(
        st.lists(member, min_size=1, max_size=3).map(lambda m: Save(tuple(m), "query"))
    )


def _sequences(steps: st.SearchStrategy[Any]) -> st.SearchStrategy[Sequence]:
    return st.lists(steps, min_size=1, max_size=LONGEST).map(tuple)


def _inside(name: str) -> st.SearchStrategy[str]:
    low, high, _ = RANGES[name]
    return st.integers(low + 1, high - 1).map(str)


def _is_not_near(name: str) -> Any:
    low, high, _ = RANGES[name]
    near = {str(value) for end in (low, high) for value in (end - 1, end, end + 1)}
    return lambda text: text not in near


def _right_members(least: int = 1) -> Members:
    by_name: dict[str, st.SearchStrategy[str]] = {
        **{name: _inside(name) for name in RANGES},
        "enable": st.sampled_from(("0", "1")),
        "region": _right_region(),
        "schedule": _right_week(),
    }
    member = st.sampled_from(tuple(by_name)).flatmap(
        lambda name: st.tuples(st.just(name), by_name[name])
    )
    return st.lists(member, min_size=least, max_size=4, unique_by=lambda one: one[0]).map(tuple)


def _wrong_members() -> Members:
    name = st.sampled_from((*RANGES, "enable"))
    far = st.integers(FAR, 10**30).map(str) | st.integers(-(10**30), -FAR).map(str)
    odd = st.sampled_from(ODD_TEXTS) | _texts(20)
    value = (
        st.sampled_from(NO_NUMBERS)
        | far
        | odd.map(lambda text: json.dumps(text, ensure_ascii=False))
    )
    wrong = st.tuples(name, value).map(lambda one: (one,))
    unknown = st.tuples(odd.map(lambda text: f"no such {text}"[:200]), st.just("1"))
    repeated = st.sampled_from(tuple(RANGES)).flatmap(
        lambda name: st.tuples(st.just(name), _inside(name))
    )
    return wrong | unknown.map(lambda one: (one,)) | repeated.map(lambda one: (one, one))


def _woven(drawn: tuple[Any, Any, int]) -> Save:
    """Put the wrong members among the right ones; a setting is named by one of both."""
    right, wrong, at = drawn
    named = {name for name, _ in wrong}
    others = tuple(one for one in right if one[0] not in named)
    return Save((*others[:at], *wrong, *others[at:]))


def _encoded(save: Save, encoding: str) -> Save:
    return Save(save.members, encoding=encoding)


def _alone(name: str) -> Any:
    return lambda text: Save(((name, text),))


def _right_region() -> st.SearchStrategy[str]:
    cells = st.integers(0, 2**REGION_CELLS - 1).map(lambda bits: f"{bits:0{REGION_CELLS}b}")
    return cells.map(json.dumps)


def _wrong_region() -> st.SearchStrategy[str]:
    length = st.integers(0, 2 * REGION_CELLS).filter(lambda n: n != REGION_CELLS)
    lengths = (length | st.just(HUGE)).map(lambda n: "1" * n)
    strange = st.tuples(
        st.integers(0, REGION_CELLS - 1),
        st.sampled_from("2 x-\u0661\uff11\n\x00😀") | _characters(),
    ).filter(lambda drawn: drawn[1] not in "01")
    marked = strange.map(lambda one: "1" * one[0] + one[1] + "1" * (REGION_CELLS - one[0] - 1))
    texts = (lengths | marked).map(lambda text: json.dumps(text, ensure_ascii=False))
    return texts | st.sampled_from(
        ("null", "1", "true", "[]", "{}", json.dumps([1] * REGION_CELLS))
    )


# --- weeks ---------------------------------------------------------------------------------------


def _day(periods: list[tuple[int, int]]) -> str:
    return day(*(f"{a // 60:02}:{a % 60:02}:{b // 60:02}:{b % 60:02};" for a, b in periods))


def _right_day() -> st.SearchStrategy[str]:
    minutes = st.lists(st.integers(0, LAST_MINUTE), max_size=2 * PERIODS, unique=True)
    return minutes.map(sorted).map(
        lambda ends: _day(list(zip(ends[::2], ends[1::2], strict=False)))
    )


def _rows(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    days = st.lists(st.integers(0, DAYS - 1), min_size=1, max_size=DAYS, unique=True)
    return st.tuples(days.map(sorted), text).map(
        lambda drawn: json.dumps(
            [{"scheduleIndex": index, "schedule": drawn[1]} for index in drawn[0]],
            ensure_ascii=False,
        )
    )


def _right_week() -> st.SearchStrategy[str]:
    return _rows(_right_day())


def _wrong_week() -> st.SearchStrategy[str]:
    minute = st.integers(1, LAST_MINUTE - 2)
    reversed_ = minute.map(lambda at: _day([(at + 1, at)]))
    nothing = minute.map(lambda at: _day([(at, at)]))
    overlapping = minute.map(lambda at: _day([(at - 1, at + 1), (at, at + 2)]))
    late = st.sampled_from(("00:00:24:01;", "23:00:25:00;", "08:60:09:00;", "08:00:09:99;"))
    past = late.map(day)
    eleven = st.just(_day([(60 * n, 60 * n + 30) for n in range(PERIODS + 1)]))
    cut = st.tuples(_right_day(), st.integers(0, DAY_CHARACTERS - 1)).map(lambda d: d[0][: d[1]])
    odd = st.sampled_from(ODD_TEXTS) | _texts(20)
    days = _rows(reversed_ | nothing | overlapping | past | eleven | cut | odd)
    index = st.sampled_from((-1, 7, 10**9, "0", None, 1.0, True, [0]))
    strange = st.tuples(index, _right_day()).map(
        lambda drawn: json.dumps([{"scheduleIndex": drawn[0], "schedule": drawn[1]}])
    )
    shapes = ("null", "0", '"always"', "{}", "[null]", "[0]", "[[]]", '[{"scheduleIndex":0}]')
    return days | strange | st.sampled_from(shapes)


# --- reports -------------------------------------------------------------------------------------


def right_reports() -> st.SearchStrategy[Sequence]:
    """A report that any device must give: of any start and kind."""
    pairs = st.tuples(
        _starts(1971, 2099).map(lambda text: ("start", text)),
        st.sampled_from(oracle.KINDS).map(lambda kind: ("kind", kind)),
    )
    end = _starts(1971, 2099).map(lambda text: (("end", text),))
    query = st.tuples(pairs, st.just(()) | end).flatmap(
        lambda drawn: st.permutations((*drawn[0], *drawn[1])).map(tuple)
    )
    return _one(st.builds(Report, st.just("time"), query))


def empty_reports() -> st.SearchStrategy[Sequence]:
    """A report without data: unreadable, of a time that is not yet, or long past."""
    odd = st.sampled_from((*ODD_TEXTS[:-2], *ODD_STARTS)) | _texts(30)
    starts = odd | _starts(2090, 2099) | _starts(1971, 1990)
    kinds = st.sampled_from((*oracle.KINDS, "5", "-1", "x", "daily ", "\u0661", "99999999999"))
    return _one(st.builds(_report, st.sampled_from(("time", "space")), starts, kinds))


def any_reports() -> st.SearchStrategy[Sequence]:
    """Any query that can be written: names left out, repeated, unknown, in any order."""
    return _one(_reports())


ODD_STARTS = (
    *("2026-13-01-00:00:00", "2026-02-30-00:00:00", "2026-01-01-24:00:00", "2026-01-01-00:60:00"),
    *("2026-01-01 00:00:00", "2026-01-01T00:00:00", "2026-1-1-0:0:0", "0000-00-00-00:00:00"),
    *("2026-01-01-00:00:00Z", "2026/01/01-00:00:00", "1767225600", "-2026-01-01-00:00:00"),
    *("2026-01-01-00:00:00\n", "\uff12026-01-01-00:00:00", "today", "2025-02-29-12:00:00"),
)


def _reports() -> st.SearchStrategy[Step]:
    start = _starts(1, 9999) | st.sampled_from(ODD_STARTS)
    kind = st.sampled_from((*oracle.KINDS, "hour", "0", "4", "5", "-1", "", " 1", "01"))
    pair = st.one_of(
        st.tuples(st.just("start"), start),
        st.tuples(st.just("end"), start),
        st.tuples(st.just("kind"), kind),
        st.tuples(st.sampled_from(("x", "start[]", "START", "\u00e9")), _texts(20)),
    )
    query = st.lists(pair, max_size=4).map(tuple)
    return st.builds(Report, st.sampled_from(("time", "space")), query)


def _report(of: str, start: str, kind: str) -> Report:
    return Report(of, (("start", start), ("kind", kind)))


def _one(report: st.SearchStrategy[Step]) -> st.SearchStrategy[Sequence]:
    return report.map(lambda step: (step,))


def _starts(first_year: int, last_year: int) -> st.SearchStrategy[str]:
    # Days that all months have, and the last of those that do not.
    day = st.one_of(
        st.tuples(st.integers(1, 12), st.integers(1, 28)),
        st.sampled_from(((1, 31), (12, 31), (4, 30), (2, 28))),
    )
    clock = st.tuples(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
    return st.tuples(st.integers(first_year, last_year), day, clock).map(
        lambda drawn: "{:04}-{:02}-{:02}-{:02}:{:02}:{:02}".format(drawn[0], *drawn[1], *drawn[2])
    )
