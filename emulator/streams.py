"""A camera's streams: how each is coded, kept, changed, and told to whoever sends them."""

from collections.abc import Callable, Iterable
from typing import Any

from emulator import saved
from emulator.app import Camera
from emulator.core.streams import encoders
from emulator.core.streams.encoders import Encoders, Size


class Streams:
    """How one camera codes its streams. Safe to use from any thread.

    refresh  has the next picture of a stream stand alone; whoever sends them puts it here
    """

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self.refresh: Callable[[str], None] = lambda stream: None

    @property
    def encoders(self) -> Encoders:
        """How they are coded now. Raises SavedError or StorageError."""
        return saved.encoders_of(self._camera.storage)

    @property
    def seen(self) -> Size:
        """Width and height of what the camera sees."""
        rows, columns = self._camera.picture_size()
        return columns, rows

    def change(self, stream: str, values: Iterable[tuple[str, Any]]) -> None:
        """Change one; returns when it is committed.

        Raises EncoderError, or DeviceError if the store refuses; then nothing has changed.
        """
        camera = self._camera
        with camera.committing(f"stream {stream}"), camera.turns.turn():
            changed = dict(self.encoders)
            changed[stream] = encoders.change(changed[stream], values)
            camera.recorder.flush({saved.ENCODERS: encoders.as_fields(changed)})
