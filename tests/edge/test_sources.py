"""Sources of pictures: files encoded here for real and scenes drawn from a document.

What brightness a colour has is BT.601's, worked out here: in a file that holds the narrow
range, 16..235 stand for 0..255.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np
import pytest
from clips import walk, write_clip
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.scenes.scene import SceneError
from emulator.edge.sources import SourceError, VideoFile, drawn

BEGINS_MS = 1_767_571_200_000
SCENE = {
    "name": "a room",
    "length_s": 1.5,
    "fps": 30,
    "rows": 90,
    "columns": 160,
    "noise_sigma": 2,
    "seed": 7,
    "backdrop": "#8090a0",
    "back_y": 0.3,
    "back_height": 0.2,
    "front_y": 0.9,
    "front_height": 0.6,
    "route": [{"name": "through", "points": [[0, 0.1, 0.5], [1, 0.9, 0.8]]}],
    "clothes": [
        {"name": "red", "top": "#c02020", "legs": "#202040", "hair": "#302018", "skin": "#d0a080"}
    ],
    "visit": [{"at_s": 0, "route": "through", "pace_s": 1.5, "clothes": "red"}],
}


def colours(rows, columns, index=0):
    """A picture with another slope in each channel, so that none can be taken for another."""
    down, right = np.mgrid[0:rows, 0:columns]
    blue = 20 + 200 * right // columns
    green = 20 + 200 * down // rows
    red = 20 + 8 * index + 100 * right // columns + 100 * down // rows
    return np.stack([blue, green, red], 2).astype(np.uint8)


def brightness(picture):
    """Luma of a BGR picture, 0..255."""
    return picture @ np.array([0.114, 0.587, 0.299])


def write(path, pictures, pix_fmt="bgr24", codec="rawvideo", fps=25):
    """Encode BGR pictures without loss where the format allows."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = pix_fmt
        for index, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "bgr24")
            # In one thread: more of them spoil pixels of odd widths in formats of 16 bits.
            frame = frame.reformat(format=pix_fmt, threads=1)
            frame.pts, frame.time_base = index, 1 / Fraction(fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def short(path, count=50, fps=25):
    """A file of `count` small pictures, each brighter than the one before."""
    pictures = [np.full((16, 16, 3), index, np.uint8) for index in range(count)]
    return write(path, pictures, fps=fps)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sources")


# --- worked examples ----------------------------------------------------------------------------

# Pixel format, codec, container, and whether the file holds 16..235 and is taken as it is.
FORMATS = [
    ("yuv420p", "rawvideo", "nut", True),
    ("yuv422p", "ffv1", "mkv", True),
    ("yuv444p", "rawvideo", "nut", True),
    ("yuv410p", "ffv1", "mkv", True),
    ("nv12", "rawvideo", "nut", True),
    ("nv21", "rawvideo", "nut", True),
    ("yuvj420p", "mjpeg", "avi", False),
    ("yuvj444p", "mjpeg", "avi", False),
    ("gray", "ffv1", "mkv", False),
    ("gray", "rawvideo", "nut", False),
    ("gray10le", "ffv1", "mkv", False),
    ("gray16le", "ffv1", "mkv", False),
    ("ya8", "ffv1", "mkv", False),
    ("rgb24", "rawvideo", "nut", False),
    ("bgr24", "rawvideo", "nut", False),
    ("bgr0", "ffv1", "mkv", False),
    ("yuyv422", "rawvideo", "nut", False),
    ("uyvy422", "rawvideo", "nut", False),
    ("yuva420p", "ffv1", "mkv", False),
    ("yuv420p10le", "ffv1", "mkv", False),
    ("yuv422p12le", "ffv1", "mkv", False),
    ("yuv444p16be", "rawvideo", "nut", False),
    ("gbrp10le", "ffv1", "mkv", False),
]


@pytest.mark.parametrize(
    ("pix_fmt", "codec", "kind", "narrow"), FORMATS, ids=[f"{f[0]}-{f[1]}" for f in FORMATS]
)
@pytest.mark.parametrize(("rows", "columns"), [(243, 321), (242, 320)], ids=["odd", "even"])
def test_brightness_is_that_of_the_picture_in_every_pixel_format(
    folder, pix_fmt, codec, kind, narrow, rows, columns
):
    given_picture = colours(rows, columns)
    path = write(folder / f"{pix_fmt}-{codec}-{rows}.{kind}", [given_picture], pix_fmt, codec)
    (frame,) = VideoFile(path).frames(BEGINS_MS)
    assert (frame.luma.shape, frame.luma.dtype) == ((rows, columns), np.uint8)
    assert tuple(frame.size) == (rows, columns)
    expected = brightness(given_picture)
    if narrow:
        expected = 16 + expected * 219 / 255
    assert np.abs(frame.luma - expected).mean() < 1.5
    assert np.abs(frame.luma - expected).max() < 9  # JPEG's, where the slopes end


@pytest.mark.parametrize(
    ("pix_fmt", "codec", "kind"),
    [("bgr24", "rawvideo", "nut"), ("bgr0", "ffv1", "mkv"), ("rgb24", "rawvideo", "nut"),
     ("yuv444p", "ffv1", "mkv"), ("yuv444p16be", "rawvideo", "nut")],
)  # fmt: skip
def test_colour_is_blue_green_red_and_belongs_to_its_brightness(folder, pix_fmt, codec, kind):
    pictures = [colours(63, 85, index) for index in range(4)]
    path = write(folder / f"colour-{pix_fmt}.{kind}", pictures, pix_fmt, codec)
    frames = list(VideoFile(path, fps=None).frames(BEGINS_MS))
    assert len(frames) == 4
    for frame, expected in zip(frames, pictures, strict=True):
        seen = frame.picture()
        assert (seen.shape, seen.dtype) == ((63, 85, 3), np.uint8)
        assert np.abs(seen.astype(int) - expected).max() <= 3
        luma = (frame.luma - 16.0) * 255 / 219 if pix_fmt == "yuv444p" else frame.luma
        assert np.abs(luma - brightness(seen)).mean() < 1.5


def test_brightness_is_a_view_that_outlives_the_file(folder):
    path = write(folder / "view.nut", [colours(243, 321, index) for index in range(3)], "yuv420p")
    frames = list(VideoFile(path, fps=None).frames(BEGINS_MS))
    path.unlink()
    means = [frame.luma.mean() for frame in frames]
    assert means == sorted(set(means))
    assert not frames[0].luma.flags.owndata


def test_a_decoded_file_keeps_its_pictures_and_their_time(clip):
    video = VideoFile(clip, fps=None)
    assert video.duration_s == pytest.approx(10, abs=0.05)
    frames = list(video.frames(BEGINS_MS))
    assert [(f.at_ms - BEGINS_MS, f.until_ms - BEGINS_MS) for f in frames] == [
        (40 * index, 40 * index + 40) for index in range(250)
    ]
    assert [frame.cut for frame in frames] == [True] + [False] * 249
    assert (video.count.decoded, video.count.analysed, video.count.damaged) == (250, 250, 0)
    # A block of 60 x 40 at 30 walks through; after 180 of 250 pictures it has left.
    dark = [int((frame.luma[60:120] < 60).sum()) for frame in frames]
    assert dark[0] == dark[-1] == 0
    assert 2000 < dark[100] < 2600


@pytest.mark.parametrize(
    ("fps", "limit", "analysed"),
    [(25, 12.5, 25), (25, None, 50), (30, 12.5, 17), (24, 12.5, 25), (12, 12.5, 50), (25, 25, 50),
     (25, 24.9, 25), (50, 1, 1), (25, 0.1, 1), ("30000/1001", 12.5, 17)],
)  # fmt: skip
def test_no_more_pictures_a_second_are_looked_at_than_asked_for(folder, fps, limit, analysed):
    rate = Fraction(fps)
    path = short(folder / f"thin-{rate.numerator}-{limit}.nut", fps=rate)
    video = VideoFile(path, fps=limit)
    frames = list(video.frames(BEGINS_MS))
    assert (video.count.decoded, video.count.analysed, len(frames)) == (50, analysed, analysed)
    step = -(-50 // analysed)
    assert [int(frame.luma[0, 0]) for frame in frames] == list(range(0, 50, step))
    # Those that are left stand for those that are not.
    assert frames[0].at_ms == BEGINS_MS
    assert frames[-1].until_ms == BEGINS_MS + round(50 * 1000 / rate)
    assert all(a.until_ms == b.at_ms for a, b in pairwise(frames))


def test_a_palette_is_looked_up(folder):
    painted = np.array([(0, 0, 255), (0, 255, 0), (255, 0, 0), (250, 200, 100)], np.uint8)
    numbers = np.repeat(np.array([[0, 1], [2, 3]], np.uint8), 20, 0).repeat(30, 1)
    palette = np.zeros((256, 4), np.uint8)
    palette[:4] = np.insert(painted[:, ::-1], 0, 255, 1)  # alpha, red, green, blue
    picture = painted[numbers]
    path = folder / "palette.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("rawvideo", rate=25)
        stream.width, stream.height, stream.pix_fmt = 60, 40, "pal8"
        frame = av.VideoFrame.from_ndarray((numbers, palette), "pal8")
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    (frame,) = VideoFile(path).frames(0)
    assert np.abs(frame.luma - brightness(picture)).max() <= 2
    assert np.abs(frame.picture().astype(int) - picture).max() <= 2


@pytest.mark.parametrize("fps", [None, 12.5])
def test_a_picture_of_another_size_or_format_is_a_cut_and_said_once(folder, caplog, fps):
    # Two recordings in one, as a camera leaves that was set to another resolution midway.
    path = folder / "changes.ts"
    parts = []
    for index, (rows, columns, pix_fmt) in enumerate(
        [(90, 160, "yuv420p"), (180, 320, "yuv420p"), (180, 320, "yuv444p"), (90, 160, "yuv420p")]
    ):
        part = write(folder / f"part-{index}.ts", [colours(rows, columns)] * 20, pix_fmt, "libx264")
        parts.append(part.read_bytes())
    path.write_bytes(b"".join(parts * 2))
    video = VideoFile(path, fps)
    for _ in range(2):
        frames = list(video.frames(0))
        cuts = [index for index, frame in enumerate(frames) if frame.cut]
        shapes = [frame.luma.shape for frame in frames]
        changes = [i for i in range(1, len(shapes)) if shapes[i] != shapes[i - 1]]
        assert len(changes) == 4
        assert set(changes) < set(cuts)
        assert len(cuts) == 7  # from 420 to 444, too
        assert all(a.until_ms == b.at_ms for a, b in pairwise(frames))
        assert frames[-1].picture().shape == (*shapes[-1], 3)
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}: pictures are now 320x180 yuv420p, not 160x90 yuv420p",
        f"{path}: pictures are now 320x180 yuv444p, not 320x180 yuv420p",
        f"{path}: pictures are now 160x90 yuv420p, not 320x180 yuv444p",
    ]


