"""Frames in, stored heat out: folds frames through core and hands each minute to a store.

Both ways of using the emulator go through here, a camera that runs and a file that is
analysed, so that no other code makes or writes heat. Knows the store only as something
that commits.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import tzinfo
from typing import Any, Protocol, cast

from emulator.core.detection import inview, pipeline, stays
from emulator.core.detection.foreground import Mask
from emulator.core.detection.outline import FINE
from emulator.core.detection.pipeline import Results
from emulator.core.detection.stays import Outcome, Ruled, Rules, Spell, Stay
from emulator.core.detection.tracks import Sighting
from emulator.core.frame import Box, Frame, Size
from emulator.core.localtime import MINUTE_MS
from emulator.core.policy import RIGHT, Policy
from emulator.core.reports import heat
from emulator.core.reports.heat import Tile
from emulator.core.settings import HeatSettings

OPEN_STAYS = "open_stays"
CLOCK = "clock_ms"


class Store(Protocol):
    """Where finished minutes go."""

    def commit(
        self,
        minutes: Mapping[int, Tile],
        state: Mapping[str, object],
        zone: tzinfo,
        closes_before_ms: int,
    ) -> None:
        """Add heat and put state, all or nothing."""

    def state(self, name: str) -> object | None:
        """Return what was put under a name, or None."""


def put(store: Store, minutes: Iterable[tuple[int, Tile]], zone: tzinfo) -> None:
    """Commit what was recorded elsewhere: tiles by their minute's first instant, in order."""
    for minute_ms, tile in minutes:
        store.commit({minute_ms: tile}, {}, zone, minute_ms)


