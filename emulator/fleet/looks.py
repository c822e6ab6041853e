"""What a fleet's cameras look at: made once a process for all that look at the same."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from emulator.edge import fixtures, sources
from emulator.edge.sources import DrawnScene, Source, Still
from emulator.fleet.plan import STILL, PlanError


def check(name: str) -> None:
    """Refuse a source that there is not, without making it. Raises PlanError or SourceError."""
    kind, colon, scene = name.partition(":")
    if kind == "scene" and colon and not scene.startswith("{"):
        if scene not in fixtures.scene_names():
            raise PlanError(f"no scene {scene!r}; there are {', '.join(fixtures.scene_names())}")
    else:
        source_of(name)


def source_of(name: str) -> Source:
    """Return `still`, `scene:NAME`, a scene's own document, a stream's address, or a file.

    Raises PlanError, or the source's own error.
    """
    kind, colon, scene = name.partition(":")
    if name == STILL:
        return Still()
    if kind == "scene" and colon:
        drawn = _drawn(name, scene)
        return DrawnScene(name, drawn.stage)  # each counts its own pictures
    if "://" in name:
        return sources.LiveSource(sources.network(name), sources.ANALYSE_FPS)
    return sources.VideoFile(Path(name), sources.ANALYSE_FPS)


@cache
def _drawn(name: str, scene: str) -> DrawnScene:
    reader: Callable[[str], dict[str, object]] = fixtures.scene
    if scene.startswith("{"):
        reader = json.loads
    elif scene not in fixtures.scene_names():
        raise PlanError(f"no scene {scene!r}; there are {', '.join(fixtures.scene_names())}")
    try:
        return sources.drawn(name, reader(scene))
    except (json.JSONDecodeError, RecursionError) as error:
        raise PlanError(f"no scene: {error}") from None
