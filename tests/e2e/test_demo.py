"""The demonstration: that it shows what it says, made by the pipe that it says."""

import csv
import json
import re
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from emulator.app import Camera, Setup
from emulator.core import gating
from emulator.core.accounts import Account
from emulator.core.cgi import ReportQuery
from emulator.core.device import Identity
from emulator.core.settings import HeatSettings
from emulator.edge import fixtures, sources
from emulator.edge.storage import Storage

BEGINS_MS = 1_767_261_600_000  # 2026-01-01 10:00:00 UTC


@pytest.fixture(scope="module")
def demo(stuntcam, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    done = stuntcam("demo", "--out", folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_the_printed_total_is_the_sum_of_the_time_report(demo):
    folder, said = demo
    with (folder / "time.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24
    total = sum(int(row["Value(s)"]) for row in rows)
    assert total == int(re.search(r"(\d+) s of presence in all", said)[1])
    assert total > 100


def test_the_settings_and_what_they_leave_out_are_told(demo):
    _, said = demo
    assert "min_dwell 30 s" in said
    assert "LONGER" in said
    assert "space.png" in said
    assert "time.svg" in said


def test_it_ends_with_the_verdicts_and_where_the_page_is(demo):
    folder, said = demo
    results = json.loads((folder / "check" / "results.json").read_text())
    rows = {(row["id"], row["level"]): row["verdict"] for row in results["requirements"]}
    assert set(rows.values()) == {"pass"}
    assert {("GATE-01", "MUST"), ("SET-04", "MUST"), ("REP-01", "MUST")} <= set(rows)
    table, _, end = said.partition(f"report  {folder}/check/report.html\n")
    for identifier, level in rows:
        assert re.search(rf"^{identifier} +{level} +pass *$", table, re.MULTILINE)
    assert end.startswith("exit 0: ")
    assert str(folder / "check" / "report.html") in end
    assert "SET-04" in (folder / "check" / "report.html").read_text()


def test_the_pictures_show_a_warm_shop(demo):
    folder, _ = demo
    assert {file.name for file in folder.iterdir()} == {
        "space.png", "space.json", "time.csv", "time.svg", "check"
    }  # fmt: skip
    picture = cv2.imread(str(folder / "space.png")).astype(int)
    assert picture.shape == (720, 1280, 3)
    warm = picture[:, :, 2] > picture[:, :, 0] + 60
    assert 0.002 < np.mean(warm) < 0.4


def test_ten_minutes_pass_through_the_same_pipe_picture_by_picture(demo):
    """A camera in this process sees the same scene and comes to the same bytes.

    tests/test_structure.py sees to it that nothing but the recorder makes or writes heat;
    here the recorder is seen to be given every picture of ten a second.
    """
    folder, _ = demo
    scene = sources.drawn("scene:shop", fixtures.scene("shop"))
    setup = Setup(
        identity=Identity("MS-C8165-PE", "61.8.0.3-r8", "0" * 17, "02:00:00:00:00:00"),
        families=gating.series_table(fixtures.models()),
        admin=Account("admin", "admin", "unused-1"),
        source=scene,
        speed=None,
        loop=False,
        begins_ms=BEGINS_MS,
        zone=UTC,
        zone_name="UTC",
    )
    camera = Camera(setup, Storage(None), HeatSettings(enable=1))
    camera.start()
    assert camera.wait_for_end(120)
    query = ReportQuery("daily", datetime(2026, 1, 1))
    space, time_report = camera.space_json(query), camera.time_csv(query)
    frames = camera.frames
    camera.stop()
    assert frames >= 10 * 600
    assert frames == scene.count.analysed == scene.count.decoded
    assert json.loads(space) == json.loads((folder / "space.json").read_text())
    assert time_report.encode() == (folder / "time.csv").read_bytes()
