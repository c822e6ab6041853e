"""The truth about drawn scenes, worked out by hand (drawn.py's scene), and its laws."""

import numpy as np
import pytest
from drawn import VISIT, small, visits
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.scenes.figures import people
from emulator.core.scenes.truth import TrueStay, absorbed_after_ms, truth
from emulator.core.settings import HeatSettings

# 80 x 101 pixels on row 202. Map cell k has its centre at row (2k + 1) 404 / 384, so rows
# 101..202 hold those of 48..95; at column (2k + 1) 800 / 384, so 360..440 hold 86..105.
THING = {"at_s": 3, "until_s": 5, "foot": [0.5, 0.5], "side": [0.1, 0.25], "colour": "#204060"}
ON_MAP = np.s_[48:96, 86:106]
# Its foot point is on row 201.5 of 404, x 13 / 404 = 6.48; on column 400 of 800, x 23 = 11.5.
FOOT_CELL = (6, 11)

LONG = HeatSettings(min_dwell=300)

# Nearer than THING, and larger: columns 340..460, rows 40..242.
COVER = {"at_s": 4, "until_s": 6, "foot": [0.5, 0.6], "side": [0.15, 0.5], "colour": "#706050"}


def lone(*changes, **more):
    """A scene of things and nobody, each told by how it differs from THING."""
    return small(visit=[], thing=[THING | change for change in changes or ({},)], **more)


def region(*, off=(), rows=range(13)):
    """A region of these rows, without the cells `off`, each (row, column)."""
    return tuple(
        tuple(row in rows and (row, column) not in off for column in range(23)) for row in range(13)
    )


def pole(left, right, **more):
    """A front shape over all rows, from one pixel column to another."""
    x, beyond = left / 800, right / 800
    points = [[x, -0.1], [beyond, -0.1], [beyond, 1.1], [x, 1.1]]
    return {"points": points, "colours": ["#608060"], **more}


def spans(found, who=""):
    return [(stay.start_ms, stay.end_ms) for stay in found.stays if who in stay.who]


# --- worked examples -----------------------------------------------------------------


def test_a_thing_heats_the_cells_whose_centres_it_covers():
    found = truth(lone(), LONG)
    expected = np.zeros((192, 192), np.uint64)
    expected[ON_MAP] = 2000
    assert found.heat.dtype == np.uint64
    assert np.array_equal(found.heat, expected)
    assert (found.presence_ms, found.objects) == (2000, 1)
    assert found.stays == (TrueStay(3000, 5000, "thing 0", "yes"),)


def test_a_walker_stays_from_the_first_frame_in_view_to_the_last():
    found = truth(small(), LONG)
    assert found.stays == (TrueStay(1000, 9000, "visit 0", "yes"),)
    # The coat, between the legs' widest steps: 80 columns a second, so a map cell of 4.17
    # columns is covered for at least 18 columns' time, and at most for 44.
    row = found.heat[70, 40:150]
    assert row.min() >= 200
    assert row.max() <= 600


def test_two_at_one_place_heat_it_twice():
    # A tent before the thing: the same box, and the thing's upper corners can be seen.
    tent = {"at_s": 4, "until_s": 8, "points": [[0.5, 0], [1, 1], [0, 1]]}
    found = truth(lone({}, tent), LONG)
    assert (found.heat[ON_MAP] == 6000).all()
    assert (found.presence_ms, found.objects, spans(found)) == (
        6000,
        2,
        [(3000, 5000), (4000, 8000)],
    )


def test_what_is_hidden_all_the_time_is_not_there():
    found = truth(small(thing=[THING], front=[pole(-80, 880)]), LONG)
    assert (found.stays, found.heat.sum(), found.presence_ms, found.objects) == ((), 0, 0, 0)


