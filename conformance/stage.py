"""What checks of reports need: a time, heat that is known, and reports as numbers.

Readings are patient (forms.readable_*), so that a slip in an answer's form is WIRE-02's alone. A
Stage sets an emulated camera's time and heat through its control interface; what it changes is
given back with everything else at the end of the run.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from conformance import forms, oracle, scenes, shoplife
from conformance.camera import Camera
from conformance.control import Control
from conformance.exchange import Answer, NoAnswerError
from conformance.expect import NotCheckedError, not_checked
from conformance.forms import FormError, TimeRow
from conformance.oracle import Presence
from conformance.run import Run
from conformance.safety import REVERSIBLE, allows
from conformance.scenes import Block, Box
from conformance.showing import DECIDES_NOTHING, PLAIN

Result = TypeVar("Result")

OK = 200

WEEK = datetime(2026, 3, 5)  # noqa: DTZ001  # a wall clock's, as everywhere in reports
DAYS, AFTERWARDS = ("2026-03-05", "2026-03-11"), "2026-03-12T00:30:00"
"""The week's first and last day, a Thursday and a Wednesday, and the first hour after it, in which
all of it can be seen without a card."""

BLOCKS = [  # two of them at once, as they come and go
    Block(Box(220, 100, 290, 150), from_s=6, until_s=11),
    Block(Box(220, 300, 290, 350), from_s=9, until_s=15),
    Block(Box(220, 500, 290, 550), from_s=14, until_s=22),
]
TURN_S = 12
"""A clock that reads so much to the hour has heat of theirs on both sides of it."""
IN_VIEW_S, ALL_GONE_S, HURRY = 17.5, 22.0, 4.0
"""When one of them is there for seconds, and until when; how fast to come there, to be in time."""
SCENE, SLACK_S = scenes.source(BLOCKS), scenes.slack_s(BLOCKS)

Cells = dict[tuple[int, int], int]

# --- reading -------------------------------------------------------------------------------------


def time_rows(camera: Camera, kind: str, start: datetime | str | None) -> list[TimeRow]:
    """Return the rows of a time report. Raises NoAnswerError for what nobody can read."""
    answer = camera.time_report(kind, start)
    try:
        return forms.readable_rows(_text(answer))
    except FormError as error:
        raise NoAnswerError(f"{answer.request}: {error}") from None


def some_rows(camera: Camera, kind: str, start: datetime) -> list[TimeRow]:
    """As time_rows; ends the check where there are none, for that is REP-07's and REP-09's."""
    rows = time_rows(camera, kind, start)
    if not rows:
        not_checked(f"the {kind} report from {start} has no rows: REP-07, REP-09")
    return rows


def heat_s(camera: Camera, kind: str, start: datetime) -> int:
    """Return the sum of a time report."""
    return sum(row.value for row in time_rows(camera, kind, start))


def cells(camera: Camera, kind: str, start: datetime | str | None) -> Cells:
    """Return the cells of a space report. Raises NoAnswerError for what nobody can read."""
    answer = camera.space_report(kind, start)
    try:
        return forms.readable_cells(_text(answer))
    except FormError as error:
        raise NoAnswerError(f"{answer.request}: {error}") from None


def share_told(camera: Camera, hour: datetime) -> float:
    """Return how much of a filled hour's presence is told, as with Stage.share_counted."""
    found = [row.value for row in some_rows(camera, "daily", hour) if row.start == hour]
    if not found:
        not_checked(f"the daily report from {hour} has no row of that hour: REP-07")
    return found[0] / shoplife.presence_s([hour])


def far_off(found: Cells, wanted: Cells, within_s: int) -> list[str]:
    """Return the cells whose seconds differ by more than `within_s`, as texts; at most five."""
    off = [
        f"row {row}, column {column}: {found.get((row, column), 0)} s, "
        f"not {wanted.get((row, column), 0)} s"
        for row, column in sorted(found.keys() | wanted.keys())
        if abs(found.get((row, column), 0) - wanted.get((row, column), 0)) > within_s
    ]
    return off[:5]


def within_an_hour(camera: Camera, read: Callable[[], Result]) -> Result:
    """Return what several requests tell together; what can be seen may change with the hour."""
    while True:
        before = camera.now()
        found = read()
        if oracle.floored("hour", camera.now()) == oracle.floored("hour", before):
            return found


# --- heat that is known --------------------------------------------------------------------------


def is_filled(run: Run) -> bool:
    """Return whether `week_with_heat` is the harness's own, and so known hour by hour."""
    return run.control is not None and allows(run.safety, REVERSIBLE)


