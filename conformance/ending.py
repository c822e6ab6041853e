"""From a run that is over to its verdicts, its exit code and its folder of reports."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from conformance import verdict, waivers
from conformance.report import results, writing
from conformance.report.results import Files, Results
from conformance.run import Run
from conformance.verdict import Ending
from conformance.waivers import Waiver


def finish(
    run: Run,
    folder: Path,
    *,
    tool: str,
    now: datetime,
    interrupted: bool,
    strict: bool,
    waived: Sequence[Waiver],
    pictures: Sequence[dict[str, str]],
) -> Results:
    """Judge a run that is over, and write its folder; returns the results."""
    target = run.target
    run.outcomes, problems = waivers.apply(
        waived,
        run.outcomes,
        model=target.model,
        firmware=target.firmware,
        today=now.date(),
        selected=run.selected,
    )
    rows = verdict.roll_up(run.selected, run.outcomes, target.claim)
    code = verdict.exit_code(
        rows,
        Ending(
            restored=not run.troubles,
            interrupted=interrupted,
            unreachable=run.unreachable,
            waiver_problems=problems,
            strict=strict,
        ),
    )
    document = results.document(
        run,
        rows,
        tool=tool,
        finished=now,
        exit_code=code,
        files=Files(
            writing.evidence(run, folder, tool),
            writing.maps(run, folder),
            writing.replays(run, folder),
        ),
        pictures=pictures,
        waiver_problems=problems,
    )
    writing.folder(document, folder)
    return document
