"""The fold over recorded footage, where real files would be too long to make."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import pytest

from emulator.analysis import Task, analyse
from emulator.core.frame import Frame
from emulator.core.reports.period import PeriodError
from emulator.core.settings import HeatSettings
from emulator.edge.sources import Count

DAY_MS = 86_400_000


@dataclass
class SlowFilm:
    """A film of `days` pictures, each standing for a day."""

    days: int
    name: str = "slow.film"
    duration_s: float | None = None
    count: Count = field(default_factory=Count)

    def frames(self, begins_ms):
        grey = np.full((36, 64), 128, np.uint8)
        for day in range(self.days):
            at_ms = begins_ms + day * DAY_MS
            yield Frame(at_ms, at_ms + DAY_MS, grey, lambda: np.full((36, 64, 3), 128, np.uint8))

    def missing_s(self):
        return 0.0


def kind_of(*days, report="auto", start=datetime(2026, 1, 31)):
    task = Task([SlowFilm(each) for each in days], HeatSettings(enable=1), report, start)
    return analyse(task, UTC).period.kind


def test_the_smallest_period_that_holds_all_footage_is_taken():
    assert kind_of(1) == "daily"
    assert kind_of(2) == "weekly"
    assert kind_of(7) == "weekly"
    assert kind_of(8) == "monthly"
    assert kind_of(31) == "monthly"  # 31 January to 2 March: as many days as January has
    assert kind_of(20, 12) == "annual"


def test_a_shorter_period_than_the_footage_can_be_asked_for():
    assert kind_of(8, report="daily") == "daily"


def test_footage_that_outlasts_the_annual_report_is_refused():
    # From 31 January the annual report runs to the end of December: 335 days.
    assert kind_of(335) == "annual"
    with pytest.raises(PeriodError, match=r"slow\.film outlasts the annual report"):
        kind_of(336)


def test_progress_is_told_by_name_and_seconds():
    told = []
    analyse(Task([SlowFilm(2)], HeatSettings(enable=1)), UTC, lambda *said: told.append(said))
    assert told == [("slow.film", 86_400.0), ("slow.film", 172_800.0)]
