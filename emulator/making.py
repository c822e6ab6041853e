"""What a camera is made with, from what somebody names: its source, its numbers, where it begins.

Shared by all who make cameras: the command line, and programs that use stuntcam as a library.
Prints nothing, and knows no options.
"""

import json
import secrets
import string
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from emulator import saved
from emulator.core.localtime import to_instant
from emulator.core.settings import HeatSettings
from emulator.edge import fixtures, sources
from emulator.edge.clock import zone_of
from emulator.edge.storage import Storage
from emulator.recording import CLOCK, OPEN_STAYS

DEFAULT_SCENE = "scene:shop"

FRESH = datetime(2026, 1, 1)  # noqa: DTZ001  # a reading; where a new camera's clock begins
"""What a new camera's clock reads where it does not go with real time (CONTRACT 4)."""

_NUMBERS = "numbers"


class MakingError(ValueError):
    """Something named that no camera can be made with; the message names it."""


def source(text: str, fps: float | None = sources.ANALYSE_FPS) -> sources.Source:
    """Return what `text` names: FILE, rtsp://..., scene:NAME, scene:{...} or camera:0.

    fps  look at no more pictures a second than this; None: at all
    Raises MakingError, SourceError or SceneError.
    """
    kind, colon, name = text.partition(":")
    if kind == "scene" and colon:
        return _scene(text, name)
    if kind == "camera" and colon:
        return sources.LiveSource(sources.webcam(name), fps)
    if "://" in text:
        return sources.LiveSource(sources.network(text), fps)
    return sources.VideoFile(Path(text), fps)


def check_live(
    found: sources.Source, speed: float | None, loop: bool, *, before: str = ""
) -> sources.Source:
    """Return `found` if it can be played so; what is live goes at real only, without an end.

    speed   None: as fast as it can
    before  stands before the names of what is wrong: "--" where they are options
    Raises MakingError.
    """
    if isinstance(found, sources.LiveSource):
        if speed != 1.0:
            shown = "max" if speed is None else speed
            raise MakingError(f"{before}speed {shown}: {found.name} is live and goes at real only")
        if loop:
            raise MakingError(f"{before}loop: {found.name} is live and does not end")
    return found


def numbers(storage: Storage, zone: tzinfo) -> tuple[str, str]:
    """Return this device's serial number and MAC address, made once and kept."""
    kept = storage.state(_NUMBERS)
    if not isinstance(kept, list):
        symbols = string.digits + string.ascii_uppercase
        serial = "".join(secrets.choice(symbols) for _ in range(17))  # 17 alphanumerics (facts 6)
        mac = ":".join(["02"] + [f"{secrets.randbelow(256):02X}" for _ in range(5)])
        kept = [serial, mac]
        storage.commit({}, {_NUMBERS: kept}, zone, 0)
    return kept[0], kept[1]


def erase(storage: Storage) -> None:
    """Have nothing in the store but who the device is."""
    storage.clear(era())
    for account in storage.accounts():
        storage.drop_account(account.name)
    forgotten = dict.fromkeys((saved.ZONE, CLOCK, OPEN_STAYS))
    settings = {saved.SETTINGS: saved.as_kept(HeatSettings())}  # SET-01: off
    storage.commit({}, dict.fromkeys(saved.GONE) | forgotten | settings, UTC, 0)


def kept_zone(storage: Storage, given: str | None) -> tuple[str, tzinfo]:
    """Return the camera's time zone, and its name: the one given, or the one kept."""
    name = (saved.zone_name_of(storage) or "UTC") if given is None else given
    return name, zone_of(name)


def begins_ms(storage: Storage, clock: datetime | None, speed: float | None, zone: tzinfo) -> int:
    """Return what the camera's clock begins with, in ms since 1970 UTC (CONTRACT 4)."""
    if clock is not None:
        return to_instant(clock, zone)
    if speed == 1.0:
        return int(datetime.now(zone).timestamp() * 1000)
    kept = storage.state(CLOCK)
    return kept if isinstance(kept, int) else to_instant(FRESH, zone)


def era() -> str:
    """Return 8 hex digits that nothing else has."""
    return secrets.token_hex(4)


def _scene(text: str, name: str) -> sources.Source:
    # A scene of the caller's own is named by its whole document, so that whoever keeps the name
    # (a state, a test that puts things back) keeps the scene.
    if name.startswith("{"):
        try:
            return sources.drawn(text, json.loads(name))
        except (ValueError, RecursionError) as error:
            raise MakingError(f"no scene: {error}") from None
    if name not in fixtures.scene_names():
        raise MakingError(f"no scene {name!r:.80}; there are {', '.join(fixtures.scene_names())}")
    return sources.drawn(text, fixtures.scene(name))