@pytest.mark.parametrize(
    ("until_s", "stays"),
    [
        (4.5, [(3000, 8000)]),
        (4.9, [(3000, 8000)]),
        (5, [(3000, 4000), (5000, 8000)]),
        (5.5, [(3000, 4000), (5500, 8000)]),
    ],
)
def test_under_a_second_hidden_counts_and_a_second_ends_the_stay(until_s, stays):
    found = truth(lone({"until_s": 8}, COVER | {"until_s": until_s}), LONG)
    assert spans(found, "thing 0") == stays
    assert found.objects == 2
    # The cover is over the thing's cells for its own time.
    lasted_ms = sum(end - start for start, end in stays)
    assert (found.heat[ON_MAP] == lasted_ms + until_s * 1000 - 4000).all()
    assert found.presence_ms == lasted_ms + until_s * 1000 - 4000


def test_a_person_is_hidden_behind_a_pole_for_half_a_second_and_stays():
    # 19 to 41 columns wide, at 80 a second: for 0.36 to 0.64 s all of them is in 70 columns.
    bare, hidden = (truth(small(front=front), LONG) for front in ([], [pole(365, 435)]))
    assert hidden.stays == bare.stays
    assert np.array_equal(hidden.heat, bare.heat)


def test_a_person_is_hidden_behind_a_pole_for_a_second_and_a_half_and_comes_back():
    # The foot is on column 80 + 80 (t - 1), the body 9 to 20 columns to both sides: the last
    # is past 325 when the foot is on 334..345, the first past 475 on 455..466.
    found = truth(small(front=[pole(325, 475)]), LONG)
    (first, gone), (back, last) = spans(found)
    assert (first, last) == (1000, 9000)
    assert gone == pytest.approx(4250, abs=150)
    assert back == pytest.approx(5750, abs=150)
    assert (found.presence_ms, found.objects) == (8000 - (back - gone), 1)
    # Nothing is heated behind the pole's middle: columns 391..408 of 800.
    assert found.heat[:, 94:98].sum() == 0
    assert {stay.who for stay in found.stays} == {"visit 0"}


@pytest.mark.parametrize("pause_s", [0.3, 1.5])
def test_a_person_is_hidden_behind_a_nearer_one(pause_s):
    # The one, 81 rows high, stands from 5 to 11 s. The other, 133 rows, 8 nearer, pauses
    # before them at 3 + 4 s; who walks covers them within half a width, 12 to 26 columns.
    standing = {"tall": 0.8, "pauses": [{"at": 0.5, "s": 6}]}
    nearer = {"at_s": 3, "offset": [0, 0.02], "tall": 1.3, "pauses": [{"at": 0.5, "s": pause_s}]}
    scene = small(length_s=20, visit=[VISIT | standing, VISIT | nearer])
    found = truth(scene, LONG)
    assert spans(found, "visit 1") == [(3000, 11_000 + pause_s * 1000)]
    if pause_s < 1:
        assert spans(found, "visit 0") == [(1000, 15_000)]
    else:
        (first, gone), (back, last) = spans(found, "visit 0")
        assert (first, last) == (1000, 15_000)
        assert gone == pytest.approx(6900, abs=150)
        assert back == pytest.approx(8600, abs=150)
    assert found.objects == 2


def test_who_stands_farther_off_hides_nobody():
    # As COVER but standing 22 rows farther off than the thing.
    behind = COVER | {"foot": [0.5, 0.45]}
    assert spans(truth(lone({"until_s": 8}, behind), LONG), "thing 0") == [(3000, 8000)]


