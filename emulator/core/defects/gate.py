"""Defects of which models and firmware have the function."""

from collections.abc import Callable
from dataclasses import replace

from emulator.core.defects.defect import Defect, Kind
from emulator.core.gating import Decision, Families, Series, parse_firmware
from emulator.core.policy import Decide


def _with_series(changed: Callable[[Series], Series]) -> Callable[[Decide], Decide]:
    """Return what goes by another table."""

    def spoil(right: Decide) -> Decide:
        def wrong(model: str, firmware: str, families: Families) -> Decision:
            series = tuple(changed(one) for one in families.series)
            return right(model, firmware, replace(families, series=series))

        return wrong

    return spoil


def _one_release_early(series: Series) -> Series:
    if series.first is None or series.first.r == 0:
        return series
    return replace(series, first=replace(series.first, r=series.first.r - 1))


def _without_release(series: Series) -> Series:
    return replace(series, first=series.first and replace(series.first, r=0))


def _one_patch_late(series: Series) -> Series:
    if series.first is None or series.first.r:
        return series
    return replace(series, first=replace(series.first, patch=series.first.patch + 1))


def _always(name: str) -> Callable[[Series], Series]:
    def changed(series: Series) -> Series:
        if series.name != name:
            return series
        return replace(series, first=parse_firmware("1.0.0.0"), needs="x.0.0.0")

    return changed


def _only_without_a_variant(right: Decide) -> Decide:
    def wrong(model: str, firmware: str, families: Families) -> Decision:
        found = right(model, firmware, families)
        has_variant = any(part.isalpha() for part in firmware.split("-"))
        return replace(found, offered=found.offered and not has_variant)

    return wrong


DEFECTS = (
    Defect(
        "gating-r6",
        "A panoramic camera has the heat map from x.7.0.72-r6 on, one release too early.",
        ("GATE-04",),
        {"decide": _with_series(_one_release_early)},
        Kind("MS-C9674-PB", "43.7.0.72-r6"),
    ),
    Defect(
        "gating-without-release",
        "A panoramic camera has the heat map from x.7.0.72 on, whatever the -rN.",
        ("GATE-04",),
        {"decide": _with_series(_without_release)},
        Kind("MS-C5374-PB", "V43.7.0.72-r5"),
        blind=True,
    ),
    Defect(
        "gating-ptz",
        "A PTZ camera has the heat map.",
        ("GATE-02", "GATE-05"),
        {"decide": _with_series(_always("AI PTZ"))},
        Kind("MS-C2941-X30RPE", "63.8.0.5-r3"),
        blind=True,
    ),
    Defect(
        "gating-lpr",
        "A camera of the LPR series has the heat map.",
        ("GATE-03", "GATE-05"),
        {"decide": _with_series(_always("AI LPR"))},
        Kind("MS-C2966-RFLPE", "T_61.8.0.3_EU-r7"),
    ),
    Defect(
        "gating-patch-late",
        "An AI camera has the heat map from x.8.0.3 on, one version too late.",
        ("GATE-01",),
        {"decide": _with_series(_one_patch_late)},
        Kind("MS-C8477-PC", "45.8.0.2"),
    ),
    Defect(
        "gating-plain",
        "A camera neither panoramic nor AI has the heat map.",
        ("GATE-05",),
        {"decide": _with_series(_always("non-AI"))},
        Kind("MS-C2964-PD", "51.7.0.77-r12"),
    ),
    Defect(
        "gating-variant",
        "A firmware with letters before its -rN does not have the heat map.",
        ("GATE-01", "GATE-06"),
        {"decide": _only_without_a_variant},
        Kind("MS-C2966-X12ROPC", "45.8.0.2-AIoT-r4"),
    ),
)
