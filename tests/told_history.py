"""What docs/history.md tells of an hour of shop life: reads the page, and nothing of the code."""

import re
from functools import cache
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs/history.md"


@cache
def table(first_heading):
    """The rows of the page's table whose first column has this heading, as lists of texts."""
    lines = iter(PAGE.read_text().splitlines())
    for line in lines:
        if line.startswith(f"| {first_heading} |"):
            next(lines)
            break
    rows = []
    for line in lines:
        if not line.startswith("|"):
            return rows
        rows.append([text.strip() for text in line.strip("|").split("|")])
    raise AssertionError(first_heading)


def told_visitors(day, hour, percent=100):
    if day.strftime("%A") == "Sunday" and not 11 <= hour <= 16:
        return 0
    busy = {int(name): int(value) for name, value in table("hour")}
    weekday = {name: int(value) for name, value in table("day")}
    season = {name: int(value) for name, value in table("month")}
    factors = weekday[day.strftime("%A")] * season[day.strftime("%B")] * percent
    return busy.get(hour, 0) * factors // 1_000_000


def told_stops(day, hour, percent=100):
    """The hour's stops, and the seconds that all visitors together stand there."""
    for _, every, first, last, stops in table("walk"):
        if int(first) <= hour <= int(last):
            walkers = told_visitors(day, hour, percent) // int(every)
            for name, seconds in re.findall(r"([a-z ]+) ([0-9]+)(?:, |$)", stops):
                yield name, walkers * int(seconds)


def told_presence(day, hour, percent=100):
    return sum(seconds for _, seconds in told_stops(day, hour, percent))


def told_cells(day, hour, percent=100):
    """Seconds by row and column, cell by cell."""
    boxes = {name: [int(edge) for edge in edges] for name, *edges in table("stop")}
    cells = [[0] * 192 for _ in range(192)]
    for name, seconds in told_stops(day, hour, percent):
        top, left, bottom, right = boxes[name]
        for row in range(top, bottom):
            for column in range(left, right):
                cells[row][column] += seconds
    return cells
