"""Subscriptions to events that nobody ends: are they dropped, and what do they cost?

One comes every tenth of a second, lives a minute and is never pulled, while motion begins or ends
every second, so that some 600 are alive and all of them fill. After them come as many at once, as a
client in a loop makes them, with room for all. Time is a number here; bytes are Python's own, of
all that was made since the room began. Nothing goes over HTTP.
"""

import asyncio
import gc
import itertools
import time
import tracemalloc

from bench.table import Bound, Outcome, Row
from emulator.core.onvif.events import MOTION_ALARM
from emulator.core.onvif.topicfilter import EVERYTHING
from emulator.edge.onvif.subscriptions import Subscriptions

COUNT, FEW = 10_000, 1_000
EVERY_MS, LIFE_MS, SECOND_MS = 100, 60_000, 1_000
FLAT, NOTHING = Bound("at most", 1.1), Bound("at most", 0.0)
KB = 1_000


def run(options) -> Outcome:
    """Return the rows."""
    options.say(f"subscriptions: {COUNT:,} that nobody ends")
    return asyncio.run(_measured())


async def _measured():
    clock, mark, numbers = [0], object(), itertools.count()
    everybody = Subscriptions(
        (COUNT, 0), lambda: clock[0], lambda: (mark, 0), lambda: f"subscription {next(numbers)}"
    )

    def subscribe():
        everybody.subscribe(EVERYTHING, LIFE_MS, lambda identity: f"http://camera/{identity}")

    def later(ms):
        clock[0] += ms
        if clock[0] % SECOND_MS < ms:  # as its timer does
            everybody.sweep()
            is_on = ("false", "true")[clock[0] // SECOND_MS % 2]
            everybody.tell(MOTION_ALARM, ("video",), (is_on,), clock[0])

    tracemalloc.start()
    most, sizes = 0, {}
    for number in range(1, COUNT + 1):
        subscribe()
        later(EVERY_MS)
        most = max(most, len(everybody))
        if number in {FEW, COUNT}:
            sizes[number] = _bytes()
    clock[0] += LIFE_MS
    everybody.sweep()
    empty, left = _bytes(), len(everybody)
    for _ in range(COUNT):
        subscribe()
    each = (_bytes() - empty) / COUNT
    clock[0] += LIFE_MS
    everybody.sweep()
    left, after = left + len(everybody), _bytes() - empty
    tracemalloc.stop()
    cpu_s = time.process_time()
    for _ in range(COUNT):
        subscribe()
    cpu_us = (time.process_time() - cpu_s) * 1e6 / COUNT
    everybody.close()
    return Outcome(
        [
            Row("subscriptions", f"alive at most, of {COUNT:,}", "", {"ours": most}),
            Row("subscriptions", f"bytes after {FEW:,}", "kB", {"ours": sizes[FEW] / KB}),
            Row("subscriptions", f"bytes after {COUNT:,}", "kB", {"ours": sizes[COUNT] / KB}),
            Row(
                "subscriptions",
                f"bytes after {COUNT:,} over those after {FEW:,}",
                "x",
                {"ours": sizes[COUNT] / sizes[FEW]},
                FLAT,
            ),
            Row("subscriptions", "left when all should be gone", "", {"ours": left}, NOTHING),
            Row("subscriptions", f"one of {COUNT:,} at once", "kB", {"ours": each / KB}),
            Row("subscriptions", "bytes more after these are gone", "kB", {"ours": after / KB}),
            Row("subscriptions", "to make one", "us of CPU", {"ours": cpu_us}),
        ]
    )


def _bytes():
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
