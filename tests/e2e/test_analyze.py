"""Footage in, reports out: the command on real files, good and bad."""

import csv
import io
import json
import os
import re
import shutil
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from clips import walk, write_clip

OUTPUTS = {
    "space.json", "space.png", "space.npy", "time.csv", "time.svg", "events.csv", "summary.json"
}  # fmt: skip
TIMINGS = ("wall_s", "frames_per_s", "decode_s")


def summary(folder):
    return json.loads((folder / "summary.json").read_text())


def contents(folder):
    """Every output's bytes, the three timings taken out."""
    found = {file.name: file.read_bytes() for file in folder.iterdir()}
    kept = {key: value for key, value in summary(folder).items() if key not in TIMINGS}
    return found | {"summary.json": kept}


@pytest.fixture(scope="module")
def report(stuntcam, clip, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "new" / "folder"
    done = stuntcam("analyze", clip, "--out", folder, "--start", "2026-02-03T04:05:06")
    assert done.returncode == 0, done.stderr
    return folder


# --- what is written ----------------------------------------------------------------------------


def test_every_output_is_there_and_nothing_else(report):
    assert {file.name for file in report.iterdir()} == OUTPUTS


def test_progress_shows_a_files_name_as_it_is(stuntcam, clip, tmp_path):
    named = shutil.copy(clip, tmp_path / "[red] door.mp4")
    done = stuntcam("analyze", named, "--out", tmp_path / "out", env={"TTY_COMPATIBLE": "1"})
    assert done.returncode == 0, done.stderr
    assert "[red] door.mp4" in done.stderr


def test_the_summary_counts_what_passed(report):
    told = summary(report)
    assert list(told) == [
        "frames", "analysed", "damaged", "seconds", "objects", "stays", "stays_dropped",
        "heat_seconds", *TIMINGS,
    ]  # fmt: skip
    # 250 pictures at 25 a second; every second one is looked at.
    assert (told["frames"], told["analysed"], told["damaged"]) == (250, 125, 0)
    assert told["seconds"] == 10.0
    assert (told["objects"], told["stays"], told["stays_dropped"]) == (1, 1, 0)
    # (320 + 40) columns at 2 a picture are 7.2 s; the size limit takes a little off both ends.
    assert 6.6 <= told["heat_seconds"] <= 7.3


def test_the_stay_is_told_with_local_times(report):
    (stay,) = csv.DictReader(io.StringIO((report / "events.csv").read_text()))
    assert stay["id"] == "1"
    assert stay["recorded"] == "yes"
    assert re.fullmatch(r"2026-02-03 04:05:06\.\d{3}", stay["start"])
    assert re.fullmatch(r"2026-02-03 04:05:1[23]\.\d{3}", stay["end"])


def test_the_reports_agree_with_one_another(report):
    cells = np.load(report / "space.npy")
    assert (cells.shape, cells.dtype) == ((192, 192), np.float64)
    points = json.loads((report / "space.json").read_text())
    shown = {(p["y"], p["x"]): p["value"] for p in points["data"]}
    rounded = np.floor(cells + 0.5).astype(int)
    assert shown == {
        (int(y), int(x)): int(rounded[y, x]) for y, x in zip(*np.nonzero(rounded), strict=True)
    }
    assert points["max"] == rounded.max()
    rows = list(csv.DictReader(io.StringIO((report / "time.csv").read_text())))
    total = sum(int(row["Value(s)"]) for row in rows)
    assert abs(total - summary(report)["heat_seconds"]) <= 0.5


def test_the_path_is_warm_in_the_picture_and_the_verge_is_not(report):
    picture = cv2.imread(str(report / "space.png"))
    assert picture.shape == (180, 320, 3)
    blue, _, red = picture[90, 40:280].astype(int).mean(axis=0)
    assert red > blue + 30
    blue, _, red = picture[20, 40:280].astype(int).mean(axis=0)
    assert blue > red + 20


def test_the_picture_shows_the_empty_scene(report):
    # The walker is dark (30) on a ground of 120..136; wherever he was, the ground must show.
    picture = cv2.imread(str(report / "space.png"))
    assert picture[60:120].min(axis=2).max() < 256  # it can be read at all
    assert picture[60:120].max(axis=2).min() > 80


# --- the same footage, the same bytes -----------------------------------------------------------


def test_two_runs_give_the_same_bytes(report, stuntcam, clip, tmp_path):
    again = stuntcam("analyze", clip, "--out", tmp_path, "--start", "2026-02-03T04:05:06")
    assert again.returncode == 0
    assert contents(tmp_path) == contents(report)


@pytest.mark.parametrize("coded", ["mpeg4", "h264 with B-frames"])
def test_threads_change_nothing(clip, tmp_path, coded):
    from datetime import UTC

    from emulator.analysis import Task, analyse
    from emulator.core.settings import HeatSettings
    from emulator.edge.sources import VideoFile

    if coded != "mpeg4":
        clip = tmp_path / "b-frames.mkv"
        write_clip(clip, walk(250), codec="libx264", options={"bf": "3", "slices": "4"})
        with av.open(str(clip)) as container:
            order = [packet.pts for packet in container.demux() if packet.pts is not None]
        assert order != sorted(order)  # or there are no B-frames in it
    made = []
    before = cv2.getNumThreads()
    for threads in (1, 2, 3, 0):
        cv2.setNumThreads(threads)
        task = Task([VideoFile(clip, None, threads)], HeatSettings(enable=1))
        files = analyse(task, UTC).files
        files.pop("summary.json")
        made.append(files)
    cv2.setNumThreads(before)
    assert made[1:] == made[:1] * 3
    assert len(made[0]["events.csv"].splitlines()) == 2  # somebody walks through


# --- time ---------------------------------------------------------------------------------------


def test_a_second_video_begins_where_the_first_ended(stuntcam, clip, tmp_path):
    done = stuntcam("analyze", clip, clip, "--out", tmp_path, "--start", "2026-01-01T00:59:50")
    assert done.returncode == 0
    told = summary(tmp_path)
    assert (told["frames"], told["seconds"], told["objects"], told["stays"]) == (500, 20.0, 2, 2)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "time.csv").read_text())))
    assert [int(row["Value(s)"]) for row in rows[:3]] == [7, 7, 0]


