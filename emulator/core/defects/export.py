"""Defects of the automatic export."""

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from emulator.core.defects.defect import Defect
from emulator.core.policy import Export, Pending
from emulator.core.reports.export import Due, Progress, Report
from emulator.core.reports.export_settings import EVERY_DAY, ExportSettings

_DAY = timedelta(days=1)


def _a_day_later(right: Export) -> Export:
    def wrong(
        settings: ExportSettings, reading: datetime, serial: str, zone: tzinfo
    ) -> list[Report]:
        return right(settings, reading + _DAY, serial, zone)

    return wrong


def _named_by_reading(right: Export) -> Export:
    def wrong(
        settings: ExportSettings, reading: datetime, serial: str, zone: tzinfo
    ) -> list[Report]:
        return [named(one) for one in right(settings, reading, serial, zone)]

    def named(one: Report) -> Report:
        assert one.query.start is not None
        ending = one.name.rpartition(".")[2]
        stem = one.name.rpartition("_")[0]
        return one._replace(name=f"{stem}_{one.query.start:%Y%m%d%H%M%S}.{ending}")

    return wrong


def _without_time(right: Export) -> Export:
    def wrong(
        settings: ExportSettings, reading: datetime, serial: str, zone: tzinfo
    ) -> list[Report]:
        return right(settings, reading, serial, zone)[:1]

    return wrong


def _next_weekday(right: Pending) -> Pending:
    def wrong(settings: ExportSettings, progress: Progress, now_ms: int, zone: tzinfo) -> list[Due]:
        if settings.weekday != EVERY_DAY:
            settings = replace(settings, weekday=(settings.weekday + 1) % EVERY_DAY)
        return right(settings, progress, now_ms, zone)

    return wrong


DEFECTS = (
    Defect(
        "export-next-day",
        "What is exported is the report that begins a day later than it should.",
        ("EXP-01",),
        {"exported": _a_day_later},
    ),
    Defect(
        "export-unfloored",
        "An exported file is named by the time of day that the export is set to.",
        ("REP-05",),
        {"exported": _named_by_reading},
        blind=True,
    ),
    Defect(
        "export-one-only",
        "Where both reports are to be exported, only the first is.",
        ("EXP-01", "REP-05"),
        {"exported": _without_time},
    ),
    Defect(
        "export-next-weekday",
        "A weekly export comes a day after the one it is set to.",
        ("EXP-01",),
        {"pending": _next_weekday},
    ),
)
