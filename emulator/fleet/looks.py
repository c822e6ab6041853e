"""What a fleet's cameras look at: drawn once a process for all that look at the same scene."""

from functools import cache

from emulator import making
from emulator.edge import fixtures
from emulator.edge.sources import DrawnScene, Source, Still
from emulator.fleet.plan import STILL


def check(name: str) -> None:
    """Refuse a source that there is not. Raises what `source_of` does; draws no named scene."""
    if name.removeprefix("scene:") not in fixtures.scene_names() or ":" not in name:
        source_of(name)


def source_of(name: str) -> Source:
    """Return `still`, or what `making.source` makes of a name. Raises what that does."""
    if name == STILL:
        return Still()
    if name.startswith("scene:"):
        return DrawnScene(name, _drawn(name).stage)  # each counts its own pictures
    return making.source(name)


@cache
def _drawn(name: str) -> DrawnScene:
    drawn = making.source(name)
    assert isinstance(drawn, DrawnScene)
    return drawn
