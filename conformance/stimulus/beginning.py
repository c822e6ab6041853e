"""The beginning of a run with a screen: it is looked for once, and what will come is told."""

from collections.abc import Callable

from conformance.run import Run
from conformance.stimulus import plan
from conformance.stimulus.driving import VIDEO, PlayerScreen, Screen, VideoScreen
from conformance.stimulus.projecting import FINDS_WITHIN_S, Projector
from conformance.stimulus.sight import LostError

VIDEO_FOUND_WITHIN_S = 60.0
"""Who starts the video by hand has so long."""
WATCHED_WITHIN_S = 60.0
"""Who opens the page in a browser has so long."""

LEFT_OPEN = (
    "a screen before the lens leaves open: BEH-04 below adaptability 5, BEH-06 in other time "
    "zones, BEH-07 under light of a whole room"
)


def begin(run: Run, where: str, say: Callable[[str], None]) -> None:
    """Give a run its projector, where behaviour is to be judged. Raises DriveError.

    where  the player's URL, or VIDEO
    say    is told how long it will take, and whether the screen is seen
    """
    wanted = {name for name in run.selected if name.startswith("BEH")}
    camera = run.target.camera
    if not wanted or camera is None or not run.target.claim.offered:
        return
    screen = _screen(run, where, say)
    run.projector = Projector(camera, screen)
    seconds = plan.seconds(run.projector.limit_s, wanted)
    say(f"BEH: {plan.in_words(seconds)} before the screen")
    try:
        sight = run.projector.find(FINDS_WITHIN_S if screen.can_wait else VIDEO_FOUND_WITHIN_S)
    except LostError as error:
        say(f"no screen was found: {error}; what needs it is not checked")
        return
    run.tell_once([LEFT_OPEN])
    late = f", and the picture is {run.projector.late_s:.2f} s late" * screen.can_wait
    say(
        f"the screen fills {sight.share:.0%} of the picture, its markers are "
        f"{sight.off_px:.1f} pixels off a plane{late}"
    )


def _screen(run: Run, where: str, say: Callable[[str], None]) -> Screen:
    pace = run.client.pace
    if where == VIDEO:
        say("start the video now, in full screen before the lens")
        return VideoScreen(pace.sleep)
    player = PlayerScreen(where)
    until_s = pace.monotonic() + WATCHED_WITHIN_S
    if not player.watching():
        say(f"open {where} in a browser before the lens, in full screen")
        while not player.watching() and pace.monotonic() < until_s:
            pace.sleep(1.0)
    return player
