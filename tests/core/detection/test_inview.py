"""Who is in view, as the live view is told."""

from emulator.core.detection.inview import objects
from emulator.core.detection.stays import Stay
from emulator.core.detection.tracks import Sighting
from emulator.core.frame import Box, Size


def test_everybody_confirmed_and_seen_is_told_with_his_stay_in_whole_seconds():
    here = [
        Sighting(7, Box(top=10, left=20, bottom=110, right=60), seen=True, confirmed=True),
        Sighting(8, Box(0, 0, 50, 20), seen=True, confirmed=True),
    ]
    stays = {7: Stay(start_ms=1000, end_ms=4999, confirmed=True)}
    assert objects(here, Size(rows=360, columns=640), stays, 4999) == {
        "maxWidth": 640,
        "maxHeight": 360,
        "objectList": [
            {"objectIndex": 7, "left": 20, "top": 10, "right": 60, "bottom": 110, "stay": 3},
            {"objectIndex": 8, "left": 0, "top": 0, "right": 20, "bottom": 50, "stay": -1},
        ],
    }


def test_nobody_is_told_of_whom_it_is_not_sure_or_who_is_not_seen():
    box = Box(0, 0, 50, 20)
    here = [
        Sighting(1, box, seen=True, confirmed=False),
        Sighting(2, box, seen=False, confirmed=True),
    ]
    assert objects(here, Size(360, 640), {}, 0)["objectList"] == []


def test_who_left_the_region_a_moment_ago_is_not_in_it():
    here = [Sighting(1, Box(0, 0, 50, 20), seen=True, confirmed=True)]
    stays = {1: Stay(start_ms=0, end_ms=5000, confirmed=True)}
    assert objects(here, Size(360, 640), stays, 5040)["objectList"][0]["stay"] == -1