def test_a_damaged_file_gives_the_same_pictures_each_time(folder):
    # Of H.264 with B-frames, and read by one thread, as all commands do.
    pictures = [colours(90, 160, index % 20) for index in range(80)]
    path = write(folder / "damaged-h264.mkv", pictures, "yuv420p", "libx264")
    octets = bytearray(path.read_bytes())
    for place in range(len(octets) // 5, len(octets) - 100, len(octets) // 9):
        octets[place : place + 16] = bytes(range(16))
    path.write_bytes(octets)

    def seen():
        video = VideoFile(path, fps=None)
        return [frame.luma.tobytes() for frame in video.frames(0)], video.count

    (first, count), *again = [seen() for _ in range(4)]
    assert count.damaged > 0
    assert all(each == (first, count) for each in again)


def test_a_file_can_be_played_again_from_the_first(folder):
    video = VideoFile(short(folder / "again.nut", count=10), fps=None)
    first = [frame.luma.tobytes() for frame in video.frames(BEGINS_MS)]
    again = list(video.frames(BEGINS_MS + 400))
    assert [frame.luma.tobytes() for frame in again] == first
    assert (again[0].at_ms, video.count.decoded) == (BEGINS_MS + 400, 10)


def test_a_name_with_a_colon_or_a_percent_sign_is_a_name(folder, monkeypatch):
    whole = short(folder / "whole.nut", count=3)
    monkeypatch.chdir(folder)
    for name in ("10:30.nut", "pipe:0", "a%b.nut", "http:x", "50%25.nut", "\u00e4 \udcff.nut"):
        shutil.copy(whole, name)
        assert len(list(VideoFile(type(folder)(name), None).frames(0))) == 3


def test_a_file_that_is_cut_gives_what_is_there_and_says_what_is_missing(clip, folder):
    path = write(
        folder / "long.mkv", [colours(90, 160, i % 5) for i in range(100)], "yuv420p", "ffv1"
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    video = VideoFile(path, fps=None)
    frames = list(video.frames(0))
    assert 30 < len(frames) < 70
    assert video.missing_s() == pytest.approx(4 - len(frames) / 25, abs=0.1)
    intact = VideoFile(clip)
    assert len(list(intact.frames(0))) == 125
    assert intact.missing_s() == 0.0


def test_a_gap_in_the_stamps_is_not_taken_for_a_cut(folder):
    stamps = [*range(60), *range(90_000, 90_040)]  # an hour passes unseen
    path = write_clip(folder / "gap.mkv", walk(100), stamps=stamps)
    video = VideoFile(path, fps=None)
    assert len(list(video.frames(0))) == 100
    assert video.duration_s > 3600
    assert video.missing_s() == 0.0


@pytest.mark.parametrize("codec", ["mjpeg", "ffv1", "mpeg4"])
def test_damaged_pictures_are_skipped_and_counted_and_the_one_before_stands_for_them(folder, codec):
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    pictures = [colours(90, 160, index % 5) for index in range(60)]
    path = write(folder / f"damaged-{codec}.mkv", pictures, pix_fmt, codec)
    octets = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux() if packet.size]
    for start, size in (packets[index] for index in (10, 20, 21)):
        for at in range(start + size // 4, start + size - size // 4):
            octets[at] ^= 0x5A
    path.write_bytes(octets)
    video = VideoFile(path, fps=None)
    frames = list(video.frames(0))
    assert (video.count.decoded, video.count.damaged, len(frames)) == (57, 3, 57)
    assert [f.until_ms - f.at_ms for f in frames].count(40) == 55
    assert (frames[0].at_ms, frames[-1].until_ms) == (0, 60 * 40)


def test_two_may_ask_for_the_same_picture_at_once(clip):
    # Whoever asks for a snapshot asks in a thread of his own; one reformatter for all crashed.
    frame = next(VideoFile(clip).frames(0))
    expected = frame.picture()
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: frame.picture(), range(400)))
    assert all((picture == expected).all() for picture in seen)


