"""BEH-03: stays longer than Min. Dwell Time are not recorded, or, as-named, shorter ones."""

import pytest
from played import flat, play, scene, settings

from emulator.core.scenes.truth import truth
from emulator.core.settings import HeatSettings

LIMITS = (5, 8, 12)  # s
NEAR_MS = 500


def stays_around_the_limits():
    """Who pops up inside the picture and is gone after 0.5 s less or more than a limit."""
    visits = []
    for place, limit in enumerate(LIMITS):
        route = {"pauses": [{"at": 0.5, "s": limit - 4}], "route": f"place {place}"}
        first = {"at_s": 5, "pace_s": 3.5, "clothes": "dark"}  # limit - 0.5 s in all
        then = {"at_s": 21, "pace_s": 4.5, "clothes": "bright"}  # limit + 0.5 s
        visits += [first | route, then | route]
    routes = [
        {"name": f"place {place}", "points": [[0, x, 0.8], [1, x + 0.08, 0.82]]}
        for place, x in enumerate((0.15, 0.45, 0.75))
    ]
    worn = [flat("dark", 50), flat("bright", 220)]
    return scene(length_s=35, route=routes, clothes=worn, visit=visits)


@pytest.fixture(scope="module")
def found():
    both = [(kind, limit) for kind in ("documented", "as-named") for limit in LIMITS]
    played = play(
        stays_around_the_limits(),
        [settings(min_dwell=limit, dwell_semantics=kind) for kind, limit in both],
    )
    return dict(zip(both, played, strict=True))


def test_the_scene_has_stays_half_a_second_off_each_limit():
    lasted = [
        stay.end_ms - stay.start_ms
        for stay in truth(stays_around_the_limits(), HeatSettings(min_dwell=300)).stays
    ]
    assert sorted(lasted) == [4500, 5500, 7500, 8500, 11_500, 12_500]


@pytest.mark.parametrize("limit", LIMITS)
def test_longer_stays_are_not_recorded_and_others_are(found, limit):
    played = found["documented", limit]
    recorded_s = {5: [4.5], 8: [4.5, 5.5, 7.5], 12: [4.5, 5.5, 7.5, 8.5, 11.5]}[limit]
    assert sorted(played.recorded_s) == [pytest.approx(s, abs=0.25) for s in recorded_s]
    assert {recorded for *_, recorded in played.stays} == {"yes", "longer"}
    assert len(played.stays) == 6
    assert played.presence_ms == pytest.approx(1000 * sum(played.recorded_s))


@pytest.mark.parametrize("limit", LIMITS)
def test_as_named_shorter_stays_are_not_recorded_and_others_are(found, limit):
    played = found["as-named", limit]
    recorded_s = {5: [5.5, 7.5, 8.5, 11.5, 12.5], 8: [8.5, 11.5, 12.5], 12: [12.5]}[limit]
    assert sorted(played.recorded_s) == [pytest.approx(s, abs=0.25) for s in recorded_s]
    assert {recorded for *_, recorded in played.stays} == {"yes", "shorter"}
    assert len(played.stays) == 6
    assert played.presence_ms == pytest.approx(1000 * sum(played.recorded_s))


@pytest.mark.parametrize("limit", LIMITS)
def test_what_one_meaning_records_the_other_drops(found, limit):
    documented, named = (found[kind, limit] for kind in ("documented", "as-named"))
    kept = [{stay[:2] for stay in one.stays if stay[2] == "yes"} for one in (documented, named)]
    assert not kept[0] & kept[1]
    assert kept[0] | kept[1] == {stay[:2] for stay in documented.stays}
