"""What is put down, who sways, what hides them, and a camera that shakes (drawn.py's scene)."""

import itertools

import numpy as np
import pytest
from drawn import SMALL, VISIT, boxes, changed, small, visits
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.frame import Box
from emulator.core.scenes.drawing import draw_luma, draw_picture, stage
from emulator.core.scenes.figures import people, shift_at, things

# 0.1 of 800 columns and 0.25 of 404 rows: 80 x 101 pixels, standing on row 202.
THING = {"at_s": 3, "until_s": 5, "foot": [0.5, 0.5], "side": [0.1, 0.25], "colour": "#204060"}
THING_BOX = Box(101, 360, 202, 440)
WALL = {"points": [[0.5, -0.1], [1.1, -0.1], [1.1, 1.1], [0.5, 1.1]], "colours": ["#608060"]}


def lone(**changes):
    """A scene with one thing and nobody; told by how the thing differs from THING."""
    return small(visit=[], thing=[THING | changes])


# --- worked examples -----------------------------------------------------------------


def test_a_thing_is_there_from_when_it_is_put_down_until_it_is_taken_away():
    seen = {at_ms: things(lone(), at_ms) for at_ms in (2999, 3000, 4999, 5000)}
    assert seen == {2999: (), 3000: ((0, THING_BOX),), 4999: ((0, THING_BOX),), 5000: ()}
    assert things(small(visit=[], thing=[{**THING, "until_s": 99}]), 11_999) == ((0, THING_BOX),)


def test_a_thing_of_four_corners_fills_its_box():
    picture = draw_picture(stage(lone()), 30)
    assert (picture[101:202, 360:440] == (0x60, 0x40, 0x20)).all()


def test_a_thing_with_an_outline_keeps_its_box():
    roof = lone(points=[[0.5, 0], [1, 1], [0, 1]])
    picture = draw_picture(stage(roof), 30)
    assert things(roof, 3000) == ((0, THING_BOX),)
    assert changed(stage(roof).picture, picture) == THING_BOX
    assert (picture[101, 360] == 200).all()  # the backdrop, left of the roof


@pytest.mark.parametrize(("foot", "red"), [(0.49, 0xE0), (0.51, 0x20)])
def test_of_a_thing_and_somebody_the_nearer_one_hides_the_other(foot, red):
    coat = [SMALL["clothes"][0] | {"top": "#e01010"}]
    beside = THING | {"foot": [0.3, foot]}
    picture = draw_picture(stage(small(clothes=coat, thing=[beside])), 30)
    assert picture[140, 233, 2] == red  # the coat, left of the arm


def test_what_is_in_front_hides_people_and_leaves_their_boxes():
    scene = small(front=[WALL])
    drawn = stage(scene)
    assert (drawn.picture[:, 402:] == (0x60, 0x80, 0x60)).all()
    assert boxes(scene, 8500) == boxes(small(), 8500)
    assert changed(drawn.picture, draw_picture(drawn, 85)) is None
    assert changed(drawn.luma[:, :, None], draw_luma(drawn, 85)[:, :, None]) is None
    assert changed(drawn.picture, draw_picture(drawn, 30)) == boxes(scene, 3000)[0]


def test_through_the_gaps_of_a_shelf_in_front_people_show():
    shelf = {"points": [[0, 0], [1, 0], [1, 1], [0, 1]], "colours": ["#608060"]}
    drawn = stage(small(front=[shelf | {"cells": [1, 2], "gap": 0.1}]))
    # The gap between two cells of 400 columns is 0.1 of one: columns 380..420.
    box = changed(drawn.picture, draw_picture(drawn, 50))
    assert (box.top, box.bottom) == (101, 202)
    assert changed(drawn.picture, draw_picture(drawn, 30)) is None


def test_flat_clothes_of_one_colour_are_that_colour_and_nothing_else():
    grey = dict.fromkeys(("top", "legs", "hair", "skin", "shoes"), "#8c8c8c")
    drawn = stage(small(clothes=[{"name": "dark", "flat": True} | grey]))
    for index in (30, 32):
        luma = draw_luma(drawn, index)
        assert set(np.unique(luma)) == {0x8C, 200}
    darkened = stage(small(clothes=[{"name": "dark"} | grey]))
    assert {round(0x8C * 0.82), round(0x8C * 0.88)} <= set(np.unique(draw_luma(darkened, 32)))


def test_who_sways_stands_elsewhere_by_that_share_of_the_height():
    scene = visits({"pauses": [{"at": 0.5, "s": 5, "sway": 0.05}]})
    # A quarter of 7.3 s into the pause: 0.6 of one wave at its top, 0.4 of another that is
    # 0.58871 turns on, at -0.50990: 0.39604 x 0.05 x 404 = 8.0 columns.
    assert boxes(scene, 5000 + 1825) == [(101, 408 - 9, 202, 408 + 10)]
    # Nobody jumps: the sway begins and ends with nothing.
    for at_ms in (5000, 9999, 10_000):
        assert boxes(scene, at_ms) == [(101, 400 - 9, 202, 400 + 10)]