def test_the_frames_of_a_scene_meet_and_fill_its_length():
    scene = drawn("scene:room", SCENE)
    assert (scene.name, scene.duration_s) == ("scene:room", 1.5)
    frames = list(scene.frames(BEGINS_MS))
    assert len(frames) == 45
    assert (frames[0].at_ms, frames[-1].until_ms) == (BEGINS_MS, BEGINS_MS + 1500)
    assert all(a.until_ms == b.at_ms for a, b in pairwise(frames))
    assert {f.until_ms - f.at_ms for f in frames} == {33, 34}
    assert [frame.cut for frame in frames] == [True] + [False] * 44
    assert (scene.count.decoded, scene.count.analysed) == (45, 45)


def test_a_scene_drawn_twice_is_the_same_to_the_byte():
    scene, other = drawn("scene:room", SCENE), drawn("scene:room", SCENE)
    for one, two in zip(scene.frames(BEGINS_MS), other.frames(BEGINS_MS + 1500), strict=True):
        assert one.luma.tobytes() == two.luma.tobytes()
        assert one.picture().tobytes() == two.picture().tobytes()
    assert (next(scene.frames(0)).luma == next(scene.frames(0)).luma).all()


def test_a_scenes_colours_belong_to_its_brightness():
    for frame in drawn("scene:room", SCENE).frames(BEGINS_MS):
        seen = frame.picture()
        assert (seen.shape, frame.luma.shape) == ((90, 160, 3), (90, 160))
        assert np.abs(brightness(seen) - frame.luma).max() <= 1.6


