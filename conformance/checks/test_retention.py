"""Retention: how far back a report reaches with and without storage, and that nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from conformance import oracle, shoplife, stage
from conformance.camera import Camera
from conformance.control import Control
from conformance.expect import Expectations, does_not_apply, not_checked
from conformance.forms import TimeRow
from conformance.oracle import DAY, HOUR, Row
from conformance.reboot import reboot
from conformance.run import Run
from conformance.safety import DISRUPTIVE, allows
from conformance.stage import Stage, is_filled, within_an_hour

MORNING = "2026-03-04T05:59:48"  # a Wednesday's; who comes then is there in two hours


def at(text: str) -> datetime:
    """A reading of the wall clock."""
    return datetime.fromisoformat(text)


# --- cards and shares ----------------------------------------------------------------------------


@contextmanager
def only(run: Run, control: Control, kept: tuple[str, ...] = ()) -> Iterator[None]:
    """All cards and shares are pulled but those kept; they are put back in afterwards."""
    pulled = [name for name in control.volumes() if name not in kept]
    if pulled and not allows(run.safety, DISRUPTIVE):
        not_checked(f"needs --safety {DISRUPTIVE} to pull {', '.join(pulled)}")
    try:
        for name in pulled:
            control.post(f"storage/{name}/pull")
        yield
    finally:
        for name in pulled:
            control.post(f"storage/{name}/insert")


# --- REP-06: seven days without storage ----------------------------------------------------------


@pytest.mark.requirement("REP-06")
def test_without_a_card_and_a_share_nothing_older_than_seven_days_is_seen(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    if run.control is not None and is_filled(run):
        told = Stage(camera, run.control)
        with only(run, run.control):
            told.filled("2026-02-26", "2026-03-04", "2026-03-05T00:30:00")
            told.step(7 * DAY)
            told.fill("2026-02-26", "2026-03-11")  # should it take what it must not show
            expect_nothing_older(camera, expect)
        return
    has_volume = camera.has_volume()
    if has_volume:
        does_not_apply("a card or a share is in; this is about a device without")
    if has_volume is None and any(older(camera).values()):
        not_checked("older heat is seen, and the device does not tell whether a share is in use")
    expect_nothing_older(camera, expect)


def older(camera: Camera) -> dict[str, int]:
    """The heat of each day that is older than seven days, however one counts these."""

    def read() -> dict[str, int]:
        oldest = oracle.floored("weekly", camera.now()) - 7 * DAY
        rows = stage.time_rows(camera, "monthly", oldest - 28 * DAY)
        return {str(row.start): row.value for row in rows if row.end < oldest}

    return within_an_hour(camera, read)


def expect_nothing_older(camera: Camera, expect: Expectations) -> None:
    """Neither report shows heat that is older than seven days."""
    seen = older(camera)
    if not seen:
        not_checked("days that are too old have no rows: REP-07, REP-09")
    warm = {day: value for day, value in seen.items() if value}
    expect("heat of days before the last seven", warm, {})
    start = oracle.floored("weekly", camera.now()) - 14 * DAY
    hot = stage.cells(camera, "weekly", start)
    expect(f"cells with heat in the week from {start}", len(hot), 0)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-06")
def test_what_is_not_seven_days_old_is_seen(
    run: Run, camera: Camera, control: Control, expect: Expectations
) -> None:
    with only(run, control):
        Stage(camera, control).filled(*stage.DAYS, now=stage.AFTERWARDS)
        for day in (stage.WEEK + n * DAY for n in range(1, 7)):
            heat_s = stage.heat_s(camera, "daily", day)
            expect.that(f"heat of {day:%Y-%m-%d}, six days old at most", heat_s, "some", heat_s > 0)
            hot = stage.cells(camera, "daily", day)
            expect.that(f"cells with heat on {day:%Y-%m-%d}", len(hot), "some", len(hot) > 0)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-06", level="SHOULD")
@pytest.mark.parametrize(
    ("zone", "nows"),
    [
        ("UTC", ["2026-03-12T12:00:00", "2026-03-12T12:59:59", "2026-03-12T13:00:00"]),
        ("Europe/Berlin", ["2026-04-01T12:30:00", "2026-10-28T12:30:00"]),
        ("Australia/Lord_Howe", ["2026-04-08T12:15:00", "2026-04-08T12:45:00"]),
        ("Asia/Kolkata", ["2026-03-12T12:10:00"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_hour_is_seen_until_it_began_168_hours_ago(
    run: Run, camera: Camera, control: Control, expect: Expectations, zone: str, nows: list[str]
) -> None:
    told = Stage(camera, control)
    with only(run, control):
        for now in map(at, nows):
            first = now - 9 * DAY
            told.filled(f"{first:%Y-%m-%d}", f"{now:%Y-%m-%d}", _text(now - 7 * HOUR), zone)
            told.step(7 * HOUR)
            told.fill(f"{first:%Y-%m-%d}", f"{now:%Y-%m-%d}")
            share = stage.share_told(camera, oracle.floored("hour", now - DAY))
            instant = now.replace(tzinfo=stage.zone_of(zone))
            oldest = oracle.oldest_hour(instant, stage.zone_of(zone))
            for kind, start in (("daily", oldest - 6 * HOUR), ("weekly", first), ("annual", first)):
                rows = stage.time_rows(camera, kind, start)
                seen = [
                    [hour for hour in shoplife.hours_of(Row(row.start, row.end))
                     if oldest <= hour < oracle.floored("hour", now)]
                    for row in rows
                ]  # fmt: skip
                wanted = [round(share * shoplife.presence_s(hours)) for hours in seen]
                what = f"{kind} from {start} at {now}, {zone}: heat by row"
                found = [row.value for row in rows]
                allowed = [len(hours) for hours in seen]  # a second an hour; none where none is
                is_so = all(
                    abs(a - b) <= n
                    for row, a, b, n in zip(rows, found, wanted, allowed, strict=True)
                    if not is_set_in(row, zone)  # that is REP-10's
                )
                expect.that(what, found, f"{wanted}, within 1 s an hour", is_so)
                cells = set(shoplife.cells_s(hour for hours in seen for hour in hours))
                shown = set(stage.cells(camera, kind, start))
                # That a map is of all that its rows are of is REP-02's; a day's is, whatever else.
                off = shown ^ cells if kind == "daily" else shown - cells
                expect(f"{kind} from {start} at {now}, {zone}: other cells", sorted(off)[:5], [])


def is_set_in(row: TimeRow, zone: str) -> bool:
    """Whether the clock is put forward or back for summer time within a row's month or less."""
    ends = (row.start - HOUR, row.end + HOUR)
    first, last = (one.replace(tzinfo=stage.zone_of(zone)).utcoffset() for one in ends)
    return first != last