class Recorder:
    """Records one camera's heat. Use from one thread at a time.

    store     where minutes are committed; settings: in force now
    zone      the camera's time zone
    now_ms    the instant up to which everything was seen, on the film's axis
    offset_ms how far the camera's clock reads ahead of it (core/readings.py)
    on_ruled  is told of every stay that ended
    policy    the rules: what settings mean to the stages, and what is booked when
    """

    def __init__(
        self,
        store: Store,
        settings: HeatSettings,
        zone: tzinfo,
        now_ms: int,
        on_ruled: Callable[[Ruled], None] = lambda ruled: None,
        offset_ms: int = 0,
        policy: Policy = RIGHT,
    ) -> None:
        self.settings = settings
        self.now_ms = now_ms
        self.offset_ms = offset_ms
        self.frames = 0
        self.objects = 0
        self._store = store
        self._zone = zone
        self._on_ruled = on_ruled
        self._policy = policy
        self._plan = policy.plan(settings, zone)
        self._state = pipeline.State()
        self._spells: list[Spell] = []
        self._in_view: tuple[Size, tuple[Sighting, ...]] = Size(0, 0), ()
        self._rule_left_over()

    @property
    def reading_ms(self) -> int:
        """What the clock reads at the end of what was seen."""
        return self.now_ms + self.offset_ms

    def take(self, frame: Frame, offset_ms: int = 0) -> Mask:
        """Look at one frame; commit when it ends a minute. Returns where something was.

        offset_ms  how far the clock reads ahead of the film while the frame stands
        Raises the store's error if a minute can't be committed; its heat is kept and goes
        with the next one.
        """
        self._state, results = pipeline.step(self._state, frame, self._plan, offset_ms)
        self.frames += 1
        rows, columns = results.mask.shape
        self._in_view = Size(FINE * rows, FINE * columns), results.sightings
        self._keep(results)
        self.pass_time(frame.until_ms, offset_ms)
        return results.mask

    @property
    def sightings(self) -> tuple[Size, tuple[Sighting, ...]]:
        """Who is where in the picture looked at last; the size of what their boxes lie in."""
        return self._in_view

    def in_view(self) -> dict[str, object]:
        """Return who was in the picture looked at last, as answer fields (detection/inview.py)."""
        size, sightings = self._in_view
        return inview.objects(sightings, size, self._state.open_stays, self.now_ms)

    def pass_time(self, now_ms: int, offset_ms: int) -> None:
        """Know what time it is without a picture; commit when that ends a minute.

        Raises as `take`.
        """
        before_ms = self.reading_ms
        if offset_ms != self.offset_ms:
            self._spells.extend(self._policy.at_a_step(self._state.open_stays.values()))
        self.now_ms, self.offset_ms = now_ms, offset_ms
        if self.reading_ms // MINUTE_MS != before_ms // MINUTE_MS:
            self.flush()

    def move(self, zone: tzinfo, state: Mapping[str, object]) -> None:
        """Go by another time zone from the next frame on, once that is committed."""
        self.flush(state)
        self._zone = zone
        self._plan = self._policy.plan(self.settings, zone)

    def forget(self) -> None:
        """End all stays and forget the scene: the next frame shows another one."""
        self._in_view = Size(0, 0), ()
        self._state, results = pipeline.close(self._state, self._plan)
        self._state = pipeline.State()
        self._keep(results)

    def look_away(self) -> None:
        """End all stays: for a while nothing is seen. The scene is remembered."""
        self._in_view = Size(0, 0), ()
        self._state, results = pipeline.close(self._state, self._plan)
        self._keep(results)

    def change(self, settings: HeatSettings, state: Mapping[str, object]) -> None:
        """End all stays by the old settings, and put the new ones in force once committed.

        state  what else is to be put in the same transaction
        """
        self._state, results = pipeline.close(self._state, self._plan)
        self._keep(results)
        self.flush(state)
        self.settings = settings
        self._plan = self._policy.plan(settings, self._zone)

    def go_by(self, policy: Policy) -> None:
        """End all stays, and go by other rules once these are committed."""
        self.look_away()
        self.flush()
        self._policy = policy
        self._plan = policy.plan(self.settings, self._zone)

    def flush(self, state: Mapping[str, object] | None = None) -> None:
        """Commit everything ruled so far, the open stays and the clock."""
        undecided_ms = pipeline.undecided_since(self._state, self._plan)
        now_ms = self.reading_ms
        over_ms = now_ms if undecided_ms is None else min(now_ms, undecided_ms)
        kept = {
            CLOCK: now_ms,
            OPEN_STAYS: {
                "rules": [self._plan.rules.min_dwell_s, self._plan.rules.semantics],
                "stays": [_fields(stay) for stay in self._state.open_stays.values()],
            },
        }
        self._store.commit(
            heat.tiles(self._policy.booked(self._spells), self._plan.counted),
            kept | dict(state or {}),
            self._zone,
            over_ms,
        )
        self._spells.clear()

    @property
    def is_clean(self) -> bool:
        """Tell whether everything ruled so far is committed."""
        return not self._spells

    def _keep(self, results: Results) -> None:
        self.objects += results.believed
        self._rule(Outcome(results.ended, results.spells))

    def _rule(self, outcome: Outcome) -> None:
        self._spells.extend(outcome.spells)
        for ruled in outcome.ended:
            self._on_ruled(ruled)

    def _rule_left_over(self) -> None:
        # After a power cut: whoever was in the region then has left it (CONTRACT 3). Open
        # stays are saved with the settings that rule them, so nothing else is needed.
        saved = cast("dict[str, Any] | None", self._store.state(OPEN_STAYS))
        if not saved or not saved["stays"]:
            return
        left_over = {number: _stay(stay) for number, stay in enumerate(saved["stays"])}
        rules = Rules(self._plan.rules.region, *saved["rules"])
        _, outcome = stays.ended(left_over, left_over, rules)
        self._rule(outcome)
        self.flush()


def _fields(stay: Stay) -> dict[str, Any]:
    # Not asdict: it would copy thousands of spells, which are JSON-able as they are.
    return {field.name: getattr(stay, field.name) for field in fields(stay)}


def _stay(saved: Mapping[str, Any]) -> Stay:
    return Stay(
        saved["start_ms"],
        saved["end_ms"],
        saved["confirmed"],
        _spells(saved["spells"]),
        _spells(saved["doubtful"]),
    )


def _spells(rows: Iterable[Any]) -> tuple[Spell, ...]:
    return tuple(Spell(minute_ms, Box(*cells), lasted_ms) for minute_ms, cells, lasted_ms in rows)