# --- laws ---------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["yuv420p", "yuv444p", "nv12", "gray", "bgr24"]),
    st.integers(1, 70),
    st.integers(1, 300),
)
def test_lines_are_read_without_their_padding_at_any_size(tmp_path_factory, pix_fmt, rows, columns):
    path = tmp_path_factory.getbasetemp() / "any-size.nut"
    picture = colours(rows, columns)
    (frame,) = VideoFile(write(path, [picture], pix_fmt)).frames(0)
    expected = brightness(picture)
    if pix_fmt in {"yuv420p", "yuv444p", "nv12"}:
        expected = 16 + expected * 219 / 255
    assert frame.luma.shape == (rows, columns)
    assert np.abs(frame.luma - expected).max() < 3
    assert frame.picture().shape == (rows, columns, 3)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_a_video_or_refused_by_name(tmp_path_factory, octets):
    path = tmp_path_factory.getbasetemp() / "any-bytes.mp4"
    path.write_bytes(octets)
    try:
        list(VideoFile(path).frames(0))
    except SourceError as error:
        assert str(path) in str(error)  # noqa: PT017  # a refusal is one of two right outcomes


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=30), st.data()
)
def test_any_damage_leaves_frames_that_meet_or_a_refusal(tmp_path_factory, folder, damage, data):
    whole = folder / "to-damage.mkv"
    if not whole.exists():
        pictures = [colours(36, 64, index % 7) for index in range(30)]
        write(whole, pictures, "yuv420p", "mpeg4")
    octets = bytearray(whole.read_bytes())
    for place, value in damage:
        octets[min(int(place * len(octets)), len(octets) - 1)] = value
    path = tmp_path_factory.getbasetemp() / "any-damage.mkv"
    path.write_bytes(octets[: data.draw(st.integers(len(octets) // 2, len(octets)))])
    try:
        video = VideoFile(path, fps=None)
        frames = list(video.frames(0))
    except SourceError as error:
        assert str(path) in str(error)  # noqa: PT017  # as above
        return
    assert len(frames) == video.count.analysed
    assert all(a.until_ms == b.at_ms for a, b in pairwise(frames))


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp4", b""),
        ("text.txt", b"A day at the market.\n" * 50),
        ("noise.mp4", bytes(range(256)) * 40),
        ("page.html", b"<html><body>no video</body></html>"),
        ("half-a-head.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0"),
    ],
)
def test_a_file_without_a_picture_is_refused_by_name(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=rf"{name}") as refused:
        VideoFile(path)
    assert str(refused.value).startswith(f"{path} ")


def test_sound_alone_is_no_video(tmp_path):
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        frame.rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(SourceError, match=r"sound\.wav has no video in it$"):
        VideoFile(path)


def test_pictures_that_cannot_be_decoded_are_no_video(tmp_path):
    path = write(tmp_path / "broken.mkv", [colours(36, 64, i) for i in range(5)], "yuv420p", "ffv1")
    octets = path.read_bytes()
    start = octets.index(b"\x1f\x43\xb6\x75") + 12  # the first cluster, where the pictures are
    path.write_bytes(octets[:start] + b"\xff" * (len(octets) - start))
    with pytest.raises(SourceError, match=r"broken\.mkv (has no picture|can't be read)"):
        VideoFile(path)


@pytest.mark.parametrize(
    "there", ["nowhere.mp4", "folder", "no\0name", "folder/deeper.mp4", "\udcff.mp4"]
)
def test_what_is_not_a_file_is_refused_by_name(tmp_path, there):
    (tmp_path / "folder").mkdir()
    with pytest.raises(SourceError, match=r"can't be read as a video"):
        VideoFile(tmp_path / there)


def test_a_file_that_vanishes_is_refused_when_played_again(tmp_path):
    path = short(tmp_path / "gone.nut")
    video = VideoFile(path)
    path.unlink()
    with pytest.raises(SourceError, match=r"gone\.nut can't be read as a video: No such file"):
        next(video.frames(0))


def test_a_document_that_is_no_scene_is_refused():
    with pytest.raises(SceneError, match="length_s"):
        drawn("scene:room", SCENE | {"length_s": 0})
