"""Requests that nobody typed out, over all chapters: each check blames its own rule alone."""

from typing import Any

import pytest

from conformance.camera import Camera
from conformance.documented import RANGES, RULES
from conformance.expect import Expectations
from conformance.fuzz import drawing
from conformance.fuzz.hunting import Hunt
from conformance.run import Run

NUMBERS = [pytest.param(name, marks=pytest.mark.requirement(RULES[name])) for name in RANGES]


def rules(*ids: str) -> list[Any]:
    """One check for each of these rules."""
    return [pytest.param(rule, marks=pytest.mark.requirement(rule)) for rule in ids]


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.needs("reversible")
@pytest.mark.parametrize("name", NUMBERS)
def test_any_number_in_its_range_is_kept_and_any_other_refused(
    run: Run, camera: Camera, expect: Expectations, name: str
) -> None:
    hunt = Hunt(run, f"numbers-{name}", {RULES[name]})
    hunt.search(expect, drawing.around(name), writes=True)


@pytest.mark.needs("reversible")
@pytest.mark.parametrize("rule", rules("SET-06", "SET-07"))
def test_in_any_order_what_is_accepted_is_kept_and_what_is_refused_changes_nothing(
    run: Run, camera: Camera, expect: Expectations, rule: str
) -> None:
    Hunt(run, f"mixed-{rule}", {rule}).search(expect, drawing.mixed(), writes=True)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-03")
def test_any_text_is_a_region_or_is_refused(run: Run, camera: Camera, expect: Expectations) -> None:
    Hunt(run, "regions", {"REG-03"}).search(expect, drawing.regions(), writes=True)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SCH-02")
def test_any_list_is_a_schedule_or_is_refused(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    Hunt(run, "schedules", {"SCH-02"}).search(expect, drawing.schedules(), writes=True)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-06", level="SHOULD")
def test_any_text_in_an_old_clients_query_is_a_number_or_is_refused(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    Hunt(run, "queries", {"SET-06"}).search(expect, drawing.queries(), writes=True)


# --- reports -------------------------------------------------------------------------------------


@pytest.mark.requirement("REP-07")
def test_from_any_start_a_report_has_its_rows(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    Hunt(run, "report-rows", {"REP-07"}).search(expect, drawing.right_reports(), writes=False)


@pytest.mark.requirement("REP-09")
def test_what_can_not_be_read_or_was_never_recorded_is_an_empty_report(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    Hunt(run, "report-empty", {"REP-09"}).search(expect, drawing.empty_reports(), writes=False)


@pytest.mark.requirement("WIRE-02")
def test_any_query_at_all_is_answered_in_the_form_of_a_report(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    Hunt(run, "report-form", {"WIRE-02"}).search(expect, drawing.any_reports(), writes=False)
