"""The whole detector: what rests, what is not there, and what is too small or too faint."""

from itertools import pairwise

import pytest
from walkers import PERIOD_MS, cells_of, pictures, standing, walk

# --- worked examples: what rests (BEH-04) ---------------------------------------------------------


@pytest.mark.parametrize("ground", ["plain", "tiles"])
@pytest.mark.parametrize(("adaptability", "absorbed_s"), [(2, 220.5), (5, 87.5), (10, 18.75)])
def test_a_thing_put_down_gives_heat_until_it_is_absorbed_and_not_longer(
    drawn, adaptability, absorbed_s, ground
):
    # T(a) = 300 s x 2 ^ (-(a - 1) / 2.25), half a second a picture, small pictures.
    room = getattr(drawn, ground)(90, 160)
    count = int(2 * (1.2 * absorbed_s + 10))
    box = (40, 60, 55, 72)
    seen = pictures(drawn, room, count, lambda index: [box] if index >= 10 else [])
    watched = drawn.watch(drawn.frames(seen, period_ms=500), adaptability=adaptability)
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == 5000
    assert (end_ms - start_ms) / 1000 == pytest.approx(absorbed_s, rel=0.1)
    assert watched.presence_ms == end_ms - start_ms
    assert int(watched.cells.max()) == end_ms - start_ms
    assert int(watched.cells.sum()) == (end_ms - start_ms) * cells_of(box, 90, 160)


@pytest.mark.parametrize("to", [0.7, 1.4])
def test_a_bag_put_down_while_the_light_slowly_goes_keeps_its_stay(drawn, to):
    # In 70 s the light goes to that share; the bag lies there from 10 s to 65 s. Five pictures
    # a second, of small pictures.
    room = drawn.tiles(90, 160)
    bag = (40, 60, 55, 72)
    seen = (
        drawn.noisy(light * drawn.with_box(room, bag, 40 if 50 <= i < 325 else room), i)
        for i in range(350)
        for light in [1 + (to - 1) * i / 350]
    )
    watched = drawn.watch(drawn.frames(seen, period_ms=200))
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == 10_000
    assert end_ms == pytest.approx(65_000, abs=400)
    assert watched.presence_ms == end_ms - start_ms
    assert int(watched.cells.sum()) == pytest.approx(
        watched.presence_ms * cells_of(bag, 90, 160), rel=0.02
    )


def test_a_stay_that_ends_by_absorption_is_ruled_like_any_other(drawn):
    # T(10) = 18.75 s.
    seen = list(standing(drawn, 300, (60, 100, 110, 116)))
    short = drawn.watch(drawn.frames(seen), adaptability=10, min_dwell=18)
    assert [ruled.recorded for ruled in short.ended] == ["longer"]
    long = drawn.watch(drawn.frames(seen), adaptability=10, min_dwell=19)
    assert [ruled.recorded for ruled in long.ended] == ["yes"]


def test_who_walks_on_after_absorption_begins_a_new_stay_and_leaves_no_ghost(drawn):
    def place(index):
        left = 100 + 4 * max(0, index - 300)
        return [(60, left, 110, left + 16)] if index >= 25 else []

    seen = pictures(drawn, drawn.tiles(), 420, place)
    watched = drawn.watch(drawn.frames(seen), adaptability=10)
    (first, second) = watched.stays
    assert first[0] == 25 * PERIOD_MS
    assert first[1] - first[0] == pytest.approx(18_750, rel=0.1)
    # He is out of the picture, at column 320, in picture 355.
    assert second[0] == pytest.approx(301 * PERIOD_MS, abs=3 * PERIOD_MS)
    assert second[1] == pytest.approx(355 * PERIOD_MS, abs=2 * PERIOD_MS)


