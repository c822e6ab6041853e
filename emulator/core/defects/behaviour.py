"""Defects of what the settings do to the result, and of how heat is measured."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import tzinfo
from fractions import Fraction
from typing import Any

from emulator.core.defects.defect import Defect
from emulator.core.detection.pipeline import Plan
from emulator.core.detection.stays import Spell
from emulator.core.frame import MAP_COLUMNS, Box
from emulator.core.policy import Book, Mean
from emulator.core.settings import NAMED, HeatSettings

_EVER_S = 10**6
MORE, LESS = Fraction(6, 5), Fraction(4, 5)
"""A fifth more, a fifth less."""


def _settings(changed: Callable[[HeatSettings], dict[str, Any]]) -> Callable[[Mean], Mean]:
    """Return what takes other settings for those that were saved."""

    def spoil(right: Mean) -> Mean:
        def wrong(settings: HeatSettings, zone: tzinfo) -> Plan:
            return right(replace(settings, **changed(settings)), zone)

        return wrong

    return spoil


def _reversed(name: str) -> Callable[[Mean], Mean]:
    row = NAMED[name]
    return _settings(lambda saved: {name: row.low + row.high - getattr(saved, name)})


def _ignored(name: str) -> Callable[[Mean], Mean]:
    return _settings(lambda saved: {name: NAMED[name].default})


def _tuned(changed: Callable[[Any], dict[str, Any]]) -> Callable[[Mean], Mean]:
    """Return what tunes the detector otherwise."""

    def spoil(right: Mean) -> Mean:
        def wrong(settings: HeatSettings, zone: tzinfo) -> Plan:
            plan = right(settings, zone)
            return replace(plan, tuned=replace(plan.tuned, **changed(plan.tuned)))

        return wrong

    return spoil


def _share(factor: Fraction) -> Callable[[Mean], Mean]:
    # The level is a length, the share an area.
    return _tuned(lambda tuned: {"min_box_share": tuned.min_box_share * factor**2})


def _absorbing(factor: Fraction) -> Callable[[Mean], Mean]:
    return _tuned(lambda tuned: {"absorb_after_s": tuned.absorb_after_s * float(factor)})


def _dwell(changed: Callable[[int], int | Fraction]) -> Callable[[Mean], Mean]:
    """Return what rules stays by another limit."""

    def spoil(right: Mean) -> Mean:
        def wrong(settings: HeatSettings, zone: tzinfo) -> Plan:
            plan = right(settings, zone)
            limit_s = int(changed(plan.rules.min_dwell_s))
            return replace(plan, rules=replace(plan.rules, min_dwell_s=limit_s))

        return wrong

    return spoil


def _spells(changed: Callable[[Spell], Spell]) -> Callable[[Book], Book]:
    """Return what counts other heat than stays let go."""

    def spoil(right: Book) -> Book:
        def wrong(spells: Iterable[Spell]) -> Iterator[Spell]:
            return (changed(spell) for spell in right(spells))

        return wrong

    return spoil


def _lasting(factor: Fraction) -> Callable[[Book], Book]:
    return _spells(lambda spell: spell._replace(lasted_ms=int(spell.lasted_ms * factor)))


def _mirrored(spell: Spell) -> Spell:
    top, left, bottom, right = spell.cells
    return spell._replace(cells=Box(top, MAP_COLUMNS - right, bottom, MAP_COLUMNS - left))


def _in_the_middle(spell: Spell) -> Spell:
    top, left, bottom, right = spell.cells
    row, column = (top + bottom) // 2, (left + right) // 2
    return spell._replace(cells=Box(row, column, row + 1, column + 1))


DEFECTS = (
    Defect(
        "sensitivity-ignored",
        "Sensitivity has no effect.",
        ("BEH-01",),
        {"plan": _ignored("sensitivity")},
    ),
    Defect(
        "sensitivity-reversed",
        "Sensitivity goes the other way: 10 finds least.",
        ("BEH-01",),
        {"plan": _reversed("sensitivity")},
    ),
    Defect(
        "sensitivity-seven",
        "A Sensitivity of 7 finds as little as 3.",
        ("BEH-01",),
        {
            "plan": _settings(
                lambda saved: {"sensitivity": 3 if saved.sensitivity == 7 else saved.sensitivity}
            )
        },
        blind=True,
    ),
    Defect(
        "size-ignored",
        "Min. Object Size has no effect.",
        ("BEH-02",),
        {"plan": _ignored("min_object_size")},
    ),
    Defect(
        "size-reversed",
        "Min. Object Size goes the other way: 100 leaves out least.",
        ("BEH-02",),
        {"plan": _reversed("min_object_size")},
        blind=True,
    ),
    Defect(
        "size-squared",
        "Min. Object Size is a share of the picture's area, not of its sides.",
        ("BEH-02",),
        {
            "plan": _settings(
                lambda saved: {"min_object_size": max(1, saved.min_object_size**2 // 100)}
            )
        },
    ),
    Defect(
        "size-a-fifth-more",
        "An object must be a fifth larger than Min. Object Size says.",
        ("BEH-02",),
        {"plan": _share(MORE)},
    ),
    Defect(
        "size-a-fifth-less",
        "An object may be a fifth smaller than Min. Object Size says.",
        ("BEH-02",),
        {"plan": _share(LESS)},
    ),
    Defect(
        "dwell-reversed",
        "Stays shorter than Min. Dwell Time are left out, and longer ones recorded.",
        ("BEH-03",),
        {"plan": _settings(lambda saved: {"dwell_semantics": "as-named"})},
    ),
    Defect(
        "dwell-ignored",
        "Stays are recorded however long they last.",
        ("BEH-03",),
        {"plan": _dwell(lambda limit_s: _EVER_S)},
    ),
    Defect(
        "dwell-a-fifth-more",
        "Stays are recorded up to a fifth more than Min. Dwell Time.",
        ("BEH-03",),
        {"plan": _dwell(lambda limit_s: limit_s * MORE)},
    ),
    Defect(
        "dwell-a-fifth-less",
        "Stays are left out from a fifth less than Min. Dwell Time on.",
        ("BEH-03",),
        {"plan": _dwell(lambda limit_s: limit_s * LESS)},
    ),
    Defect(
        "adaptability-ignored",
        "Scene Change Adaptability has no effect.",
        ("BEH-04",),
        {"plan": _ignored("adaptability")},
    ),
    Defect(
        "adaptability-reversed",
        "Scene Change Adaptability goes the other way: 10 takes longest.",
        ("BEH-04",),
        {"plan": _reversed("adaptability")},
    ),
    Defect(
        "absorbed-a-fifth-later",
        "What lies still is absorbed after a fifth more time than it should.",
        ("BEH-04",),
        {"plan": _absorbing(MORE)},
    ),
    Defect(
        "absorbed-a-fifth-sooner",
        "What lies still is absorbed after a fifth less time than it should.",
        ("BEH-04",),
        {"plan": _absorbing(LESS)},
    ),
    Defect(
        "noise-counts",
        "In a picture with much noise, noise is taken for objects.",
        ("BEH-07",),
        {
            "plan": _tuned(
                lambda tuned: {
                    "threshold_deviations": tuned.threshold_deviations / 4,
                    "threshold_floor": tuned.threshold_floor * 0.4,
                }
            )
        },
    ),
    Defect(
        "seconds-a-fifth-more",
        "A second in the region counts as 1.2 s.",
        ("REP-08",),
        {"booked": _lasting(MORE)},
    ),
    Defect(
        "seconds-a-fifth-less",
        "A second in the region counts as 0.8 s.",
        ("REP-08",),
        {"booked": _lasting(LESS)},
    ),
    Defect(
        "seconds-by-pictures",
        "Each of the 12.5 pictures that are looked at in a second counts as 1/25 s.",
        ("REP-08",),
        {"booked": _lasting(Fraction(1, 2))},
    ),
    Defect(
        "mirror-image",
        "Heat is counted mirrored, left for right.",
        ("BEH-05",),
        {"booked": _spells(_mirrored)},
    ),
    Defect(
        "heat-in-one-cell",
        "An object leaves heat in its middle alone, not in all cells that it covers.",
        ("REP-08",),
        {"booked": _spells(_in_the_middle)},
    ),
)
