"""The picture of a report: the scene under a palette from blue to red (REP-03)."""

import itertools
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from conformance import colours, scenes, stage
from conformance.camera import Camera
from conformance.control import Control
from conformance.expect import Expectations, not_checked
from conformance.run import Run
from conformance.scenes import Block, Box
from conformance.stage import Stage, is_filled, week_with_heat
from conformance.streams import pictures

OK = 200
RED, BLUE = 0.0, 240.0
NEAR, UNEVEN = 25.0, 8.0
"""Degrees: to be called red or blue; and that a scene not quite grey shifts a hue by."""
BLOCK = Block(Box(220, 100, 290, 150), from_s=6, until_s=11)
HALF = ("1" * 12 + "0" * 11) * 13


def shown(camera: Camera, expect: Expectations, start: datetime) -> tuple[Any, Any]:
    """The week's map as a picture, and the scene."""
    answer = camera.picture("weekly", start)
    if answer.status == 404:
        not_checked("the device serves no picture of the report where the dialect looks for it")
    expect("the status of the picture", answer.status, OK)
    return colours.decoded(answer.body), colours.decoded(camera.ask("snapshot").body)


def wants_snapshots(camera: Camera, control: Control) -> None:
    """End the check where a snapshot is not what the camera sees now, which is WIRE-04's."""
    scene = control.get("scene")
    control.put("clock", mode="frozen")
    found = []
    try:
        for position_s in (BLOCK.from_s - 2, BLOCK.from_s + 2):
            source = scenes.source([BLOCK])
            control.put("scene", source=source, loop=False, position_s=position_s)
            grey, _ = pictures.jpeg(camera.ask("snapshot").body)
            found.append(pictures.seen(grey, [BLOCK]))
    except pictures.PictureError as error:
        not_checked(f"no snapshot, which is WIRE-04's: {error}")
    finally:
        control.put("scene", source=scene["source"], loop=scene["loop"])
    if found != [[], [0]]:
        not_checked("a snapshot does not show what the camera sees: WIRE-04")


@pytest.mark.requirement("REP-03")
def test_red_is_the_highest_heat_blue_the_lowest_and_it_is_monotone_between(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    start = week_with_heat(run, camera)
    if is_filled(run) and run.control is not None:
        run.control.put("scene", source=stage.SCENE, loop=False)  # which is grey
    picture, scene = shown(camera, expect, start)
    grid = colours.heat_grid(stage.cells(camera, "weekly", start))
    if not grid.any():
        not_checked(f"nothing was recorded in the week from {start}, so nothing is coloured")
    hues = colours.hues(picture, scene, grid)
    if len(hues) < 3 or colours.STEPS not in hues:
        not_checked("too little of the scene is grey to tell the overlay's colours")
    levels = sorted(hues)
    told = ", ".join(f"{step / colours.STEPS:.2f}: {hues[step]:.0f}" for step in levels)
    is_blue, is_red = abs(hues[levels[0]] - BLUE) <= NEAR, abs(hues[levels[-1]] - RED) <= NEAR
    expect.that(
        "hues by share of the most heat, in degrees", told, "the least is blue, 240", is_blue
    )
    expect.that("hues by share of the most heat, in degrees", told, "the most is red, 0", is_red)
    falls = all(hues[b] <= hues[a] + UNEVEN for a, b in itertools.pairwise(levels))
    expect.that(
        "hues by share of the most heat, in degrees", told, "never nearer to blue for more", falls
    )


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-03", level="SHOULD")
def test_the_picture_is_the_scene_under_the_palette(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    wants_snapshots(camera, control)
    Stage(camera, control).filled(*stage.DAYS, now=stage.AFTERWARDS)
    saved = camera.save(region=HALF)
    expect.that("saving half the picture as region", saved.answer.shown, "accepted", saved.accepted)
    picture, scene = shown(camera, expect, stage.WEEK)
    expect("the picture's size and the scene's", picture.shape[:2], scene.shape[:2])
    grid = colours.heat_grid(stage.cells(camera, "weekly", stage.WEEK))
    found, bare = colours.under_cells(picture), colours.under_cells(scene)
    # Well away from the region's edge, whatever a pixel there belongs to.
    left, right = np.arange(192) < 12 * 192 / 23 - 4, np.arange(192) > 12 * 192 / 23 + 4
    changed = np.abs(found - bare)[:, right].max(axis=2)
    share = float((changed > 24).mean())  # a snapshot is a JPEG: edges ring
    expect.that("the share of the picture outside the region that is not the scene's",
                f"{share:.4f}", "under 0.01", share < 0.01)  # fmt: skip
    usable = colours.flat(grid) & left[np.newaxis]
    most = grid[:, : int(12 * 192 / 23)].max()
    for heat in np.unique(grid[usable]).tolist():
        cells = usable & (grid == heat)
        wanted = colours.expected(bare[cells], np.full(int(cells.sum()), heat / most))
        off = np.median(np.abs(found[cells] - wanted), axis=0)
        expect.that(f"the colours over {heat} s of at most {most} s, off by (blue, green, red)",
                    off.tolist(), "at most 8 of 255 each", bool((off <= 8).all()))  # fmt: skip
