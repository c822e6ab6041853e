"""How a device counts, whatever a check asks of it: what one rule is blamed for, no other is.

Found by a trial at the first scene of a run (showing.py); checks of what is counted go by it.
"""

from dataclasses import dataclass, field

from conformance import scenes
from conformance.scenes import Block, Box

TRIED = Block(Box(220, 100, 290, 150), until_s=scenes.FIRST_S + 20)
"""Off the middle, so that a map the wrong way round does not show it where it was."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What the trial has shown.

    settings      under which it records all of a scene: BEH-02, BEH-03
    time, space   how many of its seconds a second of presence makes in each report: REP-08
    is_in_place   its map shows heat where it was made: BEH-05
    is_late       its reports tell nothing of the hour that runs: REP-07
    """

    settings: dict[str, int] = field(default_factory=dict)
    time: float = 1.0
    space: float = 1.0
    is_in_place: bool = True
    is_late: bool = False


def share(seconds: int) -> float:
    """Return how many seconds one of the trial's makes; 1 where it may, give or take pictures.

    A report that tells none of them is for its own check to find: 1, too.

    >>> share(20), share(21), share(24), share(0)
    (1.0, 1.0, 1.2, 1.0)
    """
    is_right = abs(seconds - TRIED.seconds) <= scenes.slack_s([TRIED])
    return 1.0 if is_right or not seconds else seconds / TRIED.seconds
