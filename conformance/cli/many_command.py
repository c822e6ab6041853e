"""`stuntcam check TARGETS.toml`: many devices at once, one report."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from conformance import catalogue, waivers
from conformance.cli import options
from conformance.cli.options import UsageError
from conformance.many import grid, targets
from conformance.many.crew import Crew, State
from conformance.many.targets import Row
from conformance.many.worker import Job
from conformance.report import many, results
from conformance.run import Options
from conformance.single import Wanted
from conformance.trust import Wish
from conformance.turns import Turns
from conformance.verdict import EXIT_CODES

USUAL_PARALLEL = 8
BROWSERS_A_CORE = 8
"""A browser before a slow device waits most of its time."""
BROWSER_BYTES = 512 * 1024**2

OF_ONE = (
    *("control", "control_token_env", "confirm_serial", "fingerprint"),
    *("probe", "replayed", "stimulus", "screen"),
)
"""Options that are said of one device alone; those of the first line can stand in the file."""


def check(console: Console, file: Path, out: Path, typed: Mapping[str, Any]) -> int:
    """Check every target of a file; returns the exit code. Raises UsageError, TargetsError."""
    for name in OF_ONE:
        if typed[name]:
            option = "--replay" if name == "replayed" else f"--{name.replace('_', '-')}"
            raise UsageError(f"{option} is of one device, and {file} is a file of many")
    rows = targets.read(file)
    jobs = [Job(row.name, _wanted(file, row, typed), row.serial, out / row.name) for row in rows]
    started = datetime.now(UTC)
    parallel = min(typed["parallel"] or USUAL_PARALLEL, len(jobs))
    for job in jobs:
        _made(job.folder)
        if job.wanted.record is not None:
            _made(job.wanted.record)
    with _Board(console, len(jobs)) as board, TemporaryDirectory(prefix="stuntcam-") as turns:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        shared = Turns(Path(turns), browsers_at_once(os.cpu_count() or 1, memory))
        states = Crew([_sharing(job, shared) for job in jobs], parallel, board.seen).run()
    document = grid.document(
        [_device(row, state) for row, state in zip(rows, states, strict=True)],
        tool=version("stuntcam"),
        started=started.isoformat(timespec="seconds"),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        parallel=parallel,
    )
    many.folder(document, out)
    console.print()
    for sentence in many.sentences(document):
        console.print(Text(sentence))
    console.print(Text(f"report  {out}/report.html", "bold"), soft_wrap=True)
    console.print(Text(f"exit {document['exit']}: {EXIT_CODES[document['exit']]}", "bold"))
    return int(document["exit"])


def _wanted(file: Path, row: Row, typed: Mapping[str, Any]) -> Wanted:
    """Return what is to be done with a target: its own words, else those of the command line."""
    said = {**typed, **row.keys}
    only = said["only"]
    try:
        login = options.login(said["user"], said["password_env"], ask=False)
        token = options.from_env(row.keys.get("control_token_env"))
        known = catalogue.load()
        catalogue.select(known, tuple(only.split(",")) if only else ())
        waived_by = row.keys.get("waivers") or typed["waivers_file"]
        waived = waivers.read(Path(waived_by), known) if waived_by else []
    except ValueError as error:
        raise UsageError(f"{file}: target {row.name!r}: {error}") from None
    record = typed["record"]
    return Wanted(
        options=Options(
            url=row.url,
            login=login,
            journals=options.journals(),
            dialect=said["dialect"],
            only=tuple(only.split(",")) if only else (),
            safety=said["safety"],
            confirm_serial=row.keys.get("confirm_serial"),
            i_own_this_device=said["i_own_this_device"],
            wish=Wish(said["ca"], row.keys.get("fingerprint"), said["insecure"]),
            control=row.keys.get("control"),
            control_token=token,
            accept=typed["accept"],
            seed=typed["seed"],
            budget=typed["budget"],
            max_seconds=typed["max_seconds"],
            fuzz=typed["fuzz"],
        ),
        strict=typed["strict"],
        waived=waived,
        record=record / row.name if record else None,
    )


def browsers_at_once(cores: int, memory: int) -> int:
    """Return how many browsers a machine is to have open; memory: all of its bytes.

    They may take half of it: fifty at once would stop a small machine.

    >>> browsers_at_once(2, 24 * 1024**3), browsers_at_once(8, 8 * 1024**3)
    (16, 8)
    """
    return max(1, min(BROWSERS_A_CORE * cores, memory // 2 // BROWSER_BYTES))


def _sharing(job: Job, browsers: Turns) -> Job:
    """Return `job`, which waits for its turn of having a browser."""
    options = replace(job.wanted.options, browsers=browsers)
    return replace(job, wanted=replace(job.wanted, options=options))


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}") from None


def _device(row: Row, state: State) -> grid.Device:
    assert state.ended is not None
    found = None
    if not state.ended.why:
        found = results.read(state.job.folder)
    return grid.Device(row.name, row.url, state.ended.code, state.ended.why, found)


class _Board:
    """On a terminal a line a device while it is checked; elsewhere two, when it begins and ends."""

    def __init__(self, console: Console, count: int) -> None:
        self._console, self._count, self._done = console, count, 0
        self._lines: dict[str, TaskID] = {}
        self._known: set[str] = set()
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> "_Board":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def seen(self, state: State, text: str) -> None:
        """Show how it stands with a device."""
        name = state.job.name
        if text:
            self._console.print(Text(f"{name}: {text}"))
        if state.ended is not None:
            self._ended(state)
        elif name not in self._lines:
            self._lines[name] = self._bar.add_task(f"{name}: reaching the device", total=None)
        elif state.device is not None and name not in self._known:
            self._known.add(name)
            if not self._console.is_terminal:
                device = state.device
                self._console.print(Text(f"{name}: {device.model}, serial {device.serial}"))
        if state.going is not None and name in self._lines:
            counted = ", ".join(f"{n} {verdict}" for verdict, n in state.going.counts.items())
            at = state.going.last.split("/")[0]
            self._bar.update(self._lines[name], description=f"{name}: {at}: {counted}")

    def _ended(self, state: State) -> None:
        assert state.ended is not None
        self._done += 1
        if (line := self._lines.pop(state.job.name, None)) is not None:
            self._bar.remove_task(line)
        told = state.ended.why or many.SAID[state.ended.code][0]
        counts = state.going.counts if state.going else {}
        counted = ", ".join(f"{n} {verdict}" for verdict, n in counts.items())
        line_ = f"[{self._done}/{self._count}] {state.job.name}: {told}"
        self._console.print(Text(" ".join(f"{line_} ({counted or 'no check'})".split())))
