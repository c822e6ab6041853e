"""`stuntcam dialect learn`: from a browser's recording to a dialect, and its proof on a device."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from conformance import address, dialect
from conformance.cli import options
from conformance.cli.options import UsageError
from conformance.dialect import SETTINGS
from conformance.learning import learned, proving, recording, telling, wanted, writing
from conformance.learning.learned import Learned
from conformance.learning.proving import Proof
from conformance.learning.recording import MOST_BYTES, RecordingError, Seen
from conformance.learning.saving import NothingSavedError
from conformance.run import Options, opened
from conformance.safety import READ_ONLY, REVERSIBLE, allows
from conformance.trust import Wish

KNOWN, UNSURE, NOT_RESTORED, NOTHING = 0, 1, 4, 5

BASE = "milesight-8"


@click.group(name="dialect", no_args_is_help=False)
def group() -> None:
    """How a firmware spells requests, as data."""


@group.command()
@click.argument("session", metavar="SESSION.har", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The dialect. [default: ./stuntcam-dialect-N.toml]",
)
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="NAME=NUMBER",
    help="What was saved instead of "
    + ", ".join(f"{name}={number}" for name, number in wanted.NUMBERS.items())
    + ".",
)
@click.option(
    "--region",
    default=wanted.REGION,
    metavar="ROWSxCOLUMNS",
    help=f"The cells that were drawn, all others cleared. [{wanted.REGION}]",
)
@click.option(
    "--schedule",
    default=wanted.SCHEDULE,
    metavar="DAY/HH:MM-HH:MM",
    help=f"The only period of the week. [{wanted.SCHEDULE}]",
)
@click.option(
    "--choose",
    multiple=True,
    metavar="SETTING=PLACE",
    help="Which place is meant, where the report tells several.",
)
@click.option("--target", metavar="URL", help="The device itself: prove the dialect on it.")
@click.option(
    "--safety",
    type=click.Choice([READ_ONLY, REVERSIBLE]),
    default=READ_ONLY,
    help="How far the proof may go: reversible sets each setting, reads it back, and puts all "
    "of them back. [read-only]",
)
@options.account
@click.option("--i-own-this-device", is_flag=True, help="Its address may be a public one.")
@options.tls
def learn(session: Path, out: Path | None, **typed: Any) -> int:
    """Make a dialect of SESSION.har, a browser's recording in which known values were saved.

    Before: log in, save Sensitivity 7, Min. Object Size 23, Min. Dwell Time 117, Scene Change
    Adaptability 3, a region of 6 x 11 cells and one period on the device's own page, once with the
    heat map off, then on; load the page again; export the recording (docs/dialects.md).
    """
    looked_for = wanted.known(typed["values"], typed["region"], typed["schedule"])
    chosen = _chosen(typed["choose"])
    login = options.login(typed["user"], typed["password_env"], ask=True)
    base = tomllib.loads(
        (files("conformance") / "dialects" / f"{BASE}.toml").read_text(encoding="utf-8")
    )
    exchanges = _read(session)
    try:
        found = learned.learn(
            exchanges,
            looked_for,
            name=session.name,
            models=base["makers_models"],
            login=login,
            chosen=chosen,
        )
    except NothingSavedError as error:
        click.echo(f"stuntcam dialect: {error}", err=True)
        return NOTHING
    if typed["target"]:
        _refuse_other(found, session, typed["target"])
    file = out or _numbered()
    _write(file, writing.document(found, base, file.stem, session.name))
    for line in telling.lines(found):
        _say(line)
    _say(f"\ndialect   {file}")
    code = KNOWN if _is_known(found) else UNSURE
    if typed["target"]:
        wish = Wish(typed["ca"], typed["fingerprint"], typed["insecure"])
        code = max(
            code,
            _prove(
                Options(
                    url=typed["target"],
                    login=login,
                    journals=options.journals(),
                    dialect=str(file),
                    safety=typed["safety"],
                    i_own_this_device=typed["i_own_this_device"],
                    wish=wish,
                )
            ),
        )
    return code


def _chosen(texts: tuple[str, ...]) -> dict[str, str]:
    chosen = {}
    for text in texts:
        name, _, place = text.partition("=")
        if name.removesuffix(".read") not in SETTINGS or not place:
            raise UsageError(f"--choose {text!r} is not SETTING=PLACE; {', '.join(SETTINGS)}")
        chosen[name] = place
    return chosen


def _read(session: Path) -> list[Seen]:
    try:
        size = session.stat().st_size
        if size > MOST_BYTES:
            raise RecordingError(
                f"{session} has {size // 2**20} MB, and {MOST_BYTES // 2**20} are the most: "
                "record only the log-in and the page of the heat map"
            )
        return recording.read(session.read_bytes(), session.name)
    except OSError as error:
        raise RecordingError(f"{session}: {error.strerror}") from None


def _refuse_other(found: Learned, session: Path, target: str) -> None:
    at, seen = address.read(target), address.read(found.site)
    if (at.host, at.port) != (seen.host, seen.port):
        raise UsageError(
            f"{session.name} is of {seen.url}, not of --target {at.url}: prove it there"
        )


def _numbered() -> Path:
    number = 1
    while (file := Path(f"stuntcam-dialect-{number}.toml")).exists():
        number += 1
    return file


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--out {file}: {error.strerror}") from None
    dialect.load(str(file))  # what can't be read must not be called learned


def _is_known(found: Learned) -> bool:
    return not found.blocked and all(doubt.about == "information" for doubt in found.doubts)


def _prove(wanted_run: Options) -> int:
    """Prove the dialect as far as the run may; returns an exit code."""
    with opened(wanted_run, _say) as run:
        camera = run.target.camera
        if camera is None:
            _say(f"proof     none: {run.target.claim.reason}")
            return UNSURE
        first = proving.read(camera)
        _tell(first)
        holds = first.holds
        if holds and allows(run.safety, REVERSIBLE):
            holds = proving.set_and_read(camera, _tell)
        elif holds:
            _say(f"proof     saving was not tried: that needs --safety {REVERSIBLE}")
    for trouble in run.troubles:
        _say(f"not put back: {trouble}")
    if run.troubles:
        _say("\n".join(run.notes))
        return NOT_RESTORED
    if run.safety == REVERSIBLE:
        _say("proof     the device is as it was before")
    return KNOWN if holds else UNSURE


def _tell(proof: Proof) -> None:
    _say(f"proof     {proof.name:16} {'holds ' if proof.holds else 'FAILS '} {proof.shown}")


def _say(text: str) -> None:
    """Print what a recording or a device may have put words in, without its control characters."""
    click.echo("".join(one if one.isprintable() or one == "\n" else "?" for one in text))
