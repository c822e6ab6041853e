"""A year of shop life in a real store, read back as reports, against the page that tells it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from told_history import told_cells, told_presence

from emulator.core.reports.history import filled
from emulator.core.reports.period import period
from emulator.core.reports.report import space_report, time_report
from emulator.edge.storage import Storage

BERLIN = ZoneInfo("Europe/Berlin")
FAR_MS = 10**14
ERA = "0badcafe"


@pytest.fixture(scope="module")
def year():
    """A store with the year 2026 in it."""
    storage = Storage(None)
    storage.plant(filled(date(2026, 1, 1), date(2026, 12, 31), BERLIN, FAR_MS), BERLIN, ERA)
    yield storage
    storage.close()


def rows(storage, kind, start):
    report = time_report(period(kind, start, BERLIN), storage.presence_ms)
    return [row.presence_ms // 1000 for row in report]


def told_day(day):
    return [told_presence(day, hour) for hour in range(24)]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 24)])
def test_a_daily_report_reads_as_the_page_tells_also_when_clocks_change(year, day):
    start = datetime(day.year, day.month, day.day)
    assert rows(year, "daily", start) == told_day(day)


def test_an_annual_report_has_each_month_s_hours(year):
    told = [0] * 12
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(number)
        told[day.month - 1] += sum(told_day(day))
    assert rows(year, "annual", datetime(2026, 1, 1)) == told
    assert min(told) > 0


def test_a_weekly_map_is_the_sum_of_its_hours(year):
    told = np.zeros((192, 192), np.uint64)
    for number in range(7):
        for hour in range(24):
            told += np.array(told_cells(date(2026, 5, 4) + timedelta(number), hour), np.uint64)
    heat = space_report(period("weekly", datetime(2026, 5, 4), BERLIN), year.heat)
    assert (heat == told * np.uint64(1000)).all()


def test_filled_hours_can_be_taken_out_again():
    storage = Storage(None)
    hours = list(filled(date(2026, 3, 4), date(2026, 3, 4), BERLIN, FAR_MS))
    assert storage.plant(hours, BERLIN, ERA) == 14
    assert storage.filled == tuple(part for part, _ in hours)
    assert storage.unplant() == 14
    assert rows(storage, "daily", datetime(2026, 3, 4)) == [0] * 24
    storage.close()
