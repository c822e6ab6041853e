"""The defects of reports, history, exports, log-ins and settings, as rules alone."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from emulator.core import gating
from emulator.core.defects import DEFECTS, policy
from emulator.core.frame import Frame
from emulator.core.localtime import HOUR_MS, Stretch
from emulator.core.lockout import Lockout
from emulator.core.policy import RIGHT
from emulator.core.reports.export import Progress
from emulator.core.reports.export_settings import ExportSettings
from emulator.core.reports.heat import no_heat
from emulator.core.reports.parts import Part
from emulator.core.reports.report import TimeRow
from emulator.core.schedule import ALWAYS, NEVER, day_text
from emulator.core.settings import NOTHING, HeatSettings, SettingError
from emulator.edge import fixtures

FAMILIES = gating.series_table(fixtures.models())
SOME = HeatSettings(enable=1, sensitivity=7, min_object_size=40, region=NOTHING)
BERLIN = ZoneInfo("Europe/Berlin")


def at(text):
    return datetime.fromisoformat(text)


# --- who has it --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [name for name, defect in DEFECTS.items() if "decide" in defect.spoils]
)
def test_it_shows_on_the_camera_that_is_told_and_on_no_other_example(name):
    model, firmware = DEFECTS[name].shows
    decide = policy([name]).decide
    right = gating.decide(model, firmware, FAMILIES).offered
    assert decide(model, firmware, FAMILIES).offered is not right
    assert right is (name in {"gating-patch-late", "gating-variant"})
    usual = decide("MS-C8165-PE", "61.8.0.3-r8", FAMILIES)
    assert usual.offered


# --- settings ------------------------------------------------------------------------------------


def test_a_size_of_100_is_refused():
    change = policy(["size-to-99"]).change
    assert change(SOME, [("minsize", 99)]).min_object_size == 99
    with pytest.raises(SettingError, match=r"minsize\)=100 is outside 1\.\.99"):
        change(SOME, [("minsize", 100)])


def test_eleven_is_ten_and_twelve_is_refused():
    change = policy(["adaptability-to-eleven"]).change
    assert change(SOME, [("adaptability", 11)]).adaptability == 10
    with pytest.raises(SettingError):
        change(SOME, [("adaptability", 12)])


def test_a_text_of_digits_is_a_number():
    change = policy(["text-for-number"]).change
    assert change(SOME, [("mintime", "45")]).min_dwell == 45
    with pytest.raises(SettingError):
        change(SOME, [("mintime", "4.5")])


def test_of_what_is_refused_the_good_is_saved():
    sent = [("sensitivity", 2), ("mintime", 999), ("nosuch", 1), ("minsize", 50)]
    after = policy(["half-saved"]).after_refusal(SOME, sent)
    assert (after.sensitivity, after.min_object_size) == (2, 50)
    assert after.min_dwell == SOME.min_dwell
    assert RIGHT.after_refusal(SOME, sent) == SOME


def test_a_region_too_long_is_cut_and_one_too_short_refused():
    change = policy(["region-too-long"]).change
    assert change(SOME, [("map_mask", "1" * 300)]).region == ((True,) * 23,) * 13
    with pytest.raises(SettingError):
        change(SOME, [("map_mask", "1" * 298)])


def monday(change, *periods):
    text = "".join(periods) + "00:00:00:00;" * (10 - len(periods))
    entry = {"scheduleIndex": 0, "schedule": text}
    return day_text(change(SOME, [("scheduleList", [entry])]).schedule.days[0])[:24]


def test_what_overlaps_is_made_one():
    change = policy(["overlap-accepted"]).change
    assert monday(change, "08:00:12:00;", "11:00:13:00;") == "08:00:13:00;00:00:00:00;"
    assert monday(change, "08:00:12:00;", "12:00:13:00;") == "08:00:12:00;12:00:13:00;"
    with pytest.raises(SettingError):
        monday(change, "12:00:08:00;")


def test_periods_are_saved_in_steps():
    change = policy(["schedule-in-steps"]).change
    assert monday(change, "08:04:12:09;") == "08:00:12:05;00:00:00:00;"


@pytest.mark.parametrize(
    ("name", "delivered"),
    [
        ("delivered-on", HeatSettings(enable=1)),
        ("reset-keeps-region", HeatSettings(region=NOTHING)),
        ("region-not-delivered", HeatSettings(region=NOTHING)),
    ],
)
def test_something_else_is_delivered(name, delivered):
    assert policy([name]).delivered(SOME) == delivered
    assert RIGHT.delivered(SOME) == HeatSettings()


def test_workdays_are_delivered():
    days = policy(["workdays-delivered"]).delivered(SOME).schedule.days
    assert days == ALWAYS.days[:5] + NEVER.days[:2]


def test_numbers_are_forgotten_and_the_rest_is_not():
    kept = policy(["numbers-forgotten"]).remembered(SOME)
    assert kept == HeatSettings(enable=1, region=NOTHING)


def test_a_size_is_read_one_less_but_never_none():
    answered = policy(["size-read-one-less"]).answered
    action = "get.heatmap.configuration"
    assert answered(action, {"minsize": 40, "mintime": 3}) == {"minsize": 39, "mintime": 3}
    assert answered(action, {"minsize": 1}) == {"minsize": 1}
    assert answered("get.system.information", {"model": "x"}) == {"model": "x"}


# --- reports -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "start", "first", "rows"),
    [
        ("month-from-first", "monthly", "2026-03-17T08:00", "2026-03-01 00:00:00", 31),
        ("month-from-first", "weekly", "2026-03-17T08:00", "2026-03-17 00:00:00", 7),
        ("day-from-midnight", "daily", "2026-03-17T08:30", "2026-03-17 00:00:00", 24),
        ("month-of-thirty", "monthly", "2026-03-17T08:00", "2026-03-17 00:00:00", 30),
        ("month-of-thirty", "monthly", "2026-02-01T00:00", "2026-02-01 00:00:00", 30),
        ("annual-is-monthly", "annual", "2026-03-17T08:00", "2026-03-17 00:00:00", 31),
    ],
)
def test_a_report_has_other_rows(name, kind, start, first, rows):
    for buckets in (policy([name]).time_period, policy([name]).space_period):
        found = buckets(kind, at(start), UTC).buckets
        assert (str(found[0].start), len(found)) == (first, rows)


def test_a_leap_day_has_no_time():
    found = policy(["leap-day-lost"]).time_period("weekly", at("2028-02-27T00:00"), UTC)
    assert [len(bucket.stretches) for bucket in found.buckets] == [1, 1, 0, 1, 1, 1, 1]


def test_autumns_hour_is_there_once_or_four_times():
    started = at("2026-10-25T00:00")
    for name, hours in (("autumn-hour-once", 1), ("autumn-hour-doubled", 4)):
        found = policy([name]).time_period("daily", started, BERLIN).buckets
        lasted = [sum(b - a for a, b in bucket.stretches) // HOUR_MS for bucket in found]
        assert lasted == [1, 1, hours, *[1] * 21]
    same = policy(["autumn-hour-doubled"]).space_period("daily", started, BERLIN)
    assert same == RIGHT.space_period("daily", started, BERLIN)


def test_reports_end_with_the_last_full_hour():
    seen_until = policy(["running-hour-stale"]).seen_until
    assert seen_until(5 * HOUR_MS + 1) == 5 * HOUR_MS
    assert RIGHT.seen_until(5) is None


ROW = TimeRow(at("2026-03-04T05:00"), at("2026-03-04T06:00"), 90_000)
HEADER = "StartTime,EndTime,Value(s)\r\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("time-doubled", "2026-03-04 05:00:00,2026-03-04 05:59:59,180\r\n"),
        ("times-with-t", "2026-03-04T05:00:00,2026-03-04T05:59:59,90\r\n"),
        ("nothing-no-rows", "2026-03-04 05:00:00,2026-03-04 05:59:59,90\r\n"),
    ],
)
def test_a_time_report_is_another_text(name, text):
    assert policy([name]).time_csv([ROW]) == HEADER + text


def test_a_period_without_heat_has_no_rows():
    none = TimeRow(ROW.start, ROW.end, 0)
    assert policy(["nothing-no-rows"]).time_csv([none]) == HEADER


def test_the_most_is_the_sum():
    cells = no_heat().cells
    cells[3, 4:6] = 2000
    told = json.loads(policy(["most-is-the-sum"]).space_json(cells))
    assert (told["max"], len(told["data"])) == (4, 2)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("storage-in-numbers", {"sdcardFreeSize": 12, "sdcardStatus": 3}),
        ("storage-status-two", {"sdcardFreeSize": "12", "sdcardStatus": 2}),
    ],
)
def test_a_card_is_told_otherwise(name, told):
    answered, right = policy([name]).answered, {"sdcardFreeSize": "12", "sdcardStatus": 3}
    assert answered("get.storage.settings", right) == told
    assert answered("get.system.user", right) == right


# --- history -------------------------------------------------------------------------------------


def part(number, *, era="0000000a", is_filled=False):
    start = Stretch(number * HOUR_MS, (number + 1) * HOUR_MS)
    return Part(*start, "2026-03-04", era, number, 10, is_filled, f"{number:016x}")


def test_what_is_on_two_volumes_is_seen_twice_unless_it_was_made_up():
    one, two, made_up = part(1), part(2), part(3, is_filled=True)
    union = policy(["hour-twice"]).union
    assert sorted(union([{one, two, made_up}, {one, made_up}], ())) == [one, one, two, made_up]


def test_what_was_taken_out_is_seen():
    kept, gone = part(1), part(2, era="0000000b")
    union = policy(["cleared-comes-back"]).union
    assert sorted(union([{kept}, {gone}], {"0000000b"})) == [kept, gone]
    assert set(RIGHT.union([{kept}, {gone}], {"0000000b"})) == {kept}


def test_how_far_back_is_seen():
    assert policy(["retention-6-days"]).retention_hours == 144
    assert policy(["card-shows-no-more"]).sees_all(True) is False
    assert (RIGHT.sees_all(True), RIGHT.sees_all(False)) == (True, False)


# --- exports -------------------------------------------------------------------------------------

DAILY = ExportSettings(export_space=1, export_time=1, hour=8, minute=30)


def exported(name):
    files = policy([name] if name else []).exported(DAILY, at("2026-03-05T08:30"), "S1", UTC)
    return [(str(one.query.start), one.name) for one in files]


def test_another_day_is_exported_or_named_or_but_one_file():
    space, time = exported("")
    assert space == ("2026-03-04 08:30:00", "S1_space_daily_20260304080000.png")
    assert exported("export-one-only") == [space]
    assert exported("export-unfloored")[0] == (space[0], "S1_space_daily_20260304083000.png")
    later = ("2026-03-05 08:30:00", "S1_time_daily_20260305080000.csv")
    assert exported("export-next-day")[1] == later != time


def test_a_weekly_export_is_due_a_day_later():
    weekly = ExportSettings(export_time=1, weekday=3, hour=8, range=1)
    days = [
        [str(due.reading) for due in rule.pending(weekly, progress(), ms("2026-03-09T00:00"), UTC)]
        for rule in (RIGHT, policy(["export-next-weekday"]))
    ]
    assert days == [["2026-03-04 08:00:00"], ["2026-03-05 08:00:00"]]


def ms(text):
    return int(at(text).replace(tzinfo=UTC).timestamp() * 1000)


def progress():

    return Progress(ms("2026-03-02T00:00"))


# --- log-ins -------------------------------------------------------------------------------------


def test_operators_may_what_administrators_may_and_viewers_do_not():
    may = policy(["operator-may-administer"]).may
    assert may("operator", "admin")
    assert not may("viewer", "operator")


def test_only_viewers_paths_are_open():
    is_open = policy(["viewer-path-open"]).is_open
    assert [is_open(role) for role in ("viewer", "operator", "admin")] == [True, False, False]
    assert not RIGHT.is_open("viewer")


def test_any_nonce_is_ours_and_none_is_spent():
    assert policy(["nonce-unchecked"]).nonce_age_s(b"secret", "00", 5.0) == 0.0
    assert RIGHT.nonce_age_s(b"secret", "00", 5.0) is None
    assert policy(["digest-replayed"]).is_spent(1, {1}) is False
    assert RIGHT.is_spent(1, {1}) is True


def test_no_sha_256_is_offered():
    offered = policy(["digest-md5-only"]).challenges("IP Camera", "0a", False)
    assert len(offered) == 2
    assert "algorithm=MD5" in offered[0]


def test_nothing_locks_or_a_lock_outlasts_a_year():
    for name, locked in (("never-locks", False), ("lock-never-ends", True)):
        lockout = Lockout(patience=policy([name]).patience)
        for _ in range(20):
            if not lockout.left_ms("anna", 0):
                lockout = lockout.after_wrong("anna", 0)
        assert (lockout.left_ms("anna", 366 * 24 * HOUR_MS) > 0) is locked


def test_streams_are_mirrored():

    seen = np.arange(2 * 4 * 3, dtype=np.uint8).reshape(2, 4, 3)
    shown = policy(["rtsp-mirrored"]).streamed(Frame(0, 40, seen[:, :, 0], lambda: seen))
    assert (shown.picture() == seen[:, ::-1]).all()
