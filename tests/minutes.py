"""What tests of the store share: instants, minutes of heat, and all that a store answers."""

from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256

import numpy as np

from emulator.core.localtime import Stretch
from emulator.core.reports.heat import Tile
from emulator.edge.storage import Storage

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def at(text):
    """Milliseconds of an instant written in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


ALL = Stretch(at("2025-01-01T00:00"), at("2028-01-01T00:00"))


def tile(presence_ms, cell=(0, 0)):
    """Heat of one object that stands on one cell."""
    cells = np.zeros((192, 192), np.uint64)
    cells[cell] = presence_ms
    return Tile(cells, presence_ms)


def cell_of(minute_ms):
    """A cell that each of many minutes has to itself."""
    return divmod(minute_ms // MINUTE % (192 * 192), 192)


def heat_of(minutes):
    """What cells then hold."""
    cells = np.zeros((192, 192), np.uint64)
    for minute_ms, lasted_ms in minutes.items():
        cells[cell_of(minute_ms)] += np.uint64(lasted_ms)
    return cells


def record(store, minutes, zone=UTC, over_ms=0, **state):
    """Commit presence by minute, each on a cell of its own."""
    tiles = {minute_ms: tile(ms, cell_of(minute_ms)) for minute_ms, ms in minutes.items()}
    store.commit(tiles, state, zone, over_ms)


def hours(text, count=1):
    start_ms = at(text)
    return Stretch(start_ms, start_ms + count * HOUR)


def outcome_of(path):
    """Everything that a store answers, to compare with."""
    with closing(Storage(path)) as store:
        daily = [store.presence_ms(hours("2026-05-31T00:00", 24 * day)) for day in range(1, 4)]
        cells = sha256(store.heat(ALL)).hexdigest()
        return daily, cells, store.state("settings"), store.accounts()
