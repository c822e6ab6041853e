"""Report queries to reports: which period is meant, what of it may be seen, what is there.

Knows the store only as two questions, and time only as somebody's word. Whoever owns the
store says how to come to it: `reading` is entered for each report, and may leave it empty.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import tzinfo
from typing import Protocol

from emulator.core.cgi import ReportQuery
from emulator.core.localtime import Stretch, to_instant, to_local
from emulator.core.policy import RIGHT, Buckets, Policy
from emulator.core.reports.heat import CellHeat, no_heat
from emulator.core.reports.period import Period, PeriodError, hour_of
from emulator.core.reports.report import TimeRow, space_report, time_report, visible_from
from emulator.core.reports.table import reading_text


class Heat(Protocol):
    """What was recorded."""

    @property
    def has_volume(self) -> bool:
        """Whether a card or a share can be read."""

    def presence_ms(self, part: Stretch) -> int:
        """Return the presence of all objects in a stretch of time."""

    def heat(self, part: Stretch) -> CellHeat:
        """Return the heat of a stretch of time."""


class Reports:
    """Answers report queries in the time zone `zone`, as of `now_ms()`, by a policy's rules.

    A query of None could not be read: its report is empty (CONTRACT 5).
    """

    def __init__(
        self,
        recorded: Heat,
        zone: tzinfo,
        now_ms: Callable[[], int],
        reading: Callable[[], AbstractContextManager[None]],
        policy: Policy = RIGHT,
    ) -> None:
        self._recorded, self._zone = recorded, zone
        self._now_ms, self._reading = now_ms, reading
        self._policy = policy

    def time(self, query: ReportQuery | None) -> tuple[TimeRow, ...]:
        """Return the rows of the time report."""
        rows: tuple[TimeRow, ...] = ()
        if (covered := self._period(query, self._policy.time_period)) is not None:
            with self._reading():
                rows = time_report(covered, self._recorded.presence_ms, *self._visible_ms())
        return rows

    def space(self, query: ReportQuery | None) -> CellHeat:
        """Return the cells of the space report."""
        cells = no_heat().cells
        if (covered := self._period(query, self._policy.space_period)) is not None:
            with self._reading():
                cells = space_report(covered, self._recorded.heat, *self._visible_ms())
        return cells

    def retention_fields(self) -> dict[str, object]:
        """Return `get.heatmap.retention` [INV]: from which reading on heat is shown; "": all."""
        from_ms = self.visible_from_ms()
        text = "" if from_ms is None else reading_text(to_local(from_ms, self._zone))
        return {"visibleFrom": text}

    def visible_from_ms(self) -> int | None:
        """Return the first instant that reports show; None: all that was recorded."""
        if self._policy.sees_all(self._recorded.has_volume):  # REP-06
            return None
        hours = self._policy.retention_hours
        return visible_from(
            self._now_ms(), lambda at_ms: hour_of(at_ms, self._zone).start_ms, hours
        )

    def _visible_ms(self) -> tuple[int | None, int | None]:
        return self.visible_from_ms(), self._policy.seen_until(self._now_ms())

    def _period(self, query: ReportQuery | None, buckets: Buckets) -> Period | None:
        """Return the buckets that `query` asks for, or None if they can't be."""
        if query is None:
            return None
        start = query.start
        if start is None:
            now = to_local(self._now_ms(), self._zone)
            if query.kind == "hour":  # [INV] the last full one (CONTRACT 5)
                # The instant before this one first began: autumn has it twice, spring skips one.
                began_ms = to_instant(now.replace(minute=0, second=0, microsecond=0), self._zone)
                start = to_local(began_ms - 1, self._zone)
            else:  # today from its start
                start = now.replace(hour=0)
        try:
            return buckets(query.kind, start, self._zone)
        except PeriodError:
            return None