def week_with_heat(run: Run, camera: Camera) -> datetime:
    """Return the start of seven days that are over: filled, or else whatever was recorded."""
    if run.control is not None and is_filled(run):
        Stage(camera, run.control).filled(*DAYS, now=AFTERWARDS)
        return WEEK
    return oracle.floored("weekly", camera.now()) - 7 * oracle.DAY


class Stage:
    """An emulated camera's time and heat."""

    def __init__(self, camera: Camera, control: Control) -> None:
        self._camera, self._control = camera, control

    def empty(self, now: str, zone: str = "UTC") -> None:
        """Take all heat out, and let time stand still at a local time."""
        self._control.post("reset")
        self._control.put("clock", mode="frozen", zone=zone, now=now)

    def filled(self, first: str, last: str, now: str, zone: str = "UTC") -> None:
        """As `empty`, with shop life on the days from `first` to `last`, up to now."""
        self.empty(now, zone)
        self.fill(first, last)

    def fill(self, first: str, last: str) -> None:
        """Add shop life on these days."""
        self._control.post("history", **{"from": first, "to": last})

    def set(self, now: str) -> None:
        """Set the clock, without anything else."""
        self._control.put("clock", mode="frozen", now=now)

    def step(self, by: timedelta) -> None:
        """Let the clock jump."""
        self._control.post("clock/step", by_s=by.total_seconds())

    def visited(self, *, ends: bool = True, **clock: Any) -> list[Presence]:
        """Show it BLOCKS, from a reading of the clock on; time then stands still.

        Returns who was there. `ends` the check as not checked when nobody is recorded.
        """
        self._control.put("clock", mode="frozen", **clock)
        zero = datetime.fromtimestamp(self._control.get("clock")["utc_ms"] // 1000, UTC)
        start = self.now() - oracle.HOUR
        before_s = heat_s(self._camera, "daily", start)
        for limit_s in DECIDES_NOTHING:
            saved = self._camera.save(**PLAIN | {"min_dwell": limit_s})
            if not saved.accepted:
                not_checked(f"its settings can't be set: {saved.message or saved.answer.shown}")
            self._control.play(SCENE, **clock)
            self._control.put("clock", mode="frozen")
            if heat_s(self._camera, "daily", start) > before_s:
                return [_presence(block, zero) for block in BLOCKS]
        if ends:
            raise NotCheckedError("the device recorded nothing of what came and went before it")
        return [_presence(block, zero) for block in BLOCKS]

    def interrupted(self, now: str, by: timedelta) -> None:
        """Show it BLOCKS as `visited` has, and set the clock `by` so much while some are there."""
        self._control.put("clock", mode="frozen", now=now)
        self._control.put("scene", source=SCENE, loop=False, position_s=0.0)
        self._control.put("clock", speed=HURRY)
        self._control.watch(SCENE, lambda scene: (scene["position_s"] or 0) >= IN_VIEW_S)
        self._control.put("clock", mode="frozen")
        if (self._control.get("scene")["position_s"] or 0) > ALL_GONE_S - 1:
            raise NotCheckedError("the scene went on too fast to be stopped while people are there")
        self.step(by)
        self._control.put("clock", mode="source")
        self._control.watch(SCENE, lambda scene: bool(scene["ended"]))
        self._control.put("clock", mode="frozen")

    def share_counted(self) -> float:
        """Return how much of the presence of BLOCKS the device tells on a quiet day.

        It must be 1, but that is REP-08's; checks of when and where something is told go by it.
        """
        self.empty("2026-02-01T05:00:00")
        present = self.visited(now="2026-02-01T05:10:00")
        seconds = sum((one.until - one.since).total_seconds() for one in present)
        return heat_s(self._camera, "daily", datetime(2026, 2, 1)) / seconds  # noqa: DTZ001

    def now(self) -> datetime:
        """Return the camera's local time, without a zone."""
        return datetime.fromisoformat(self._control.get("clock")["now"])


def zone_of(name: str) -> tzinfo:
    """Return a time zone by its IANA name."""
    return ZoneInfo(name)


def _presence(block: Block, zero: datetime) -> Presence:
    since, until = (zero + timedelta(seconds=at_s) for at_s in (block.from_s, block.until_s))
    return Presence(since, until)


def _text(answer: Answer) -> str:
    if answer.status != OK:
        raise NoAnswerError(f"{answer.request}: {answer.shown}")
    return answer.text
