"""What leaves no heat: an empty scene, noise and a slow change of light."""

from typing import Any

import pytest

from conformance import scenes
from conformance.expect import Expectations
from conformance.showing import Screen

pytestmark = pytest.mark.needs("reversible")

ALMOST_NONE_S = 1  # CHOICE: of a minute, what a stay's two ends may be off
EMPTY_S = 60
NOTHING: dict[str, dict[str, Any]] = {
    "empty": {},
    "noise": {"noise": [{"at_s": 5, "sigma": 2}, {"at_s": 45, "sigma": 8}]},
    "slow light": {"brightness": [{"at_s": 15, "gain": 0.7}, {"at_s": 45, "gain": 1.3}]},
}


@pytest.mark.requirement("BEH-07")
@pytest.mark.parametrize("what", NOTHING)
@pytest.mark.parametrize("sensitivity", [5, 10])
def test_where_nothing_is_there_is_almost_no_heat(
    screen: Screen, expect: Expectations, what: str, sensitivity: int
) -> None:
    heat = screen.show(scenes.source(length_s=EMPTY_S, **NOTHING[what]), sensitivity=sensitivity)
    expect.that(
        f"heat of a minute of nothing ({what})",
        f"{heat.seconds} s",
        f"at most {ALMOST_NONE_S} s",
        heat.seconds <= ALMOST_NONE_S,
    )
