"""The region: its grid as text, all and none of it, and that the drawn area is the one used."""

import random

import pytest

from conformance import scenes
from conformance.camera import Camera
from conformance.expect import Expectations
from conformance.run import Run
from conformance.scenes import Block, Box
from conformance.showing import Screen

ROWS, COLUMNS = 13, 23  # REG-03
CELLS = ROWS * COLUMNS
ALL, NONE = "1" * CELLS, "0" * CELLS
LEFT = ("1" * 11 + "0" * 12) * ROWS
RIGHT = ("0" * 11 + "1" * 12) * ROWS
LOWER = "0" * COLUMNS * 6 + "1" * COLUMNS * 7  # where feet are


def expect_kept(camera: Camera, expect: Expectations, text: str) -> None:
    """A region that must be accepted and read back."""
    saved = camera.save(region=text)
    expect.that(f"saving the region {text[:23]}...", saved.answer.shown, "accepted", saved.accepted)
    expect("the region read back", camera.settings()["region"], text)


def one_cell(row: int, column: int) -> str:
    """The region of a single cell: character 23 x row + column."""
    number = COLUMNS * row + column
    return "0" * number + "1" + "0" * (CELLS - number - 1)


# --- its text ------------------------------------------------------------------------------------


@pytest.mark.requirement("REG-03")
def test_the_region_is_299_digits(camera: Camera, expect: Expectations) -> None:
    text = camera.settings().get("region")
    is_so = isinstance(text, str) and len(text) == CELLS and set(text) <= set("01")
    expect.that("the region", text, f"{CELLS} characters 0 or 1", is_so)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-02")
@pytest.mark.parametrize("text", [ALL, NONE], ids=["Select All", "Clear All"])
def test_all_and_none_can_be_saved(camera: Camera, expect: Expectations, text: str) -> None:
    expect_kept(camera, expect, one_cell(6, 11))
    expect_kept(camera, expect, text)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-03")
def test_any_drawing_is_kept_cell_by_cell(run: Run, camera: Camera, expect: Expectations) -> None:
    draw = random.Random(run.seed)  # noqa: S311  # drawings, and to be drawn again by --seed
    drawn = [one_cell(row, column) for row in (0, ROWS - 1) for column in (0, COLUMNS - 1)]
    drawn += ["".join(draw.choice("01") for _ in range(CELLS)) for _ in range(5)]
    for text in drawn:
        expect_kept(camera, expect, text)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-03")
@pytest.mark.parametrize(
    "text",
    [
        *("", "1", ALL[1:], ALL + "1", ALL * 2),
        *(ALL[1:] + "2", ALL[1:] + " ", ALL[1:] + "x", " " + ALL[1:], ALL[1:] + "\u0661"),
        *(None, 1, True, [1] * CELLS),
    ],
    ids=lambda text: f"{str(text)[:3]!a}...{str(text)[-2:]!a} {len(str(text))}",
)
def test_any_other_length_or_character_is_refused(
    camera: Camera, expect: Expectations, text: object
) -> None:
    before = camera.settings()
    saved = camera.save(region=text)
    is_refused = saved.answer.status == 200 and camera.has_failed(saved.answer)
    expect.that("saving such a region", saved.answer.shown, "refused", is_refused)
    expect("the settings after that", camera.settings(), before)


# --- its use -------------------------------------------------------------------------------------


BLOCKS = [Block(Box(top, left, top + 60, left + 50)) for top in (60, 220) for left in (60, 480)]


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-01")
@pytest.mark.parametrize("region", [LEFT, RIGHT, LOWER], ids=["left", "right", "lower"])
def test_the_drawn_area_is_the_one_used(screen: Screen, expect: Expectations, region: str) -> None:
    screen.wants_place()
    found = screen.show(scenes.source(BLOCKS), region=region).cells
    expect.that("map cells with heat", len(found), "some", len(found) > 0)
    outside = sorted(cell for cell in found if not scenes.inside(region, cell))
    expect("map cells with heat outside the region", outside[:10], [])


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-02")
def test_after_clear_all_nothing_is_recorded(screen: Screen, expect: Expectations) -> None:
    seen = screen.show(scenes.source(BLOCKS), region=ALL).cells
    expect.that("map cells with heat, all selected", len(seen), "some", len(seen) > 0)
    found = screen.show(scenes.source(BLOCKS), region=NONE).cells
    expect("map cells with heat, all cleared", sorted(found)[:10], [])


AT_EDGES = [
    Block(Box(4, 300, 26, 340)),
    Block(Box(150, 3, 210, 25)),
    Block(Box(150, 615, 210, 637)),
    Block(Box(296, 300, 356, 340)),
]


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-02")
def test_select_all_is_the_whole_picture(screen: Screen, expect: Expectations) -> None:
    least = scenes.cells(Box(60, 60, 120, 110))
    for block in AT_EDGES:
        found = screen.show(scenes.source([block]), region=ALL).cells
        what = f"map cells with heat of a block at row {block.box.top}, column {block.box.left}"
        expect.that(what, len(found), "some", 0 < len(found) < 2 * len(least))
