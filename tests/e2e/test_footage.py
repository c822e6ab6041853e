"""Research footage, where it lies beside the checkout; it is never part of the project."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"

pytestmark = pytest.mark.skipif(
    not FOOTAGE.exists(), reason="needs the research clips in ../shared/footage beside the checkout"
)


def analysed(stuntcam, name, folder, *options):
    done = stuntcam("analyze", FOOTAGE / name, "--out", folder, "--set", "min_dwell=300", *options)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "summary.json").read_text())


def test_stamps_that_run_backwards_are_not_believed(stuntcam, tmp_path):
    told = analysed(stuntcam, "bgslib_video02.avi", tmp_path)
    # Its header says 25 pictures a second, and 748 can be decoded: 29.92 s.
    assert told["frames"] == 748
    assert told["seconds"] == pytest.approx(29.9, abs=0.1)


def test_the_lanes_of_a_motorway_glow_and_its_verges_do_not(stuntcam, tmp_path):
    told = analysed(stuntcam, "highway.mp4", tmp_path)
    assert (told["frames"], told["seconds"]) == (1700, 68.0)
    assert told["objects"] > 20
    heat = np.load(tmp_path / "space.npy")
    # Drawn by hand on the picture, in shares of its height and width: the near half of both
    # lanes, the trees on the left, and the ground behind the right-hand rail.
    lanes = heat[70:130, 80:150]
    trees, behind_the_rail = heat[20:90, 5:40], heat[60:180, 175:192]
    assert lanes.mean() > 20 * trees.mean()
    assert lanes.mean() > 20 * behind_the_rail.mean()
    picture = cv2.imread(str(tmp_path / "space.png")).astype(int)
    blue, green, _ = picture[20:70, 160:225].reshape(-1, 3).mean(axis=0)
    assert green > blue
    blue, green, _ = picture[30:110, 10:60].reshape(-1, 3).mean(axis=0)
    assert blue > green + 20
