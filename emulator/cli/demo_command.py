"""`stuntcam demo`: prints what the demonstration says."""

from pathlib import Path

import click

from emulator import demo as demonstration
from emulator.cli import options
from emulator.edge import outputs


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the pictures go. [default: ./stuntcam-demo-N]",
)
def demo(out: Path | None) -> int:
    """See the whole thing in half a minute: a camera, ten minutes of a shop, its reports."""
    with (
        outputs.prepared(out or options.numbered("stuntcam-demo")) as folder,
        options.progress() as shown,
    ):
        bar = shown.add_task("the shop's ten minutes", total=demonstration.SCENE_S)

        def passed(seconds: float) -> None:
            shown.update(bar, completed=seconds)
            if seconds >= demonstration.SCENE_S:
                shown.stop()  # or the lines that follow would run into the bar

        return demonstration.run(folder, click.echo, passed)
