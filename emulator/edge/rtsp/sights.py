"""What RTSP asks of the camera whose pictures it shows."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from emulator.core.accounts import Account
from emulator.core.frame import Frame
from emulator.core.streams.encoders import Encoder


class Reading(NamedTuple):
    """What the camera's clock reads.

    text    its local time, as it is written over pictures; None: it is not to be
    utc_ms  ms since 1970
    """

    text: str | None
    utc_ms: int


class Sights(Protocol):
    """A camera, as far as its streams are concerned. To be asked from any thread."""

    def watch(self, seen: Callable[[Frame], None]) -> Callable[[], None]:
        """Have `seen` called with each picture, quickly; returns what ends that."""

    def latest(self) -> Frame:
        """Return what is seen now."""

    def in_view(self) -> Mapping[str, Any]:
        """Return who is in the latest picture (detection/inview.py); to be asked within `seen`."""

    def reading(self, film_ms: int | None) -> Reading:
        """Return what the clock read at an instant of the film; None: reads now."""

    def encoder(self, stream: str) -> Encoder:
        """Return how a stream is to be coded."""

    def plays_real(self) -> bool:
        """Tell whether film and real time go at the same speed."""

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name."""