def test_a_longer_period_can_be_asked_for(stuntcam, clip, tmp_path):
    for kind, count in (("weekly", 7), ("monthly", 28), ("annual", 12)):
        folder = tmp_path / kind
        done = stuntcam("analyze", clip, "--out", folder, "--report", kind, "--start", "2026-02-03")
        assert done.returncode == 0
        rows = (folder / "time.csv").read_text().splitlines()
        assert len(rows) == 1 + count
        assert f"{kind} report" in done.stdout


def test_settings_matter(stuntcam, clip, tmp_path):
    def heat(*sets):
        options = [word for text in sets for word in ("--set", text)]
        done = stuntcam("analyze", clip, "--out", tmp_path, *options)
        assert done.returncode == 0, done.stderr
        return summary(tmp_path)

    everything = heat("min_dwell=300")["heat_seconds"]
    assert everything > 6.6
    assert heat("enable=0")["heat_seconds"] == 0
    assert heat("region=none")["heat_seconds"] == 0
    assert heat("schedule=never")["heat_seconds"] == 0
    assert heat("min_object_size=100")["heat_seconds"] == 0
    dropped = heat("min_dwell=1")
    assert (dropped["stays"], dropped["stays_dropped"], dropped["heat_seconds"]) == (0, 1, 0)
    assert heat("min_dwell=1", "dwell_semantics=as-named")["heat_seconds"] == everything
    drawn = tmp_path / "region.txt"
    drawn.write_text("\n".join(["1" * 12 + "0" * 11] * 13))
    assert 0.3 * everything < heat(f"region=@{drawn}")["heat_seconds"] < 0.7 * everything


# --- what can't be used -------------------------------------------------------------------------


def refused(done, *words):
    assert done.returncode == 2, done.stdout
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert str(word) in done.stderr
    return True


def test_a_file_that_gives_no_picture_is_refused_by_name(stuntcam, clip, tmp_path):
    out = tmp_path / "out"
    missing, empty = tmp_path / "missing.mp4", tmp_path / "empty.mp4"
    empty.write_bytes(b"")
    text = tmp_path / "notes.txt"
    text.write_text("not a film\n" * 1000)
    headless = tmp_path / "headless.mp4"
    headless.write_bytes(clip.read_bytes()[:3000])
    for file in (missing, empty, text, headless):
        assert refused(stuntcam("analyze", file, "--out", out), file)
        assert not out.exists() or not list(out.iterdir())


