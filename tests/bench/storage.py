"""A busy year in the store: how large it is, and how soon its reports are there.

14 open hours a day for 365 days; in each, visitors' boxes cover 20 % of the map. Flash keeps
the last week, with its minutes; a card has it all. Reports are timed as the camera makes
them; their text for the wire is a row of its own.
"""

import shutil
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from bench.table import Bound, Outcome, Row
from bench.timing import best_of
from emulator.core.cgi import ReportQuery
from emulator.core.localtime import DAY_MS, HOUR_MS, MINUTE_MS, Stretch
from emulator.core.reports.heat import Tile
from emulator.core.reports.table import space_json
from emulator.edge.storage import Storage, sd_card
from emulator.reports import Reports

BEGINS_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
DAYS, OPENS, OPEN_HOURS = 365, 8, 14
COVERED = 0.2
BOX = 16
MEAN_MS = 1_252_000 // 6
MB = 1e6


def run(options) -> Outcome:
    """Fill a year, and return what it weighs and how fast its reports are."""
    folder = Path(mkdtemp(prefix="year-", dir=options.cache))
    try:
        with closing(Storage(folder / "flash.sqlite", era="0000000a", is_ring=True)) as store:
            store.attach("S" * 17, [sd_card(f"{folder}/sd:32G")])
            _fill(store, options)
            return Outcome(rows=[*_sizes(folder), *_times(store, options)])
    finally:
        shutil.rmtree(folder)


def _fill(store, options):
    random = np.random.default_rng(20261125)
    for week in range(0, DAYS, 7):
        options.say(f"storage day {week}")
        days = range(week, min(week + 7, DAYS))
        hours = [
            BEGINS_MS + (d * 24 + OPENS + h) * HOUR_MS for d in days for h in range(OPEN_HOURS)
        ]
        tiles = [(Stretch(at_ms, at_ms + HOUR_MS), _tile(random, COVERED)) for at_ms in hours]
        store.plant(tiles, UTC, f"f{week:07x}")
        _copy(store)
        store.commit({}, {}, UTC, BEGINS_MS + (days[-1] + 1) * DAY_MS)
    closed_ms = BEGINS_MS + DAYS * DAY_MS
    for at_ms in hours:
        minutes = {at_ms + m * MINUTE_MS: _tile(random, 0.013) for m in range(0, 60, 5)}
        some = next(iter(minutes.values()))
        minutes |= {at_ms + m * MINUTE_MS: some for m in range(60) if m % 5 in {1, 2}}
        store.commit(minutes, {}, UTC, at_ms)  # 36 of an hour's minutes: the others are empty
    store.commit({}, {}, UTC, closed_ms)
    _copy(store)


def _copy(store):
    while store.copy_some(0.0, at_once=1000):
        pass


def _tile(random, covered):
    """A tile of which boxes of visitors cover so much, each cell with a value of its own.

    Mean and spread are those of a recorded shop's cells, 1252 s in six hours (facts 4.2); no two
    neighbours are alike, which is the worst that can be packed.
    """
    walked = np.zeros((192, 192), bool)
    while np.count_nonzero(walked) < covered * walked.size:
        row, column = random.integers(0, 192 - BOX, 2)
        walked[row : row + BOX, column : column + BOX] = True
    values = random.exponential(MEAN_MS, walked.shape).astype(np.uint64)
    cells = np.where(walked, values + np.uint64(1), np.uint64(0))
    return Tile(cells, int(cells.sum()) // BOX**2)


def _sizes(folder):
    flash = sum(file.stat().st_size for file in folder.glob("flash.sqlite*"))
    files = [file.stat() for file in (folder / "sd").rglob("*") if file.is_file()]
    card = sum(file.st_size for file in files)
    on_disk = flash + sum(file.st_blocks * 512 for file in files)
    return [
        Row("storage", "a busy year: flash, with a week of minutes", "MB", {"ours": flash / MB}),
        Row("storage", f"a busy year: {len(files)} files on a card", "MB", {"ours": card / MB}),
        Row(
            *("storage", "a busy year: both, as the disk counts", "MB"),
            {"ours": on_disk / MB},
            Bound("at most", 200),
        ),
    ]


def _times(store, options):
    now_ms = BEGINS_MS + DAYS * DAY_MS + 10 * HOUR_MS
    reports = Reports(store, UTC, lambda: now_ms, nullcontext)
    year = ReportQuery("annual", datetime(2025, 1, 1))
    sheared = ReportQuery("annual", datetime(2025, 1, 17))
    old_day = ReportQuery("daily", datetime(2025, 5, 20, 9))
    new_day = ReportQuery("daily", datetime(2025, 12, 30, 9))
    cells = reports.space(year)
    assert cells.any()
    runs = {
        "annual space report": (lambda: reports.space(year), 50),
        "annual space report from the 17th": (lambda: reports.space(sheared), 50),
        "daily space report, of a card's day": (lambda: reports.space(old_day), 10),
        "daily space report, of a day in flash": (lambda: reports.space(new_day), 10),
        "annual time report": (lambda: reports.time(year), 10),
        "daily time report": (lambda: reports.time(new_day), 10),
        "monthly time report": (
            lambda: reports.time(ReportQuery("monthly", datetime(2025, 5, 1))),
            10,
        ),
        "annual space report, as text for the wire": (lambda: space_json(cells), None),
    }
    best = best_of(options.rounds, {name: call for name, (call, _) in runs.items()})
    store._flash._db.execute("DELETE FROM block")
    cold = "annual space report of a card never seen before"
    best |= best_of(1, {cold: lambda: reports.space(year)})
    runs[cold] = None, None
    return [
        Row(
            *("storage", name, "ms", {"ours": best[name] * 1000}),
            None if bound is None else Bound("at most", bound),
        )
        for name, (_, bound) in runs.items()
    ]
