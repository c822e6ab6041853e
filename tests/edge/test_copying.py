"""What a file has coded, beside its frames: all of it, once, and where it begins anew."""

from fractions import Fraction

import av
import numpy as np
import pytest

from emulator.core.streams import h264
from emulator.core.streams.encoders import DEFAULTS, Encoder
from emulator.core.streams.rtp import Numbers
from emulator.edge.rtsp.line import PictureLine, Shown
from emulator.edge.rtsp.sights import Reading
from emulator.edge.sources import VideoFile
from emulator.edge.sources.pixels import planes_of

PICTURES, GOP = 40, 10


def write(path, codec="libx264", bframes=2):
    random = np.random.default_rng(3)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.options = {"g": str(GOP), "bf": str(bframes), "sc_threshold": "0"}
        for number in range(PICTURES):
            picture = random.integers(0, 256, (48, 64, 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coded")
    return {
        "mp4": write(folder / "clip.mp4"),
        "ts": write(folder / "clip.ts"),
        "other": write(folder / "other.mp4", codec="mpeg4"),
    }


@pytest.mark.parametrize("kind", ["mp4", "ts"])
@pytest.mark.parametrize("fps", [12.5, None])
def test_frames_bring_all_that_was_coded_once_and_in_order(files, kind, fps):
    frames = list(VideoFile(files[kind], fps).frames(1_000_000))
    coded = [one for frame in frames for one in frame.coded()]
    assert len(coded) == PICTURES
    assert sorted(one.at_ms for one in coded) == [1_000_000 + 40 * n for n in range(PICTURES)]
    whole = [one.at_ms - 1_000_000 for one in coded if one.begins_anew]
    assert whole == [0, 400, 800, 1200]
    for one in coded:
        kinds = [unit[0] & 31 for unit in h264.units(one.octets)]
        assert (5 in kinds) == one.begins_anew
        assert not one.begins_anew or {7, 8} <= set(kinds)


def test_what_was_coded_is_decoded_to_the_very_pictures(files):
    frames = list(VideoFile(files["mp4"], None).frames(0))
    decoder = av.CodecContext.create("h264", "r")
    pictures = []
    for frame in frames:
        for one in frame.coded():
            pictures += decoder.decode(av.Packet(one.octets))
    pictures += decoder.decode(None)
    assert len(pictures) == len(frames)
    for frame, picture in zip(frames, pictures, strict=True):
        assert np.array_equal(frame.planes()[0], planes_of(picture)[0])


def test_no_picture_comes_long_before_its_time(files):
    for frame in VideoFile(files["mp4"], None).frames(0):
        assert all(frame.at_ms - 80 <= one.at_ms <= frame.at_ms + 160 for one in frame.coded())


def test_other_codecs_bring_nothing(files):
    assert all(frame.coded is None for frame in VideoFile(files["other"], None).frames(0))


def lines(frames, encoder=DEFAULTS["main"], text=None, newcomers=(0,), gaps=(), real=True):
    """Return what a line sent of each frame, and how it had it."""
    line, sent = PictureLine(Numbers(1, 2, 3)), []
    for number, frame in enumerate(frames):
        film_ms = frame.at_ms if real else None
        shown = Shown(frame, Reading(text, 0), film_ms, 5000 + frame.at_ms, number not in gaps)
        bursts = line.bursts(shown, encoder, number in newcomers)
        sent.append((line._sends, [burst.begins_anew for burst in bursts]))
    return sent


def test_a_stream_with_nothing_over_it_is_copied_from_its_beginning(files):
    frames = list(VideoFile(files["mp4"], None).frames(0))
    sent = lines(frames)
    assert {how for how, _ in sent} == {"copied"}
    assert sum(len(bursts) for _, bursts in sent) == PICTURES


def test_who_joins_midway_is_helped_and_then_it_is_copied_again(files):
    frames = list(VideoFile(files["mp4"], None).frames(0))
    sent = lines(frames, newcomers=(0, 5))
    first = next(number for number, (how, _) in enumerate(sent) if how == "coded")
    again = next(number for number, (how, _) in enumerate(sent) if number > 5 and how == "copied")
    assert first == 5
    assert sent[5][1] == [True]
    assert sent[again][1][0]  # begins where the file itself does
    assert {how for how, _ in sent[again:]} == {"copied"}


@pytest.mark.parametrize(
    "otherwise",
    [
        {"text": "2026-03-04 05:00:00"},
        {"encoder": Encoder(fraction=2)},
        {"encoder": Encoder(codec="JPEG", profile="Baseline")},
        {"real": False},
    ],
)
def test_whatever_does_not_show_the_same_is_coded(files, otherwise):
    frames = list(VideoFile(files["mp4"], None).frames(0))
    assert {how for how, _ in lines(frames, **otherwise)} == {"coded"}


def test_a_file_with_too_many_pictures_a_second_is_coded(files):
    for fps in (None, 12.5):  # whichever of them the detector looks at
        frames = list(VideoFile(files["mp4"], fps).frames(0))
        assert lines(frames, Encoder(fps=12))[-1][0] == "coded"
        assert {how for how, _ in lines(frames, Encoder(fps=25))} == {"copied"}


def test_after_a_gap_it_is_coded_until_the_file_begins_anew(files):
    frames = list(VideoFile(files["mp4"], None).frames(0))
    sent = lines(frames, gaps=(5,))
    assert sent[5] == ("coded", [True])
    assert sent[-1][0] == "copied"
