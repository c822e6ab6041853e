"""From checks to requirements to an exit code: examples from the contract, then laws."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.catalogue import load, select
from conformance.verdict import (
    EXIT_CODES,
    Claim,
    Ending,
    Outcome,
    Verdict,
    counts,
    exit_code,
    roll_up,
)

OFFERED = Claim(True, "it has it")
NOT_OFFERED = Claim(False, "a PTZ")
UNDOCUMENTED = Claim(None, "undocumented series")
PASS, FAIL, NOT_CHECKED, WAIVED = Verdict.PASS, Verdict.FAIL, Verdict.NOT_CHECKED, Verdict.WAIVED
ALL = load()


def outcome(verdict, *requirements, **more):
    ids = requirements or ("SET-04",)
    return Outcome(name="n", requirements=ids, verdict=verdict, reason=f"it {verdict}", **more)


def rows(*outcomes, only=("SET-04",), claim=OFFERED):
    return roll_up(select(ALL, only), outcomes, claim)


def verdict_of(*outcomes, claim=OFFERED):
    (row,) = rows(*outcomes, claim=claim)
    return row.verdict


# --- a requirement -------------------------------------------------------------------------------


def test_all_checks_passed_is_a_pass():
    assert verdict_of(outcome(PASS), outcome(PASS)) is PASS


def test_one_failed_check_is_a_failure_whatever_the_others_did():
    assert verdict_of(outcome(PASS), outcome(NOT_CHECKED), outcome(FAIL), outcome(WAIVED)) is FAIL


def test_one_unchecked_check_and_it_is_not_passed():
    (row,) = rows(outcome(PASS), outcome(NOT_CHECKED))
    assert (row.verdict, row.reason) == (NOT_CHECKED, "1 of 2 checks: it not checked")


def test_a_waived_failure_is_waived():
    assert verdict_of(outcome(PASS), outcome(WAIVED)) is WAIVED


def test_checks_that_do_not_apply_do_not_count():
    assert verdict_of(outcome(PASS), outcome(NOT_CHECKED, applies=False)) is PASS
    (row,) = rows(outcome(NOT_CHECKED, applies=False))
    assert (row.verdict, row.applies) == (NOT_CHECKED, False)


def test_a_requirement_without_a_check_says_so():
    (row,) = rows(only=["WIRE-03"])
    assert (row.verdict, row.reason) == (NOT_CHECKED, "no check was run")


@pytest.mark.parametrize(
    ("claim", "verdict"), [(NOT_OFFERED, Verdict.NOT_OFFERED), (UNDOCUMENTED, NOT_CHECKED)]
)
def test_what_onvif_finds_in_a_camera_without_the_function_is_listed_and_judges_nothing(
    claim, verdict
):
    found = [outcome(FAIL, "WIRE-03"), outcome(PASS, "WIRE-03"), outcome(NOT_CHECKED, "WIRE-03")]
    (row,) = all_rows = rows(*found, only=["WIRE-03"], claim=claim)
    assert (row.verdict, row.checks) == (verdict, tuple(found))
    assert row.reason == f"{claim.reason}; 1 of 3 checks for any ONVIF camera failed"
    assert exit_code(all_rows, Ending(strict=True)) == 5


def test_what_onvif_finds_in_a_camera_with_the_function_is_its_verdict():
    (row,) = all_rows = rows(outcome(FAIL, "WIRE-03"), only=["WIRE-03"])
    assert row.verdict is FAIL
    assert (exit_code(all_rows, Ending()), exit_code(all_rows, Ending(strict=True))) == (0, 1)


def test_a_device_without_the_function_never_passes():
    assert verdict_of(outcome(PASS), claim=NOT_OFFERED) is Verdict.NOT_OFFERED
    assert verdict_of(outcome(FAIL), claim=NOT_OFFERED) is FAIL


def test_an_undocumented_series_is_never_judged():
    (row,) = rows(claim=UNDOCUMENTED)
    assert (row.verdict, row.reason) == (NOT_CHECKED, "undocumented series")


def test_the_should_part_of_a_must_is_a_row_of_its_own():
    found = rows(outcome(PASS, "SET-01"), outcome(FAIL, "SET-01", level="SHOULD"), only=["SET-01"])
    assert [(row.level, row.verdict) for row in found] == [("MUST", PASS), ("SHOULD", FAIL)]


# --- a run ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "outcomes", "ending"),
    [
        (0, [outcome(PASS)], Ending()),
        (0, [outcome(PASS), outcome(FAIL, "WIRE-01")], Ending()),
        (1, [outcome(PASS), outcome(FAIL, "WIRE-01")], Ending(strict=True)),
        (0, [outcome(PASS), outcome(NOT_CHECKED, "SET-02")], Ending()),
        (1, [outcome(PASS), outcome(NOT_CHECKED, "SET-02")], Ending(strict=True)),
        (1, [outcome(FAIL)], Ending()),
        (1, [outcome(PASS)], Ending(waiver_problems=["stale"])),
        (3, [outcome(FAIL)], Ending(unreachable="gone")),
        (4, [outcome(FAIL)], Ending(restored=False, interrupted=True, unreachable="gone")),
        (130, [outcome(FAIL)], Ending(interrupted=True)),
        (5, [outcome(NOT_CHECKED)], Ending()),
        (5, [], Ending()),
    ],
)
def test_the_exit_code_is_the_contracts(code, outcomes, ending):
    assert exit_code(rows(*outcomes, only=["SET-04", "SET-02", "WIRE-01"]), ending) == code


def test_a_strict_run_does_not_count_what_does_not_apply():
    found = rows(outcome(PASS))
    found += rows(outcome(NOT_CHECKED, "SET-02", applies=False), only=["SET-02"])
    assert exit_code(found, Ending(strict=True)) == 0


def test_a_device_without_the_function_ends_with_5_though_its_gate_passed():
    found = rows(outcome(PASS, "GATE-02"), only=["gate", "settings"], claim=NOT_OFFERED)
    assert exit_code(found, Ending()) == 5


def test_a_device_that_has_what_it_may_not_have_ends_with_1():
    found = rows(outcome(FAIL, "GATE-02"), only=["gate", "settings"], claim=NOT_OFFERED)
    assert exit_code(found, Ending()) == 1


# --- laws ----------------------------------------------------------------------------------------

outcomes = st.builds(
    outcome,
    st.sampled_from([PASS, FAIL, NOT_CHECKED, WAIVED]),
    st.sampled_from(list(ALL)),
    applies=st.booleans(),
    level=st.sampled_from([None, "MUST", "SHOULD"]),
)
claims = st.sampled_from([OFFERED, NOT_OFFERED, UNDOCUMENTED])


@given(st.lists(outcomes), claims)
def test_every_requirement_gets_a_verdict_and_every_row_is_counted(found, claim):
    made = roll_up(ALL, found, claim)
    assert list(dict.fromkeys(row.requirement.id for row in made)) == list(ALL)
    assert sum(sum(row.values()) for row in counts(made).values()) == len(made)


@given(st.lists(outcomes), claims)
def test_the_order_of_checks_decides_nothing(found, claim):
    def told(order):
        made = roll_up(ALL, order, claim)
        return {(row.requirement.id, row.level): row.verdict for row in made}

    assert told(found) == told(found[::-1])


@given(st.lists(outcomes), outcomes, claims)
def test_one_more_check_never_turns_a_failure_into_anything_else(found, more, claim):
    def failed(checks):
        made = roll_up(ALL, checks, claim)
        return {(r.requirement.id, r.level) for r in made if r.verdict is FAIL and r.applies}

    applying = [replace(one, applies=True) for one in found]
    assert failed(applying) <= failed([*applying, more])


@given(st.lists(outcomes), claims, st.builds(Ending, restored=st.booleans(), strict=st.booleans()))
def test_a_run_ends_with_a_known_code_and_4_whenever_the_device_is_not_as_it_was(
    found, claim, ending
):
    code = exit_code(roll_up(ALL, found, claim), ending)
    assert code in EXIT_CODES
    assert (code == 4) == (not ending.restored)
