"""Who is in a fleet: rounding, identities, and documents that are refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core import gating
from emulator.edge import fixtures
from emulator.fleet import plan
from emulator.fleet.plan import PlanError

FAMILIES = gating.series_table(fixtures.models())

# --- worked examples ---


def test_shares_of_ten_cameras_are_rounded_by_the_largest_remainder():
    # 4.7, 2.6, 2.7: whole parts 4, 2, 2, and the two left go to the remainders .7 and .7.
    shares = [Fraction(47, 100), Fraction(26, 100), Fraction(27, 100)]
    assert plan.apportioned(shares, 10) == [5, 2, 3]


def test_counts_come_first_and_shares_are_of_the_rest():
    document = {
        "cameras": 103,
        "group": [
            {"count": 3, "model": "MS-C5365-PB", "source": "scene:shop"},
            {"share": 0.4, "model": "MS-C2972-RFPE", "firmware": "61.8.0.3-r8"},
            {"share": 0.6, "settings": {"min_dwell": 60, "region": "none"}},
        ],
    }
    members = plan.read(document, FAMILIES)
    models = [member.identity.model for member in members]
    assert [models.count(one) for one in ("MS-C5365-PB", "MS-C2972-RFPE", "MS-C8165-PE")] == [
        *(3, 40, 60)
    ]
    assert members[0].group.source == "scene:shop"
    assert members[-1].group.settings.min_dwell == 60
    assert members[3].group.settings.min_dwell == 30


def test_a_camera_alone_may_have_numbers_of_its_own():
    row = {"count": 1, "serial": "ABCDEFGHIJKLMNOPQ", "mac": "02:aa:00:00:00:01"}
    (member,) = plan.read({"group": [row]}, FAMILIES)
    assert member.identity.serial == "ABCDEFGHIJKLMNOPQ"
    assert member.identity.mac == "02:AA:00:00:00:01"


# --- laws ---


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8), st.integers(0, 2000))
def test_all_cameras_are_given_out_and_none_is_a_whole_one_from_its_share(weights, total):
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    counts = plan.apportioned(shares, total)
    assert sum(counts) == total
    assert all(abs(count - share * total) < 1 for count, share in zip(counts, shares, strict=True))


@pytest.mark.parametrize("seed", [0, 1])
def test_no_two_cameras_are_one_and_the_same_fleet_comes_again(seed):
    document = {"seed": seed, "group": [{"count": 10_000}]}
    members = plan.read(document, FAMILIES)
    assert len({member.identity.serial for member in members}) == 10_000
    assert len({member.identity.mac for member in members}) == 10_000
    assert members == plan.read(document, FAMILIES)


def test_fleets_of_two_seeds_have_no_camera_in_common():
    one, other = (
        {m.identity.serial for m in plan.read({"seed": s, "group": [{"count": 500}]}, FAMILIES)}
        for s in (1, 2)
    )
    assert not one & other


# --- refusals ---

TWIN = {"count": 1, "serial": "ABCDEFGHIJKLMNOPQ"}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"group": [TWIN, TWIN]}, "cameras 1 and 2 have one serial, ABCDEFGHIJKLMNOPQ"),
        (
            {"group": [{"count": 1, "mac": "02:00:00:00:00:01"}, {"count": 1}]},
            "cameras 1 and 2 have one mac, 02:00:00:00:00:01",
        ),
        ({"group": [{"count": 2, "serial": "A" * 17}]}, "group 1: a serial or mac is one camera's"),
        ({"group": [{"count": 1, "serial": "abc"}]}, "group 1: serial='abc' is not 17 of"),
        ({"group": []}, "no [[group]]"),
        ({"group": [{"count": 0}]}, "group 1: count=0 is outside 1..10000"),
        ({"group": [{"count": 1, "modell": "X"}]}, "group 1: 'modell' is unknown; there is model"),
        ({"group": [{"share": 0.5}]}, "a share is of `cameras`, which is missing"),
        ({"cameras": 10, "group": [{"share": 0.5}]}, "shares add up to 0.5, not 1"),
        ({"cameras": 10, "group": [{"count": 4}]}, "counts add up to 4, but cameras=10"),
        ({"cameras": 10, "group": [{"count": 4, "share": 1}]}, "group 1 needs a count or a share"),
        ({"group": [{"count": 1, "settings": {"min_dwel": 3}}]}, "'min_dwel' is unknown"),
        ({"group": [{"count": 1, "settings": {"min_dwell": 301}}]}, "min_dwell=301"),
        ({"group": [{"count": 1, "model": "toaster"}]}, "toaster"),
        ({"seed": "x", "group": [{"count": 1}]}, "seed='x' is no whole number"),
        ({"seed": -1, "group": [{"count": 1}]}, "seed=-1"),
        ({"seed": 2**24, "group": [{"count": 1}]}, "seed=16777216"),
    ],
)
def test_a_fleet_that_cannot_be_is_refused_by_name(document, told):
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # of one of three modules
        plan.read(document, FAMILIES)
    assert told in str(refused.value)
    assert type(refused.value).__module__.startswith("emulator.")


@pytest.mark.parametrize("count", [0, 10_001])
def test_too_few_or_too_many_are_refused(count):
    with pytest.raises(PlanError, match=r"outside 1\.\.10000"):
        plan.of_one_kind(count)
