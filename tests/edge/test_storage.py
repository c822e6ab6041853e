"""The store against a plain dict of minutes: examples, laws, and commits that fail."""

import contextlib
import resource
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from minutes import ALL, HOUR, MINUTE, at, heat_of, hours, outcome_of, record, tile

from emulator.core.accounts import Account
from emulator.core.localtime import Stretch
from emulator.core.reports.period import hour_of, period
from emulator.core.reports.report import space_report, time_report
from emulator.edge.storage import Storage, StorageError

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ZONES = (BERLIN, KOLKATA, LORD_HOWE, ZoneInfo("UTC"))

SWITCHES = {
    # When clocks change in 2026, from the zones' published rules.
    BERLIN: (at("2026-03-29T01:00"), at("2026-10-25T01:00")),
    LORD_HOWE: (at("2026-04-04T15:00"), at("2026-10-03T15:30")),
    KOLKATA: (at("2026-01-31T18:30"),),  # never; the end of its January instead
    ZoneInfo("UTC"): (at("2026-12-31T23:00"),),
}


@pytest.fixture
def store(tmp_path):
    with closing(Storage(tmp_path / "a.sqlite")) as opened:
        yield opened


# --- worked examples ---------------------------------------------------------------------


def test_a_minute_is_found_in_its_hour_and_in_no_other(store):
    record(store, {at("2026-05-31T10:59"): 700}, over_ms=at("2026-05-31T12:00"))
    found = [store.presence_ms(hours(f"2026-05-31T{hour}:00")) for hour in ("09", "10", "11")]
    assert found == [0, 700, 0]


def test_heat_lies_on_the_cells_that_were_given(store):
    store.commit({at("2026-05-31T10:00"): tile(700, (3, 191))}, {}, UTC, 0)
    heat = store.heat(hours("2026-05-31T10:00"))
    assert heat.dtype == np.uint64
    assert [list(index) for index in np.argwhere(heat)] == [[3, 191]]
    assert heat[3, 191] == 700


@pytest.mark.parametrize("over", ["2026-05-31T00:00", "2026-06-02T00:00", "2026-07-02T00:00"])
def test_a_minute_recorded_twice_holds_both_whether_or_not_its_hour_was_closed(store, over):
    minute_ms = at("2026-05-31T10:30")
    for _ in range(2):
        record(store, {minute_ms: 400}, over_ms=at(over))
    for covered in ("hour", "daily", "weekly", "annual"):
        parts = period(covered, datetime(2026, 5, 31, 10), UTC)
        assert sum(row.presence_ms for row in time_report(parts, store.presence_ms)) == 800
        assert space_report(parts, store.heat).sum() == 800


def test_the_repeated_hour_of_autumn_is_one_row_holding_both(store):
    # CONTRACT 4. Berlin reads 02:30 at 00:30Z and again at 01:30Z.
    minutes = {at("2026-10-25T00:30"): 5, at("2026-10-25T01:30"): 70, at("2026-10-25T02:30"): 900}
    record(store, minutes, BERLIN, at("2026-10-27T00:00"))
    rows = time_report(period("daily", datetime(2026, 10, 25), BERLIN), store.presence_ms)
    assert [row.presence_ms for row in rows[:4]] == [0, 0, 75, 900]
    rows = time_report(period("weekly", datetime(2026, 10, 25), BERLIN), store.presence_ms)
    assert [row.presence_ms for row in rows] == [975, 0, 0, 0, 0, 0, 0]


def test_the_skipped_hour_of_spring_is_a_row_of_nothing(store):
    minutes = {at("2026-03-29T00:59"): 5, at("2026-03-29T01:00"): 70}
    record(store, minutes, BERLIN, at("2026-03-31T00:00"))
    rows = time_report(period("daily", datetime(2026, 3, 29), BERLIN), store.presence_ms)
    assert [row.presence_ms for row in rows[:5]] == [0, 5, 0, 70, 0]


def test_a_day_in_kolkata_begins_at_half_past_six_in_the_evening_utc(store):
    minutes = {at("2026-01-31T18:29"): 5, at("2026-01-31T18:30"): 70}
    record(store, minutes, KOLKATA, at("2026-03-01T00:00"))
    rows = time_report(period("annual", datetime(2026, 1, 1), KOLKATA), store.presence_ms)
    assert [row.presence_ms for row in rows[:3]] == [5, 70, 0]


def test_the_half_hour_that_lord_howe_repeats_is_in_the_same_row_as_the_first(store):
    # 02:00 becomes 01:30 at 15:00Z: the row 01:00 holds 14:00Z up to 15:30Z.
    minutes = {at("2026-04-04T14:59"): 5, at("2026-04-04T15:29"): 70, at("2026-04-04T15:30"): 900}
    record(store, minutes, LORD_HOWE, at("2026-04-06T00:00"))
    rows = time_report(period("daily", datetime(2026, 4, 5), LORD_HOWE), store.presence_ms)
    assert [row.presence_ms for row in rows[:3]] == [0, 75, 900]


