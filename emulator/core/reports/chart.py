"""The time heat map as a picture of lines: report rows to SVG text (REP-04, facts 5.6).

Pure: text out, no date, no scripts, no fonts but the viewer's own sans-serif. The paper is
white whatever the viewer's theme. Lengths are user units of an image of WIDTH x HEIGHT.

  slot  a bucket's share of the width; its point stands in the middle
  unit  what the y axis counts in; d., hr., min. or sec.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 960, 420
LINE_COLOUR = "#086ABB"  # facts 5.6
GRID_LINES = 11  # facts 5.6; ten steps
MOST_POINTS = 31  # a month's days; more labels would run into one another

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_NO_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LEFT, _RIGHT, _TOP, _BOTTOM = 88, 936, 56, 352  # of the grid


class ChartError(ValueError):
    """A chart that cannot be drawn; the message names the argument and what would do."""


class Unit(NamedTuple):
    """What the y axis counts in."""

    name: str
    ms: int


UNITS = (Unit("d.", 86_400_000), Unit("hr.", 3_600_000), Unit("min.", 60_000), Unit("sec.", 1000))


class _Axis(NamedTuple):
    """How buckets of one kind are named: below the axis, and in full in a tool tip."""

    name: str
    full: str  # for strftime; figures only, since names would be the machine's language


_AXES = {
    "hour": _Axis("Hour", "%Y-%m-%d %H:00"),
    "daily": _Axis("Hour", "%Y-%m-%d %H:00"),
    "weekly": _Axis("Day of the week", "%Y-%m-%d"),
    "monthly": _Axis("Day of the month", "%Y-%m-%d"),
    "annual": _Axis("Month", "%Y-%m"),
}


def time_chart(labels: Sequence[datetime], values_ms: Sequence[int], kind: str, title: str) -> str:
    """Return a line chart of a time report as an SVG document.

    labels     each bucket's start, the camera's wall clock
    values_ms  each bucket's heat value: presence summed over objects
    kind       "hour", "daily", "weekly", "monthly" or "annual"
    title      stands above the chart; any text

    Raises ChartError for an unknown kind, a negative value, and unless there are as many
    labels as values, 1..31.
    """
    _check(labels, values_ms, kind)
    unit = best_unit(max(values_ms))
    top = axis_top(max(values_ms), unit)
    points = [
        (_x(k, len(labels)), _y(value_ms / unit.ms / top)) for k, value_ms in enumerate(values_ms)
    ]
    names = [bucket_label(label, kind) for label in labels]
    tips = [
        f"{name} ({label.strftime(_AXES[kind].full)})\nheat value: {_amount(value_ms, unit)}"
        for name, label, value_ms in zip(names, labels, values_ms, strict=True)
    ]
    parts = [
        *_paper(title, unit, _AXES[kind].name),
        *_grid(top),
        *(_text(x, _BOTTOM + 20, name) for (x, _), name in zip(points, names, strict=True)),
        *_line(points, tips),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def best_unit(most_ms: int) -> Unit:
    """Return the largest unit of which `most_ms` holds more than ten; else the smallest."""
    return next((unit for unit in UNITS if most_ms > 10 * unit.ms), UNITS[-1])


def axis_top(most_ms: int, unit: Unit) -> int:
    """Return where the y axis ends: `most_ms` in `unit`, rounded up to tens, at least 10."""
    return max(1, -(-most_ms // (10 * unit.ms))) * 10


def bucket_label(start: datetime, kind: str) -> str:
    """Return what stands under a bucket of `kind`: 24 for the hour from midnight on."""
    if kind == "weekly":
        return DAYS[start.weekday()]
    if kind == "monthly":
        return str(start.day)
    if kind == "annual":
        return MONTHS[start.month - 1]
    return str(start.hour or 24)


def _check(labels: Sequence[datetime], values_ms: Sequence[int], kind: str) -> None:
    if kind not in _AXES:
        raise ChartError(f"kind={kind!r} is not one of {', '.join(_AXES)}")
    if len(labels) != len(values_ms) or not 1 <= len(labels) <= MOST_POINTS:
        counts = f"{len(labels)} labels for {len(values_ms)} values"
        raise ChartError(f"{counts}: as many are needed, 1..{MOST_POINTS}")
    if min(values_ms) < 0:
        raise ChartError(f"values_ms holds {min(values_ms)}, below 0 ms")


def _paper(title: str, unit: Unit, x_name: str) -> list[str]:
    middle = (_TOP + _BOTTOM) // 2
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{_fit(title)}" '
        'font-family="sans-serif" font-size="12" fill="#444444" text-anchor="middle">'
    )
    return [
        opening,
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>',
        f'<text x="{WIDTH // 2}" y="32" font-size="17" fill="#222222">{_fit(title)}</text>',
        _text((_LEFT + _RIGHT) / 2, _BOTTOM + 48, x_name),
        f'<text transform="translate(22 {middle}) rotate(-90)">Heat value ({unit.name})</text>',
    ]


def _grid(top: int) -> list[str]:
    parts = []
    for step in range(GRID_LINES):
        y = _y(step / (GRID_LINES - 1))
        colour = "#DDDDDD" if step else "#888888"
        parts.append(f'<path d="M{_LEFT} {y:.2f}H{_RIGHT}" stroke="{colour}"/>')
        label = str(top * step // (GRID_LINES - 1))
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 4:.2f}" text-anchor="end">{label}</text>')
    return parts


def _line(points: Sequence[tuple[float, float]], tips: Sequence[str]) -> list[str]:
    # Each dot has a wide unseen rim, so that its tool tip is found with a finger, too.
    path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    line = f'points="{path}" fill="none" stroke="{LINE_COLOUR}" stroke-width="2"'
    dot = f'r="3.5" fill="{LINE_COLOUR}" stroke="{LINE_COLOUR}" stroke-opacity="0"'
    rim = 'stroke-width="16" pointer-events="all"'
    return [
        f'<polyline {line} stroke-linejoin="round"/>',
        *(
            f'<circle cx="{x:.2f}" cy="{y:.2f}" {dot} {rim}><title>{_fit(tip)}</title></circle>'
            for (x, y), tip in zip(points, tips, strict=True)
        ),
    ]


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.2f}" y="{y:.2f}">{text}</text>'


def _x(k: int, points: int) -> float:
    return _LEFT + (2 * k + 1) * (_RIGHT - _LEFT) / (2 * points)


def _y(share: float) -> float:
    return _BOTTOM - share * (_BOTTOM - _TOP)


def _amount(value_ms: int, unit: Unit) -> str:
    # Rounded half up in whole numbers, like everything else that is shown of a value.
    hundredths = (200 * value_ms + unit.ms) // (2 * unit.ms)
    return f"{hundredths // 100}.{hundredths % 100:02} {unit.name}"


def _fit(text: str) -> str:
    # XML has no spelling at all for most control characters and for half characters.
    return escape(_NO_XML.sub("\ufffd", text))
