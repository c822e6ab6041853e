"""`stuntcam check`: what is typed, and in which order it takes hold."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from conformance import catalogue, single, target, waivers
from conformance.cli import many_command, options, replaying, shown
from conformance.cli.options import PLAYER, UsageError
from conformance.fuzz import finding
from conformance.fuzz.hunting import READING, WRITING
from conformance.run import Options, Run, opened
from conformance.safety import LEVELS
from conformance.single import Wanted
from conformance.trust import Wish

WIDTH_ELSEWHERE = 160
"""Columns where there is no terminal."""

MOST_PARALLEL = 256

LONGEST_S = 3600
"""A run ends, whatever the device does."""


@click.command()
@click.argument("url", metavar="URL|TARGETS.toml")
@options.account
@click.option("--only", metavar="ID|CHAPTER,...", help="Judge only these, such as SET-04,wire.")
@click.option("--dialect", metavar="NAME|FILE", help="How the firmware spells things. [probed]")
@click.option("--probe", is_flag=True, help="Only tell which dialect fits, and what did not.")
@click.option(
    "--safety",
    type=click.Choice(LEVELS),
    help="How far checks may go: reversible changes settings and puts them back, disruptive "
    "also reboots, destructive also resets to the factory's. "
    "[default: read-only; with --control reversible]",
)
@click.option("--confirm-serial", metavar="SN", help="The device that may be reset.")
@click.option("--i-own-this-device", is_flag=True, help="Its address may be a public one.")
@click.option(
    "--accept",
    type=click.Choice(["as-named"]),
    multiple=True,
    help="Waive this way to fail: as-named, shorter stays are dropped (BEH-03).",
)
@options.tls
@click.option("--control", metavar="URL", help="An emulated camera's control interface.")
@click.option("--control-token-env", metavar="VAR", help="Variable with the token it wants.")
@click.option(
    "--stimulus",
    is_flag=True,
    help="Judge behaviour by films on a screen before the lens: `stuntcam stimulus --play`.",
)
@click.option(
    "--screen",
    metavar="URL|video",
    help=f"The player, or the video of `stimulus --out`, started after this. [{PLAYER}]",
)
@click.option("--waivers", "waivers_file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Failed SHOULDs and unchecked MUSTs count, too.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), help="Of whatever is drawn.")
@click.option(
    "--fuzz",
    type=click.IntRange(0),
    metavar="N",
    help=f"Requests of each fuzzing check; 0: none. [{WRITING}, or {READING} where it only reads]",
)
@click.option(
    "--replay",
    "replayed",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Only play a sequence that fuzzing has saved, and tell whether it breaks the rule here.",
)
@click.option("--budget", type=click.IntRange(1), metavar="REQUESTS", help="At most so many.")
@click.option(
    "--max-seconds",
    type=click.FloatRange(1),
    default=LONGEST_S,
    metavar="N",
    help=f"At most so long. [{LONGEST_S}]",
)
@click.option(
    "--parallel",
    type=click.IntRange(1, MOST_PARALLEL),
    metavar="N",
    help=f"Of a file of targets: so many at once. [{many_command.USUAL_PARALLEL}]",
)
@click.option(
    "--record",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Keep all that is said there, without its secrets, for `stuntcam replay DIR`.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="[default: ./stuntcam-check-N]"
)
def check(url: str, out: Path | None, **typed: Any) -> int:
    """Tell, requirement by requirement, whether the camera at URL does what it must.

    TARGETS.toml names many, which are checked side by side (docs/conformance.md).

    Nothing on it is changed unless --safety says so, and whatever is changed is put back.
    """
    width = None if Console().is_terminal else WIDTH_ELSEWHERE
    console = Console(width=width, highlight=False, markup=False)  # a device may say [/b]
    if url.endswith(".toml"):
        if typed["record"]:
            _empty(typed["record"])
        return many_command.check(
            console, Path(url), out or options.numbered("stuntcam-check"), typed
        )
    if typed["parallel"]:
        raise UsageError(f"--parallel is of a file of targets, and {url} is one device")
    waived = _waivers(typed["waivers_file"])
    saved = finding.read(typed["replayed"]) if typed["replayed"] else None
    wanted = _options(url, typed)
    if typed["probe"] or saved is not None:
        if typed["record"]:
            raise UsageError("--record keeps a whole check, not --probe or --replay")
        with shown.Progressing(console) as progress, opened(wanted, progress.says) as run:
            return _probed(console, run) if saved is None else replaying.play(console, run, saved)
    record = _empty(typed["record"]) if typed["record"] else None
    folders: list[Path] = []

    def made() -> Path:
        folders.append(_folder(out))
        return folders[0]

    with shown.Progressing(console) as progress:
        document = single.check(
            Wanted(options=wanted, strict=typed["strict"], waived=waived, record=record),
            made,
            tell=progress.says,
            told=progress.told,
            introduced=partial(_before_a_screen, progress.says),
        )
    shown.end(console, document, str(folders[0]))
    if record is not None:
        console.print(f"recording  {record}", soft_wrap=True)
    return int(document["exit"])


def _before_a_screen(say: Callable[[str], None], run: Run) -> None:
    """Look for the screen, where one is to be looked at."""
    if run.options.stimulus is not None:
        from conformance.stimulus import beginning  # noqa: PLC0415  # draws and reads pictures

        beginning.begin(run, run.options.stimulus, say)


def _options(url: str, typed: dict[str, Any]) -> Options:
    return Options(
        url=url,
        login=options.login(typed["user"], typed["password_env"], ask=True),
        journals=options.journals(),
        dialect=typed["dialect"],
        only=tuple(typed["only"].split(",")) if typed["only"] else (),
        safety=typed["safety"],
        confirm_serial=typed["confirm_serial"],
        i_own_this_device=typed["i_own_this_device"],
        wish=Wish(typed["ca"], typed["fingerprint"], typed["insecure"]),
        control=typed["control"],
        control_token=options.from_env(typed["control_token_env"]),
        stimulus=options.stimulus(typed),
        accept=typed["accept"],
        seed=typed["seed"],
        budget=typed["budget"],
        max_seconds=typed["max_seconds"],
        fuzz=typed["fuzz"],
    )


def _waivers(file: Path | None) -> list[waivers.Waiver]:
    return waivers.read(file, catalogue.load()) if file else []


def _folder(out: Path | None) -> Path:
    """Make the folder of the reports, before the device is troubled."""
    folder = out or options.numbered("stuntcam-check")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--out {folder}: {error.strerror}") from None
    return folder


def _empty(record: Path) -> Path:
    """Make the folder of the recording, before the device is troubled."""
    try:
        record.mkdir(parents=True, exist_ok=True)
        if any(record.iterdir()):
            raise UsageError(f"--record {record}: the folder holds something; name a new one")
    except OSError as error:
        raise UsageError(f"--record {record}: {error.strerror}") from None
    return record


def _probed(console: Console, run: Run) -> int:
    found = run.target
    name = found.camera.dialect.name if found.camera else "none"
    console.print(f"model {found.model or 'unknown'}, firmware {found.firmware or 'unknown'}")
    console.print(f"heat map: {found.claim.reason}", soft_wrap=True)
    console.print(f"dialect: {name}")
    if found.camera is None:
        return 5
    for fit in target.fits(found.camera):
        told = "fits" if fit.fits else f"does not fit: {fit.shown}"
        console.print(f"  {fit.purpose:14} {told}  [{fit.evidence}]", soft_wrap=True)
    return 0
