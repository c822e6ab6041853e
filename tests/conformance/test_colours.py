"""Which colour lies over which heat: worked examples, and what a picture can't tell."""

import cv2
import numpy as np
import pytest

from conformance import colours
from conformance.colours import PictureError

BLUE, GREEN, YELLOW, RED = (255, 0, 0), (0, 255, 0), (0, 255, 255), (0, 0, 255)


def plain(colour):
    """A picture of one colour, two pixels to a map cell: uint8 (384, 384, 3)."""
    return np.full((384, 384, 3), colour, np.uint8)


def stripes(*values):
    """Heat in four broad stripes from the left: int (192, 192)."""
    return np.repeat(np.array(values), 48)[np.newaxis].repeat(192, axis=0)


def painted(*stripe_colours):
    """A picture of four broad stripes."""
    return np.repeat(np.array(stripe_colours, np.uint8), 96, axis=0)[np.newaxis].repeat(384, 0)


@pytest.mark.parametrize(
    ("colour", "degrees"),
    [(RED, 0), (YELLOW, 60), (GREEN, 120), (BLUE, 240), ((64, 0, 255), -15), ((128, 64, 64), 240)],
)
def test_hues_go_round_from_red_by_green_to_blue(colour, degrees):
    assert colours.hue(np.array(colour, np.float64)) == pytest.approx(degrees, abs=0.5)


@pytest.mark.parametrize(
    ("share", "colour"),
    [  # over black: the palette times its opacity, 64 of 255 at none to 128 at the most
        (0.25, (255 * 80 / 255, 0, 0)),
        (0.40, (127.5 * 89.6 / 255, 127.5 * 89.6 / 255, 0)),
        (0.55, (0, 255 * 99.2 / 255, 0)),
        (0.85, (0, 255 * 118.4 / 255, 255 * 118.4 / 255)),
        (1.00, (0, 0, 128)),
    ],
)
def test_over_black_a_share_of_the_most_heat_has_its_colour(share, colour):
    found = colours.expected(np.zeros((1, 3)), np.array([share]))
    assert found[0].tolist() == pytest.approx(colour)


def test_over_white_the_scene_shines_through_what_the_opacity_leaves():
    (found,) = colours.expected(np.full((1, 3), 255.0), np.array([1.0]))
    assert found.tolist() == pytest.approx([127, 127, 255])


def test_a_heats_hue_is_seen_over_grey():
    half = [(np.array(colour) + 100) // 2 for colour in (BLUE, GREEN, YELLOW, RED)]
    found = colours.hues(painted(*half), plain((100, 100, 100)), stripes(16, 32, 48, 64))
    assert {step: round(hue) for step, hue in found.items()} == {16: 240, 32: 120, 48: 60, 64: 0}


def test_over_a_coloured_scene_or_where_nothing_is_coloured_no_hue_is_told():
    heat = stripes(16, 32, 48, 64)
    shown = painted(BLUE, GREEN, YELLOW, RED)
    assert colours.hues(shown, plain((90, 100, 120)), heat) == {}
    assert colours.hues(plain((100, 100, 100)), plain((100, 100, 100)), heat) == {}


def test_cells_are_flat_two_cells_off_an_edge():
    flat = colours.flat(stripes(1, 1, 2, 2))
    assert np.flatnonzero(~flat[0]).tolist() == [94, 95, 96, 97]
    assert colours.flat(stripes(1, 1, 2, 2), within=1.0).all()


def test_a_cells_pixel_is_the_one_in_its_middle():
    picture = np.zeros((192 * 3, 192 * 5, 3), np.uint8)
    picture[3 * 7 + 1, 5 * 11 + 2] = 9
    found = colours.under_cells(picture)
    assert found.shape == (192, 192, 3)
    assert np.argwhere(found[:, :, 0]).tolist() == [[7, 11]]


def test_a_grid_holds_the_cells_and_else_nothing():
    grid = colours.heat_grid({(3, 190): 7})
    assert (grid.shape, grid[3, 190], grid.sum()) == ((192, 192), 7, 7)


def test_a_picture_is_read_and_what_is_none_is_told():
    coded = cv2.imencode(".png", plain(RED))[1].tobytes()
    assert (colours.decoded(coded) == plain(RED)).all()
    for content in (b"", b"\x89PNG\r\n\x1a\n", coded[:40]):
        with pytest.raises(PictureError, match=f"{len(content)} bytes that are no picture"):
            colours.decoded(content)
