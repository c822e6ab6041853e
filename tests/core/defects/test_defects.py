"""Each defect does what its line says and nothing else; without any all rules are right."""

import re
import tomllib
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core import gating
from emulator.core.defects import DEFECTS, DefectError, known, policy, table
from emulator.core.localtime import to_instant
from emulator.core.policy import RIGHT, Policy
from emulator.core.reports.period import KINDS
from emulator.core.schedule import ALWAYS, NEVER, Schedule, read_day
from emulator.core.settings import NAMED, HeatSettings, SettingError
from emulator.edge import fixtures

ROOT = Path(__file__).parents[3]
KOLKATA = ZoneInfo("Asia/Kolkata")  # 5:30 ahead of UTC
FAMILIES = gating.series_table(fixtures.models())
SOME = HeatSettings(enable=1, sensitivity=7, min_dwell=45)
SHOP = Schedule((read_day("08:00:09:00;" + "00:00:00:00;" * 9),) * 7)
STARTS = st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1))
RULES = [field.name for field in fields(Policy)]


def with_it(name):
    return policy([name])


def days(kind, start, buckets):
    """The days on which a report's rows begin, of a start as text."""
    return [str(bucket.start.date()) for bucket in buckets(kind, start, UTC).buckets]


WEB = "emulator/edge/pages/web"

# --- the registry --------------------------------------------------------------------------------


def test_without_a_defect_every_rule_is_right():
    assert policy([]) == RIGHT == Policy()


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_spoils_the_rules_that_it_names_and_no_others(name):
    spoiled, right = with_it(name), RIGHT
    changed = {rule for rule in RULES if getattr(spoiled, rule) != getattr(right, rule)}
    assert changed == set(DEFECTS[name].spoils) != set()


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_told_in_a_line_and_breaks_requirements_of_the_catalogue(name):
    defect = DEFECTS[name]
    catalogue = tomllib.loads((ROOT / "conformance/requirements.toml").read_text())
    assert re.fullmatch("[a-z][a-z0-9-]{2,30}", name)
    assert re.fullmatch(r"[A-Z][^\n]{10,90}\.", defect.about)
    assert defect.breaks
    assert set(defect.breaks) <= {row["id"] for row in catalogue["requirement"]}


@pytest.mark.parametrize("name", [one for one in DEFECTS if "script" in DEFECTS[one].spoils])
def test_a_defect_of_the_pages_changes_one_line_of_each_script_that_it_spoils(name):
    serve = with_it(name).script
    changed = []
    for file in (ROOT / WEB).glob("*.js"):
        right = file.read_text().splitlines()
        wrong = serve(file.name, file.read_text()).splitlines()
        changed.append(sum(one != other for one, other in zip(right, wrong, strict=True)))
    assert sum(changed) == (2 if name == "viewer-saves" else 1)
    assert max(changed) == 1


def test_an_unknown_defect_is_refused_with_those_there_are():
    with pytest.raises(DefectError) as refused:
        policy(["month-short", "moth-short"])
    said = str(refused.value)
    assert said.startswith(f"defect 'moth-short' is unknown; there are {next(iter(DEFECTS))}, ")
    assert all(name in said for name in DEFECTS)


def test_defects_come_in_the_registrys_order_and_once():
    names = ["clamped-value", "gating-r6", "clamped-value"]
    assert [defect.name for defect in known(names)] == ["gating-r6", "clamped-value"]


def test_two_defects_of_one_rule_are_both_there():
    both = policy(["week-from-monday", "month-short"])
    assert days("weekly", datetime(2026, 3, 4), both.time_period)[0] == "2026-03-02"
    assert len(days("monthly", datetime(2026, 3, 4), both.time_period)) == 30
    narrow_and_clamped = policy(["range-off-by-one", "clamped-value"])
    with pytest.raises(SettingError):
        narrow_and_clamped.change(SOME, [("mintime", 0)])  # the nearest one is refused


