"""What a camera goes by: its rules as one value, so that a defect can put another in its place.

Every field is a rule that the requirements fix, and its default is the right one, made in the
room where it belongs. Only `defects/` makes other policies. Who applies a rule (app.py and the
rooms that it wires) takes it from here and does not know whether it is right.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from emulator.core import accounts, digest, gating
from emulator.core.detection import pipeline
from emulator.core.detection.pipeline import Plan
from emulator.core.detection.stays import Spell, Stay
from emulator.core.frame import Frame, Picture
from emulator.core.gating import Decision, Families
from emulator.core.lockout import PATIENCE, Patience
from emulator.core.onvif import wsse
from emulator.core.onvif.analytics import HEAT_MAP_PARAMETERS, Parameter
from emulator.core.reports import catalogue, export, picture, table
from emulator.core.reports.catalogue import Union
from emulator.core.reports.export import Due, Progress, Report
from emulator.core.reports.export_settings import ExportSettings
from emulator.core.reports.heat import CellHeat
from emulator.core.reports.period import Period, period
from emulator.core.reports.report import RETENTION_HOURS, TimeRow
from emulator.core.settings import HeatSettings, change_by_key

Fields = Mapping[str, object]
Decide = Callable[[str, str, Families], Decision]
Change = Callable[[HeatSettings, Iterable[tuple[str, Any]]], HeatSettings]
Wake = Callable[[HeatSettings], HeatSettings]
Mean = Callable[[HeatSettings, tzinfo], Plan]
Book = Callable[[Iterable[Spell]], Iterable[Spell]]
Step = Callable[[Iterable[Stay]], Iterable[Spell]]
Buckets = Callable[[str, datetime, tzinfo], Period]
Latest = Callable[[int], int | None]
Seen = Callable[[bool], bool]
Rows = Callable[[Iterable[TimeRow]], str]
Cells = Callable[[CellHeat], str]
Paint = Callable[[Picture, CellHeat, Any], Picture]
Pending = Callable[[ExportSettings, Progress, int, tzinfo], list[Due]]
Export = Callable[[ExportSettings, datetime, str, tzinfo], list[Report]]
May = Callable[[str, str], bool]
Open = Callable[[str], bool]
Challenge = Callable[[str, str, bool], tuple[str, ...]]
Age = Callable[[bytes, str, float], float | None]
Spent = Callable[[int | None, Container[int | None]], bool]
Answer = Callable[[str, Fields], Fields]
Serve = Callable[[str, str], str]
Told = Callable[[str], bool]
Used = Callable[[bytes, Container[bytes]], bool]
Based = Callable[[str], str]
Streamed = Callable[[Frame], Frame]
Snapped = Callable[[Picture, Picture | None], Picture]


def _as_delivered(before: HeatSettings) -> HeatSettings:
    return HeatSettings()


def _all_of_it(saved: HeatSettings) -> HeatSettings:
    return saved


def _nothing_of_it(before: HeatSettings, sent: Iterable[tuple[str, Any]]) -> HeatSettings:
    return before


def _as_let_go(spells: Iterable[Spell]) -> Iterable[Spell]:
    return spells


def _nothing_yet(stays: Iterable[Stay]) -> Iterable[Spell]:
    return ()


def _all_there_is(now_ms: int) -> None:
    return None


def _where_a_volume_is(has_volume: bool) -> bool:
    return has_volume


def _nobody(least: str) -> bool:
    return False


def _was_here(count: int | None, used: Container[int | None]) -> bool:
    return count in used


def _as_it_is(action: str, fields: Fields) -> Fields:
    return fields


def _as_written(name: str, text: str) -> str:
    return text


def _every_change(topic: str) -> bool:
    return True


def _as_asked(base: str) -> str:
    return base


def _as_seen(frame: Frame) -> Frame:
    return frame


def _what_is_seen_now(now: Picture, before: Picture | None) -> Picture:
    return now


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one camera. Instants are UTC ms.

    decide           (model, firmware, families) -> whether it has the function (GATE)
    change           (settings, what a client sent) -> the new settings; refuses (SET-02..06)
    after_refusal    the same two -> the settings after what is refused (SET-06)
    delivered        the settings before a factory reset -> those after it (SET-08)
    remembered       the saved settings -> those that it starts with (SET-07)
    plan             (settings, zone) -> what they mean to the stages (BEH, REG, SCH)
    booked           the heat that stays let go -> the heat that is counted (REP-08)
    at_a_step        the stays that are open when the clock is set -> what is booked at once
    union            (the parts on each volume, the eras taken out) -> the parts that reports
                     see, each once (REP-10)
    time_period      (report type, start, zone) -> the buckets of the time report (REP-02, -07)
    space_period     the same for the space report, which covers exactly these
    retention_hours  how far back heat is kept and seen without card and share (REP-06)
    sees_all         (whether there is a card or share) -> whether all that is kept is seen
    seen_until       the clock's reading -> the instant up to which reports see; None: all
    time_csv         the time report's rows -> its text (WIRE-02); space_json: the space report's
    painted          (what is seen, heat, the region on the map) -> the picture of it (REP-03)
    pending          (settings, progress, now, zone) -> the exports that are due (EXP-01)
    exported         (settings, reading that it was set to, serial, zone) -> its files
    may              (role, least role) -> whether it is let in (WIRE-01)
    is_open          (least role) -> whether who brings no credentials is let in
    challenges       (realm, nonce, whether only the nonce is too old) -> what a 401 offers
    nonce_age_s      (secret, nonce, s) -> how long ago it was made here; None: it was not
    is_spent         (a nonce's count, those that were here) -> whether it is of no use any more
    patience         how many wrong passwords lock an account, and for how long (WEB-05)
    answered         (a `get.` action, what it answers) -> what is told (SET-07, WIRE-05)
    script           (name, text) of a script of the pages -> the text that browsers get (WEB)
    parameters       the heat map's over ONVIF, with their ranges (WIRE-03); so the rest:
    tells            (topic) -> whether a change is told to who is subscribed to it
    is_used          (nonce, those of that second) -> whether a token is of no use any more
    base             the URL that a client asked by -> the one that it is told
    streamed         the frame that is seen -> the one that is sent by RTSP (WIRE-04)
    snapped          (what is seen, what the snapshot before showed) -> what a snapshot shows
    """

    decide: Decide = gating.decide
    change: Change = change_by_key
    after_refusal: Change = _nothing_of_it
    delivered: Wake = _as_delivered
    remembered: Wake = _all_of_it
    plan: Mean = pipeline.plan
    booked: Book = _as_let_go
    at_a_step: Step = _nothing_yet
    union: Union = catalogue.union
    time_period: Buckets = period
    space_period: Buckets = period
    retention_hours: int = RETENTION_HOURS
    sees_all: Seen = _where_a_volume_is
    seen_until: Latest = _all_there_is
    time_csv: Rows = table.time_csv
    space_json: Cells = table.space_json
    painted: Paint = picture.heat_picture
    pending: Pending = export.pending
    exported: Export = export.reports
    may: May = accounts.may
    is_open: Open = _nobody
    challenges: Challenge = digest.challenges
    nonce_age_s: Age = digest.nonce_age_s
    is_spent: Spent = _was_here
    patience: Patience = PATIENCE
    answered: Answer = _as_it_is
    script: Serve = _as_written
    parameters: tuple[Parameter, ...] = HEAT_MAP_PARAMETERS
    tells: Told = _every_change
    is_used: Used = wsse.is_used
    base: Based = _as_asked
    streamed: Streamed = _as_seen
    snapped: Snapped = _what_is_seen_now


RIGHT = Policy()
"""What the requirements say."""