def _text(reading: datetime) -> str:
    return f"{reading:%Y-%m-%dT%H:%M:%S}"


# --- REP-06: with storage ------------------------------------------------------------------------


@pytest.mark.needs("disruptive")
@pytest.mark.requirement("REP-06")
def test_with_a_card_or_a_share_older_heat_stays_visible(
    run: Run, camera: Camera, control: Control, expect: Expectations
) -> None:
    names = control.volumes()
    if not names:
        does_not_apply("no card and no share; this is about a device with one")
    Stage(camera, control).filled("2026-01-20", "2026-03-11", stage.AFTERWARDS)
    control.post("storage/copy")
    start = at("2026-01-20T00:00:00")
    share = stage.share_told(camera, at("2026-03-11T12:00:00"))
    filled = {start + n * HOUR for n in range(51 * 24)}
    # By the rows' own labels: which there must be is REP-07's.
    labels = [Row(row.start, row.end) for row in stage.time_rows(camera, "monthly", start)]
    told = {
        str(row.start): round(share * shoplife.presence_s(sorted(filled & hours_of(row))))
        for row in labels
    }
    wanted = {day: heat_s for day, heat_s in told.items() if heat_s}
    for kept in ((), *((name,) for name in names), tuple(names)):
        with only(run, control, kept):
            found = warm_days(camera, start)
        what = f"heat of the days from {start}, with {', '.join(kept) or 'nothing'} in"
        expect(what, found, wanted if kept else {})
    found = warm_days(camera, start)
    expect(f"heat of the days from {start}, all put back", found, wanted)


def hours_of(row: Row) -> set[datetime]:
    """A row's hours."""
    return set(shoplife.hours_of(row))


def warm_days(camera: Camera, start: datetime) -> dict[str, int]:
    """The heat of each of a month's days that has any."""
    rows = stage.time_rows(camera, "monthly", start)
    return {str(row.start): row.value for row in rows if row.value}


# --- REP-10: nothing lost, nothing twice ---------------------------------------------------------


def hours(camera: Camera, day: str = MORNING) -> dict[int, int]:
    """The day's heat by hour, where there is any."""
    start = oracle.floored("weekly", at(day))
    return {
        row.start.hour: row.value for row in stage.time_rows(camera, "daily", start) if row.value
    }


@pytest.mark.needs("disruptive")
@pytest.mark.requirement("REP-10")
@pytest.mark.parametrize("kind", ["soft", "hard"])
def test_a_reboot_loses_nothing_a_power_cut_a_minute_at_most(
    run: Run, camera: Camera, expect: Expectations, kind: str
) -> None:
    if run.control is None:
        days_outlast(run, camera, expect, kind)
        return
    told = Stage(camera, run.control)
    told.empty(MORNING)
    told.visited(now=MORNING)  # 12 s before the hour, and after
    before = hours(camera)
    reboot(run, kind)
    after = hours(camera)
    what = f"heat of hours 5 and 6 after a {kind} reboot in minute 6:00, {before} before"
    if kind == "soft":
        expect(what, after, before)
    kept = abs(after.get(5, 0) - before.get(5, 0)) <= 1 and after.keys() <= before.keys()
    wanted = "all of hour 5, no more than there was of 6"
    expect.that(what, after, wanted, kept and after.get(6, 0) <= before.get(6, 0))


