"""Faults: which strike when, how they end by themselves, and what can't be ordered."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.faults import (
    KINDS,
    OCCASIONS,
    Choice,
    FaultError,
    caught_up,
    decide,
    draw,
    order,
    table,
)

DOCS = Path(__file__).parents[2] / "docs/control.md"

# --- worked examples ---------------------------------------------------------------------


def ask(active, times, occasion="request", now_s=0.0, path="/"):
    """On which of so many occasions something struck, and the faults afterwards."""
    struck = []
    for _ in range(times):
        active, strikes = decide(active, occasion, now_s, path)
        struck.append([fault.number for fault in strikes])
    return struck, active


def test_a_fault_without_limits_strikes_every_time():
    struck, active = ask((order(7, "latency", {}),), 3)
    assert struck == [[7], [7], [7]]
    assert (active[0].asked, active[0].struck) == (3, 3)


def test_a_counted_fault_strikes_so_often_and_is_over():
    struck, active = ask((order(1, "status", {"status": 500}, count=2),), 4)
    assert struck == [[1], [1], [], []]
    assert active == ()


def test_a_fault_ends_at_its_instant():
    one = (order(1, "reset", {}, until_s=10.0),)
    assert ask(one, 1, now_s=9.999)[0] == [[1]]
    assert ask(one, 1, now_s=10.0) == ([[]], ())


def test_a_fault_strikes_only_its_own_occasions_and_paths():
    faulty = (order(1, "status", {}, path="/dataloader.cgi"), order(2, "video-lost", {}))
    assert ask(faulty, 1, path="/dataloader.cgi")[0] == [[1]]
    assert ask(faulty, 1, path="/snapshot.cgi")[0] == [[]]
    assert ask(faulty, 1, occasion="picture")[0] == [[2]]
    assert ask(faulty, 1, occasion="picture")[1][0].asked == 0


def test_several_faults_strike_together_in_the_order_of_their_beginning():
    assert ask((order(1, "latency", {}), order(2, "status", {})), 1)[0] == [[1, 2]]


def test_a_parameter_that_is_left_out_has_its_default():
    assert order(1, "status", {}).parameters == {"status": 503}
    assert order(1, "nas", {"number": 2}).parameters == {"state": "gone", "number": 2}


@pytest.mark.parametrize(
    ("seed", "number", "digits"),
    [  # printf SEED:NUMBER | sha256sum, the first 12 hex digits
        (0, 0, 0xAC72368A586A),
        (1, 2, 0x673AEEB08CFB),
        (4294967295, 99, 0xCD5BD09C3AB6),
    ],
)
def test_the_draws_of_a_seed_are_these(seed, number, digits):
    assert draw(seed, number) == digits / 2**48


def test_a_fault_of_seconds_strikes_at_once_and_then_once_a_second():
    one = order(1, "refuse", {}, began_s=100.0)
    for now_s, strikes, asked in ((100.0, 1, 1), (100.9, 0, 1), (101.0, 1, 2), (104.5, 3, 5)):
        one, new = caught_up(one, now_s, 0)
        assert (new, one.asked, one.holds) == (strikes, asked, True)


def test_the_last_second_of_a_counted_fault_lasts_as_long_as_any():
    one, _ = caught_up(order(1, "refuse", {}, began_s=100.0, count=1), 100.0, 0)
    assert one.holds
    assert not one.is_over(100.9)
    one, new = caught_up(one, 101.0, 0)
    assert (new, one.holds, one.is_over(101.0)) == (0, False, True)


def test_a_fault_of_minutes_goes_by_the_film():
    one = order(1, "clock-jump", {}, began_ms=30_000)
    one, new = caught_up(one, 0.0, 30_000)
    assert new == 1
    one, new = caught_up(one, 0.0, 89_999)
    assert new == 0
    one, new = caught_up(one, 0.0, 210_000)
    assert new == 3


def test_a_counted_fault_of_minutes_is_over_with_its_last_strike():
    one, new = caught_up(order(1, "clock-skew", {}, count=2), 0.0, 600_000)
    assert (new, one.is_over(0.0)) == (2, True)


# --- laws --------------------------------------------------------------------------------

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(0, 10**6))
def test_a_draw_lies_in_0_to_1_and_is_always_the_same(seed, number):
    assert 0 <= draw(seed, number) < 1
    assert draw(seed, number) == draw(seed, number)


@given(seeds, st.floats(0, 1), st.integers(0, 60), st.none() | st.integers(1, 20))
def test_strikes_depend_on_the_seed_alone_and_never_exceed_the_count(
    seed, probability, times, count
):
    one = (order(1, "reset", {}, seed=seed, probability=probability, count=count),)
    struck, _ = ask(one, times)
    hits = [bool(strike) for strike in struck]
    assert sum(hits) <= (times if count is None else count)
    expected = [draw(seed, number) < probability for number in range(times)]
    last = len(expected) if count is None else nth(expected, count)
    assert hits == expected[:last] + [False] * (times - last)


def nth(hits, count):
    """How many occasions there are up to the `count`-th hit."""
    found = [index for index, hit in enumerate(hits) if hit]
    return found[count - 1] + 1 if len(found) >= count else len(hits)


@given(seeds, st.lists(st.floats(0, 30), max_size=20).map(sorted), st.integers(1, 10))
def test_it_does_not_matter_how_often_a_fault_of_seconds_is_looked_at(seed, looks, count):
    begun = order(1, "sd", {}, seed=seed, probability=0.5, count=count)
    one, strikes = begun, 0
    for now_s in looks:
        one, new = caught_up(one, now_s, 0)
        strikes += new
    at_once, all_strikes = caught_up(begun, looks[-1] if looks else 0.0, 0)
    if looks:
        assert strikes == all_strikes
        assert one == at_once


def test_half_a_chance_is_taken_about_half_the_time():
    hits = sum(draw(5, number) < 0.5 for number in range(10_000))
    assert 4_800 < hits < 5_200


# --- the registry ------------------------------------------------------------------------


def test_every_fault_that_the_issue_names_is_there():
    assert set(KINDS) == {
        *("latency", "status", "reset", "truncate", "drip", "unauthorized", "reboot", "refuse"),
        *("video-lost", "clock-jump", "clock-skew", "sd", "nas", "flash-full"),
    }
    assert {kind.occasion for kind in KINDS.values()} <= set(OCCASIONS)


def test_every_default_is_within_its_own_limits():
    for kind in KINDS.values():
        defaults = order(1, kind.name, {}).parameters
        assert order(1, kind.name, defaults).parameters == defaults


def test_the_docs_hold_the_registrys_table():
    assert table() in DOCS.read_text()


# --- refusals ----------------------------------------------------------------------------


def test_an_unknown_fault_is_refused_by_name():
    with pytest.raises(FaultError, match="fault 'lag' is unknown; there are latency, status"):
        order(1, "lag", {})


def test_an_unknown_parameter_is_refused_by_name():
    with pytest.raises(FaultError, match="latency has no parameter 'ms'; there are seconds"):
        order(1, "latency", {"ms": 5})
    with pytest.raises(FaultError, match="reset has no parameter 'ms'; it takes none"):
        order(1, "reset", {"ms": 5})


@pytest.mark.parametrize("value", [399, 600, "503", float("nan")])
def test_a_number_out_of_its_range_is_refused(value):
    with pytest.raises(FaultError, match=r"status=.* is outside 400\.\.599"):
        order(1, "status", {"status": value})


def test_a_word_that_is_no_choice_is_refused():
    states = KINDS["sd"].parameters["state"]
    assert isinstance(states, Choice)
    with pytest.raises(FaultError, match="state='lost' is not one of gone, slow"):
        order(1, "sd", {"state": "lost"})
