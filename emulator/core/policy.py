"""What a camera goes by: its rules as one value, so that a defect can put another in its place.

Every field is a rule that the requirements fix, and its default is the right one, made in the
room where it belongs. Only `defects/` makes other policies. Who applies a rule (app.py and the
rooms that it wires) takes it from here and does not know whether it is right.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from emulator.core import accounts, gating, pipeline, wsse
from emulator.core.analytics import HEAT_MAP_PARAMETERS, Parameter
from emulator.core.frame import Frame, Picture
from emulator.core.gating import Decision, Families
from emulator.core.period import Period, period
from emulator.core.pipeline import Plan
from emulator.core.report import RETENTION_HOURS
from emulator.core.settings import HeatSettings, change_by_key

Decide = Callable[[str, str, Families], Decision]
Change = Callable[[HeatSettings, Iterable[tuple[str, Any]]], HeatSettings]
Wake = Callable[[HeatSettings], HeatSettings]
Mean = Callable[[HeatSettings, tzinfo], Plan]
Buckets = Callable[[str, datetime, tzinfo], Period]
May = Callable[[str, str], bool]
Serve = Callable[[str, str], str]
Told = Callable[[str], bool]
Used = Callable[[bytes, Container[bytes]], bool]
Based = Callable[[str], str]
Streamed = Callable[[Frame], Frame]
Snapped = Callable[[Picture, Picture | None], Picture]


_AS_DELIVERED = HeatSettings()


def _all_of_it(saved: HeatSettings) -> HeatSettings:
    return saved


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
    """The rules of one camera.

    decide           (model, firmware, families) -> whether it has the function (GATE)
    change           (settings, what a client sent) -> the new settings; refuses (SET-02..06)
    delivered        the settings after a factory reset (SET-08)
    remembered       the saved settings -> those that it starts with (SET-07)
    plan             (settings, zone) -> what they mean to the stages (BEH, REG, SCH)
    time_period      (report type, start, zone) -> the buckets of the time report (REP-02, -07)
    space_period     the same for the space report, which covers exactly these
    retention_hours  how far back heat is kept and seen without card and share (REP-06)
    may              (role, least role) -> whether it is let in (WIRE-01)
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
    delivered: HeatSettings = _AS_DELIVERED
    remembered: Wake = _all_of_it
    plan: Mean = pipeline.plan
    time_period: Buckets = period
    space_period: Buckets = period
    retention_hours: int = RETENTION_HOURS
    may: May = accounts.may
    script: Serve = _as_written
    parameters: tuple[Parameter, ...] = HEAT_MAP_PARAMETERS
    tells: Told = _every_change
    is_used: Used = wsse.is_used
    base: Based = _as_asked
    streamed: Streamed = _as_seen
    snapped: Snapped = _what_is_seen_now


RIGHT = Policy()
"""What the requirements say."""
