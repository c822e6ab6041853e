"""Drawn scenes: a small one worked out by hand (drawn.py), then laws over many.

What is put down, what hides, and what shakes: test_figures.py; light and noise:
test_sensor.py; the shop: test_shop.py.
"""

import dataclasses

import cv2
import numpy as np
import pytest
from drawn import SMALL, VISIT, boxes, changed, small, visits
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.frame import Size
from emulator.core.scenes.drawing import draw_luma, draw_picture, stage
from emulator.core.scenes.figures import people

shares = st.floats(-0.3, 1.3)
places = st.tuples(shares, shares)
walks = st.builds(
    lambda start, end, tall, size: small(
        rows=size[0],
        columns=size[1],
        route=[{"name": "east", "points": [[0, *start], [1, *end]]}],
        visit=[VISIT | {"at_s": 0, "pace_s": 12, "tall": tall}],
    ),
    places,
    places,
    st.floats(0.5, 1.3),
    st.sampled_from([(90, 160), (61, 99)]),
)


# --- worked examples ------------------------------------------------------------------------------


def test_a_document_becomes_a_scene_in_whole_milliseconds():
    scene = visits({"pauses": [{"at": 0.25, "s": 1.5}], "tall": 1.1})
    assert (scene.length_ms, scene.fps, scene.frame_count) == (12_000, 10, 120)
    assert scene.size == Size(404, 800)
    (visit,) = scene.visits
    assert (visit.at_ms, visit.pace_ms, visit.until_ms) == (1000, 8000, 10_500)
    assert visit.pauses == ((2000, 1500, 0),)
    assert visit.clothes.top == (0x50, 0x30, 0x20)
    assert visit.clothes.shoes == (0x22, 0x26, 0x2C)


def test_a_repeated_visit_is_that_many_visits():
    scene = visits({"times": 3, "every_s": 1.5}, {"at_s": 2})
    assert [visit.at_ms for visit in scene.visits] == [1000, 2500, 4000, 2000]


def test_a_visit_may_begin_before_the_scene_and_outlast_it():
    scene = visits({"at_s": -2}, {"at_s": 7})
    assert boxes(scene, 0) == [(101, 240 - 9, 202, 240 + 10)]
    assert boxes(scene, 11_500) == [(101, 440 - 9, 202, 440 + 10)]


@pytest.mark.parametrize(("at_ms", "column"), [(1000, 80), (3000, 240), (3500, 280), (8500, 680)])
def test_a_walker_has_gone_80_columns_a_second_when_the_feet_pass(at_ms, column):
    assert boxes(small(), at_ms) == [(101, column - 9, 202, column + 10)]


def test_a_stride_is_1_second_and_widest_in_its_quarters():
    # The foot ahead is 0.01 + 0.13 from the foot's column, its toe 0.02 + 0.05 more, the
    # one behind 0.01 + 0.13, its heel 0.05 - 0.02 more: 21 and 17 columns.
    assert boxes(small(), 3250) == [(101, 260 - 17, 202, 260 + 22)]


def test_who_goes_left_is_the_mirror_image():
    west = {"name": "east", "points": [[0, 0.9, 0.5], [1, 0.1, 0.5]]}
    assert boxes(small(route=[west]), 3250) == [(101, 540 - 21, 202, 540 + 18)]


def test_nobody_is_there_before_the_visit_or_from_its_end_on():
    assert [len(boxes(small(), at_ms)) for at_ms in (999, 1000, 8999, 9000)] == [0, 1, 1, 0]


def test_a_pause_is_stood_through_and_then_the_way_goes_on():
    scene = visits({"pauses": [{"at": 0.5, "s": 2}]})
    standing = [(101, 400 - 9, 202, 400 + 10)]
    assert [boxes(scene, at_ms) for at_ms in (5000, 5250, 6999)] == [standing] * 3
    assert boxes(scene, 8000) == [(101, 480 - 9, 202, 480 + 10)]
    assert [len(boxes(scene, at_ms)) for at_ms in (10_999, 11_000)] == [1, 0]


def test_who_pauses_in_a_stride_puts_the_feet_together_and_then_strides_on():
    # 0.53125 of 8 s is 4.25 s, a quarter stride.
    scene = visits({"pauses": [{"at": 0.53125, "s": 2}]})
    assert [boxes(scene, at_ms) for at_ms in (5250, 7249)] == [[(101, 411, 202, 430)]] * 2
    assert boxes(scene, 7250) == [(101, 420 - 17, 202, 420 + 22)]


def test_pauses_count_in_the_order_of_the_way_however_they_are_written():
    scene = visits({"pauses": [{"at": 0.5, "s": 1}, {"at": 0.25, "s": 1}]})
    assert boxes(scene, 3900) == [(101, 240 - 9, 202, 240 + 10)]
    assert boxes(scene, 6900) == [(101, 400 - 9, 202, 400 + 10)]


def test_nearer_means_larger():
    # Feet on rows 81, 202, 323 (80.8, 202, 323.2), bodies 81, 101, 121 rows high.
    scene = visits({"route": "nearer", "pauses": [{"at": 1, "s": 1}]})
    assert boxes(scene, 1000) == [(0, 400 - 14, 81, 400 + 15)]
    assert boxes(scene, 5000) == [(101, 400 - 17, 202, 400 + 18)]
    assert boxes(scene, 9500) == [(202, 400 - 20, 323, 400 + 21)]