def test_who_moves_a_little_in_time_is_not_absorbed(drawn):
    # A step of 3 pixels (of 180 rows: 1.9 count) every 12 s; T(10) = 18.75 s.
    def place(index):
        left = 100 + 3 * (index // 150)
        return [(60, left, 110, left + 16)] if index >= 25 else []

    watched = drawn.watch(drawn.frames(pictures(drawn, drawn.tiles(), 600, place)), adaptability=10)
    assert watched.stays == [(25 * PERIOD_MS, 600 * PERIOD_MS)]


# --- worked examples: what is not there (BEH-07) --------------------------------------------------


@pytest.mark.parametrize("sensitivity", [1, 5, 10])
def test_an_empty_noisy_scene_gives_no_heat(drawn, sensitivity):
    seen = pictures(drawn, drawn.tiles(), 250, lambda index: [])
    watched = drawn.watch(drawn.frames(seen), sensitivity=sensitivity)
    assert (watched.believed, watched.presence_ms, int(watched.cells.sum())) == (0, 0, 0)


@pytest.mark.parametrize("adaptability", [1, 5, 10])
def test_a_step_of_light_by_a_fifth_and_back_gives_almost_no_heat(drawn, adaptability):
    room = drawn.tiles()
    seen = [drawn.noisy(room * (1.2 if 60 <= i < 120 else 1), i) for i in range(200)]
    watched = drawn.watch(drawn.frames(seen), adaptability=adaptability)
    assert watched.presence_ms <= 500
    assert int(watched.cells.sum()) <= 500 * 192 * 192 // 100


def test_a_slow_change_of_light_gives_no_heat(drawn):
    room = drawn.tiles()
    seen = [drawn.noisy(room * (1 + i / 1000), i) for i in range(300)]
    assert drawn.watch(drawn.frames(seen)).presence_ms == 0


def test_a_walker_is_one_stay_also_when_the_light_steps_while_he_walks(drawn):
    seen = [
        drawn.noisy(drawn.with_box(drawn.tiles(), walk(i), 30) * (1.2 if i >= 70 else 1), i)
        for i in range(160)
    ]
    watched = drawn.watch(drawn.frames(seen))
    assert watched.presence_ms == pytest.approx(6640, abs=500)


# --- worked examples: size and sensitivity (BEH-01, BEH-02) ---------------------------------------


@pytest.mark.parametrize(
    ("height", "width", "is_counted"), [(12, 12, True), (9, 16, True), (11, 13, False)]
)
def test_at_level_10_a_quarter_percent_of_the_area_counts_and_a_pixel_less_does_not(
    drawn, height, width, is_counted
):
    # 144 of 57600 pixels; 143 are too few.
    box = (60, 100, 60 + height, 100 + width)
    seen = pictures(drawn, drawn.plain(), 80, lambda i: [box] if i >= 25 else [], grey=20)
    watched = drawn.watch(drawn.frames(seen))
    assert watched.stays == ([(25 * PERIOD_MS, 80 * PERIOD_MS)] if is_counted else [])
    assert watched.cells.any() == is_counted


def heats(drawn, seen, name, levels):
    watched = (drawn.watch(drawn.frames(seen), **{name: level}) for level in levels)
    return [(int(each.cells.sum()), each.presence_ms) for each in watched]


def test_heat_never_falls_with_sensitivity_and_rises_over_its_range(drawn):
    # Three walk abreast, 14, 25 and 40 grey levels darker than a plain ground.
    seen = []
    for index in range(110):
        picture = drawn.plain()
        for top, darker in ((15, 14), (70, 25), (125, 40)):
            picture = drawn.with_box(picture, walk(index, top=top, height=40), 120 - darker)
        seen.append(drawn.noisy(picture, index))
    found = heats(drawn, seen, "sensitivity", range(1, 11))
    assert all(a <= b for a, b in pairwise(found))
    assert all(a[1] <= b[1] for a, b in pairwise(found))
    # 1: one of three is seen; 5: two; 10: all.
    assert 1.9 < found[4][0] / found[0][0] < 2.1
    assert 2.9 < found[9][0] / found[0][0] < 3.1


def test_heat_never_rises_with_the_size_asked_for(drawn):
    def abreast(index):
        sizes = ((10, 12, 8), (50, 30, 12), (110, 60, 24))
        return [walk(index, top=top, height=height, width=width) for top, height, width in sizes]

    seen = list(pictures(drawn, drawn.tiles(), 110, abreast))
    found = heats(drawn, seen, "min_object_size", [1, 5, 10, 15, 20, 30, 40, 100])
    assert all(a[0] >= b[0] and a[1] >= b[1] for a, b in pairwise(found))
    assert found[0][1] > 2.5 * found[5][1] > 0
    assert found[-1] == (0, 0)
