"""`stuntcam models`: the table of who has the heat map."""

import sys

import click
from rich.console import Console
from rich.table import Table

from emulator.core import gating
from emulator.edge import fixtures


@click.command()
def models() -> int:
    """List which models and firmware have the heat map, and why the others do not."""
    table = Table(title="Who has the heat map")
    for column in ("family", "model", "firmware", "heat map", "needs", "why"):
        table.add_column(column, overflow="fold")
    for row in gating.overview(gating.series_table(fixtures.models())):
        has = "yes" if row.decision.offered else "no"
        why = row.decision.reason.removeprefix(f"{row.model}: ")
        table.add_row(row.family, row.model, row.firmware, has, row.needs, why)
    Console(width=None if sys.stdout.isatty() else 160, markup=False).print(table)
    return 0