def test_half_visible_is_seen_and_counts_whole():
    # Columns 400..440 of 360..440 are hidden.
    for found in (
        truth(lone({"until_s": 8}, front=[pole(400, 500)]), LONG),
        truth(lone({"until_s": 8}, COVER | {"foot": [0.575, 0.6], "at_s": 3}), LONG),
    ):
        assert spans(found, "thing 0") == [(3000, 8000)]
        assert (found.heat[101 * 192 // 404 : 96, 87:96] == 5000).all()
        assert (found.heat[ON_MAP] >= 5000).all()


@pytest.mark.parametrize(("level", "seen"), [(20, True), (21, False)])
def test_what_is_left_must_be_just_large_enough(level, seen):
    # Covered from 288 to 408: 32 x 101 = 3232 pixels are left; (20 / 200)² of 404 x 800.
    cover = COVER | {"foot": [0.435, 0.6], "at_s": 3, "until_s": 8}
    found = truth(lone({"until_s": 8}, cover), HeatSettings(min_dwell=300, min_object_size=level))
    assert spans(found, "thing 0") == ([(3000, 8000)] if seen else [])
    assert found.objects == 1 + seen


def test_the_box_around_what_is_left_decides_and_not_its_pixels():
    # Strips of 6 columns, half of them gap: less than half of the body can be seen.
    fence = pole(-80, 880, cells=[1, 160], gap=0.5)
    bare, fenced = (truth(small(front=front), LONG) for front in ([], [fence]))
    assert fenced.stays == bare.stays
    assert np.array_equal(fenced.heat, bare.heat)


def test_a_camera_that_shakes_shakes_what_is_in_front_too():
    # Of 80 columns 50 are left, not 42..58; 24 asks for 46.1 of 101 rows, 26 for 54.1.
    scene = lone({"until_s": 8}, front=[pole(300, 390)], shake=8)
    seen, unseen = (
        truth(scene, HeatSettings(min_dwell=300, min_object_size=level)) for level in (24, 26)
    )
    assert spans(seen) == [(3000, 8000)]
    assert not unseen.stays


@pytest.mark.parametrize(
    ("from_s", "until_s", "stays"),
    [
        (10, 10.5, [(3000, 21_800)]),
        (10, 15, [(3000, 10_000), (15_000, 21_800)]),  # rest goes on
        (10, 30, [(3000, 10_000)]),  # absorbed when it is uncovered
        (2, 10, [(10_000, 28_800)]),  # nobody has rested before they were seen
    ],
)
def test_what_is_hidden_lies_still_all_the_while(from_s, until_s, stays):
    # T(10) = 18.75 s.
    scene = lone({"until_s": 40}, COVER | {"at_s": from_s, "until_s": until_s}, length_s=40)
    found = truth(scene, HeatSettings(min_dwell=300, adaptability=10))
    assert spans(found, "thing 0") == stays


def test_furniture_hides_too():
    scene = lone({"until_s": 8}, COVER | {"at_s": -1, "until_s": 7})
    assert spans(truth(scene, LONG)) == [(7000, 8000)]


def test_who_was_there_before_and_stays_on_counts_from_the_first_frame_to_the_last():
    found = truth(visits({"at_s": -2, "pauses": [{"at": 0.5, "s": 60}]}), LONG)
    assert spans(found) == [(0, 12_000)]


@pytest.mark.parametrize(
    ("limit", "semantics", "recorded"),  # of a stay of 2 s
    [
        (1, "documented", "longer"),
        (2, "documented", "yes"),
        (2, "as-named", "yes"),
        (3, "as-named", "shorter"),
    ],
)
def test_the_limit_leaves_out_longer_or_shorter_stays(limit, semantics, recorded):
    found = truth(lone(), HeatSettings(min_dwell=limit, dwell_semantics=semantics))
    assert [stay.recorded for stay in found.stays] == [recorded]
    assert found.heat.max() == found.presence_ms == (2000 if recorded == "yes" else 0)
    assert found.objects == 1


def test_the_region_cuts_heat_off():
    # Cells of region row 6: (2k + 1) 13 // 384 = 6, so 2k + 1 in 177.2..206.8, k in 89..102.
    found = truth(lone(), HeatSettings(min_dwell=300, region=region(rows=[6])))
    assert spans(found) == [(3000, 5000)]
    assert (found.heat[89:96, 86:106] == 2000).all()
    assert found.heat.sum() == 7 * 20 * 2000


def test_only_the_foot_decides_who_is_in_the_region():
    found = truth(lone(), HeatSettings(min_dwell=300, region=region(off=[FOOT_CELL])))
    assert (found.stays, found.heat.sum(), found.presence_ms, found.objects) == ((), 0, 0, 1)


def test_under_a_second_outside_does_not_end_a_stay_and_counts():
    # A column of 34.8 pixels is crossed in 0.43 s, four of them in 1.74.
    one, four = (
        truth(small(), HeatSettings(min_dwell=300, region=region(off=off)))
        for off in ([(6, 11)], [(6, column) for column in range(9, 13)])
    )
    assert spans(one) == [(1000, 9000)]
    assert one.presence_ms == 8000
    # Only the cell that is off lacks heat: the gap's is given to the others, row 4 among them.
    assert np.array_equal(one.heat[60:89], truth(small(), LONG).heat[60:89])
    (first, left), (back, last) = spans(four)
    assert (first, last) == (1000, 9000)
    # Columns 9..12 are pixels 313..452, where the foot is after 3.91..5.65 s; the middle of
    # the box is up to 3 columns ahead of it.
    assert left == pytest.approx(3910, abs=100)
    assert back == pytest.approx(5650, abs=100)
    assert four.presence_ms == 8000 - (back - left)


@pytest.mark.parametrize(("level", "objects"), [(20, 1), (21, 0)])
def test_what_is_just_large_enough_counts(level, objects):
    # 32 x 101 = 3232 pixels; (20 / 200)² of 404 x 800 are 3232.
    found = truth(lone({"side": [0.04, 0.25]}), HeatSettings(min_dwell=300, min_object_size=level))
    assert (found.objects, len(found.stays), found.presence_ms) == (
        objects,
        objects,
        2000 * objects,
    )


@pytest.mark.parametrize(("adaptability", "seconds"), [(1, 300), (5, 87), (10, 19)])
def test_still_things_last_as_long_as_the_contract_says(adaptability, seconds):
    assert round(absorbed_after_ms(adaptability) / 1000) == seconds


def test_a_still_thing_is_absorbed_and_that_ends_its_stay():
    # T(10) = 300 / 2**4 = 18.75 s: in the frame of 3 + 18.8.
    found = truth(lone({"until_s": 40}, length_s=40), HeatSettings(min_dwell=300, adaptability=10))
    assert spans(found) == [(3000, 21_800)]
    assert (found.heat[ON_MAP] == 18_800).all()


def test_who_walks_on_after_being_absorbed_starts_a_new_stay():
    # Stands from 5 s to 35 s; absorbed in the frame of 5 + 18.8; a tenth of a second after
    # the pause, 8 columns on, which is more than 404 / 96 = 4.2.
    scene = small(length_s=60, visit=[VISIT | {"pauses": [{"at": 0.5, "s": 30}]}])
    found = truth(scene, HeatSettings(min_dwell=300, adaptability=10))
    assert spans(found) == [(1000, 23_800), (35_100, 39_000)]
    assert (found.presence_ms, found.objects) == (22_800 + 3900, 1)


def test_who_comes_back_into_the_picture_has_not_rested_meanwhile():
    # Away for 30 s and more, T(10) is 18.75 s; the box that comes back is much like the last.
    route = {"name": "east", "points": [[0, 0.5, 0.5], [0.5, -0.1, 0.5], [1, 0.5, 0.5]]}
    visit = VISIT | {"pauses": [{"at": 0.5, "s": 30}]}
    scene = small(length_s=60, route=[route], visit=[visit])
    found = truth(scene, HeatSettings(min_dwell=300, adaptability=10, min_object_size=1))
    back_ms = next(at_ms for at_ms in range(20_000, 60_000, 100) if people(scene, at_ms))
    assert spans(found)[1] == (back_ms, 39_000)


@pytest.mark.parametrize(("sway", "stays"), [(0.005, 2), (0.05, 1)])
def test_who_shifts_by_more_than_a_96th_of_the_height_is_not_still(sway, stays):
    # 0.05 of 404 rows are up to 20 columns, 0.005 are 2.
    pauses = [{"at": 0.5, "s": 30, "sway": sway}]
    scene = small(length_s=60, visit=[VISIT | {"pauses": pauses}])
    assert len(truth(scene, HeatSettings(min_dwell=300, adaptability=10)).stays) == stays


def test_a_thing_that_was_there_before_is_furniture():
    found = truth(lone({"at_s": -1, "until_s": 10}), LONG)
    assert (found.stays, found.objects, found.heat.max()) == ((), 0, 0)


def test_a_camera_that_shakes_still_takes_a_still_thing_for_still():
    found = truth(
        lone({"until_s": 40}, length_s=40, shake=8), HeatSettings(min_dwell=300, adaptability=10)
    )
    assert spans(found) == [(3000, 21_800)]
    # Boxes shift along: the middle is always covered, and something beyond the rim at times.
    assert (found.heat[53:91, 89:103] == 18_800).all()
    assert 0 < found.heat[46, 95] < 18_800


# --- laws ----------------------------------------------------------------------------

walkers = st.lists(
    st.builds(
        lambda at_s, offset, pause: VISIT | {"at_s": at_s, "offset": list(offset), "pauses": pause},
        st.integers(-4, 11),
        st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.7)),
        st.lists(st.builds(lambda s: {"at": 0.4, "s": s}, st.floats(0.1, 5)), max_size=1),
    ),
    min_size=1,
    max_size=3,
)
masks = st.lists(st.integers(0, 12), min_size=1, max_size=13, unique=True)


