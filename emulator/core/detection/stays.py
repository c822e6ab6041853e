"""Who was in the region, for how long, and whether that counts: sightings in, stays out.

A stay is one object's presence in the region, from entering to leaving, moving or not; it
counts from the first sighting, though believed only later. Under a second unseen or outside
does not end it; who was unseen, behind a pole say, and is back is taken to have gone straight on
at one pace. It is held back until the dwell limit has decided (CONTRACT 3):

  documented  heat is let go when the stay ends, dropped if it lasted longer (BEH-03)
  as-named    heat is let go once the stay has lasted long enough, from then on at once

Presence is measured by the stretch that a picture stands for, so nothing is counted twice
or lost between pictures. All instants here are the film's, but for the minutes in which heat is
booked (`readings`). Heat itself is worked out elsewhere; here it is a list of spells.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from emulator.core.detection.tracks import UNSEEN_MS, Sighting, Split
from emulator.core.frame import Box, RegionMask, Size, map_cells, region_cell
from emulator.core.localtime import SECOND_MS, Stretch
from emulator.core.readings import AS_FILMED, Readings


class Spell(NamedTuple):
    """So many milliseconds over one box of map cells, within one minute.

    minute_ms  the first instant of the clock's minute, where the heat is booked
    cells      map cells, half-open
    lasted_ms  ms
    """

    minute_ms: int
    cells: Box
    lasted_ms: int


class Unseen(NamedTuple):
    """A stretch in which somebody was not seen, but expected in `box`; minute_ms: as in Spell."""

    minute_ms: int
    during: Stretch
    box: Box


@dataclass(frozen=True, slots=True)
class Stay:
    """An object's presence in the region so far.

    start_ms   when it entered; end_ms: until when it was last in the region
    confirmed  its object is believed; else the stay comes to nothing
    spells     heat held back
    doubtful   heat of the time since end_ms: kept if the object is back within a second
    """

    start_ms: int
    end_ms: int
    confirmed: bool
    spells: tuple[Spell, ...] = ()
    doubtful: tuple[Spell, ...] = ()
    seen: Box | None = None
    unseen: tuple[Unseen, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruled:
    """A stay that is over, and what the dwell limit made of it.

    recorded  "yes", or the reason why not: "longer" or "shorter" than the limit
    """

    start_ms: int
    end_ms: int
    recorded: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides over stays: the region (bool (13, 23)), the limit in seconds, its meaning."""

    region: RegionMask
    min_dwell_s: int
    semantics: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Stays that ended, and the heat that was let go."""

    ended: tuple[Ruled, ...] = ()
    spells: tuple[Spell, ...] = ()


Open = Mapping[int, Stay]
"""The stays that are not over, by their track's number."""


def present(
    stays: Open,
    sightings: Iterable[Sighting],
    during: Stretch,
    size: Size,
    rules: Rules,
    readings: Readings = AS_FILMED,
) -> tuple[dict[int, Stay], Outcome]:
    """Return the stays after a stretch `during` which the `sightings` held.

    during  within one minute of the clock, where its heat is booked; size: the sightings'
            picture's
    """
    after = dict(stays)
    done = _Done()
    minute_ms = readings.minute_at(during.start_ms)
    for sighting in sightings:
        stay = after.get(sighting.number)
        if stay is not None and sighting.confirmed and not stay.confirmed:
            stay = replace(stay, confirmed=True)
        spell = Spell(minute_ms, map_cells(sighting.box, size), during.end_ms - during.start_ms)
        if sighting.seen and rules.region[region_cell(sighting.box, size)]:
            if stay is not None and during.start_ms - stay.end_ms >= UNSEEN_MS:
                done.rule(stay, rules)
                stay = None
            if stay is None:
                stay = Stay(during.start_ms, during.start_ms, sighting.confirmed)
            gap = stay.doubtful
            if stay.unseen and stay.seen is not None:
                gap = _on_the_way(stay, stay.seen, sighting.box, during.start_ms, size)
            held = _joined(stay.spells + gap, spell)
            stay = Stay(stay.start_ms, during.end_ms, stay.confirmed, held, seen=sighting.box)
        elif stay is None:
            continue
        elif during.end_ms - stay.end_ms >= UNSEEN_MS:
            done.rule(stay, rules)
            del after[sighting.number]
            continue
        else:
            stay = replace(
                stay,
                doubtful=_joined(stay.doubtful, spell),
                seen=None if sighting.seen else stay.seen,
                unseen=(*stay.unseen, Unseen(minute_ms, during, sighting.box)),
            )
        after[sighting.number] = done.pay(stay, rules)
    return after, done.outcome()


