"""Times on a machine that others use too: everybody in turn, and the best of some rounds.

It is the processor's time, of all threads together: with one thread that is what a clock on
the wall shows when nobody else is there, and a second thread would win nothing.
"""

import time
from collections.abc import Callable, Mapping


def best_of(rounds: int, runs: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """Return the shortest time of each run, in seconds of the processor.

    One round lets each run once, so that a busy spell of the machine hits all alike.
    """
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, run in runs.items():
            began_s = time.process_time()
            run()
            best[name] = min(best[name], time.process_time() - began_s)
    return best
