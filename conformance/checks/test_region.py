"""The region: its grid as text, all and none of it, and that the drawn area is the one used."""

import math
import random

import pytest

from conformance import forms
from conformance.camera import Camera
from conformance.control import Control
from conformance.expect import Expectations
from conformance.run import Run

ROWS, COLUMNS, MAP_SIDE = 13, 23, 192  # REG-03, WIRE-02
CELLS = ROWS * COLUMNS
ALL, NONE = "1" * CELLS, "0" * CELLS
LEFT = ("1" * 11 + "0" * 12) * ROWS
RIGHT = ("0" * 11 + "1" * 12) * ROWS
LOWER = "0" * COLUMNS * 6 + "1" * COLUMNS * 7  # where feet are

WALKS = "scene:crossing-4"
DAY = "2026-03-04"


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


def cells_with_heat(
    camera: Camera, control: Control, expect: Expectations, region: str
) -> set[tuple[int, int]]:
    """Where in the map a scene leaves heat under a region, (row, column), all else equal."""
    control.post("reset")
    saved = camera.save(
        enable=1, sensitivity=5, min_object_size=1, min_dwell=300, adaptability=5, region=region
    )
    expect.that("saving the region", saved.answer.shown, "accepted", saved.accepted)
    control.play(WALKS, now=f"{DAY}T05:00:00")
    return set(forms.space_map(camera.space_report("daily", f"{DAY}-05:00:00").text).cells)


def is_inside(region: str, cell: tuple[int, int]) -> bool:
    """Whether the centre of a map cell lies in a region."""
    row, column = (
        math.floor((n + 0.5) * side / MAP_SIDE)
        for n, side in zip(cell, (ROWS, COLUMNS), strict=True)
    )
    return region[COLUMNS * row + column] == "1"


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-01")
@pytest.mark.parametrize("region", [LEFT, RIGHT, LOWER], ids=["left", "right", "lower"])
def test_the_drawn_area_is_the_one_used(
    camera: Camera, control: Control, expect: Expectations, region: str
) -> None:
    found = cells_with_heat(camera, control, expect, region)
    expect.that("map cells with heat", len(found), "some", len(found) > 0)
    outside = sorted(cell for cell in found if not is_inside(region, cell))
    expect("map cells with heat outside the region", outside[:10], [])


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-02")
def test_after_clear_all_nothing_is_recorded(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    seen = cells_with_heat(camera, control, expect, ALL)
    expect.that("map cells with heat, all selected", len(seen), "some", len(seen) > 0)
    found = cells_with_heat(camera, control, expect, NONE)
    expect("map cells with heat, all cleared", sorted(found)[:10], [])
