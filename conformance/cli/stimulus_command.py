"""`stuntcam stimulus`: known scenes on a screen, played for `check --stimulus` or as a video."""

import threading
import webbrowser
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from conformance.cli.options import PLAYER, UsageError
from conformance.stimulus import video
from conformance.stimulus.player import Player

HOST, PORT = PLAYER.removeprefix("http://").split(":")


@click.command()
@click.option("--play", is_flag=True, help="Show them on a page, as `check --stimulus` asks.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write a video.")
@click.option("--host", default=HOST, metavar="ADDRESS", help=f"Where the page is. [{HOST}]")
@click.option("--port", type=click.IntRange(0, 65535), default=int(PORT), help=f"[{PORT}]")
@click.option("--no-browser", is_flag=True, help="Open the page nowhere.")
def stimulus(*, play: bool, out: Path | None, host: str, port: int, no_browser: bool) -> int:
    """Put scenes with known truth before a camera's lens, on any screen with a browser.

    docs/stimulus.md tells how the screen is set up. --play ends with Ctrl-C.
    """
    if play == (out is not None):
        raise UsageError("either --play, or --out FILE")
    return _written(out) if out is not None else _played(host, port, not no_browser)


def _played(host: str, port: int, opens: bool) -> int:
    player = Player(host, port)
    try:
        click.echo(f"{player.url} shows the screen; click on it for full screen. Ctrl-C ends.")
        if opens:
            webbrowser.open(player.url)
        threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    finally:
        player.close()
    return 0


def _written(file: Path) -> int:
    console = Console(highlight=False)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("drawing", total=1.0)
        seconds = video.write(
            file, video.whole(), lambda done: progress.update(task, completed=done)
        )
    click.echo(f"{file}: {seconds / 60:.0f} minutes; start `check --stimulus --screen video` first")
    return 0