def test_nobody_is_smaller_than_at_the_back():
    # Behind back_y, with the foot on row 121 (121.2): still 81 rows (0.2 of 404) high.
    route = {"name": "east", "points": [[0, 0.1, 0.3], [1, 0.9, 0.3]]}
    assert boxes(small(back_y=0.4, route=[route]), 1000) == [(121 - 81, 80 - 7, 121, 80 + 8)]


def test_a_route_turns_at_the_share_of_time_of_its_point():
    scene = visits({"route": "corner"})
    assert boxes(scene, 2000) == [(101, 240 - 9, 202, 240 + 10)]
    # Feet pass after 2.5 of 8 s: y = 0.525 is row 212, and 0.2542 of 404 is 103.
    assert boxes(scene, 3500) == [(212 - 103, 400 - 17, 212, 400 + 18)]
    # After 4 of 8 s a third of the way down: y = 0.6 is row 242, and 0.2667 of 404 is 108.
    assert boxes(scene, 5000) == [(242 - 108, 400 - 18, 242, 400 + 19)]


def test_an_offset_shifts_and_tall_stretches():
    scene = visits({"offset": [0.05, 0.1]}, {"tall": 1.2})
    # y = 0.6: row 242, 108 rows high as above; 0.09 of 107 steps is 10. 1.2 x 101 is 121.
    aside = (242 - 108, 120 - 10, 242, 120 + 11)
    assert boxes(scene, 1000) == [aside, (202 - 121, 80 - 11, 202, 80 + 12)]


def test_the_nearer_one_is_drawn_over_the_other():
    clothes = [
        SMALL["clothes"][0] | {"name": name, "top": top}
        for name, top in (("near", "#e01010"), ("far", "#1010e0"))
    ]
    rows = [VISIT | {"clothes": "near", "offset": [0, 0.02]}, VISIT | {"clothes": "far"}]
    for order in (rows, rows[::-1]):
        picture = draw_picture(stage(small(clothes=clothes, visit=order)), 30)
        blue, _, red = picture[140, 233].tolist()  # the coat, left of the arm
        assert (blue, red) == (0x10, 0xE0)


def test_a_polygon_covers_its_share_of_the_ground():
    shape = {"points": [[0.25, 0.5], [0.75, 0.5], [0.75, 1], [0.25, 1]], "colours": ["#204060"]}
    ground = stage(small(ground=[shape])).picture
    painted = (ground == (0x60, 0x40, 0x20)).all(axis=2)
    # Whole pixels inside; the rim may be blended.
    assert painted[203:, 201:599].all()
    assert not painted[:201].any()
    assert not painted[:, :199].any()
    assert not painted[:, 601:].any()


def test_luma_is_rounded_to_the_nearest():
    # 0.299 x 32 + 0.587 x 48 + 0.114 x 80 = 46.864
    assert (stage(small(backdrop="#203050")).luma == 47).all()


def test_a_pattern_lies_in_perspective():
    # Twice as wide in front: the middle of the pattern is where the diagonals cross, at a
    # third of its height. The gap of 0.2 of a cell leaves the backdrop there.
    corners = [[0.25, 0], [0.75, 0], [1, 1], [0, 1]]
    shape = {"points": corners, "colours": ["#204060"], "cells": [2, 1], "gap": 0.2}
    middle = stage(small(ground=[shape])).picture[:, 400, 2]
    assert [int(middle[404 * tenth // 30]) for tenth in (5, 10, 15, 25)] == [32, 200, 32, 32]


def test_light_is_full_in_the_middle_and_nothing_at_its_rim():
    light = {"centre": [0.5, 0.5], "radius": [0.25, 0.25], "gain": 20}
    luma = stage(small(light=[light])).luma
    # At half the radius (1 - 1/4)^2 of 20 is 11.
    assert [int(luma[202, column]) for column in (400, 500, 601)] == [220, 211, 200]


def test_grain_roughens_its_own_shape_only():
    shape = {"points": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]], "colours": ["#808080"], "grain": 4}
    luma = stage(small(ground=[shape])).luma
    assert 3.5 < luma[:, :398].std() < 4.5
    assert (luma[:, 402:] == 200).all()


# --- laws -----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(walks, st.integers(0, 119))
def test_the_true_box_is_the_box_of_the_changed_pixels(scene, index):
    drawn = stage(scene)
    seen = people(scene, index * 100)
    assert changed(drawn.picture, draw_picture(drawn, index)) == (seen[0].box if seen else None)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 40), places), max_size=5), st.integers(0, 11_999))
def test_everybody_is_where_they_would_be_alone(walkers, at_ms):
    told = [{"at_s": at / 10, "offset": list(offset)} for at, offset in walkers]
    alone = [(number, people(visits(one), at_ms)) for number, one in enumerate(told)]
    expected = [(number, person.box) for number, seen in alone for person in seen]
    assert list(people(visits(*told), at_ms)) == expected


@settings(deadline=None, max_examples=30)
@given(walks, st.integers(0, 119), st.integers(0, 4), st.tuples(*[st.integers(16, 239)] * 3))
def test_luma_is_the_pictures_luma(scene, index, sigma, backdrop):
    drawn = stage(dataclasses.replace(scene, noise_sigma=sigma, backdrop=backdrop))
    grey = cv2.cvtColor(draw_picture(drawn, index), cv2.COLOR_BGR2GRAY)
    assert np.abs(grey.astype(int) - draw_luma(drawn, index)).max() <= 1
