"""The space heat map's picture: pixels worked out by hand, then laws, then refusals."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.frame import region_on_map
from emulator.core.reports.picture import (
    PictureError,
    heat_layers,
    heat_picture,
    jpeg,
    no_picture,
    palette,
    png,
    under_heat,
)

MAP = (192, 192)
EVERYWHERE = np.ones(MAP, bool)
COLD = np.zeros(MAP, np.uint64)
RAMP = np.arange(192 * 192).reshape(MAP)

# Gray 100 under the colours of facts 4.4, (blue, green, red):
BLUE_LEAST = [139, 75, 75]  # (100 x 191 + 255 x 64) / 255, 100 x 191 / 255
RED_MOST = [50, 50, 178]  # 100 x 127 / 255, (100 x 127 + 255 x 128) / 255

sides = st.integers(1, 64) | st.integers(150, 420)
seeds = st.integers(0, 2**32 - 1)
few = settings(
    max_examples=30, deadline=None
)  # whole pictures; each example has thousands of pixels


def gray(rows, columns, level=100):
    return np.full((rows, columns, 3), level, np.uint8)


def noise(rows, columns, seed):
    return np.random.default_rng(seed).integers(0, 256, (rows, columns, 3), np.uint8)


def some_heat(seed):
    """Boxes of seconds over one another, as people leave them; ms."""
    rng = np.random.default_rng(seed)
    heat = COLD.copy()
    for _ in range(rng.integers(1, 20)):
        row, column = rng.integers(0, 170, 2)
        height, width = rng.integers(1, 40, 2)
        heat[row : row + height, column : column + width] += rng.integers(
            1, 400_000, dtype=np.uint64
        )
    return heat


def some_region(seed):
    rng = np.random.default_rng(seed)
    return rng.random((13, 23)) < rng.random()


def shown_by_hand(gray_level, share):
    """The overlay of facts 4.4 and CONTRACT 5 on gray, unrounded."""
    alpha = (64 + 64 * share) / 255
    stops = [0.25, 0.55, 0.85, 1]
    channels = [255, 0, 0, 0], [0, 255, 255, 0], [0, 0, 255, 255]
    colour = np.stack([np.interp(share, stops, channel) for channel in channels], axis=-1)
    return gray_level * (1 - alpha[..., None]) + colour * alpha[..., None]


# --- worked examples: pixels from arithmetic, never from the code ------------------


def test_the_hottest_block_is_half_red_and_the_rest_a_quarter_blue():
    heat = COLD.copy()
    heat[10:20, 30:40] = 45_000
    shown = heat_picture(gray(192, 192), heat, EVERYWHERE)
    assert (shown[10:20, 30:40] == RED_MOST).all()
    shown[10:20, 30:40] = BLUE_LEAST
    assert (shown == BLUE_LEAST).all()


@pytest.mark.parametrize(
    ("share", "pixel"),  # share; alpha = 64 + 64 share; colour between the stops
    [
        (0.125, [144, 72, 72]),  # 72, blue
        (0.25, [149, 69, 69]),  # 80, the last that is all blue
        (0.4, [110, 110, 65]),  # 89.6, half blue, half green
        (0.55, [61, 160, 61]),  # 99.2, green
        (0.7, [57, 166, 112]),  # 108.8, green and half red
        (0.85, [54, 172, 172]),  # 118.4, yellow
        (0.925, [52, 113, 175]),  # 123.2, red and half green
    ],
)
def test_the_colours_between_follow_the_stops(share, pixel):
    heat = np.zeros(MAP)
    heat[5, 7], heat[100, 50] = 1000, 1000 * share
    shown = heat_picture(gray(192, 192), heat, EVERYWHERE)
    assert np.abs(shown[100, 50].astype(int) - pixel).max() <= 2  # a level is 1/255 of a share


def test_heat_is_scaled_first_and_its_maximum_taken_then():
    heat = COLD.copy()
    heat[:, 10] = 8000
    shown = heat_picture(gray(192, 384), heat, EVERYWHERE)
    # Centres of pixels 19..22, in cells: 9.25, 9.75, 10.25, 10.75; so 1/4, 3/4, 3/4, 1/4.
    assert (shown[:, 20:22] == RED_MOST).all()
    third = [128, 90, 67]  # a third of the maximum: alpha 85.3, blue with 5/18 of green
    assert np.abs(shown[:, [19, 22]].astype(int) - third).max() <= 1
    assert (shown[:, :19] == BLUE_LEAST).all()
    assert (shown[:, 23:] == BLUE_LEAST).all()


def test_a_pixel_belongs_to_the_cell_under_its_centre():
    counted = np.zeros(MAP, bool)
    counted[:96, :48] = True
    shown = heat_picture(gray(3, 8, 0), COLD, counted)
    # Half of three rows is 1.5: the middle row's centre lies on the edge, in the lower cell.
    assert (shown[:1, :2] == [64, 0, 0]).all()
    assert shown.sum() == 2 * 64


def test_the_maximum_is_that_of_the_pixels_that_count():
    counted, heat = EVERYWHERE.copy(), np.ones(MAP)
    counted[:, 48:96] = False  # under the left pixel's centre
    heat[:, :48] = 9
    shown = heat_picture(gray(1, 2), heat, counted)
    assert shown.tolist() == [[[100, 100, 100], RED_MOST]]


def test_without_heat_all_that_counts_is_blue():
    assert (heat_picture(gray(40, 30), COLD, EVERYWHERE) == BLUE_LEAST).all()


def test_without_a_region_nothing_is_drawn():
    background = noise(40, 30, 1)
    shown = heat_picture(background, some_heat(1), ~EVERYWHERE)
    assert (shown == background).all()


def test_the_palette_runs_from_blue_over_green_and_yellow_to_red():
    strip = palette()
    assert (strip.dtype, strip.shape) == (np.uint8, (1, 256, 3))
    assert strip[0, [0, 63, 102, 255]].tolist() == [
        [255, 0, 0],
        [255, 0, 0],
        [128, 128, 0],
        [0, 0, 255],
    ]
    assert strip[0, 140].tolist() == [1, 254, 0]  # 140 / 255 is just short of 0.55
    assert strip[0, 217].tolist() == [0, 253, 255]  # and 217 / 255 just past 0.85


# --- laws --------------------------------------------------------------------------


@few
@given(sides, sides, seeds)
def test_outside_the_region_every_bit_stays_and_inside_every_pixel_is_covered(rows, columns, seed):
    region = some_region(seed)
    counted, heat = region_on_map(region), some_heat(seed)
    cells = [[(2 * k + 1) * 96 // n for k in range(n)] for n in (rows, columns)]
    inside = counted[np.ix_(*cells)]
    background = noise(rows, columns, seed)
    shown = heat_picture(background, heat, counted)
    assert (shown[~inside] == background[~inside]).all()
    on_black = heat_picture(gray(rows, columns, 0), heat, counted)
    assert (on_black.any(axis=2) == inside).all()


@few
@given(seeds)
def test_every_pixel_is_what_the_contract_says(seed):
    counted = region_on_map(some_region(seed))
    heat = some_heat(seed)
    shown = heat_picture(gray(192, 192, 50), heat, counted)
    shares = heat / max(1, heat[counted].max(initial=0))
    wanted = np.where(counted[..., None], shown_by_hand(50, shares), 50)
    assert np.abs(shown - wanted).max() < 3  # half a level, most of all between yellow and red


def on_black(heat):
    """Each cell's pixel over black, as one number; in the heat's order of cells."""
    pixels = heat_picture(gray(192, 192, 0), heat, EVERYWHERE).reshape(-1, 3)
    return (pixels @ np.array([1, 256, 65536])).tolist()


def test_a_ramp_of_heat_walks_through_the_colours_and_never_back():
    walked = on_black(RAMP)
    changes = [b for a, b in pairwise(walked) if a != b]
    assert len(changes) == len(set(changes)) > 150
    assert (walked[0], walked[-1]) == (64, 128 * 65536)


@few
@given(seeds)
def test_hotter_never_looks_colder(seed):
    places = {pixel: k for k, pixel in enumerate(dict.fromkeys(on_black(RAMP)))}
    heat = some_heat(seed)
    by_heat = np.argsort(heat, axis=None, kind="stable")
    shown = np.array([places[pixel] for pixel in on_black(heat)])
    assert (np.diff(shown[by_heat]) >= 0).all()


@few
@given(sides, sides, seeds)
def test_one_hot_cell_is_red_somewhere_at_any_size(rows, columns, seed):
    heat = COLD.copy()
    heat[tuple(np.random.default_rng(seed).integers(0, 192, 2))] = 1
    shown = heat_picture(gray(rows, columns), heat, EVERYWHERE)
    assert (shown == RED_MOST).all(axis=2).any()


@few
@given(sides, sides, seeds)
def test_heat_where_nothing_counts_does_not_show(rows, columns, seed):
    counted, heat = region_on_map(some_region(seed)), some_heat(seed)
    background = noise(rows, columns, seed)
    with_it = heat_picture(background, heat, counted)
    without = heat_picture(background, np.where(counted, heat, 0), counted)
    more = heat_picture(background, np.where(counted, heat, 10**15), counted)
    assert (with_it == without).all()
    assert (with_it == more).all()


@few
@given(sides, sides, seeds, st.sampled_from([2.0**-1000, 2.0**-40, 2.0**40, 2.0**900]))
def test_the_unit_of_heat_does_not_matter(rows, columns, seed, unit):
    heat = some_heat(seed)
    shown = heat_picture(gray(rows, columns), heat, EVERYWHERE)
    assert (heat_picture(gray(rows, columns), heat * unit, EVERYWHERE) == shown).all()


@few
@given(sides, sides, seeds)
def test_the_same_goes_in_and_the_same_comes_out_and_what_goes_in_stays(rows, columns, seed):
    background, heat = noise(rows, columns, seed), some_heat(seed)
    counted = region_on_map(some_region(seed))
    before = background.copy(), heat.copy(), counted.copy()
    for array in (background, heat, counted):
        array.flags.writeable = False
    first = heat_picture(background, heat, counted)
    assert png(first) == png(heat_picture(*before))
    assert jpeg(first) == jpeg(heat_picture(*before))
    assert all((a == b).all() for a, b in zip((background, heat, counted), before, strict=True))


@few
@given(sides, sides, seeds)
def test_a_png_holds_the_picture_and_nothing_else(rows, columns, seed):
    picture = noise(rows, columns, seed)
    encoded = png(picture)
    assert (cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR) == picture).all()
    assert chunks(encoded) <= {b"IHDR", b"IDAT", b"IEND"}


def chunks(encoded):
    names, at = set(), 8
    while at < len(encoded):
        names.add(encoded[at + 4 : at + 8])
        at += 12 + int.from_bytes(encoded[at : at + 4])
    return names


def test_a_jpeg_looks_like_the_picture_and_is_of_quality_85_unless_told_otherwise():
    picture = heat_picture(gray(120, 160), some_heat(3), EVERYWHERE)
    shown = cv2.imdecode(np.frombuffer(jpeg(picture), np.uint8), cv2.IMREAD_COLOR)
    assert np.abs(shown.astype(int) - picture).mean() < 5
    assert jpeg(picture) == jpeg(picture, 85)
    assert len(jpeg(picture, 30)) < len(jpeg(picture)) < len(jpeg(picture, 100))


def test_what_a_camera_shows_that_has_seen_nothing_says_so_in_white_on_dark_grey():
    picture = no_picture()
    assert picture.shape == (360, 640, 3)
    assert (picture[:100] == 32).all()
    assert (picture[260:] == 32).all()
    # Words in the middle, as far from the left edge as from the right one.
    columns = np.flatnonzero((picture > 200).any(axis=(0, 2)))
    assert 150 < columns[0] < columns[-1] < 490
    assert abs(columns[0] - (639 - columns[-1])) <= 6


def test_a_view_that_is_flipped_is_encoded_as_it_looks():
    picture = noise(6, 8, 1)
    assert png(picture[:, ::-1]) == png(picture[:, ::-1].copy())


@few
@given(sides, sides, seeds)
def test_heat_in_layers_is_the_same_heat(rows, columns, seed):
    background, heat, counted = noise(rows, columns, seed), some_heat(seed), region_on_map(
        some_region(seed)
    )  # fmt: skip
    layered = under_heat(background, heat_layers((rows, columns), heat, counted))
    whole = heat_picture(background, heat, counted)
    assert abs(layered.astype(int) - whole).max() <= 1
    untouched = (whole == background).all() and not counted.any()
    assert not untouched or (layered == background).all()


# --- refusals ----------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(191, 192), (192, 192, 1), (36864,)])
def test_a_map_of_another_shape_is_refused(shape):
    with pytest.raises(PictureError, match=r"^heat is .*, not \(192, 192\)"):
        heat_picture(gray(4, 4), np.zeros(shape), EVERYWHERE)
    with pytest.raises(PictureError, match=r"^counted is .*, not \(192, 192\)"):
        heat_picture(gray(4, 4), COLD, np.ones(shape, bool))


@pytest.mark.parametrize("value", [-1, np.nan, np.inf])
def test_heat_that_is_negative_or_no_number_is_refused(value):
    heat = np.zeros(MAP)
    heat[3, 4] = value
    with pytest.raises(PictureError, match="negative or no number"):
        heat_picture(gray(4, 4), heat, EVERYWHERE)


@pytest.mark.parametrize(
    "picture",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), gray(0, 4), np.zeros((4, 4, 3))],
)
def test_what_is_no_picture_is_refused(picture):
    with pytest.raises(PictureError, match=r"^background is (uint8|float64) \("):
        heat_picture(picture, COLD, EVERYWHERE)
    for encode in (png, jpeg):
        with pytest.raises(PictureError, match=r"^picture is (uint8|float64) \("):
            encode(picture)


@pytest.mark.parametrize("quality", [0, 101, -5])
def test_a_quality_out_of_range_is_refused(quality):
    with pytest.raises(PictureError, match=rf"^quality={quality} is outside 1\.\.100"):
        jpeg(gray(4, 4), quality)