def test_a_shaking_camera_sees_what_lies_beyond_its_picture():
    beyond = {"points": [[-0.5, -1], [0, -1], [0, 2], [-0.5, 2]], "colours": ["#206020"]}
    scene = small(shake=8, visit=[], ground=[beyond])
    drawn = stage(scene)
    for index in range(40):
        _, right = shift_at(scene, index * 100)
        strip = (draw_picture(drawn, index)[:, :, 2] < 100).all(axis=0)
        assert int(strip.sum()) - max(right, 0) in {0, right > -1}  # its rim may be blended


def test_a_camera_shakes_by_every_step_both_ways():
    scene = small(shake=3)
    shifts = [shift_at(scene, at_ms) for at_ms in range(0, 12_000, 100)]
    for way in zip(*shifts, strict=True):
        assert set(way) == set(range(-3, 4))
    assert 30 < len(set(shifts)) <= 49  # of 7 x 7: down and right don't go together
    assert {shift_at(small(), at_ms) for at_ms in range(0, 12_000, 100)} == {(0, 0)}


# --- laws ----------------------------------------------------------------------------

near = st.floats(-0.2, 1.2)


@settings(deadline=None, max_examples=60)
@given(
    st.tuples(near, near),
    st.tuples(st.floats(0.01, 0.5), st.floats(0.01, 0.5)),
    st.integers(0, 8),
    st.integers(0, 9),
)
def test_a_things_box_is_the_box_of_the_changed_pixels(foot, side, shake, index):
    told = THING | {"at_s": 0, "foot": list(foot), "side": list(side)}
    scene = small(rows=90, columns=160, shake=shake, visit=[], thing=[told])
    empty = stage(small(rows=90, columns=160, shake=shake, visit=[]))
    seen = things(scene, index * 100)
    pictures = (draw_picture(drawn, index) for drawn in (empty, stage(scene)))
    assert changed(*pictures) == (seen[0].box if seen else None)


@settings(deadline=None, max_examples=40)
@given(st.tuples(near, near), st.integers(0, 8), st.integers(10, 90))
def test_somebodys_box_is_the_box_of_the_changed_pixels_though_the_camera_shakes(
    offset, shake, index
):
    visit = VISIT | {"offset": list(offset)}
    scene = small(rows=90, columns=160, shake=shake, visit=[visit])
    empty = stage(small(rows=90, columns=160, shake=shake, visit=[]))
    seen = people(scene, index * 100)
    pictures = (draw_picture(drawn, index) for drawn in (empty, stage(scene)))
    assert changed(*pictures) == (seen[0].box if seen else None)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 8), st.integers(0, 119), st.integers(0, 2**31 - 1))
def test_shake_moves_everything_alike(shake, index, seed):
    # A wall within the picture: OpenCV blends a rim otherwise where it meets the canvas's edge.
    wall = WALL | {"points": [[0.5, 0.1], [0.9, 0.1], [0.9, 0.9], [0.5, 0.9]]}
    told = {"thing": [THING], "front": [wall], "seed": seed}
    scene, still = small(shake=shake, **told), small(**told)
    down, right = shift_at(scene, index * 100)
    assert max(abs(down), abs(right)) <= shake
    shaken, steady = (draw_picture(stage(one), index) for one in (scene, still))
    inner = np.s_[shake:-shake, shake:-shake]
    assert np.array_equal(np.roll(steady, (down, right), (0, 1))[inner], shaken[inner])
    for look in (people, things):
        assert look(scene, index * 100, shaken=False) == look(still, index * 100)


@given(st.integers(1, 60), st.integers(0, 500))
def test_shake_holds_for_a_frame_and_then_changes(fps, index):
    scene = small(length_s=1000, fps=fps, shake=8)
    begins, ends = index * 1000 // fps, (index + 1) * 1000 // fps
    assert len({shift_at(scene, at_ms) for at_ms in range(begins, ends)}) == 1
    later = [shift_at(scene, step * 1000 // fps) for step in range(index, index + 8)]
    assert len(set(later)) > 3


@settings(max_examples=30)
@given(st.floats(0, 0.1), st.floats(0.1, 8))
def test_sway_is_smooth_and_stays_within_its_share(sway, seconds):
    scene = visits({"at_s": -2, "pauses": [{"at": 0.5, "s": seconds, "sway": sway}]})
    lefts = [boxes(scene, at_ms)[0][1] for at_ms in range(2000, int(2000 + seconds * 1000), 50)]
    assert all(abs(left - 391) <= 404 * sway + 1 for left in lefts)
    assert all(abs(a - b) <= 404 * sway * 0.1 + 1 for a, b in itertools.pairwise(lefts))
