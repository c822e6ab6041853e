"""`stuntcam replay`: a recorded device on loopback, until it is stopped."""

import asyncio
import shlex
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from conformance.cli.options import UsageError
from conformance.recorded.answering import Answers
from conformance.recorded.folder import Recording
from conformance.recorded.serving import Server


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--http-port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="Where on 127.0.0.1. [any free port]",
)
def replay(folder: Path, http_port: int) -> int:
    """Be the device that `check --record DIR` was run against, as far as it was asked then.

    Any password is let in. Stop it with Ctrl-C; started again, it begins from the beginning.
    """
    with closing(Recording(folder)) as recording:
        answers = Answers(recording)
        try:
            asyncio.run(_serve(recording, answers, http_port))
        except OSError as error:
            raise UsageError(f"--http-port {http_port}: {error.strerror}") from None
    return 0


async def _serve(recording: Recording, answers: Answers, port: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    server = Server(answers, recording.session)
    url = await server.start(port)
    for line in _greeting(recording.about, answers.count, url):
        click.echo("".join(one if one.isprintable() else "?" for one in line))
    await stopped.wait()
    await server.close()


def _greeting(about: dict[str, Any], count: int, url: str) -> list[str]:
    target, run = about["target"], about.get("run") or {}
    who = f"{target.get('model') or 'a device'} {target.get('firmware') or ''}".rstrip()
    words = ["stuntcam", "check", url]
    for option, name in (("-u", "user"), ("--dialect", "dialect"), ("--safety", "safety")):
        if run.get(name):
            words += [option, str(run[name])]
    if run.get("only"):
        words += ["--only", ",".join(map(str, run["only"]))]
    for name in ("fuzz", "seed"):
        if run.get(name) is not None:
            words += [f"--{name}", str(run[name])]
    lines = [
        f"{who}, serial {target.get('serial') or 'unknown'}, as recorded at {target['url']}",
        f"{count} exchanges of {about.get('started', 'an unknown day')}",
    ]
    if about.get("left_out"):
        lines.append(f"the last {about['left_out']} are not in it: the recording was full")
    return [*lines, f"the same again: {shlex.join(words)}", f"ready: {url}"]
