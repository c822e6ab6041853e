"""The emulator's subcommands: what is typed, and what is printed.

With app.py the only place that prints or exits. Every wrong input ends here as one line on
stderr and exit code 2 (CONTRACT 1); what nobody expected is left to be a traceback.
"""

import logging
import os
import secrets
import string
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import platformdirs
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from emulator import analysis, app, options, serving
from emulator import demo as demonstration
from emulator.core import gating
from emulator.core.accounts import Account, check_password
from emulator.core.device import Identity
from emulator.core.localtime import to_instant, to_local
from emulator.core.period import KINDS
from emulator.core.settings import HeatSettings
from emulator.edge import fixtures, outputs, ready, sources
from emulator.edge.sources import SourceError
from emulator.edge.statefolder import StateFolder
from emulator.edge.storage import Storage
from emulator.recording import CLOCK

USAGE, SKIPPED, INTERRUPTED = 2, 6, 130

DEFAULT_MODEL, DEFAULT_FIRMWARE = "MS-C8165-PE", "61.8.0.3-r8"  # the one recorded pair (facts 6)
DEFAULT_SCENE = "scene:shop"
PASSWORD_VARIABLE = "STUNTCAM_PASSWORD"  # noqa: S105  # a variable's name

_FRESH = datetime(2026, 1, 1)  # noqa: DTZ001  # a reading; where a new camera's clock begins


class UsageError(ValueError):
    """Something typed that can't be; the message names it."""


@click.command()
@click.option("--model", default=DEFAULT_MODEL, show_default=True, help="What it claims to be.")
@click.option("--firmware", default=DEFAULT_FIRMWARE, show_default=True, help="Its version.")
@click.option(
    "--source",
    metavar="FILE|scene:NAME",
    help="A video, or a drawn scene (scene:? lists them). [default: scene:shop, looped]",
)
@click.option(
    "--speed",
    type=options.Speed(),
    default="real",
    show_default=True,
    help="How fast its source plays and its clock goes.",
)
@click.option("--loop", is_flag=True, help="Begin the source again when it ends.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--http-port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="0: any free port.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where it keeps heat and settings. [default: the user's state folder]",
)
@click.option("--user", default="admin", show_default=True, help="The administrator's name.")
@click.option(
    "--password-env",
    metavar="VAR",
    help=f"Variable with the password. [default: {PASSWORD_VARIABLE}, else one is made]",
)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"Change a setting at the start: {options.setting_help()}.",
)
@click.option("--clock", type=options.Local(), help="What its clock reads at the start.")
@click.option(
    "--timezone",
    "zone",
    type=options.Zone(),
    default="UTC",
    show_default=True,
    help="Of everything it says and shows.",
)
@click.option(
    "--analyse-fps",
    type=options.AnalyseFps(),
    default=str(sources.ANALYSE_FPS),
    show_default=True,
    help="Look at no more pictures a second than this.",
)
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Written once everything answers: one line of JSON with the URL.",
)
def _serve(
    source: str | None, host: str, http_port: int, ready_file: Path | None, **given: Any
) -> int:
    """Run an emulated camera until Ctrl-C.

    Read its reports like the real one's:
    curl --digest -u admin 'http://127.0.0.1:8080/dataloader.cgi?dw=heatmapcsv'
    """
    if source == "scene:?":
        click.echo("\n".join(f"scene:{name}" for name in fixtures.scene_names()))
        return 0
    families = gating.series_table(fixtures.models())
    decision = gating.decide(given["model"], given["firmware"], families)
    pictures = _source(source or DEFAULT_SCENE, given["analyse_fps"])
    password = _given_password(given["password_env"])
    options.changed(HeatSettings(), given["sets"])  # refused before anything is touched
    if ready_file is not None:
        ready.remove(ready_file)
    listener = serving.listen(host, http_port)
    folder = StateFolder(given["state"] or _state_folder(given["model"]))
    made = False
    if password is None:
        password, made = folder.password(_make_password)
    storage = Storage(folder.store)
    settings = options.changed(app.saved_settings(storage), given["sets"])
    setup = app.Setup(
        identity=Identity(given["model"], given["firmware"], *_numbers(storage, given["zone"])),
        offered=decision.offered,
        admin=Account(given["user"], "admin", password),
        source=pictures,
        speed=None if given["speed"] == "max" else given["speed"],
        loop=given["loop"] or source is None,
        begins_ms=_clock(storage, **given),
        zone=given["zone"],
        zone_name=given["zone"].key,
    )
    logging.basicConfig(level=logging.INFO, format="stuntcam: %(message)s")
    camera = app.Camera(setup, storage, settings)

    def announce() -> None:
        reading = to_local(setup.begins_ms, setup.zone)
        where = f"in {folder.path / 'password'}" if given["password_env"] is None else "as given"
        click.echo(
            f"{given['model']}, firmware {given['firmware']}: {decision.reason}\n"
            f"listening at {serving.url(listener)}/, user {given['user']}, "
            f"password {password if made else where}\n"
            f"source {pictures.name}, {pictures.duration_s or 0:.0f} s{', looped' * setup.loop}; "
            f"camera time {reading} {setup.zone_name}\n"
            f"state in {folder.path}; stop with Ctrl-C"
        )
        sys.stdout.flush()

    told = {"pid": os.getpid(), "model": given["model"], "firmware": given["firmware"]}
    serving.serve(camera, listener, ready_file, told, announce)
    folder.close()
    return 0


