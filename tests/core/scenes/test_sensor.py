"""Light and noise: worked by hand, and measured on drawn frames (drawn.py's scene)."""

import cv2
import numpy as np
import pytest
from drawn import small
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.scenes.drawing import draw_luma, draw_picture, stage
from emulator.core.scenes.scene import Level
from emulator.core.scenes.sensor import level_at

GREY = {"backdrop": "#808080", "visit": []}


def lights(*levels):
    """A scene with these brightnesses, each (s, gain); nobody, no noise, a ground of 128."""
    return stage(small(**GREY, brightness=[{"at_s": at_s, "gain": gain} for at_s, gain in levels]))


# --- worked examples -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("at_ms", "value"),
    [(0, 1), (1000, 1), (1500, 1.5), (2000, 2), (2999, 2), (3000, 0.5), (9000, 0.5)],
)
def test_between_two_levels_it_is_linear_and_two_at_once_are_a_step(at_ms, value):
    levels = (Level(1000, 1), Level(2000, 2), Level(3000, 2), Level(3000, 0.5))
    assert level_at(levels, at_ms, 7) == value
    assert level_at((), at_ms, 7) == 7


def test_brightness_multiplies_and_saturates():
    # Frames 0, 5, 10, 20: 128 x 1, 1.5, 0.5, 2.5.
    drawn = lights((0, 1), (1, 2), (1, 0.5), (2, 2.5))
    for index, grey in ((0, 128), (5, 192), (10, 64), (20, 255)):
        assert (draw_luma(drawn, index) == grey).all()
        assert (draw_picture(drawn, index) == grey).all()


def test_people_are_lit_like_the_ground():
    gain = [{"at_s": 0, "gain": 1.5}]
    before, after = (draw_picture(stage(small(brightness=told)), 30) for told in ([], gain))
    # #203050 of the coat, #c8c8c8 of the backdrop
    assert before[140, 240].tolist() != before[0, 0].tolist()
    assert after[0, 0].tolist() == [255] * 3
    assert after[140, 240].tolist() == [round(part * 1.5) for part in before[140, 240].tolist()]


@pytest.mark.parametrize(("sigma", "rounding"), [(1, 0.07), (2, 0), (4, 0), (8, 0), (16, 0)])
def test_noise_has_its_standard_deviation_and_no_drift(sigma, rounding):
    # Whole levels: half of the 16 steps of sigma 1 are rounded by 0.5, sqrt(1 + 1/8) = 1.06.
    drawn = stage(small(**GREY, noise_sigma=sigma))
    noise = draw_luma(drawn, 0).astype(int) - drawn.luma
    assert abs(noise.mean()) < 0.01 * sigma
    assert noise.std() == pytest.approx(sigma, rel=0.01 + rounding)


@pytest.mark.parametrize(("index", "sigma"), [(0, 2), (20, 2), (50, 5), (80, 8), (119, 8)])
def test_noise_grows_from_one_level_to_the_next(index, sigma):
    levels = [{"at_s": 2, "sigma": 2}, {"at_s": 8, "sigma": 8}]
    drawn = stage(small(**GREY, noise_sigma=4, noise=levels))
    noise = draw_luma(drawn, index).astype(int) - drawn.luma
    # Rounding to whole levels adds a twelfth to the variance: 1 % of sigma 2.
    assert noise.std() == pytest.approx(sigma, rel=0.02)
    assert abs(noise.mean()) < 0.01 * sigma


def test_loud_noise_has_no_gaps_between_its_levels():
    noise = draw_luma(stage(small(**GREY, noise_sigma=8)), 0).astype(int) - 128
    assert set(range(-16, 17)) <= set(noise.ravel().tolist())


def test_noise_is_made_of_numpys_promised_bits():
    # Frame 0 is cut from the tile's corner: 16 bits a pixel, the lowest first.
    words = np.random.PCG64((1, 0)).random_raw(2).tolist()
    ones = [(word >> 16 * place & 0xFFFF).bit_count() for word in words for place in range(4)]
    noise = draw_luma(stage(small(noise_sigma=2)), 0)[0, :8].astype(int) - 200
    assert noise.tolist() == [count - 8 for count in ones]


# --- laws ----------------------------------------------------------------------------


@pytest.mark.parametrize("backdrop", ["#101010", "#efefef"])
def test_noise_never_wraps_around(backdrop):
    drawn = stage(small(backdrop=backdrop, noise_sigma=4, visit=[]))
    noise = draw_luma(drawn, 3).astype(int) - drawn.luma
    assert 12 <= np.abs(noise).max() <= 32


@pytest.mark.parametrize(
    ("backdrop", "gain", "lit"), [("#efefef", 4, 255), ("#efefef", 1, 239), ("#101010", 0.1, 2)]
)
def test_loud_noise_in_glare_or_darkness_saturates(backdrop, gain, lit):
    told = {"backdrop": backdrop, "noise_sigma": 16, "brightness": [{"at_s": 0, "gain": gain}]}
    drawn = stage(small(**told, visit=[]))
    for draw in (draw_luma, draw_picture):
        levels = draw(drawn, 3).astype(int)
        assert np.abs(levels - lit).max() <= 4 * 16
        # What would go beyond is cut off there, so that heaps up at the end of the range.
        assert (levels == (255 if lit > 128 else 0)).mean() > 0.1


@settings(deadline=None, max_examples=30)
@given(
    st.integers(0, 119),
    st.floats(0.1, 4),
    st.floats(0, 16),
    st.tuples(*[st.integers(16, 239)] * 3),
)
def test_luma_is_the_pictures_luma_in_any_light(index, gain, sigma, backdrop):
    colour = "#{:02x}{:02x}{:02x}".format(*backdrop)
    told = {"brightness": [{"at_s": 0, "gain": gain}], "noise_sigma": sigma}
    drawn = stage(small(rows=90, columns=160, backdrop=colour, **told))
    grey = cv2.cvtColor(draw_picture(drawn, index), cv2.COLOR_BGR2GRAY)
    assert np.abs(grey.astype(int) - draw_luma(drawn, index)).max() <= 1


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 119), st.integers(0, 119), st.sampled_from([2, 8]))
def test_two_frames_have_the_same_noise_only_if_they_are_one(one, other, sigma):
    drawn = stage(small(rows=36, columns=64, noise_sigma=sigma, visit=[]))
    same = np.array_equal(draw_luma(drawn, one), draw_luma(drawn, other))
    assert same == (one == other)


@pytest.mark.parametrize("key", ["brightness", "noise"])
def test_a_level_that_changes_nothing_changes_next_to_nothing(key):
    # The tile of noise differs, the light does not.
    level = {"brightness": {"at_s": 0, "gain": 1}, "noise": {"at_s": 0, "sigma": 0}}[key]
    plain, told = stage(small()), stage(small(**{key: [level]}))
    assert np.array_equal(draw_picture(plain, 30), draw_picture(told, 30))
