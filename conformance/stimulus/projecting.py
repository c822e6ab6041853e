"""Sets a camera, has a film shown before its lens, watches the screen, and reads the heat.

What conformance/showing.py is for an emulated camera, in real time and for any: heat can't be
taken out, so a film's is what came to the day's reports meanwhile; the region is the screen's
part of the picture, so that what moves elsewhere is none of it. A screen that is lost ends the
check as not checked, with the reason.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from conformance import forms, scenes
from conformance.camera import Camera
from conformance.exchange import NoAnswerError
from conformance.expect import NotCheckedError
from conformance.showing import DECIDES_NOTHING, PLAIN
from conformance.stimulus import plan, truth
from conformance.stimulus.code import Code
from conformance.stimulus.driving import LIMIT_OF_VIDEO_S, LONGEST_PAUSE_S, Screen
from conformance.stimulus.films import Film
from conformance.stimulus.layout import Rect
from conformance.stimulus.looking import Looker
from conformance.stimulus.sight import LostError, Sight
from conformance.stimulus.truth import Heat, Parts, Place

FINDS_WITHIN_S, FINDS_AGAIN_S = 10.0, 5.0
LOOKS_EVERY_S = 4.0
SETTLES_S = 1.5
TOLD_WITHIN_S = 70.0
"""A report may be made once a minute."""
DAY = timedelta(days=1)


class Projector:
    """One camera before one screen.

    forgets_s  how long a camera of the highest adaptability is given to learn the background
    late_s     how late its pictures are, once the screen is found
    min_dwell  the limit under which every stay of ours is recorded, once known
    """

    def __init__(self, camera: Camera, screen: Screen, forgets_s: float = plan.FORGETS_S) -> None:
        self._camera, self.screen, self._forgets_s = camera, screen, forgets_s
        self._pace = camera.client.pace
        self._looker = Looker(camera)
        self._found: tuple[Sight, Parts] | None = None
        self._gone = ""
        self._shown: dict[str, Heat] = {}
        self.late_s = 0.0
        self.min_dwell: int | None = None
        self._told_after_s = SETTLES_S
        self.limit_s = screen.limit_s or _own_limit(camera)

    # --- the screen ------------------------------------------------------------------------------

    def find(self, patience_s: float = FINDS_WITHIN_S) -> Sight:
        """Look for the screen, and learn how late the picture is. Raises LostError for good."""
        try:
            self.screen.tell_time()
            sight = self._looker.find(patience_s)
            parts = truth.parts(sight, *plan.PARTED_AT)
            self.late_s = self._looker.late_s(self.screen, sight)
        except (LostError, NoAnswerError) as error:
            self._gone = str(error)
            raise LostError(self._gone) from None
        self._found, self._shown = (sight, parts), {}
        return sight

    def place(self, box: Rect) -> Place:
        """Return where a box of the screen is seen."""
        return truth.place(self._seen()[0], box)

    def region(self, name: str) -> str:
        """Return a region: whole, left, lower, lower_left. See truth.Parts."""
        return str(getattr(self._seen()[1], name))

    def _seen(self) -> tuple[Sight, Parts]:
        if self._found is None:
            if self._gone:
                raise NotCheckedError(f"the screen was lost: {self._gone}")
            try:
                self.find(FINDS_AGAIN_S)
            except LostError as error:
                raise NotCheckedError(f"the screen was lost: {error}") from None
        assert self._found is not None
        return self._found

    def _refuse_lost(self, number: int | None) -> None:
        try:
            self._looker.refuse_lost(self._seen()[0], number)
        except LostError as error:
            self._found, self.min_dwell = None, None
            raise NotCheckedError(f"the screen was lost: {error}") from None

    # --- showing ---------------------------------------------------------------------------------

    def show(
        self, film: Film, region: str = "whole", *, at: datetime | None = None, **settings: Any
    ) -> Heat:
        """Show a film, once under the same settings; returns the heat that it has made.

        at        what the camera's clock is to read as its picture shows the film's beginning
        settings  by our names; PLAIN has the others, and no stay is too long or too short

        Raises NotCheckedError where the screen is lost, or the settings are not taken.
        """
        if self.min_dwell is None:
            self._learn()
        values = {"min_dwell": self.min_dwell, **settings}
        what = json.dumps([film.name, film.length_s, region, values], sort_keys=True)
        if at is not None or what not in self._shown:
            self._shown[what] = self._showing(film, region, at, values)
        return self._shown[what]

    def _showing(
        self, film: Film, region: str, at: datetime | None, settings: dict[str, Any]
    ) -> Heat:
        if at is not None and not self.screen.can_wait:
            raise NotCheckedError("a video can't wait for the camera's clock")
        self._refuse_lost(None)
        if not self.screen.can_wait:  # a video shows films that no check wants, too
            self._save(**{**PLAIN, "region": scenes.NONE})
        self.screen.wait_for(film, self._code)
        self._save(**{**PLAIN, "region": self.region(region), **settings})
        day = self._day(film)
        before = self._heat(day)
        if at is not None:
            self._wait_for(at)
        self._watch(film)
        self._pace.sleep(self._told_after_s)
        heat = truth.added(before, self._heat(day))
        if film.lasts:
            self.forget()
        return heat

    def _watch(self, film: Film) -> None:
        number = self.screen.begin(film)
        lasts_s = film.length_s + (self.late_s if self.screen.can_wait else LONGEST_PAUSE_S)
        over_s = self._pace.monotonic() + lasts_s
        self._pace.sleep(self.late_s + 0.5)
        if not self.screen.can_wait and self._code() not in {None, Code(True, number)}:
            raise NotCheckedError(f"the video is past film {number}, {film.name!r}")
        while self.screen.can_wait or self._code() in {None, Code(True, number)}:
            self._refuse_lost(number)
            left_s = over_s - self._pace.monotonic()
            if left_s <= 0:
                return
            self._pace.sleep(min(LOOKS_EVERY_S, max(left_s, 0.2)))

    def _code(self) -> Code | None:
        return self._looker.code(self._seen()[0])

    def forget(self) -> None:
        """Give the camera time to learn the empty stage as its background."""
        self._save(**{**PLAIN, "region": scenes.NONE, "adaptability": 10, "min_dwell": 300})
        self._pace.sleep(self._forgets_s)

    def _learn(self) -> None:
        """Learn the dwell limit that decides nothing, and how soon reports tell."""
        self._seen()
        self.forget()
        for limit_s in DECIDES_NOTHING:
            self._told_after_s = SETTLES_S
            heat = self._showing(plan.TRIAL, "whole", None, {"min_dwell": limit_s})
            self.min_dwell = limit_s
            if heat.seconds > 0 or self._comes_later():
                return
        self.min_dwell = None
        raise NotCheckedError(
            f"of {plan.TRIAL.things[0].seconds:g} s on the screen nothing was recorded, "
            f"whatever Min. Dwell Time ({', '.join(map(str, DECIDES_NOTHING))} s)"
        )

    def _comes_later(self) -> bool:
        now = self._camera.now()
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        before, began_s = self._heat(day), self._pace.monotonic()
        while (waited_s := self._pace.monotonic() - began_s) < TOLD_WITHIN_S:
            self._pace.sleep(2.0)
            if self._heat(day) != before:
                self._told_after_s = waited_s + 4 * SETTLES_S
                return True
        return False

    def _save(self, **values: Any) -> None:
        saved = self._camera.save(**values)
        if not saved.accepted:
            raise NotCheckedError(
                f"its settings can't be set: {saved.message or saved.answer.shown}"
            )

    def _heat(self, day: datetime) -> Heat:
        rows = forms.readable_rows(self._camera.time_report("daily", day).text)
        cells = forms.readable_cells(self._camera.space_report("daily", day).text)
        return Heat(sum(row.value for row in rows), cells)

    # --- the camera's clock ----------------------------------------------------------------------

    def now(self) -> datetime:
        """Return what the camera's clock reads."""
        return self._camera.now()

    def wait_until(self, reading: datetime) -> None:
        """Let time pass until the camera's clock reads so much, to the second."""
        while (left := (reading - self._camera.now()).total_seconds()) > 0:
            self._pace.sleep(max(0.05, left - 1))

    def _wait_for(self, at: datetime) -> None:
        self.wait_until(at - timedelta(seconds=1))  # its second has just begun
        self._pace.sleep(max(0.0, 1 - self.late_s))

    def _day(self, film: Film) -> datetime:
        """Return the day's midnight; a film that would not end before the next waits for it."""
        now = self._camera.now()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if now + timedelta(seconds=film.length_s + 60) > midnight + DAY:
            if not self.screen.can_wait:
                raise NotCheckedError(f"{film.name!r} comes at midnight, and a video can't wait")
            midnight += DAY
            self.wait_until(midnight)
        return midnight


def _own_limit(camera: Camera) -> int:
    """Return the device's own dwell limit; where it can't be read, the checks will say so."""
    try:
        told = camera.settings().get("min_dwell")
    except (NotCheckedError, NoAnswerError):
        told = None
    return plan.own_limit(told if isinstance(told, int) else LIMIT_OF_VIDEO_S)