def _source(text: str, analyse_fps: float | str) -> sources.Source:
    kind, colon, name = text.partition(":")
    if kind == "scene" and colon:
        if name not in fixtures.scene_names():
            raise UsageError(f"no scene {name!r}; there are {', '.join(fixtures.scene_names())}")
        return sources.drawn(text, fixtures.scene(name))
    if "://" in text or (kind == "camera" and colon):
        raise UsageError(f"--source {text} is not built yet; a file or scene:NAME is")
    return sources.VideoFile(Path(text), _fps(analyse_fps))


def _fps(analyse_fps: float | str) -> float | None:
    return None if isinstance(analyse_fps, str) else analyse_fps


def _given_password(variable: str | None) -> str | None:
    if variable is None:
        password = os.environ.get(PASSWORD_VARIABLE) or None
    elif (password := os.environ.get(variable)) is None:
        raise UsageError(f"--password-env {variable}: there is no such environment variable")
    if password is not None:
        check_password(password)
    return password


def _make_password() -> str:
    letters = "".join(secrets.choice(string.ascii_letters) for _ in range(10))
    return letters + "".join(secrets.choice(string.digits) for _ in range(4))


def _state_folder(model: str) -> Path:
    return platformdirs.user_state_path("stuntcam", appauthor=False) / model


def _numbers(storage: Storage, zone: ZoneInfo) -> tuple[str, str]:
    """Return this device's serial number and MAC address, made once and kept."""
    kept = storage.state("numbers")
    if not isinstance(kept, list):
        symbols = string.digits + string.ascii_uppercase
        serial = "".join(secrets.choice(symbols) for _ in range(17))  # 17 alphanumerics (facts 6)
        mac = ":".join(["02"] + [f"{secrets.randbelow(256):02X}" for _ in range(5)])
        kept = [serial, mac]
        storage.commit({}, {"numbers": kept}, zone, 0)
    return kept[0], kept[1]


def _clock(
    storage: Storage, clock: datetime | None, speed: float | str, zone: ZoneInfo, **_: Any
) -> int:
    """Return what the camera's clock begins with, in ms since 1970 UTC (CONTRACT 4)."""
    if clock is not None:
        return to_instant(clock, zone)
    if speed == 1.0:
        return int(datetime.now(zone).timestamp() * 1000)
    kept = storage.state(CLOCK)
    return kept if isinstance(kept, int) else to_instant(_FRESH, zone)


@click.command()
@click.argument(
    "inputs", nargs=-1, required=True, metavar="VIDEO|FOLDER...", type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the reports go. [default: ./stuntcam-analyze-N]",
)
@click.option(
    "--set",
    "sets",
    multiple=True,
    metavar="NAME=VALUE",
    help=f"A setting of the camera: {options.setting_help()}.",
)
@click.option(
    "--report",
    type=click.Choice(["auto", *KINDS[:4]]),
    default="auto",
    show_default=True,
    help="The period; auto: the smallest that holds all footage.",
)
@click.option(
    "--start",
    type=options.Local(),
    default=analysis.BEGINS,
    show_default=True,
    help="When the footage began.",
)
@click.option(
    "--timezone",
    "zone",
    type=options.Zone(),
    default="UTC",
    show_default=True,
    help="Of --start and all reports.",
)
@click.option(
    "--analyse-fps",
    type=options.AnalyseFps(),
    default=str(sources.ANALYSE_FPS),
    show_default=True,
    help="Look at no more pictures a second than this.",
)
def _analyze(inputs: tuple[Path, ...], out: Path | None, **given: Any) -> int:
    """Make the camera's heat-map reports of recorded footage.

    Several videos follow one another in time; a folder means its files by name. Remember
    that by default stays of more than 30 s leave no heat (--set min_dwell=300 keeps up to
    five minutes).
    """
    settings = options.changed(HeatSettings(enable=1), given["sets"])
    fps = _fps(given["analyse_fps"])
    folder = out or _numbered("stuntcam-analyze")
    outputs.prepare(folder)
    videos, skipped = _videos(inputs, fps)
    task = analysis.Task(videos, settings, given["report"], given["start"])
    result = _with_progress(task, given["zone"])
    outputs.write(folder, result.files)
    for name, short_s in result.short_s.items():
        click.echo(
            f"stuntcam analyze: {name} is cut short by {short_s:.1f} s; used up to the cut",
            err=True,
        )
    shown = result.summary
    click.echo(
        f"{shown['frames']} frames, {shown['seconds']:.1f} s, {shown['objects']} objects; "
        f"{shown['stays']} stays recorded, {shown['stays_dropped']} dropped by min_dwell "
        f"{settings.min_dwell} s ({settings.dwell_semantics})\n"
        f"{shown['heat_seconds']:.1f} s of presence; {result.period.kind} report from "
        f"{result.period.start}, {shown['frames_per_s']:.0f} frames/s\n"
        f"look at {folder / 'space.png'} and {folder / 'time.svg'}"
    )
    return SKIPPED if skipped else 0


