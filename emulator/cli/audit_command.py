"""`stuntcam audit`: which defects the harness catches, as a table and as audit.md."""

import os
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from emulator.auditing import Auditor
from emulator.cli import options
from emulator.core import audit as auditing
from emulator.core.audit import Found
from emulator.core.defects import DEFECTS, known
from emulator.edge import outputs

FILE, REPORTS = "audit.md", "reports"
WIDTH_ELSEWHERE = 160
HEAD = ("defect", "breaks", "found broken", "by", "judged", "verdict")


@click.command()
@click.option(
    "--only",
    multiple=True,
    metavar="DEFECT",
    help="Judge only this one, and others that are named likewise; audit.md keeps the rest.",
)
@click.option(
    "--scope",
    type=click.Choice(["requirements", "chapters", "whole"]),
    default="chapters",
    help="What is judged of each: the requirements that it breaks alone, the chapters that they "
    "are in, or all there is, which takes hours. [chapters]",
)
@click.option("--fuzz", type=click.IntRange(0), default=0, help="As of check. [0: none]")
@click.option(
    "--parallel",
    type=click.IntRange(1, 64),
    metavar="N",
    help="So many cameras at once. [as many as there are cores]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where audit.md goes, or is brought up to date. [default: ./stuntcam-audit-N]",
)
def audit(
    only: tuple[str, ...], scope: str, fuzz: int, parallel: int | None, out: Path | None
) -> int:
    """Tell which defects of a camera the harness catches, and whether it blames the right rules.

    For each there is a camera that has it, and a run of check. The exit code is 1 if one was
    not judged, missed, or blamed on other requirements than it breaks; of the latter two the
    reports are kept.
    """
    every = known(only) if only else tuple(DEFECTS.values())
    with outputs.prepared(out or options.numbered("stuntcam-audit")) as folder:
        text = _so_far(folder / FILE)
        reports = folder / REPORTS
        auditor = Auditor(every, scope, fuzz, parallel or os.cpu_count() or 1, reports)
        which = f"{len(every)} defect{'s' * (len(every) != 1)}"
        how = f"{which}, scope {scope}, {fuzz} requests of each fuzzing check."
        found: list[Found] = []

        with options.progress() as shown:
            bar = shown.add_task("the harness judges", total=1 + len(every))

            def told(one: Found) -> None:
                # A long audit leaves what it has found by then.
                found.append(one)
                outputs.write(
                    folder, {FILE: auditing.report(found, [*DEFECTS], text, how).encode()}
                )
                shown.advance(bar)
                kept = reports / one.name
                has_report = not one.is_fine and not one.trouble
                where = f" ({kept}/report.html)" * has_report
                click.echo(f"{one.name}: {one.verdict}{where}", err=True)

            rows = auditor.run(told)
    _show(rows)
    return 0 if all(one.is_fine for one in rows) else 1


def _so_far(file: Path) -> str:
    """Return a report that is there, or nothing."""
    try:
        return file.read_text("utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise options.UsageError(f"--out {file.parent}: {FILE} can't be read: {error}") from None


def _show(rows: list[Found]) -> None:
    table = Table(title="Which defects the harness catches")
    for column in HEAD:
        table.add_column(column, overflow="fold")
    for row in auditing.table(rows):
        table.add_row(*row)
    Console(width=None if Console().is_terminal else WIDTH_ELSEWHERE, markup=False).print(table)
    fine = sum(one.is_fine for one in rows)
    click.echo(f"{fine} of {len(rows)} are as they should be.")