def test_the_docs_hold_the_table():
    assert table() in (ROOT / "docs/defects.md").read_text()


# --- settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [one for one in DEFECTS if "change" in DEFECTS[one].spoils])
def test_whatever_is_sent_a_defective_camera_takes_it_or_refuses_it(name):
    change = with_it(name).change
    for key in (row.key for row in NAMED.values() if row.key):
        for value in ([], {}, None, "", "x", 1.5, True, -1, 10**30):
            with suppress(SettingError):
                change(SOME, [(key, value)])


def test_a_range_off_by_one_refuses_its_lowest_value_and_takes_all_others():
    change = with_it("range-off-by-one").change
    with pytest.raises(SettingError, match=r"^min_dwell \(mintime\)=1 is outside 2\.\.300 s$"):
        change(SOME, [("sensitivity", 2), ("mintime", 1)])
    for value in (2, 300):
        assert change(SOME, [("mintime", value)]).min_dwell == value
    lowest = [("enable", 0), ("sensitivity", 1), ("minsize", 1), ("adaptability", 1)]
    assert change(SOME, lowest) == RIGHT.change(SOME, lowest)
    with pytest.raises(SettingError, match=r"outside 1\.\.300 s"):
        change(SOME, [("mintime", 301)])


@pytest.mark.parametrize(
    ("sent", "taken"), [(0, 1), (-5, 1), (1, 1), (77, 77), (300, 300), (301, 300), (10**30, 300)]
)
def test_a_clamped_value_is_the_nearest_allowed(sent, taken):
    assert with_it("clamped-value").change(SOME, [("mintime", sent)]).min_dwell == taken


@pytest.mark.parametrize(
    "sent", [("mintime", "5"), ("mintime", True), ("sensitivity", 11), ("minsize", 0), ("x", 1)]
)
def test_clamping_takes_nothing_else_that_is_wrong(sent):
    with pytest.raises(SettingError) as right:
        RIGHT.change(SOME, [sent])
    with pytest.raises(SettingError, match=re.escape(str(right.value))):
        with_it("clamped-value").change(SOME, [sent])


def test_a_wrong_default_is_one_setting():
    assert with_it("wrong-default").delivered(SOME) == HeatSettings(sensitivity=6)


def test_a_lost_setting_is_the_schedule_and_no_other():
    saved = HeatSettings(enable=1, sensitivity=7, min_dwell=45, schedule=NEVER)
    woken = HeatSettings(enable=1, sensitivity=7, min_dwell=45, schedule=ALWAYS)
    assert with_it("setting-lost").remembered(saved) == woken
    assert RIGHT.remembered(saved) == saved


# --- what the settings mean ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("digit", "cell"), [(0, (0, 0)), (1, (1, 0)), (13, (0, 1)), (298, (12, 22)), (250, (3, 19))]
)
def test_a_region_by_columns_counts_the_cell_below_for_the_next_digit(digit, cell):
    flat = [number == digit for number in range(299)]
    region = tuple(tuple(flat[row * 23 : row * 23 + 23]) for row in range(13))
    plan = with_it("region-by-columns").plan(HeatSettings(region=region), UTC)
    assert np.argwhere(plan.rules.region).tolist() == [list(cell)]
    top, left = (round(n * 192 / side) for n, side in zip(cell, (13, 23), strict=True))
    assert plan.counted[top + 3, left + 3]
    assert plan.counted.sum() < 200


def test_all_and_nothing_are_the_same_by_columns():
    right, wrong = RIGHT.plan(SOME, KOLKATA), with_it("region-by-columns").plan(SOME, KOLKATA)
    assert wrong.rules.region.all()
    assert (wrong.enabled, wrong.tuned, wrong.schedule, wrong.zone) == (
        right.enabled, right.tuned, right.schedule, right.zone
    )  # fmt: skip


