"""The time heat map's chart: facts 5.6 typed out, then laws, then refusals."""

import re
from datetime import datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.reports.chart import ChartError, time_chart

SVG = "{http://www.w3.org/2000/svg}"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND_MS = 1000
DAY_MS = 86_400_000

# Facts 5.4: a shop's day from 16:00 on, in seconds.
SHOP_S = [11_750, 13_050, 15_900, 12_000, 14_800, 17_800, 5_100, *[0] * 11]
SHOP_S += [7_055, 8_800, 11_750, 9_450, 11_200, 26_390]

values = st.lists(st.integers(0, 10**13) | st.integers(0, 20_000), min_size=1, max_size=31)
few = settings(max_examples=40)  # each draws and reads a whole chart
kinds = st.sampled_from(["hour", "daily", "weekly", "monthly", "annual"])
starts = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1))


def hours_from(start, count):
    return [start + k * HOUR for k in range(count)]


def days_from(start, count):
    return [start + k * DAY for k in range(count)]


def read(svg):
    """What someone sees: texts by place, grid lines, points, tool tips; heights from the top."""
    root = ElementTree.fromstring(svg)
    texts = [(e.get("y"), e.get("text-anchor"), e.text) for e in root.iter(f"{SVG}text")]
    grid = [float(e.get("d").split()[1].split("H")[0]) for e in root.iter(f"{SVG}path")]
    (line,) = root.iter(f"{SVG}polyline")
    just_below = {f"{y:.2f}" for y in range(round(grid[0]), round(grid[0]) + 30)}
    points = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
    dots = list(root.iter(f"{SVG}circle"))
    assert [(float(dot.get("cx")), float(dot.get("cy"))) for dot in dots] == points
    return {
        "root": root,
        "line": line,
        "grid": grid,
        "points": points,
        "tips": [dot.find(f"{SVG}title").text for dot in dots],
        "y": [text for _, anchor, text in texts if anchor == "end"],
        "x": [text for y, anchor, text in texts if y in just_below and not anchor],
        "texts": [text for *_, text in texts],
    }


def shop(kind="daily", title="Time Heat Map"):
    labels = hours_from(datetime(2025, 7, 22, 16), 24)
    return read(time_chart(labels, [s * SECOND_MS for s in SHOP_S], kind, title))


# --- worked examples: facts 5.6, never the code ------------------------------------


def test_the_line_is_of_the_documented_colour_on_white_paper():
    chart = shop()
    assert chart["line"].get("stroke") == "#086ABB"
    assert chart["line"].get("fill") == "none"
    paper = chart["root"].find(f"{SVG}rect")
    assert (paper.get("width"), paper.get("height"), paper.get("fill")) == ("960", "420", "#FFFFFF")
    assert chart["root"].get("viewBox") == "0 0 960 420"


def test_a_shops_busiest_hour_of_440_minutes_is_the_top_of_eleven_lines():
    chart = shop()
    assert chart["y"] == [str(44 * k) for k in range(11)]
    assert len(chart["grid"]) == 11
    assert "Heat value (min.)" in chart["texts"]
    assert "Time Heat Map" in chart["texts"]
    assert "Hour" in chart["texts"]


def test_a_shops_hours_begin_at_16_and_midnight_is_24():
    hours = [16, 17, 18, 19, 20, 21, 22, 23, 24, *range(1, 16)]
    chart = shop()
    assert chart["x"] == [str(hour) for hour in hours]
    (midnight,) = (e for e in chart["root"].iter(f"{SVG}text") if e.text == "24")
    assert float(midnight.get("x")) == chart["points"][8][0]


def test_a_tool_tip_tells_the_value_and_its_hour():
    tips = shop()["tips"]
    assert tips[0] == "16 (2025-07-22 16:00)\nheat value: 195.83 min."  # 11,750 / 60
    assert tips[8] == "24 (2025-07-23 00:00)\nheat value: 0.00 min."
    assert tips[23] == "15 (2025-07-23 15:00)\nheat value: 439.83 min."


