"""A scene that is drawn, with a length, and plays like a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

from emulator.core.frame import Frame
from emulator.core.localtime import SECOND_MS
from emulator.core.scenes.drawing import Stage, draw_luma, draw_picture, stage
from emulator.core.scenes.scene import read_scene
from emulator.edge.sources.decoding import Count


@dataclass(slots=True)
class DrawnScene:
    """A scene that is drawn, with a length, and plays like a file."""

    name: str
    stage: Stage
    count: Count = field(default_factory=Count)

    @property
    def duration_s(self) -> float:
        """How long it plays."""
        return self.stage.scene.length_ms / SECOND_MS

    def frames(self, begins_ms: int, from_ms: int = 0) -> Iterator[Frame]:
        """Yield the frames from `from_ms` of the scene on, which is at the instant `begins_ms`."""
        self.count = Count()
        scene = self.stage.scene
        edges_ms = [
            index * scene.length_ms // scene.frame_count for index in range(scene.frame_count + 1)
        ]
        is_first = True
        for index, (at_ms, until_ms) in enumerate(pairwise(edges_ms)):
            if until_ms <= from_ms:
                continue
            self.count.decoded += 1
            self.count.analysed += 1
            yield Frame(
                begins_ms + max(at_ms, from_ms) - from_ms,
                begins_ms + until_ms - from_ms,
                draw_luma(self.stage, index),
                partial(draw_picture, self.stage, index),
                cut=is_first,
            )
            is_first = False


def drawn(name: str, document: Mapping[str, object]) -> DrawnScene:
    """Return the scene that `document` (TOML) describes. Raises core's SceneError."""
    return DrawnScene(name, stage(read_scene(document)))