def test_a_schedule_in_utc_is_open_at_another_hour_in_kolkata():
    settings = HeatSettings(enable=1, schedule=SHOP)
    opens_ms = to_instant(datetime(2026, 3, 4, 8, 30), KOLKATA)
    utc_ms = to_instant(datetime(2026, 3, 4, 8, 30), UTC)
    right, wrong = RIGHT.plan(settings, KOLKATA), with_it("schedule-in-utc").plan(settings, KOLKATA)
    assert (right.counts(opens_ms), right.counts(utc_ms)) == (True, False)
    assert (wrong.counts(opens_ms), wrong.counts(utc_ms)) == (False, True)


# --- reports -------------------------------------------------------------------------------------


def test_heat_is_seen_a_day_longer():
    assert with_it("retention-8-days").retention_hours == 192


@pytest.mark.parametrize("report", ["time_period", "space_period"])
def test_a_week_from_monday_begins_on_the_monday_before(report):
    buckets = getattr(with_it("week-from-monday"), report)
    assert days("weekly", datetime(2026, 3, 4, 15), buckets) == [
        f"2026-03-0{day}" for day in range(2, 9)
    ]
    assert days("weekly", datetime(2026, 3, 2), buckets)[0] == "2026-03-02"
    assert days("weekly", datetime(2026, 3, 1), buckets)[0] == "2026-02-23"


@pytest.mark.parametrize("report", ["time_period", "space_period"])
def test_a_short_month_ends_a_day_early(report):
    buckets = getattr(with_it("month-short"), report)
    assert days("monthly", datetime(2026, 2, 1), buckets)[-1] == "2026-02-27"
    assert days("monthly", datetime(2026, 1, 31), buckets)[-1] == "2026-03-01"


def test_the_space_map_is_a_days_and_the_time_report_is_not():
    spoiled, start = with_it("space-of-a-day"), datetime(2026, 3, 4, 15, 20)
    a_day = RIGHT.space_period("daily", start, UTC)
    for kind in KINDS:
        assert spoiled.space_period(kind, start, UTC) == a_day
        assert spoiled.time_period(kind, start, UTC) == RIGHT.time_period(kind, start, UTC)


@given(kind=st.sampled_from(KINDS), start=STARTS)
def test_other_reports_than_the_spoiled_one_are_right(kind, start):
    for name, spoiled in (("week-from-monday", "weekly"), ("month-short", "monthly")):
        wrong = with_it(name).time_period(kind, start, KOLKATA)
        assert (wrong == RIGHT.time_period(kind, start, KOLKATA)) == (
            kind != spoiled or (spoiled == "weekly" and start.weekday() == 0)
        )


# --- who and what --------------------------------------------------------------------------------


def test_a_viewer_may_do_what_an_operator_may_and_no_more():
    may, roles = with_it("viewer-may-write").may, ("viewer", "operator", "admin")
    allowed = {(role, least) for role in roles for least in roles if may(role, least)}
    right = {(role, least) for role in roles for least in roles if RIGHT.may(role, least)}
    assert allowed - right == {("viewer", "operator")}
    assert right <= allowed


@pytest.mark.parametrize(
    ("firmware", "offered"),
    [("43.7.0.72-r5", False), ("V43.7.0.72-r6", True), ("43.7.0.72-r7", True)],
)
def test_a_panoramic_camera_has_it_one_release_early(firmware, offered):
    decide = with_it("gating-r6").decide
    assert decide("MS-C9674-PB", firmware, FAMILIES).offered is offered


def test_every_other_firmware_is_gated_rightly():
    decide = with_it("gating-r6").decide
    for _, model, _ in FAMILIES.examples:
        for version in ("61.8.0.1-r9", "61.8.0.2", "43.7.0.71-r8", "43.7.0.72-r5", "43.7.0.72-r7"):
            right = gating.decide(model, version, FAMILIES).offered
            assert decide(model, version, FAMILIES).offered is right
