"""Settings: ranges, refusals, all or nothing, reading back, and what outlasts a reboot."""

import pytest

from conformance.camera import Camera
from conformance.expect import Expectations

# SET-02..05: lowest, highest, default. The catalogue's numbers, typed out.
RANGES = {
    "sensitivity": (1, 10, 5),
    "min_object_size": (1, 100, 10),
    "min_dwell": (1, 300, 30),
    "adaptability": (1, 10, 5),
}
RULES = {
    "sensitivity": "SET-02",
    "min_object_size": "SET-03",
    "min_dwell": "SET-04",
    "adaptability": "SET-05",
}
NUMBERS = [pytest.param(name, marks=pytest.mark.requirement(RULES[name])) for name in RANGES]
WHOLE, NOTHING = "1" * 299, "0" * 299  # REG-03


@pytest.mark.parametrize("name", NUMBERS)
def test_is_a_whole_number_within_its_range(
    camera: Camera, expect: Expectations, name: str
) -> None:
    low, high, _ = RANGES[name]
    value = camera.settings().get(name)
    is_within = type(value) is int and low <= value <= high
    expect.that(name, value, f"a whole number {low}..{high}", is_within)


@pytest.mark.needs("reversible")
@pytest.mark.parametrize("name", NUMBERS)
def test_both_ends_of_its_range_are_kept(camera: Camera, expect: Expectations, name: str) -> None:
    low, high, _ = RANGES[name]
    for value in (low, high, (low + high) // 2):
        saved = camera.save(**{name: value})
        expect.that(f"saving {name}={value}", saved.answer.shown, "accepted", saved.accepted)
        expect(f"{name} read back", camera.settings()[name], value)


@pytest.mark.needs("reversible")
@pytest.mark.parametrize("name", NUMBERS)
def test_the_next_value_outside_its_range_is_refused(
    camera: Camera, expect: Expectations, name: str
) -> None:
    low, high, _ = RANGES[name]
    before = camera.settings()
    for value in (low - 1, high + 1, -1, 10**6):
        saved = camera.save(**{name: value})
        expect.that(f"saving {name}={value}", saved.answer.shown, "refused", not saved.accepted)
        expect(f"{name} after {value} was refused", camera.settings()[name], before[name])
