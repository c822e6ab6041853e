"""Reports as text: CSV of the time report, JSON of the space report, CSV of the stays.

Here milliseconds become whole seconds, rounded half up once, and instants the camera's
zoneless local time. A row's end is spelled as its last second, :59 (facts 5.2); that is
spelling, not arithmetic.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

import numpy as np

from emulator.core.detection.stays import Ruled
from emulator.core.frame import MAP_COLUMNS, MAP_ROWS
from emulator.core.localtime import to_local
from emulator.core.reports.heat import CellHeat
from emulator.core.reports.report import TimeRow

LINE_END = "\r\n"  # CONTRACT 5; the recorder's own, the camera's was never recorded (facts 5.8)

TIME_HEADER = "StartTime,EndTime,Value(s)"  # facts 5.2, to the letter
STAYS_HEADER = "id,start,end,recorded"

_SECOND = timedelta(seconds=1)


def seconds(milliseconds: int) -> int:
    """Return whole seconds, halves rounded up.

    >>> seconds(1499), seconds(1500)
    (1, 2)
    """
    return (milliseconds + 500) // 1000


def reading_text(reading: datetime) -> str:
    """Return `YYYY-MM-DD HH:MM:SS`."""
    return reading.isoformat(" ", "seconds")


def time_csv(rows: Iterable[TimeRow]) -> str:
    """Return the time report as the camera sends it; with no rows, the header line alone."""
    lines = [TIME_HEADER]
    lines += [
        f"{reading_text(row.start)},{reading_text(row.end - _SECOND)},{seconds(row.presence_ms)}"
        for row in rows
    ]
    return "".join(line + LINE_END for line in lines)


def space_json(heat: CellHeat) -> str:
    """Return the space report as the camera sends it (facts 4.1).

    heat  uint64 (192, 192), ms

    Compact, keys in exactly this order: recorders match the text. Cells of 0 seconds are
    left out and `min` is 0, so that max and min never meet while there are points.
    """
    values = (heat + np.uint64(500)) // np.uint64(1000)
    rows, columns = np.nonzero(values)
    points = ",".join(
        f'{{"x":{x},"y":{y},"value":{value}}}'
        for y, x, value in zip(
            rows.tolist(), columns.tolist(), values[rows, columns].tolist(), strict=True
        )
    )
    return (
        f'{{"max":{int(values.max())},"min":0,"map_w":{MAP_COLUMNS},"map_h":{MAP_ROWS},'
        f'"data":[{points}]}}'
    )


def stays_csv(stays: Iterable[Ruled], zone: tzinfo) -> str:
    """Return the stays, numbered by when they began, with local times to the millisecond."""
    lines = [STAYS_HEADER]
    ordered = sorted(stays, key=lambda stay: (stay.start_ms, stay.end_ms, stay.recorded))
    lines += [
        f"{number},{_exactly(stay.start_ms, zone)},{_exactly(stay.end_ms, zone)},{stay.recorded}"
        for number, stay in enumerate(ordered, start=1)
    ]
    return "".join(line + LINE_END for line in lines)


def _exactly(at_ms: int, zone: tzinfo) -> str:
    return to_local(at_ms, zone).isoformat(" ", "milliseconds")
