"""One picture of each kind that a device shows: a snapshot, MJPEG, a stream.

snapshot   the dialect's address, or the one that ONVIF tells
mjpeg      the dialect's first address
main, sub  RTSP over TCP
"""

from collections.abc import Callable

from conformance.exchange import NoAnswerError
from conformance.expect import not_checked
from conformance.onvif import messages
from conformance.onvif.device import Device
from conformance.run import Run
from conformance.streams import asking, pictures, playing
from conformance.streams.pictures import Grey, PictureError
from conformance.streams.places import STREAMS, Place, places

OUTLETS = ("snapshot", "mjpeg", *STREAMS)
OK = 200
REDIRECTS = range(300, 400)


class Outlets:
    """What a device shows, for one check."""

    def __init__(self, run: Run, device: Device) -> None:
        self._run, self._device = run, device
        self._places: dict[str, Place] | None = None

    def picture(self, name: str) -> Grey:
        """Return what an outlet shows now. Raises NoAnswerError where no picture comes."""
        if name == "snapshot":
            return self.snapshot(self.snapshot_path())
        if name == "mjpeg":
            return self.mjpeg(self.mjpeg_paths()[0], 1)[-1]
        return self.play(name).last

    # --- single pictures -----------------------------------------------------------------------

    def snapshot_path(self) -> str:
        """Return where a snapshot is had."""
        camera = self._run.target.camera
        return camera.target("snapshot", form="") if camera else self.told_snapshot()

    def told_snapshot(self) -> str:
        """Return path and query of a snapshot as ONVIF tells."""
        device = self._device
        if not device.is_there() or not device.has("media"):
            not_checked("ONVIF tells of no snapshot")
        if not (profiles := device.call("media", "GetProfiles").value):
            raise NoAnswerError("GetProfiles (media): no profile is told")
        told = device.call("media", "GetSnapshotUri", {"ProfileToken": profiles[0].token})
        parts = messages.address(getattr(told.value, "Uri", None))
        device.note_elsewhere(parts.geturl())
        return messages.target(parts)

    def snapshot(self, path: str) -> Grey:
        """Return the picture at a path."""
        answer = self._run.client.get(path)
        if answer.status != OK:
            raise NoAnswerError(f"{answer.request}: {answer.shown}")
        try:
            return pictures.jpeg(answer.body)[0]
        except PictureError as error:
            raise NoAnswerError(f"{answer.request}: {error}") from None

    # --- pictures without end --------------------------------------------------------------------

    def mjpeg_paths(self) -> tuple[str, ...]:
        """Return where MJPEG is had; ends the check where nothing tells."""
        words = self._run.target.dialect.streams if self._run.target.camera else {}
        if not words.get("mjpeg"):
            not_checked("nothing tells of MJPEG ([streams] in the dialect)")
        return tuple(words["mjpeg"])

    def mjpeg(self, path: str, count: int) -> list[Grey]:
        """Return the first pictures of an MJPEG stream."""
        answer = self._run.client.get(path, pictures=count)
        if answer.status != OK:
            raise NoAnswerError(f"{answer.request}: {answer.shown}")
        try:
            whole = pictures.parts(answer.body, answer.header("content-type"))
            found = [pictures.jpeg(one)[0] for one in whole]
        except PictureError as error:
            raise NoAnswerError(f"{answer.request}: {error}") from None
        if not found:
            raise NoAnswerError(f"{answer.request}: not one whole picture came")
        return found

    # --- RTSP ----------------------------------------------------------------------------------

    def place(self, name: str) -> Place:
        """Return where a stream is."""
        if self._places is None:
            self._places = places(self._run, self._device)
        if name not in self._places:
            not_checked(f"there is no second stream ({name})")
        return self._places[name]

    def play(
        self,
        name: str,
        transport: str = "tcp",
        is_enough: Callable[[Grey, int], bool] = lambda picture, count: True,
    ) -> playing.Played:
        """Play a stream, once its description has been had in the same way (playing.py)."""
        place, login = self.place(name), self._run.client.login
        reply = asking.describe(self._run.client, place.url, login)
        if reply.status in REDIRECTS:
            not_checked(f"DESCRIBE {place.url} leads elsewhere, and FFmpeg would take the account")
        if reply.status != OK:
            raise NoAnswerError(f"DESCRIBE {place.url}: status {reply.status}")
        return playing.play(self._run.client, place.url, login, transport, is_enough)
