"""What several commands take: a click type for each kind of value, and options in common.

A value that can't be read is refused with a line that names it and says what would do.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from emulator.core import cgi
from emulator.core.settings import NAMED, HeatSettings, SettingError, change_by_name
from emulator.edge.sources import ANALYSE_FPS


class UsageError(ValueError):
    """Something typed that can't be; the message names it."""


class _Type(click.ParamType[Any]):
    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return self.name


class Speed(_Type):
    """`real` (1.0), `max` (None), or how many seconds of the source a second."""

    name = "real|max|N"

    def convert(self, value: Any, param: Any, ctx: Any) -> float | str:
        """Return the factor, or "max"."""
        if value in {"real", "max"}:
            return 1.0 if value == "real" else "max"
        return _positive(self, value, param, ctx, "is not real, max or a number above 0")


class AnalyseFps(_Type):
    """Pictures a second, or `all`."""

    name = "N|all"

    def convert(self, value: Any, param: Any, ctx: Any) -> float | str:
        """Return the number, or "all"."""
        if value == "all":
            return "all"
        return _positive(self, value, param, ctx, "is not all or a number above 0")


class Local(_Type):
    """A reading of the wall clock."""

    name = "LOCAL"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Return the zoneless reading."""
        if isinstance(value, datetime):
            return value
        try:
            reading = datetime.fromisoformat(value)
        except ValueError:
            reading = None
        if reading is None or reading.tzinfo is not None or not 1970 <= reading.year <= 9000:
            self.fail(f"{value!r} is not YYYY-MM-DDTHH:MM:SS of 1970..9000, no zone", param, ctx)
        return reading.replace(microsecond=0)


class Port(_Type):
    """A port to listen on, or `off`."""

    name = "off|N"

    def convert(self, value: Any, param: Any, ctx: Any) -> int | str:
        """Return the number, or "off"."""
        if value == "off":
            return "off"
        if not (value.isdecimal() and value.isascii() and int(value) <= 65535):
            self.fail(f"{value!r} is not off or a number in 0..65535", param, ctx)
        return int(value)


class Workers(_Type):
    """A number of processes, or a scheduler's address."""

    name = "N|tcp://HOST:PORT"

    def convert(self, value: Any, param: Any, ctx: Any) -> int | str:
        """Return the number, or the address as it is."""
        if re.fullmatch(r"tcp://[^\s/:]+:[0-9]{1,5}", str(value)):
            return str(value)
        if not re.fullmatch("[0-9]{1,3}", str(value)) or not 1 <= int(value) <= 256:
            self.fail(f"{value!r} is neither 1..256 nor tcp://host:port", param, ctx)
        return int(value)


class Zone(_Type):
    """An IANA time zone."""

    name = "ZONE"

    def convert(self, value: Any, param: Any, ctx: Any) -> ZoneInfo:
        """Return the zone."""
        if isinstance(value, ZoneInfo):
            return value
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(f"{value!r} is not an IANA time zone such as Europe/Berlin", param, ctx)


def changed(settings: HeatSettings, texts: Iterable[str]) -> HeatSettings:
    """Return `settings` with every NAME=VALUE of `texts`. Raises SettingError."""
    pairs: list[tuple[str, Any]] = []
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise SettingError(f"--set {text!r} is not NAME=VALUE")
        if name not in NAMED:
            raise SettingError(f"{name!r} is not a setting; there are {', '.join(NAMED)}")
        pairs.append((name, _content(name, value) if value.startswith("@") else value))
    return change_by_name(settings, pairs)


def setting_help() -> str:
    """Return one line that teaches what --set takes, made from the settings' own table."""
    shown = []
    for row in NAMED.values():
        if row.is_number:
            unit = " s" if row.unit == "s" else ""
            shown.append(f"{row.name}={row.low}..{row.high}{unit}")
    shown += ["region=all|none|299 digits|@FILE", "schedule=always|never|@FILE"]
    return "; ".join([*shown, "dwell_semantics=documented|as-named"])


def numbered(name: str) -> Path:
    """Return the first of ./NAME-1, ./NAME-2 ... that is not there yet."""
    number = 1
    while (folder := Path(f"{name}-{number}")).exists():
        number += 1
    return folder


def fps(analyse_fps: float | str) -> float | None:
    """Return what AnalyseFps read as sources take it: None for all pictures."""
    return None if isinstance(analyse_fps, str) else analyse_fps


sets = click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"A setting of the camera, in force from the start: {setting_help()}.",
)
zone = click.option(
    "--timezone",
    "zone",
    type=Zone(),
    default="UTC",
    show_default=True,
    help="Of all times that are typed or shown.",
)
kept_zone = click.option(
    "--timezone",
    "zone",
    type=Zone(),
    help="The camera's. [default: as it was set last; of a new camera UTC]",
)
analyse_fps = click.option(
    "--analyse-fps",
    type=AnalyseFps(),
    default=str(ANALYSE_FPS),
    show_default=True,
    help="Look at no more pictures a second than this.",
)


def one_line(name: str, text: str) -> str:
    """Return what `stuntcam NAME` says of something, in one line whatever is in it."""
    return f"stuntcam {name}: {' '.join(text.split())}"


def warn(name: str, text: str) -> None:
    """Say on stderr what a user should know, in one line."""
    click.echo(one_line(name, text), err=True)


def progress() -> Progress:
    """Return a progress bar with time left on stderr; nothing where that is no terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _content(name: str, value: str) -> object:
    file = Path(value[1:])
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SettingError(f"{name}={value} can't be read: {reason}") from error
    if name == "region":
        return "".join(text.split())  # a region may be drawn in 13 lines
    if name == "schedule":
        return cgi.read_json(text, f"{name}={value}")
    return text.strip()


def _positive(type_: _Type, value: Any, param: Any, ctx: Any, otherwise: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        type_.fail(f"{value!r} {otherwise}", param, ctx)
    return number
