"""Writes the video for a screen that no browser runs on: all films, one after the other.

It begins with the time, and shows each film's number for a while before it begins, so that who
follows it by the code has time to save settings. PyAV is loaded when one is written.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from conformance.stimulus import code, films, layout, plan
from conformance.stimulus.code import Code
from conformance.stimulus.layout import HEIGHT, WIDTH, Grey
from conformance.stimulus.plan import Scene

ENDINGS = (".mp4", ".mkv", ".mov")
FPS = 20


class VideoError(ValueError):
    """The file can't be written; the message names it."""


def write(file: Path, scenes: Sequence[Scene], told: Callable[[float], None]) -> float:
    """Write a video; returns its length in seconds.

    told  is told which share of it is done

    Raises VideoError. What was begun is removed.
    """
    if file.suffix.lower() not in ENDINGS:
        raise VideoError(f"{file}: no video is named so; it may end in {', '.join(ENDINGS)}")
    try:
        return _written(file, scenes, told)
    except OSError as error:
        raise VideoError(f"{file}: {error.strerror or error}") from None


def _written(file: Path, scenes: Sequence[Scene], told: Callable[[float], None]) -> float:
    import av  # noqa: PLC0415

    with file.open("xb" if not file.exists() else "r+b"):
        pass  # FFmpeg's own words for what can't be written are poor
    is_done = False
    try:
        with av.open(str(file), "w") as container:
            stream = container.add_stream("libx264", rate=FPS)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.options = {"preset": "veryfast", "crf": "16", "g": str(10 * FPS)}
            count = 0
            total = sum(_pictures(scene) for scene in scenes)
            kept: tuple[object, Grey] = (None, layout.frame())
            for scene in scenes:
                for n in range(_pictures(scene)):
                    at_s = n / FPS - scene.pause_s
                    film = scene.film if at_s >= 0 else None
                    strip = (
                        code.time_of(count / FPS)
                        if scene.number is None
                        else Code(True, scene.number)
                    )
                    what = (films.stands(film, at_s), strip)
                    if kept[0] != what:
                        kept = (what, films.picture(film, at_s, strip))
                    frame = av.VideoFrame.from_ndarray(kept[1], format="gray")
                    frame.pts, frame.time_base = count, Fraction(1, FPS)
                    container.mux(stream.encode(frame.reformat(format="yuv420p")))
                    count += 1
                told(count / total)
            container.mux(stream.encode())
        is_done = True
    finally:
        if not is_done:
            file.unlink(missing_ok=True)
    return count / FPS


def _pictures(scene: Scene) -> int:
    return round((scene.pause_s + (scene.film.length_s if scene.film else 0.0)) * FPS)


def whole() -> list[Scene]:
    """Return the scenes of the video that `check --screen video` follows."""
    from conformance.stimulus.driving import LIMIT_OF_VIDEO_S  # noqa: PLC0415

    return plan.scenes_of_video(LIMIT_OF_VIDEO_S)
