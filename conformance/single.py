"""One device, from reaching it to its reports; its talk kept on request (recorded/).

What the command does with one URL, and each worker with one of many.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from conformance import checking, ending
from conformance.recorded.keeping import Recorder
from conformance.report import writing
from conformance.report.results import Results
from conformance.run import Options, Run, opened
from conformance.verdict import Outcome
from conformance.waivers import Waiver


def _ignore(_: object) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be done with one device.

    strict   as typed (ending.py); waived: known failures
    record   an empty folder for all that was said; None: it is not kept
    """

    options: Options
    strict: bool = False
    waived: Sequence[Waiver] = ()
    record: Path | None = None


def check(
    wanted: Wanted,
    folder: Callable[[], Path],
    *,
    tell: Callable[[str], None] = _ignore,
    told: Callable[[Outcome], None] = _ignore,
    introduced: Callable[[Run], None] = _ignore,
) -> Results:
    """Judge a device and write its reports; returns the results.

    folder      gives the reports' folder, once the device is reached
    tell        is told what a user must see at once; told: each check that has ended
    introduced  is shown the run before the first check; what it raises ends it

    Raises what `run.opened` does, RecordingError. KeyboardInterrupt ends the run, not this.
    """
    pictures: list[dict[str, str]] = []
    interrupted = False
    with reached(wanted.options, wanted.record, tell) as run:
        introduced(run)
        where = folder()
        try:
            pictures = writing.pictures(run, where)  # before a check shows it anything else
            checking.run_checks(run, told)
        except KeyboardInterrupt:
            interrupted = True
            run.stopped = "interrupted"
    return ending.finish(
        run,
        where,
        tool=version("stuntcam"),
        now=datetime.now(UTC),
        interrupted=interrupted,
        strict=wanted.strict,
        waived=wanted.waived,
        pictures=pictures,
    )


@contextmanager
def reached(
    options: Options, record: Path | None, tell: Callable[[str], None] = _ignore
) -> Iterator[Run]:
    """Open a run as `run.opened` does; with `record` all of its talk is written there."""
    if record is None:
        with opened(options, tell) as run:
            yield run
        return
    with closing(Recorder()) as recorder:
        with opened(replace(options, keep=recorder.keep), tell) as run:
            yield run
        # Behind the last request: that which gave the device back.
        recorder.write(record, _about(run), writing.secrets(run), run.client.session)
        if recorder.left_out:
            run.notes.append(
                f"the recording was full: the last {recorder.left_out} exchanges are not in it"
            )


def _about(run: Run) -> dict[str, Any]:
    target = run.target
    return {
        "tool": version("stuntcam"),
        "target": {
            "model": target.model,
            "firmware": target.firmware,
            "serial": target.serial,
            "url": run.client.address.url,
        },
        "started": run.started.isoformat(),
        "run": {
            "safety": run.safety,
            "seed": run.seed,
            "only": list(run.options.only),
            "fuzz": run.options.fuzz,
            "dialect": run.options.dialect,
            "control": run.control is not None,
            "user": run.options.login.user if run.options.login else None,
        },
    }
