"""Defects of history: how far back it is seen, and what becomes of it."""

from collections.abc import Collection, Iterable

from emulator.core.defects.defect import Defect
from emulator.core.detection.stays import Spell, Stay
from emulator.core.policy import Step
from emulator.core.reports.catalogue import Union
from emulator.core.reports.parts import Part

_A_DAY_H = 24


def _twice_if_on_two(right: Union) -> Union:
    def wrong(held: Iterable[Collection[Part]], hidden: Collection[str]) -> list[Part]:
        volumes = [set(parts) for parts in held]
        once = set(right(volumes, hidden))
        again = (part for part in once if sum(part in one for one in volumes) > 1)
        return [*once, *(part for part in again if not part.is_filled)]

    return wrong


def _with_what_was_taken_out(right: Union) -> Union:
    return lambda held, hidden: right(held, ())


def _so_far(right: Step) -> Step:
    def wrong(stays: Iterable[Stay]) -> Iterable[Spell]:
        held = [spell for stay in stays if stay.confirmed for spell in stay.spells]
        return (*right(stays), *held)

    return wrong


DEFECTS = (
    Defect(
        "retention-8-days",
        "Without card and share heat is seen for 8 days.",
        ("REP-06",),
        {"retention_hours": lambda right: right + _A_DAY_H},
    ),
    Defect(
        "retention-6-days",
        "Without card and share heat is seen for 6 days.",
        ("REP-06",),
        {"retention_hours": lambda right: right - _A_DAY_H},
    ),
    Defect(
        "card-shows-no-more",
        "With a card or a share, too, only 7 days are seen.",
        ("REP-06", "REP-10"),
        {"sees_all": lambda right: lambda has_volume: False},
        blind=True,
    ),
    Defect(
        "hour-twice",
        "What was recorded in an hour counts twice once a card or share has it, too.",
        ("REP-10",),
        {"union": _twice_if_on_two},
    ),
    Defect(
        "cleared-comes-back",
        "Heat that was taken out while a card was away is there again with the card.",
        ("REP-10",),
        {"union": _with_what_was_taken_out},
    ),
    Defect(
        "step-doubles",
        "Whoever is in view when the clock is set has his heat so far counted twice.",
        ("REP-10",),
        {"at_a_step": _so_far},
    ),
)