@pytest.mark.parametrize(
    ("most_ms", "unit", "top"),
    [
        (0, "sec.", 10),
        (1, "sec.", 10),
        (10_000, "sec.", 10),
        (10_001, "sec.", 20),
        (600_000, "sec.", 600),
        (600_001, "min.", 20),
        (36_000_000, "min.", 600),
        (36_000_001, "hr.", 20),
        (10 * DAY_MS, "hr.", 240),
        (10 * DAY_MS + 1, "d.", 20),
        (20 * DAY_MS, "d.", 20),
        (20 * DAY_MS + 1, "d.", 30),
        (5000 * DAY_MS, "d.", 5000),
    ],
)
def test_the_unit_is_the_largest_that_the_maximum_holds_more_than_ten_of(most_ms, unit, top):
    chart = read(time_chart(days_from(datetime(2026, 1, 1), 3), [0, most_ms, 0], "weekly", ""))
    assert f"Heat value ({unit})" in chart["texts"]
    assert chart["y"] == [str(top // 10 * k) for k in range(11)]
    assert all(tip.endswith(" " + unit) for tip in chart["tips"])


def test_a_week_is_named_from_its_start_on():
    chart = read(time_chart(days_from(datetime(2026, 1, 1), 7), [0] * 7, "weekly", "t"))
    assert chart["x"] == ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    assert "Day of the week" in chart["texts"]
    assert chart["tips"][0] == "Thu (2026-01-01)\nheat value: 0.00 sec."


def test_a_month_from_the_31st_of_january_runs_to_the_2nd_of_march():
    chart = read(time_chart(days_from(datetime(2026, 1, 31), 31), [0] * 31, "monthly", "t"))
    assert chart["x"] == ["31", *map(str, range(1, 29)), "1", "2"]
    assert "Day of the month" in chart["texts"]
    assert chart["tips"][30] == "2 (2026-03-02)\nheat value: 0.00 sec."


def test_a_year_is_named_by_its_months():
    labels = [datetime(2025, 11, 17), datetime(2025, 12, 1)]
    labels += [datetime(2026, month, 1) for month in range(1, 11)]
    chart = read(time_chart(labels, [1_234_567] * 12, "annual", "t"))
    assert " ".join(chart["x"]) == "Nov Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct"
    assert "Month" in chart["texts"]
    assert chart["tips"][0] == "Nov (2025-11)\nheat value: 20.58 min."  # 1,234.567 / 60 = 20.576


def test_one_hour_is_one_point_in_the_middle_of_the_grid():
    chart = read(time_chart([datetime(2026, 1, 1)], [5000], "hour", "t"))
    ((x, y),) = chart["points"]
    left, right = (float(n) for n in grid_ends(chart))
    assert x == (left + right) / 2
    assert y == (chart["grid"][0] + chart["grid"][10]) / 2
    assert chart["tips"] == ["24 (2026-01-01 00:00)\nheat value: 5.00 sec."]


def grid_ends(chart):
    path = next(chart["root"].iter(f"{SVG}path")).get("d")
    return re.fullmatch(r"M(\d+) [\d.]+H(\d+)", path).groups()


@pytest.mark.parametrize(
    ("value_ms", "amount"), [(4, "0.00"), (5, "0.01"), (14, "0.01"), (15, "0.02"), (9_995, "10.00")]
)
def test_hundredths_are_rounded_half_up(value_ms, amount):
    chart = read(time_chart([datetime(2026, 1, 1)], [value_ms], "hour", "t"))
    assert chart["tips"][0].endswith(f"heat value: {amount} sec.")


def test_a_title_may_hold_marks_that_xml_uses_itself():
    title = "Shop <A> & \"B\" ]]> 'C' \u00e4\u65e5"
    chart = shop(title=title)
    assert title in chart["texts"]
    assert chart["root"].get("aria-label") == title


# --- laws --------------------------------------------------------------------------


@few
@given(values, kinds, starts)
def test_every_point_stands_at_its_value_between_the_grids_ends(values_ms, kind, start):
    chart = read(time_chart(days_from(start, len(values_ms)), values_ms, kind, "t"))
    unit = re.search(r"Heat value \((.*)\)", " ".join(chart["texts"])).group(1)
    unit_ms = {"d.": DAY_MS, "hr.": 3_600_000, "min.": 60_000, "sec.": 1000}[unit]
    bottom, top = chart["grid"][0], chart["grid"][10]
    left, right = (float(n) for n in grid_ends(chart))
    per_ms = (bottom - top) / (int(chart["y"][10]) * unit_ms)
    for (x, y), value_ms in zip(chart["points"], values_ms, strict=True):
        assert abs(bottom - y - value_ms * per_ms) <= 0.006
        assert left < x < right
        assert top <= y <= bottom
    steps = [b[0] - a[0] for a, b in pairwise(chart["points"])]
    assert all(abs(step - (right - left) / len(values_ms)) < 0.02 for step in steps)


@few
@given(values, kinds, starts)
def test_the_grid_is_even_and_its_numbers_whole_and_in_step(values_ms, kind, start):
    chart = read(time_chart(days_from(start, len(values_ms)), values_ms, kind, "t"))
    assert len({round(b - a, 2) for a, b in pairwise(chart["grid"])}) == 1
    numbers = [int(text) for text in chart["y"]]
    assert (len(numbers), numbers[0]) == (11, 0)
    assert len({b - a for a, b in pairwise(numbers)}) == 1


@few
@given(values, kinds, starts)
def test_nothing_is_drawn_off_the_paper_and_each_tool_tip_is_near_its_value(values_ms, kind, start):
    chart = read(time_chart(days_from(start, len(values_ms)), values_ms, kind, "t"))
    for element in chart["root"].iter():
        for name, limit in (("x", 960), ("y", 420), ("cx", 960), ("cy", 420)):
            assert 0 <= float(element.get(name, 0)) <= limit
    for tip, value_ms in zip(chart["tips"], values_ms, strict=True):
        amount, unit = tip.rpartition(": ")[2].split(" ")
        unit_ms = {"d.": DAY_MS, "hr.": 3_600_000, "min.": 60_000, "sec.": 1000}[unit]
        assert abs(float(amount) * unit_ms - value_ms) <= 0.0051 * unit_ms


@given(st.text(st.characters()))
def test_any_title_at_all_gives_a_document(title):
    labels = hours_from(datetime(2026, 1, 1), 2)
    shown = read(time_chart(labels, [0, 1], "daily", title).encode())["texts"]
    if all("\x20" <= mark < "\ud800" for mark in title):
        assert title in [text or "" for text in shown]


@few
@given(values, kinds, starts)
def test_the_same_report_gives_the_same_text(values_ms, kind, start):
    labels = days_from(start, len(values_ms))
    chart = time_chart(labels, values_ms, kind, "t")
    assert chart == time_chart(tuple(labels), tuple(values_ms), kind, "t")
    assert chart.endswith("</svg>\n")


# --- refusals ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["", "Daily", "yearly"])
def test_an_unknown_kind_is_refused(kind):
    with pytest.raises(ChartError, match=rf"^kind='{kind}' is not one of hour, daily, weekly, "):
        time_chart([datetime(2026, 1, 1)], [0], kind, "t")


@pytest.mark.parametrize(("labels", "values_ms"), [(0, 0), (1, 2), (2, 1), (32, 32)])
def test_another_number_of_labels_than_values_or_none_or_too_many_are_refused(labels, values_ms):
    with pytest.raises(ChartError, match=rf"^{labels} labels for {values_ms} values: .* 1\.\.31"):
        time_chart(days_from(datetime(2026, 1, 1), labels), [0] * values_ms, "monthly", "t")


def test_a_value_below_nothing_is_refused():
    with pytest.raises(ChartError, match=r"^values_ms holds -1, below 0 ms"):
        time_chart(days_from(datetime(2026, 1, 1), 2), [5, -1], "monthly", "t")