def test_a_zone_changed_in_the_middle_of_an_hour_counts_nothing_twice(store):
    # 10:00Z..10:40Z by UTC's hours, then by Kolkata's, whose hour is 10:30Z..11:30Z.
    record(store, {at("2026-05-31T10:20"): 1, at("2026-05-31T10:35"): 20}, UTC)
    record(store, {at("2026-05-31T10:45"): 300, at("2026-05-31T11:10"): 4000}, KOLKATA)
    half = MINUTE * 30
    parts = [Stretch(at("2026-05-31T10:00") + k * half, 0) for k in range(4)]
    parts = [Stretch(start_ms, start_ms + half) for start_ms, _ in parts]
    assert [store.presence_ms(part) for part in parts] == [1, 320, 4000, 0]
    assert store.presence_ms(hours("2026-05-31T10:00")) == 321
    assert store.presence_ms(Stretch(parts[1].start_ms, parts[2].end_ms)) == 4320


def test_hours_keep_their_sums_when_their_minutes_are_dropped_after_a_week(store):
    record(store, {at("2026-05-31T10:20"): 1, at("2026-05-31T10:50"): 20}, KOLKATA)
    early, late = hours("2026-05-31T10:00"), hours("2026-05-31T11:00")
    assert (store.presence_ms(early), store.presence_ms(late)) == (21, 0)
    # Kolkata's hours begin at half past: 09:30Z and 10:30Z. Once minutes are gone, each
    # counts where it began (CONTRACT 4: cut at the local hour of recording).
    record(store, {}, over_ms=at("2026-06-07T10:29"))
    assert (store.presence_ms(early), store.presence_ms(late)) == (21, 0)
    record(store, {}, over_ms=at("2026-06-07T10:30"))
    assert store.presence_ms(early) == 20
    assert store.presence_ms(hours("2026-05-31T09:00")) == 1
    assert store.presence_ms(hours("2026-05-31T09:00", 3)) == 21


def test_minutes_older_than_a_week_leave_the_file(store, tmp_path):
    minutes = {at("2026-05-31T10:00") + k * MINUTE: 5 for k in range(120)}
    record(store, minutes, over_ms=at("2026-06-07T11:59"))
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as db:
        kept = db.execute("SELECT count(*), min(start_ms) FROM minute").fetchone()
    assert kept == (60, at("2026-05-31T11:00"))


def spoil(path):
    """Make every part unreadable behind the store's back; return how many."""
    with closing(sqlite3.connect(path)) as db, db:
        return db.execute("UPDATE part SET content = x'00'").rowcount


def test_a_report_of_a_year_is_made_of_sums_that_an_earlier_one_left(store, tmp_path):
    hours_of_days = {at("2026-01-20T00:30") + hour * 12 * HOUR: 3 for hour in range(200)}
    record(store, hours_of_days, over_ms=at("2026-06-01T00:00"))
    year = period("annual", datetime(2026, 1, 25), UTC)
    assert space_report(year, store.heat).sum() == 3 * 190
    assert spoil(tmp_path / "a.sqlite") == 200
    # No part is read for it, nor for any report whose ends are a day's.
    assert space_report(year, store.heat).sum() == 3 * 190
    month = period("monthly", datetime(2026, 2, 1), UTC)
    assert space_report(month, store.heat).sum() == 3 * 56
    rows = time_report(year, store.presence_ms)
    assert [row.presence_ms for row in rows[:5]] == [3 * 14, 3 * 56, 3 * 62, 3 * 58, 0]


def test_a_part_that_is_damaged_in_flash_is_set_aside_and_reported(store, tmp_path, caplog):
    record(store, {at("2026-05-31T10:20"): 7, at("2026-05-31T12:20"): 30}, over_ms=at("2026-06-01"))
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as db, db:
        db.execute(
            "UPDATE part SET content = x'00' WHERE path LIKE ?", (f"%{at('2026-05-31T10:00')}%",)
        )
    assert store.heat(hours("2026-05-31T10:00", 5)).sum() == 30
    assert store.presence_ms(hours("2026-05-31T10:00", 5)) == 30
    (damaged,) = store.status().damaged
    assert f"{at('2026-05-31T10:00')}-" in damaged


def test_a_part_that_was_damaged_while_the_store_was_closed_is_reported_when_it_opens(tmp_path):
    with closing(Storage(tmp_path / "a.sqlite")) as store:
        record(store, {at("2026-05-31T10:20"): 7}, over_ms=at("2026-06-01"))
    spoil(tmp_path / "a.sqlite")
    for _ in range(2):
        with closing(Storage(tmp_path / "a.sqlite")) as store:
            assert len(store.status().damaged) == 1
            assert store.presence_ms(ALL) == 0