def test_what_is_no_film_is_refused_by_name(stuntcam, report, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    refused(stuntcam("analyze", pipe, cwd=tmp_path), pipe, "no file")
    refused(stuntcam("analyze", report / "space.png", cwd=tmp_path), "space.png", "is a picture")
    refused(stuntcam("analyze", report / "time.svg", cwd=tmp_path), "time.svg")
    refused(stuntcam("analyze", "a" * 300, cwd=tmp_path), "File name too long")
    assert [file.name for file in tmp_path.iterdir()] == ["pipe"]


def test_a_name_may_hold_what_stands_before_an_address(stuntcam, clip, tmp_path):
    named = tmp_path / "2026-01-01T10:00:00 camera 1.mp4"
    shutil.copy(clip, named)
    assert stuntcam("analyze", named.name, "--out", "out", cwd=tmp_path).returncode == 0
    assert summary(tmp_path / "out")["stays"] == 1


def test_of_many_files_that_are_no_video_some_are_named_and_broken_videos_all(
    stuntcam, report, clip, tmp_path
):
    folder = Path(shutil.copytree(report, tmp_path / "mixed"))
    shutil.copy(clip, folder / "walk.mp4")
    (folder / "dangling").symlink_to(folder / "nowhere")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "broken.MP4").write_bytes(clip.read_bytes()[:3000])
    done = stuntcam("analyze", folder, "--out", tmp_path / "out")
    assert done.returncode == 6
    broken, others = done.stderr.splitlines()
    assert str(folder / "deeper" / "broken.MP4") in broken
    names = "dangling, events.csv, space.json"
    assert others == (
        f"stuntcam analyze: skipped: 8 files in {folder} that are no video: {names} and 5 more"
    )
    assert summary(tmp_path / "out")["frames"] == 250


def test_a_file_that_is_cut_short_is_used_up_to_the_cut(stuntcam, tmp_path):
    whole = write_clip(tmp_path / "whole.avi", walk(250))
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    done = stuntcam("analyze", cut, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "cut.avi is cut short by" in done.stderr
    assert 2 < summary(tmp_path / "out")["seconds"] < 8


@pytest.mark.parametrize(("kind", "codec"), [("mp4", "libx264"), ("avi", "mpeg4")])
def test_damaged_pictures_are_skipped_and_counted(stuntcam, tmp_path, kind, codec):
    # One of the two decoders refuses a damaged picture, the other hands it out marked.
    whole = write_clip(tmp_path / f"whole.{kind}", walk(250), codec=codec)
    damaged = bytearray(whole.read_bytes())
    noise = np.random.default_rng(3).integers(0, 256, 6000).astype(np.uint8).tobytes()
    middle = len(damaged) // 2
    damaged[middle : middle + 6000] = noise
    file = tmp_path / f"damaged.{kind}"
    file.write_bytes(damaged)
    done = stuntcam("analyze", file, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    told = summary(tmp_path / "out")
    assert told["damaged"] > 0
    assert told["frames"] + told["damaged"] <= 250
    assert told["frames"] > 200
    assert "Traceback" not in done.stderr


def test_in_a_folder_a_bad_file_is_skipped_and_said(stuntcam, clip, tmp_path):
    folder = tmp_path / "footage"
    (folder / "deeper").mkdir(parents=True)
    shutil.copy(clip, folder / "b.mp4")
    shutil.copy(clip, folder / "a.mp4")
    shutil.copy(clip, folder / "deeper" / "c.mp4")
    (folder / "README").write_text("two films")
    done = stuntcam("analyze", folder, "--out", tmp_path / "out")
    assert done.returncode == 6
    assert "README" in done.stderr
    assert summary(tmp_path / "out")["seconds"] == 30.0  # subfolders as well


def test_a_folder_without_a_video_is_refused(stuntcam, tmp_path):
    (tmp_path / "footage").mkdir()
    assert refused(stuntcam("analyze", tmp_path / "footage", "--out", tmp_path / "o"), "footage")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "min_dwell=301"], ["min_dwell=301 is outside 1..300 s"]),
        (["--set", "min_dwel=3"], ["'min_dwel' is not a setting", "min_dwell"]),
        (["--set", "min_dwell"], ["NAME=VALUE"]),
        (["--set", "enable=yes"], ["enable"]),
        (["--set", "region=101"], ["region has 3 cells, not 299"]),
        (["--set", "schedule=@/does/not/exist"], ["schedule=@/does/not/exist"]),
        (["--report", "hourly"], ["--report", "hourly", "weekly"]),
        (["--start", "yesterday"], ["--start", "yesterday", "YYYY-MM-DD"]),
        (["--timezone", "Mars/Olympus"], ["--timezone", "Mars/Olympus"]),
        (["--analyse-fps", "0"], ["--analyse-fps", "'0'"]),
        (["--workers", "0"], ["--workers", "'0'", "1..256"]),
        (["--resume"], ["--resume", "--out"]),
        (["--out"], ["--out"]),
    ],
)
def test_a_wrong_option_is_one_line_that_names_it(stuntcam, clip, tmp_path, options, words):
    assert refused(stuntcam("analyze", clip, *options, cwd=tmp_path), *words)
    assert not list(tmp_path.iterdir())


def test_an_output_folder_that_cannot_be_written_is_named(stuntcam, clip, tmp_path):
    file = tmp_path / "taken"
    file.write_text("mine")
    assert refused(stuntcam("analyze", clip, "--out", file / "deeper"), file)
    assert file.read_text() == "mine"
