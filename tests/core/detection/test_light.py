"""The light of a scene: drawn pictures under a light that is known."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from emulator.core.detection import light

RELIGHT_SHARE = 0.07
NOBODY = np.zeros((180, 320), np.uint8)


def plane(grey):
    return np.full((180, 320), grey, np.float32)


def picture(levels):
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def followed(mean, shown, objects=NOBODY, since_s=0.2):
    return light.follow(mean, picture(shown), objects, RELIGHT_SHARE, since_s)


def all_lit(mean, shown, objects, since_s=0.2):
    """The mean after the light was followed, also behind objects."""
    return light.carried(mean, followed(mean, shown, objects, since_s).mean, objects)


# --- worked examples: the whole scene ------------------------------------------------------------


def test_the_same_light_is_nothing():
    assert followed(plane(100), plane(100)) is None


@pytest.mark.parametrize(("shown", "is_followed"), [(198, False), (197, True), (202, False)])
def test_up_to_a_hundredth_is_left_to_the_pixels(shown, is_followed):
    assert (followed(plane(200), plane(shown)) is not None) is is_followed


@pytest.mark.parametrize(
    ("shown", "stepped"), [(92, True), (94, False), (106, False), (108, True), (135, True)]
)
def test_the_mean_is_scaled_along_and_more_than_the_share_is_a_step(shown, stepped):
    relit = followed(plane(100), plane(shown))
    assert relit.stepped is stepped
    assert relit.mean == pytest.approx(shown, abs=0.01)
    assert relit.mean.dtype == np.float32


def test_what_was_clipped_is_known_again_when_the_light_goes_back(drawn):
    room = drawn.tiles(low=40, high=230)
    bright = followed(room, room * 1.5).mean
    assert bright.max() > 300
    back = light.follow(bright, picture(room), NOBODY, RELIGHT_SHARE, 0.2).mean
    assert np.abs(back - room).max() < 2


@pytest.mark.parametrize("grey", [20, 220])
def test_where_somebody_is_nothing_is_told_about_the_light(grey):
    shown, objects = plane(103), NOBODY.copy()
    shown[:, 120:] = grey
    objects[:, 120:] = 255
    mean = followed(plane(100), shown, objects).mean
    assert mean[:, :120] == pytest.approx(103, abs=0.01)
    assert mean[:, 120:] == pytest.approx(103, abs=0.01)
    assert all_lit(plane(100), shown, objects) == pytest.approx(103, abs=0.01)


def test_a_few_who_are_not_known_do_not_decide():
    shown = plane(130)
    shown[:, :140] = 20
    assert followed(plane(100), shown).mean == pytest.approx(130, abs=0.01)


@pytest.mark.parametrize(
    ("mean", "shown"), [(10, 20), (16, 30), (250, 200), (240, 180), (100, 2), (100, 250)]
)
def test_dark_and_clipped_points_say_nothing(mean, shown):
    assert followed(plane(mean), plane(shown)) is None


def test_where_next_to_nothing_is_free_nothing_is_told():
    objects = np.full((180, 320), 255, np.uint8)
    objects[:, :15] = 0  # 3 of 64 columns of points: under a twentieth
    assert followed(plane(100), plane(130), objects) is None
    objects[:, :20] = 0
    assert followed(plane(100), plane(130), objects).stepped


# --- worked examples: a part of it ---------------------------------------------------------------


def test_a_part_of_the_scene_has_its_own_light_but_only_a_quarter_more_in_a_second():
    shown = plane(100)
    shown[:, :80] = 108
    relit = followed(plane(100), shown, since_s=0.2)  # 5 %
    assert not relit.stepped
    assert relit.mean[90, :60] == pytest.approx(105, abs=0.01)
    assert relit.mean[90, 120:] == pytest.approx(100, abs=0.01)
    assert followed(plane(100), shown, since_s=1.0).mean[90, :60] == pytest.approx(108, abs=0.01)


def test_between_parts_the_light_changes_gently():
    shown, objects = plane(100), NOBODY.copy()
    shown[:, :80] = 105
    objects[:, 60:140] = 255  # under an object the light is guessed
    mean = all_lit(plane(100), shown, objects, since_s=1.0)[90]
    assert (mean[50], mean[150]) == (pytest.approx(105, abs=0.01), 100)
    # From one side to the other, never back; 5 grey levels over a part of 40 pixels.
    assert np.diff(mean).min() > -0.2
    assert np.diff(mean).max() < 0.001


def test_what_does_not_go_with_the_light_of_its_part_stays_as_it_is():
    shown = plane(100)
    shown[:, :120] = 105
    shown[50:70, 30:50] = 100  # the sky, which the cloud does not reach
    mean = followed(plane(100), shown, since_s=1.0).mean
    assert mean[60, 10] == pytest.approx(105, abs=0.01)
    assert mean[60, 40] == 100


def test_a_part_that_cannot_tell_goes_with_the_whole():
    # What can't be seen in the left part, since somebody is there, is as light as the rest.
    shown, objects = plane(104), NOBODY.copy()
    shown[:, :80] = 60
    objects[:, :80] = 255
    assert all_lit(plane(100), shown, objects) == pytest.approx(104, abs=0.01)


# --- worked examples: what objects hide ----------------------------------------------------------


def hidden(*boxes):
    objects = NOBODY.copy()
    for top, left, bottom, right in boxes:
        objects[top:bottom, left:right] = 255
    return objects


BAG = (100, 140, 120, 170)


def test_behind_an_object_the_mean_grows_as_much_brighter_as_beside_it(drawn):
    room = drawn.tiles()
    lit = light.carried(room, np.where(hidden(BAG) > 0, room, room * 1.02), hidden(BAG))
    assert lit == pytest.approx(room * 1.02, rel=1e-4)
    assert lit.dtype == np.float32


def test_beside_objects_the_mean_is_as_it_was_learnt():
    after = plane(100)
    after[::2] = 103
    objects = hidden(BAG, (20, 30, 60, 40))  # and what lies between them
    lit = light.carried(plane(100), after, objects)
    free = objects == 0
    assert (lit[free] == after[free]).all()


@pytest.mark.parametrize("box", [(10, 30, 20, 40), (150, 30, 170, 40), (10, 280, 20, 300)])
def test_what_is_hidden_follows_the_light_of_its_own_part_of_the_picture(box):
    # Brighter above and on the left, darker below and on the right.
    rows, columns = np.ogrid[:180, :320]
    after = (100 + 2 * np.where(rows < 90, 1, -1) + 4 * np.where(columns < 160, 1, -1)).astype(
        np.float32
    )
    top, left, bottom, right = box
    objects = NOBODY.copy()
    objects[top:bottom, left:right] = 255
    learnt = np.where(objects > 0, np.float32(100), after)
    lit = light.carried(plane(100), learnt, objects)
    assert np.abs(lit - after).max() < 0.1


def test_where_nothing_is_hidden_nothing_is_carried():
    after = plane(103)
    assert light.carried(plane(100), after, NOBODY) is after


def test_where_the_light_stays_so_does_what_is_hidden():
    assert (light.carried(plane(100), plane(100), hidden(BAG)) == 100).all()


def test_small_steps_that_only_some_pixels_take_are_carried_too():
    # Every third pixel follows: a third of 3 grey levels; the median would be none.
    after = plane(100)
    after[:, ::3] = 103
    after[100:120, 140:170] = 100
    lit = light.carried(plane(100), after, hidden(BAG))
    assert lit[100:120, 140:170] == pytest.approx(101, abs=0.3)


def test_each_object_follows_the_light_of_its_own_surroundings():
    # A cloud over the left half; somebody in the light, somebody in the shade.
    left, right = (80, 50, 110, 60), (80, 250, 110, 260)
    objects, after = hidden(left, right), plane(100)
    after[:, :160] = 96
    after[objects > 0] = 100
    lit = light.carried(plane(100), after, objects)
    assert lit[80:110, 50:60] == pytest.approx(96, abs=0.01)
    assert lit[80:110, 250:260] == pytest.approx(100, abs=0.01)


def test_a_part_that_is_hidden_almost_wholly_goes_with_the_whole():
    # The left 16 of 64 columns of points, but for 2 x 2 that see another light. Of the whole
    # that is (1728 x 98 + 4 x 150) / 1732 = 98.12.
    objects, after = hidden((0, 0, 180, 80)), plane(98)
    objects[0:8, 0:8] = 0
    after[0:8, 0:8] = 150
    after[objects > 0] = 100
    lit = light.carried(plane(100), after, objects)
    assert lit[8:, :40] == pytest.approx(98.12, abs=0.01)


@pytest.mark.parametrize("grey", [0, 100])
def test_where_nothing_is_known_of_the_light_what_is_hidden_stays(grey):
    # A black room; and one of which nothing but objects is seen.
    objects = hidden(BAG) if grey == 0 else np.full_like(NOBODY, 255)
    assert (light.carried(plane(grey), plane(grey + 5), objects) == grey + 5).all()


# --- worked examples: after a step ---------------------------------------------------------------


def test_after_a_step_each_surface_is_learnt_anew_but_for_objects_that_were_there():
    shown = picture(plane(140))
    objects, earlier = NOBODY.copy(), NOBODY.copy()
    earlier[60:110, 100:120] = 255
    objects[60:110, 105:125] = 255  # he walked on by 5 pixels
    objects[20:40, 250:300] = 255  # nobody was near: it is light
    mean = light.copied(plane(130), shown, objects, earlier)
    assert (mean[60:110, 105:125] == 130).all()
    assert (mean[20:40, 250:300] == 140).all()
    assert mean[150, 20] == 140
    # Kept too is what is around him: 6 pixels, half of 13.
    assert (mean[80, 98], mean[80, 99], mean[80, 130], mean[80, 131]) == (140, 130, 130, 140)


def test_after_a_step_what_is_clipped_is_known_no_better_than_before():
    mean, shown = plane(300), picture(plane(255))
    shown[:, 200:] = 250
    copied = light.copied(mean, shown, NOBODY, NOBODY)
    assert (copied[0, 0], copied[0, 300]) == (300, 250)


# --- laws ----------------------------------------------------------------------------------------


small_gains = st.lists(st.floats(0.995, 1.005), min_size=1, max_size=80)


@settings(deadline=None, max_examples=20)
@given(small_gains, st.integers(0, 170), st.integers(0, 300), st.integers(0, 99))
def test_however_the_light_goes_what_is_hidden_keeps_its_ratio_to_what_is_beside_it(
    drawn, gains, top, left, seed
):
    mean = room = drawn.tiles()
    rng = np.random.default_rng(seed)
    objects = hidden((top, left, top + 40, left + 60))
    for gain in gains:
        # Each pixel learns a part of it: all, on the whole, as much as the light changed.
        learnt = (mean * (1 + (gain - 1) * rng.uniform(0, 2, mean.shape))).astype(np.float32)
        mean = light.carried(mean, np.where(objects > 0, mean, learnt), objects)
    ratio = mean / room
    assert ratio[objects > 0] == pytest.approx(np.prod(gains), rel=0.01)
    assert ratio[objects > 0].mean() == pytest.approx(ratio[objects == 0].mean(), rel=0.003)


@settings(deadline=None, max_examples=40)
@given(st.floats(0.6, 1.6), st.floats(0, 6), st.integers(0, 999))
def test_any_gain_of_a_noisy_scene_is_told_within_two_hundredths(drawn, gain, sigma, seed):
    room = drawn.tiles()
    shown = room * gain + np.random.default_rng(seed).normal(0, sigma, room.shape)
    mean, before = room.copy(), room.copy()
    relit = followed(mean, shown)
    found = 1.0 if relit is None else float(np.median(relit.mean / room))
    assert found == pytest.approx(gain, abs=0.02)
    assert np.array_equal(mean, before)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 255), st.integers(0, 255), st.floats(0, 2))
@example(0, 102, 0.0)  # what is black stays as it is
def test_no_part_is_taken_further_from_the_whole_than_its_time_allows(left, rest, since_s):
    mean, shown = plane(100), plane(rest)
    shown[:, :120] = left
    relit = followed(mean, shown, since_s=since_s)
    if relit is not None and not relit.stepped:
        gains = (relit.mean / mean)[relit.mean != mean]
        middle = np.median(gains)
        assert np.abs(gains - middle).max() <= 0.25 * since_s + 0.001


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 255), st.integers(0, 255))
def test_pictures_of_any_size_and_grey_are_looked_at(rows, columns, known, shown):
    mean = np.full((rows, columns), known, np.float32)
    luma = np.full((rows, columns), shown, np.uint8)
    relit = light.follow(mean, luma, np.zeros_like(luma), RELIGHT_SHARE, 0.2)
    assert relit is None or (relit.mean.shape == (rows, columns) and np.isfinite(relit.mean).all())
    objects = np.zeros_like(luma)
    objects[: rows // 2 + 1] = 255
    lit = light.carried(mean, luma.astype(np.float32), objects)
    assert lit.shape == (rows, columns)
    assert np.isfinite(lit).all()