def days_outlast(run: Run, camera: Camera, expect: Expectations, kind: str) -> None:
    """The days before today are after a reboot what they were before."""
    start = oracle.floored("weekly", camera.now()) - 6 * DAY

    def read() -> list[int]:
        return [row.value for row in stage.time_rows(camera, "weekly", start)][:6]

    before = read()
    if not any(before):
        not_checked(f"nothing was recorded in the days from {start}")
    reboot(run, kind)
    expect(f"heat of the days from {start} after a {kind} reboot", read(), before)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-10")
def test_a_clock_that_is_set_loses_nothing_and_both_passes_add_up(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    told = Stage(camera, control)
    told.empty("2026-03-04T05:10:00")
    told.visited(now="2026-03-04T05:10:00")
    once = hours(camera)
    told.step(2 * DAY)
    expect("heat by hour, the clock set two days forward", hours(camera), once)
    told.set("2026-03-04T05:10:00")
    expect("heat by hour, the clock set back", hours(camera), once)
    told.visited(now="2026-03-04T05:10:00")
    twice = hours(camera).get(5, 0)
    what, wanted = "heat of an hour that the same people are there twice", 2 * once.get(5, 0)
    expect.that(what, f"{twice} s", f"{wanted} s, within 1 s", abs(twice - wanted) <= 1)
    told.step(3 * DAY)
    expect("heat of that hour days later", hours(camera).get(5, 0), twice)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-10")
def test_who_is_in_view_when_the_clock_is_set_is_counted_once(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    told = Stage(camera, control)
    told.empty("2026-03-04T05:10:00")
    told.visited(now="2026-03-04T05:10:00")
    once = sum(hours(camera).values())
    told.interrupted("2026-03-04T08:10:00", by=HOUR)
    found = sum(hours(camera).values()) - once
    what = f"heat of people with the clock set an hour forward while they are there, {once} s else"
    is_so = abs(found - once) <= stage.SLACK_S
    expect.that(what, f"{found} s", f"the same within {stage.SLACK_S:g} s", is_so)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-10")
def test_daylight_saving_loses_nothing(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    told = Stage(camera, control)
    share = told.share_counted()
    for began in ("2026-10-25T00:59:48+00:00", "2026-03-29T00:59:48+00:00"):
        told.empty(MORNING, "Europe/Berlin")
        present = told.visited(utc_ms=int(at(began).timestamp() * 1000))
        wanted = share * sum((one.until - one.since).total_seconds() for one in present)
        for later in (timedelta(0), DAY):
            told.step(later)
            found = sum(hours(camera, began).values())
            what = f"heat of what came at {began}, Europe/Berlin, {later} later"
            is_so = abs(found - wanted) <= stage.SLACK_S
            expect.that(what, f"{found} s", f"{wanted:g} s, within {stage.SLACK_S} s", is_so)


@pytest.mark.needs("disruptive")
@pytest.mark.requirement("REP-10")
def test_a_card_or_share_that_was_away_holds_everything_once_afterwards(
    run: Run, camera: Camera, control: Control, expect: Expectations
) -> None:
    names = control.volumes()
    if not names:
        does_not_apply("no card and no share; this is about a device with one")
    told = Stage(camera, control)
    told.empty("2026-03-04T05:00:00")
    walks = {}
    for number, name in enumerate(names):
        day = f"2026-03-{4 + number:02}T05:10:00"
        with only(run, control, tuple(one for one in names if one != name)):
            told.visited(now=day)
            walks[day] = hours(camera, day)
            told.step(3 * HOUR)
            control.post("storage/copy")
            expect(f"heat by hour while {name} is away", hours(camera, day), walks[day])
    control.post("storage/copy")
    told.step(30 * DAY)
    for name in names:
        with only(run, control, (name,)):
            found = {day: hours(camera, day) for day in walks}
        expect(f"heat by day and hour with {name} alone, a month later", found, walks)
    found = {day: hours(camera, day) for day in walks}
    expect("heat by day and hour with all of them in", found, walks)


@pytest.mark.needs("disruptive")
@pytest.mark.requirement("REP-10", level="MAY")
def test_heat_that_was_taken_out_does_not_come_back_with_a_card(
    run: Run, camera: Camera, control: Control, expect: Expectations
) -> None:
    names = control.volumes()
    if not names:
        does_not_apply("no card and no share; this is about a device with one")
    told = Stage(camera, control)
    told.filled(*stage.DAYS, now=stage.AFTERWARDS)
    control.post("storage/copy")
    with only(run, control):
        told.empty(stage.AFTERWARDS)
    found = stage.heat_s(camera, "weekly", stage.WEEK)
    expect(f"heat with {', '.join(names)} back in, all taken out meanwhile", found, 0)