def _videos(inputs: tuple[Path, ...], fps: float | None) -> tuple[list[sources.VideoFile], int]:
    videos, skipped = [], 0
    for path in inputs:
        if not path.is_dir():
            videos.append(sources.VideoFile(path, fps))
            continue
        for file in sorted((f for f in path.iterdir() if f.is_file()), key=lambda f: f.name):
            try:
                videos.append(sources.VideoFile(file, fps))
            except SourceError as error:
                click.echo(f"stuntcam analyze: skipped: {error}", err=True)
                skipped += 1
    if not videos:
        raise UsageError(f"no video in {', '.join(str(path) for path in inputs)}")
    return videos, skipped


def _with_progress(task: analysis.Task, zone: ZoneInfo) -> analysis.Analysis:
    total_s = sum(video.duration_s or 0 for video in task.videos)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as shown:
        bar = shown.add_task("", total=total_s or None)
        lengths = {video.name: video.duration_s or 0 for video in task.videos}

        def progress(name: str, seconds: float) -> None:
            names = list(lengths)
            before_s = sum(lengths[other] for other in names[: names.index(name)])
            shown.update(bar, description=Path(name).name, completed=before_s + seconds)

        return analysis.analyse(task, zone, progress)


def _numbered(name: str) -> Path:
    number = 1
    while (folder := Path(f"{name}-{number}")).exists():
        number += 1
    return folder


@click.command()
def _models() -> int:
    """List which models and firmware have the heat map, and why the others do not."""
    table = Table(title="Who has the heat map")
    for column in ("family", "model", "firmware", "heat map", "needs", "why"):
        table.add_column(column, overflow="fold")
    for row in gating.overview(gating.series_table(fixtures.models())):
        has = "yes" if row.decision.offered else "no"
        table.add_row(row.family, row.model, row.firmware, has, row.needs, row.decision.reason)
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return 0


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the pictures go. [default: ./stuntcam-demo-N]",
)
def _demo(out: Path | None) -> int:
    """See the whole thing in half a minute: a camera, ten minutes of a shop, its reports."""
    folder = out or _numbered("stuntcam-demo")
    outputs.prepare(folder)
    return demonstration.run(folder, click.echo)


def serve(arguments: list[str]) -> int:
    """Run `stuntcam serve`."""
    return _run(_serve, "serve", arguments)


def analyze(arguments: list[str]) -> int:
    """Run `stuntcam analyze`."""
    return _run(_analyze, "analyze", arguments)


def models(arguments: list[str]) -> int:
    """Run `stuntcam models`."""
    return _run(_models, "models", arguments)


def demo(arguments: list[str]) -> int:
    """Run `stuntcam demo`."""
    return _run(_demo, "demo", arguments)


def _run(command: click.Command, name: str, arguments: list[str]) -> int:
    try:
        code = command.main(arguments, f"stuntcam {name}", standalone_mode=False)
    except click.ClickException as error:
        return _refuse(name, f"{error.format_message()} (see stuntcam {name} --help)")
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"stuntcam {name}: interrupted", err=True)
        return INTERRUPTED
    except ValueError as error:
        # Every module's own error is a ValueError that names the thing; others are faults.
        if type(error).__module__.split(".")[0] != "emulator":
            raise
        return _refuse(name, str(error))
    return int(code or 0)


def _refuse(name: str, why: str) -> int:
    click.echo(f"stuntcam {name}: {' '.join(why.split())}", err=True)  # one line, always
    return USAGE