def test_a_cell_may_be_hotter_than_32_bits_hold(store):
    for _ in range(3):
        record(store, {at("2026-05-31T10:00"): 2**32 - 1}, over_ms=at("2026-06-01T00:00"))
    day = hours("2026-05-31T00:00", 24)
    assert store.presence_ms(day) == store.heat(day).max() == 3 * (2**32 - 1)


def test_what_was_put_under_a_name_is_replaced_and_outlives_the_store(tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(Storage(path)) as store:
        assert store.state("settings") is None
        record(store, {}, settings={"a": [1, None, "ü"]}, clock_ms=5)
        record(store, {}, clock_ms=6)
    with closing(Storage(path)) as store:
        assert (store.state("settings"), store.state("clock_ms")) == ({"a": [1, None, "ü"]}, 6)


def test_accounts_are_put_replaced_and_dropped_for_good(tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(Storage(path)) as store:
        for name, role in (("zoe", "viewer"), ("ann", "viewer"), ("zoe", "operator")):
            store.put_account(Account(name, role, "secret-123"))
        store.put_account(Account("bob", "viewer", "secret-456"))
        store.drop_account("bob")
        store.drop_account("nobody")
    with closing(Storage(path)) as store:
        assert store.accounts() == [
            Account("ann", "viewer", "secret-123"),
            Account("zoe", "operator", "secret-123"),
        ]


def test_a_new_store_is_its_owners_alone_and_nothing_else_is_left_beside_it(tmp_path):
    Storage(tmp_path / "a.sqlite").close()
    assert [file.name for file in tmp_path.iterdir()] == ["a.sqlite"]
    assert stat.S_IMODE((tmp_path / "a.sqlite").stat().st_mode) == 0o600


def test_a_store_that_was_killed_while_it_was_made_is_made_anew(tmp_path):
    (tmp_path / "a.sqlite.partial").write_bytes(b"half of a store" * 1000)
    with closing(Storage(tmp_path / "a.sqlite")) as store:
        assert store.accounts() == []
    assert [file.name for file in tmp_path.iterdir()] == ["a.sqlite"]


def test_a_store_in_memory_answers_like_one_on_disk():
    with closing(Storage(None)) as store:
        record(store, {at("2026-05-31T10:00"): 7}, over_ms=at("2026-06-01T00:00"))
        assert store.presence_ms(hours("2026-05-31T10:00")) == 7


# --- laws --------------------------------------------------------------------------------


class Step(NamedTuple):
    """One commit: presence by minute, in a zone, with hours closed up to an instant."""

    zone: ZoneInfo
    minutes: dict
    over_ms: int
    reopens: bool


def steps(zones, about, reach_minutes):
    """Lists of commits that begin around the instant `about`."""
    near = st.integers(-reach_minutes, reach_minutes) | st.integers(-90, 90)
    instants = near.map(lambda minutes: about + minutes * MINUTE)
    lasted = st.integers(1, 60_000) | st.just(2**32)
    one = st.builds(
        Step,
        st.sampled_from(zones),
        st.dictionaries(instants, lasted, max_size=4),
        instants,
        st.booleans(),
    )
    return st.lists(one, min_size=1, max_size=7)


def cuts(about, reach_minutes):
    """Instants, in order, between which a store is asked."""
    near = st.integers(-reach_minutes, reach_minutes) | st.integers(-90, 90)
    instants = near.map(lambda minutes: about + minutes * MINUTE)
    return st.lists(instants, min_size=2, max_size=5, unique=True).map(sorted)


def replayed(folder, done):
    """A store after the steps, and what each minute then holds."""
    path, truth = folder / "a.sqlite", {}
    store = Storage(path)
    for step in done:
        record(store, step.minutes, step.zone, step.over_ms)
        for minute_ms, lasted_ms in step.minutes.items():
            truth[minute_ms] = truth.get(minute_ms, 0) + lasted_ms
        if step.reopens:
            store.close()
            store = Storage(path)
    return store, truth


def check(store, truth, edges):
    for part in map(Stretch._make, pairwise(edges)):
        inside = {m: ms for m, ms in truth.items() if part.start_ms <= m < part.end_ms}
        assert store.presence_ms(part) == sum(inside.values())
        assert np.array_equal(store.heat(part), heat_of(inside))


one_zone = st.sampled_from([(zone, about) for zone in ZONES for about in SWITCHES[zone]])
REACH = 40 * 24 * 60  # minutes: into the months before and after, long past a week


@given(
    one_zone.flatmap(
        lambda at: st.tuples(st.just(at[0]), steps([at[0]], at[1], REACH), cuts(at[1], REACH))
    )
)
@settings(deadline=None, max_examples=60)
def test_hours_of_a_zone_hold_their_minutes_however_and_whenever_they_came(tmp_path_factory, drawn):
    zone, done, edges = drawn
    store, truth = replayed(tmp_path_factory.mktemp("law"), done)
    with closing(store):
        check(store, truth, sorted({hour_of(edge, zone).start_ms for edge in edges}))


WITHIN_A_WEEK = 3 * 24 * 60  # minutes


@given(
    one_zone.flatmap(
        lambda at: st.tuples(steps(ZONES, at[1], WITHIN_A_WEEK), cuts(at[1], WITHIN_A_WEEK))
    )
)
@settings(deadline=None, max_examples=60)
def test_within_a_week_minutes_are_found_whatever_zones_they_were_recorded_in(
    tmp_path_factory, drawn
):
    done, edges = drawn
    store, truth = replayed(tmp_path_factory.mktemp("law"), done)
    with closing(store):
        check(store, truth, edges)


@given(one_zone.flatmap(lambda at: st.tuples(steps(ZONES, at[1], REACH), cuts(at[1], REACH))))
@settings(deadline=None, max_examples=60)
def test_parts_add_up_to_the_whole_whatever_zones_and_however_old(tmp_path_factory, drawn):
    done, edges = drawn
    store, truth = replayed(tmp_path_factory.mktemp("law"), done)
    with closing(store):
        whole = [ALL.start_ms, *edges, ALL.end_ms]
        parts = [Stretch(*ends) for ends in pairwise(whole)]
        assert sum(map(store.presence_ms, parts)) == sum(truth.values())
        assert np.array_equal(sum(map(store.heat, parts)), heat_of(truth))


# --- all or nothing ----------------------------------------------------------------------

FAILURES = {
    "a tile": "BEFORE INSERT ON minute",
    "its hour": "BEFORE INSERT ON hour",
    "an hour's closing": "BEFORE INSERT ON part",
    "old minutes": "BEFORE DELETE ON minute WHEN OLD.start_ms < 1780200000000",
    "the state": "BEFORE INSERT ON state WHEN NEW.name = 'open_stays'",
}


@pytest.mark.parametrize("failing", FAILURES)
def test_a_commit_that_fails_half_way_changes_nothing_and_can_be_made_again(tmp_path, failing):
    path = tmp_path / "a.sqlite"
    with closing(Storage(path)) as store:
        record(store, {at("2026-05-31T01:00"): 5}, settings=1, open_stays=[])
    before = outcome_of(path)
    with closing(Storage(path)) as store, closing(sqlite3.connect(path)) as other:
        when = FAILURES[failing]
        other.execute(f"CREATE TRIGGER no {when} BEGIN SELECT RAISE(ABORT, 'refused'); END")
        change = {at("2026-05-31T01:00"): 70, at("2026-06-09T00:00"): 900}
        with pytest.raises(StorageError, match=r"a\.sqlite can't be written: refused$"):
            record(store, change, over_ms=at("2026-06-08T00:00"), settings=2, open_stays=[1])
        other.execute("DROP TRIGGER no")
        assert outcome_of(path) == before
        record(store, change, over_ms=at("2026-06-08T00:00"), settings=2)
        assert store.presence_ms(ALL) == 975
        assert store.state("settings") == 2


@contextlib.contextmanager
def full_disk(bytes_free):
    """No file can grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_as_such_and_costs_nothing_that_was_committed(tmp_path):
    path = tmp_path / "a.sqlite"
    minutes = {at("2026-05-31T01:00") + k * MINUTE: 5 for k in range(60)}
    with closing(Storage(path)) as store:
        record(store, minutes, settings=1)
        with (
            full_disk((tmp_path / "a.sqlite-wal").stat().st_size + 4096),
            pytest.raises(StorageError, match=r"a\.sqlite can't be written: (disk|database)"),
        ):
            record(store, minutes, settings=2)
        assert (store.presence_ms(ALL), store.state("settings")) == (300, 1)
        record(store, minutes, settings=2)
    with closing(Storage(path)) as store:
        assert (store.presence_ms(ALL), store.state("settings")) == (600, 2)


def test_a_closed_store_refuses_in_its_own_words(tmp_path):
    store = Storage(tmp_path / "a.sqlite")
    store.close()
    for call in (
        lambda: record(store, {}),
        lambda: store.presence_ms(ALL),
        lambda: store.heat(ALL),
        lambda: store.state("settings"),
        store.accounts,
        lambda: store.put_account(Account("ann", "viewer", "secret-123")),
        lambda: store.drop_account("ann"),
    ):
        with pytest.raises(StorageError, match=r"a\.sqlite can't be (read|written)"):
            call()