@settings(deadline=None, max_examples=25)
@given(walkers, masks, st.integers(1, 9))
def test_what_one_meaning_drops_the_other_keeps(walks, rows, limit):
    scene = small(rows=90, columns=160, visit=walks)
    all_, short, long = (
        truth(scene, HeatSettings(region=region(rows=rows), min_dwell=s, dwell_semantics=meaning))
        for s, meaning in ((300, "documented"), (limit, "documented"), (limit, "as-named"))
    )
    at_limit = sum(end - start == limit * 1000 for start, end in spans(all_))
    assert spans(all_) == spans(short) == spans(long)
    assert short.presence_ms + long.presence_ms == all_.presence_ms + at_limit * limit * 1000
    if not at_limit:
        assert np.array_equal(short.heat + long.heat, all_.heat)


@settings(deadline=None, max_examples=25)
@given(walkers, masks)
def test_presence_is_the_stays_and_no_cell_has_more(walks, rows):
    scene = small(rows=90, columns=160, visit=walks)
    counted = region(rows=rows)
    found = truth(scene, HeatSettings(region=counted, min_dwell=300))
    assert found.presence_ms == sum(end - start for start, end in spans(found))
    assert found.heat.max() <= found.presence_ms
    assert all(0 <= start < end <= 12_000 for start, end in spans(found))
    outside = [row for row in range(192) if not any(counted[(2 * row + 1) * 13 // 384])]
    assert found.heat[outside].sum() == 0


@settings(deadline=None, max_examples=15)
@given(walkers)
def test_everybody_adds_what_they_would_alone_but_where_they_hide_each_other(walks):
    def found(*walks):
        return truth(small(rows=90, columns=160, visit=list(walks)), LONG)

    # On lanes that have no row in common: feet at rows 18, 45 and 77, bodies 18, 23 and 27 high.
    lanes = [
        walk | {"offset": [walk["offset"][0], y]}
        for walk, y in zip(walks, (-0.3, 0, 0.35), strict=False)
    ]
    for those, apart in ((lanes, True), (walks, False)):
        alone = [found(walk) for walk in those]
        together = found(*those)
        summed = sum(one.heat for one in alone)
        assert (together.heat <= summed).all()
        assert together.presence_ms <= sum(one.presence_ms for one in alone)
        assert together.objects <= sum(one.objects for one in alone)
        if apart:
            assert np.array_equal(together.heat, summed)
            assert together.objects == sum(one.objects for one in alone)
            assert sorted(spans(together)) == sorted(span for one in alone for span in spans(one))
