"""Defects of who may do what, and which models have the function."""

from dataclasses import replace

from emulator.core.defects.defect import Defect
from emulator.core.gating import Decision, Families, Series
from emulator.core.policy import Decide, May


def viewers_are_operators(right: May) -> May:
    """Return the rule by which a viewer may do what an operator may."""
    return lambda role, least: right("operator" if role == "viewer" else role, least)


def _one_release_early(right: Decide) -> Decide:
    def wrong(model: str, firmware: str, families: Families) -> Decision:
        series = tuple(earlier(one) for one in families.series)
        return right(model, firmware, replace(families, series=series))

    def earlier(series: Series) -> Series:
        if series.first is None or series.first.r == 0:
            return series
        return replace(series, first=replace(series.first, r=series.first.r - 1))

    return wrong


DEFECTS = (
    Defect(
        "viewer-may-write",
        "A viewer may do what an operator may.",
        ("WIRE-01",),
        {"may": viewers_are_operators},
    ),
    Defect(
        "gating-r6",
        "A panoramic camera has the heat map from x.7.0.72-r6 on, one release too early.",
        ("GATE-04",),
        {"decide": _one_release_early},
    ),
)
