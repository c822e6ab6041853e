"""`stuntcam diff`: what is not the same in two runs."""

from pathlib import Path

import click

from conformance.report import diff as comparing
from conformance.report import results


@click.command()
@click.argument("before", metavar="RUN_A", type=click.Path(path_type=Path))
@click.argument("after", metavar="RUN_B", type=click.Path(path_type=Path))
def diff(before: Path, after: Path) -> int:
    """Tell what regressed, what is fixed, and what else differs from RUN_A to RUN_B.

    A run is the folder that `check` wrote, or its results.json. Exit code 1: something regressed.
    """
    found = comparing.compare(results.read(before), results.read(after))
    for one in found:
        click.echo(f"{one.kind:15} {one.what}: {one.before} -> {one.after}")
    if not found:
        click.echo("no difference")
    return int(any(one.kind == "regressed" for one in found))