def _on_the_way(stay: Stay, was: Box, now: Box, at_ms: int, size: Size) -> tuple[Spell, ...]:
    """Return the heat of the time unseen of who `was` there, and is there `now`, at `at_ms`.

    He is as large as he was expected to be: who comes near the size limit is known to be smaller.
    """
    spells: tuple[Spell, ...] = ()
    down, across = now.bottom - was.bottom, now.left + now.right - was.left - was.right
    for minute_ms, during, (top, left, bottom, right) in stay.unseen:
        # The middle of the stretch, between the last instant seen and the first one again.
        done = during.start_ms + during.end_ms - 2 * stay.end_ms
        whole = 2 * max(1, at_ms - stay.end_ms)
        foot = was.bottom + down * done // whole
        start = (was.left + was.right - (right - left) + across * done // whole) // 2
        box = Box(foot - (bottom - top), start, foot, start + (right - left))
        spells = _joined(
            spells, Spell(minute_ms, map_cells(box, size), during.end_ms - during.start_ms)
        )
    return spells


def ended(stays: Open, numbers: Iterable[int], rules: Rules) -> tuple[dict[int, Stay], Outcome]:
    """Return the stays without those of the tracks `numbers`, which end where last inside."""
    after = dict(stays)
    done = _Done()
    for number in numbers:
        if (stay := after.pop(number, None)) is not None:
            done.rule(stay, rules)
    return after, done.outcome()


def without(stays: Open, numbers: Iterable[int]) -> dict[int, Stay]:
    """Return the stays without those of the tracks `numbers`, which never were anybody's."""
    nobody = set(numbers)
    return {number: stay for number, stay in stays.items() if number not in nobody}


def split(stays: Open, whose: Mapping[int, Split]) -> dict[int, Stay]:
    """Return the stays of tracks that were several objects, now known apart.

    whose  by track number: the track that it was a part of, which may be itself, and its box
           within the whole one. Each gets its own part of the cells that were heated.
    """
    after = dict(stays)
    for number, (parent, box, whole) in whose.items():
        stay = stays.get(parent)
        if stay is not None:
            after[number] = replace(
                stay,
                spells=tuple(_part(spell, box, whole) for spell in stay.spells),
                doubtful=tuple(_part(spell, box, whole) for spell in stay.doubtful),
            )
    return after


def _part(spell: Spell, box: Box, whole: Box) -> Spell:
    cells = spell.cells
    top, bottom = _share(cells.top, cells.bottom, box.top, box.bottom, whole.top, whole.bottom)
    left, right = _share(cells.left, cells.right, box.left, box.right, whole.left, whole.right)
    return spell._replace(cells=Box(top, left, bottom, right))


def _share(start: int, end: int, low: int, high: int, least: int, most: int) -> tuple[int, int]:
    # The same part of start..end as low..high is of least..most; one cell at least.
    length = max(1, most - least)
    first = start + (end - start) * (min(max(low, least), most) - least) // length
    last = start - (start - end) * (min(max(high, least), most) - least) // length
    first = min(first, end - 1)
    return first, max(last, first + 1)


def since_the_start(
    stays: Open,
    number: int,
    box: Box,
    during: Iterable[Stretch],
    size: Size,
    rules: Rules,
    readings: Readings = AS_FILMED,
) -> dict[int, Stay]:
    """Return the stays with `number`'s begun earlier: he stood in `box` from the beginning.

    during  the time he stood there, each stretch within one minute, as far as it counts;
            what lies after his stay's beginning is left out
    """
    after = dict(stays)
    stay = after.get(number)
    if stay is None or not rules.region[region_cell(box, size)]:
        return after
    cells = map_cells(box, size)
    before: tuple[Spell, ...] = ()
    start_ms = stay.start_ms
    for stretch in during:
        end_ms = min(stretch.end_ms, stay.start_ms)
        if stretch.start_ms >= end_ms:
            break
        start_ms = min(start_ms, stretch.start_ms)
        minute_ms = readings.minute_at(stretch.start_ms)
        before = _joined(before, Spell(minute_ms, cells, end_ms - stretch.start_ms))
    if before:
        after[number] = replace(stay, start_ms=start_ms, spells=(*before, *stay.spells))
    return after


def undecided_since(stay: Stay, rules: Rules) -> int | None:
    """Return since when the stay's heat is held back; None: nothing of it can count any more."""
    if rules.semantics == "documented":
        return None if _is_long(stay, rules) else stay.start_ms
    return stay.end_ms if stay.confirmed and _is_long_enough(stay, rules) else stay.start_ms


def _is_long(stay: Stay, rules: Rules) -> bool:
    return stay.end_ms - stay.start_ms > rules.min_dwell_s * SECOND_MS


def _is_long_enough(stay: Stay, rules: Rules) -> bool:
    return stay.end_ms - stay.start_ms >= rules.min_dwell_s * SECOND_MS


@dataclass(slots=True)
class _Done:
    """Collects what one step ends and lets go."""

    stays: list[Ruled] = field(default_factory=list)
    spells: list[Spell] = field(default_factory=list)

    def rule(self, stay: Stay, rules: Rules) -> None:
        if not stay.confirmed:
            return
        recorded = "yes"
        if rules.semantics == "documented" and _is_long(stay, rules):
            recorded = "longer"
        elif rules.semantics == "as-named" and not _is_long_enough(stay, rules):
            recorded = "shorter"
        if recorded == "yes":
            self.spells.extend(stay.spells)
        self.stays.append(Ruled(stay.start_ms, stay.end_ms, recorded))

    def pay(self, stay: Stay, rules: Rules) -> Stay:
        """Return what of `stay` is still held back."""
        if rules.semantics == "documented":
            # Too long already: nothing of it will count, so nothing need be kept.
            return replace(stay, spells=()) if _is_long(stay, rules) else stay
        if stay.confirmed and _is_long_enough(stay, rules):
            self.spells.extend(stay.spells)
            return replace(stay, spells=())
        return stay

    def outcome(self) -> Outcome:
        return Outcome(tuple(self.stays), tuple(self.spells))


def _joined(spells: tuple[Spell, ...], spell: Spell) -> tuple[Spell, ...]:
    if spells and spells[-1][:2] == spell[:2]:
        longer = Spell(spell.minute_ms, spell.cells, spells[-1].lasted_ms + spell.lasted_ms)
        return (*spells[:-1], longer)
    return (*spells, spell)
