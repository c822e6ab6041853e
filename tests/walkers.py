"""Who walks, stands and leaves in drawn pictures of 80 ms, and when and where it counts.

For tests of the whole detector; `drawn` is the fixture of tests/core/conftest.py.
"""

from emulator.core import schedule

PERIOD_MS = 80
ROWS, COLUMNS = 180, 320
HOUR_MS, MINUTE_MS = 3_600_000, 60_000


def cells_of(box, rows=ROWS, columns=COLUMNS):
    """How many map cells have their centre in a box clipped to the picture."""
    top, left, bottom, right = box
    down = [k for k in range(192) if top * 384 <= (2 * k + 1) * rows < bottom * 384]
    across = [k for k in range(192) if left * 384 <= (2 * k + 1) * columns < right * 384]
    return len(down) * len(across)


def walk(index, speed=4, top=60, height=50, width=16):
    """Where somebody is who walks through the picture from the left, entering after 2 s."""
    left = (index - 25) * speed - width
    return top, left, top + height, left + width


def pictures(drawn, ground, count, boxes, grey=30):
    """`count` noisy pictures of the ground with `boxes(index)` on it."""
    for index in range(count):
        picture = ground
        for box in boxes(index):
            picture = drawn.with_box(picture, box, grey)
        yield drawn.noisy(picture, index)


def walking(drawn, count=160):
    return list(pictures(drawn, drawn.tiles(), count, lambda index: [walk(index)]))


def standing(drawn, count, box, since=25, until=10**9, **options):
    return pictures(
        drawn,
        drawn.tiles(),
        count,
        lambda index: [box] if since <= index < until else [],
        **options,
    )


def region(rows=range(13), columns=range(23)):
    return tuple(tuple(r in rows and c in columns for c in range(23)) for r in range(13))


def closing_at_8():
    days = schedule.read_day("00:00:08:00;" + "00:00:00:00;" * 9), *schedule.NEVER.days[1:]
    return schedule.Schedule(days)


def opening_at_8():
    days = schedule.read_day("08:00:24:00;" + "00:00:00:00;" * 9), *schedule.NEVER.days[1:]
    return schedule.Schedule(days)
