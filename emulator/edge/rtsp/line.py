"""One stream in the studio: frames in, bursts of packets out, copied where that shows the same.

A file that is H.264 already is copied while nothing is written over it and it plays at real
speed; whoever joins, or a gap, is helped by a coded picture that begins anew, and copying goes
on where the file itself does. Else every picture is coded.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from emulator.core.frame import CodedPicture, Frame, Planes
from emulator.core.streams import rtp
from emulator.core.streams.encoders import Encoder
from emulator.core.streams.h264 import CodedError
from emulator.core.streams.rtp import Axis, Numbers
from emulator.core.streams.sdp import METADATA_TYPE
from emulator.edge.rtsp.coding import Coder, Made
from emulator.edge.rtsp.packing import Packer
from emulator.edge.rtsp.picturing import Canvas, planes
from emulator.edge.rtsp.sights import Reading

NAME = "stuntcam"
"""The source's name in reports (RFC 3550's CNAME), which no log-in is needed to guess."""

EARLY = 0.9
"""A picture that comes after so much of a period is not too many yet."""

_COUNTED_MS = 2000
"""Over about so much of the film a file's pictures are counted, which may come several at once."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame as it is to be streamed.

    film_ms      where it lies on the film, if that plays at real speed; else None
    arrived_ms   when it came, in real time
    is_gapless   the frame before was handed in as well, so that what is coded goes on
    """

    frame: Frame
    reading: Reading
    film_ms: int | None
    arrived_ms: int
    is_gapless: bool
    _planes: list[Planes] = field(default_factory=list)

    def planes(self) -> Planes:
        """Return its planes, made once."""
        if not self._planes:
            self._planes.append(planes(self.frame))
        return self._planes[0]


class Burst(NamedTuple):
    """Packets that belong together: all of one picture, or of one document.

    begins_anew  nothing before them is needed
    report       what the sender says of itself at this point
    """

    packets: list[bytearray]
    begins_anew: bool
    report: bytes


class PictureLine:
    """Makes one stream's pictures into bursts."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._axis = Axis()
        self._sent_ms = -1000
        self._how: tuple[Encoder, tuple[int, int]] | None = None
        self._coder: Coder | None = None
        self._canvas: Canvas | None = None
        self._packer: Packer | None = None
        self._sends: str | None = None  # "copied" or "coded", what it sent last
        self._file_fps = 0.0

    def bursts(self, shown: Shown, encoder: Encoder, begins_anew: bool) -> list[Burst]:
        """Return what to send of a frame; nothing of one that comes too soon after another.

        begins_anew  somebody waits for a picture that needs none before it
        """
        rows, columns = shown.frame.size
        how = encoder, encoder.size((columns, rows))
        if how != self._how:
            self._how, self._coder, self._packer, self._sends = how, None, None, None
            self._file_fps = float(encoder.fps)  # until it was counted
        self._axis = self._axis.after(shown.film_ms, shown.arrived_ms)
        coded = self._copied(shown, encoder, begins_anew)
        if coded is not None and shown.film_ms is not None:
            self._sends = "copied"
            ahead_ms = self._axis.last_ms - shown.film_ms
            return [self._burst(one, one.at_ms + ahead_ms, shown) for one in coded]
        begins_anew = begins_anew or self._sends != "coded"
        at_ms = self._axis.last_ms
        soon = at_ms - self._sent_ms < EARLY * 1000 / encoder.fps
        if soon and not begins_anew:
            return []
        self._sends = "coded"
        # What was copied may be ahead, where pictures are not coded in their order.
        return self._newly_coded(shown, max(at_ms, self._sent_ms + 1), begins_anew)

    def _copied(
        self, shown: Shown, encoder: Encoder, begins_anew: bool
    ) -> list[CodedPicture] | None:
        """Return what is copied of a frame, maybe nothing; None: it is to be coded."""
        fits = encoder.codec == "H264" and encoder.fraction == 1 and shown.film_ms is not None
        if shown.frame.coded is None or shown.reading.text is not None or not fits:
            return None
        try:
            coded = list(shown.frame.coded())
        except CodedError:
            return None
        if self._are_too_many(len(coded), shown.frame.until_ms - shown.frame.at_ms, encoder.fps):
            return None
        goes_on = shown.is_gapless and not shown.frame.cut and not begins_anew
        if self._sends == "copied" and goes_on:
            return coded
        first = next((number for number, one in enumerate(coded) if one.begins_anew), len(coded))
        return coded[first:] or None

    def _are_too_many(self, pictures: int, stand_ms: int, most_fps: int) -> bool:
        """Count a file's pictures; tell whether there are more a second than are wanted."""
        over_ms = max(stand_ms, _COUNTED_MS)
        self._file_fps += (1000 * pictures - stand_ms * self._file_fps) / over_ms
        return self._file_fps * EARLY > most_fps

    def _newly_coded(self, shown: Shown, at_ms: int, begins_anew: bool) -> list[Burst]:
        assert self._how is not None
        encoder, size = self._how
        if self._coder is None:
            self._coder = Coder(encoder, size)
            self._canvas = Canvas(size)
        assert self._canvas is not None
        self._canvas.draw(shown.planes(), shown.reading.text)
        made = self._coder.made(self._canvas.picture, at_ms, begins_anew)
        return [] if made is None else [self._burst(made, at_ms, shown)]

    def _burst(self, made: Made | CodedPicture, at_ms: int, shown: Shown) -> Burst:
        assert self._how is not None
        if self._packer is None:
            self._packer = Packer(self._how[0].codec, self._how[1])
        self._sent_ms = max(self._sent_ms, at_ms)
        cut = self._packer.packets(Made(made.octets, made.begins_anew))
        packets = [self._numbers.stamp(packet, at_ms) for packet in cut]
        return Burst(packets, made.begins_anew, self._report(at_ms, shown))

    def _report(self, at_ms: int, shown: Shown) -> bytes:
        utc_ms = shown.reading.utc_ms + at_ms - self._axis.last_ms
        return rtp.sender_report(self._numbers, at_ms, utc_ms, NAME)


class MetadataLine:
    """Makes who is in view into bursts."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers, self._axis = numbers, Axis()

    def burst(self, shown: Shown, document: bytes) -> Burst:
        """Return what to send of a frame's document."""
        self._axis = self._axis.after(shown.film_ms, shown.arrived_ms)
        at_ms, utc_ms = self._axis.last_ms, shown.reading.utc_ms
        cut = rtp.document_packets(document, METADATA_TYPE)
        packets = [self._numbers.stamp(packet, at_ms) for packet in cut]
        return Burst(packets, True, rtp.sender_report(self._numbers, at_ms, utc_ms, NAME))
