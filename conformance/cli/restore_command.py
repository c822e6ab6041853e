"""`stuntcam restore`: give a device back that a killed run has left changed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from conformance import dialect, journal, restoring, target
from conformance.cli import options
from conformance.control import Control
from conformance.journal import Journal, JournalError
from conformance.run import Options, connected
from conformance.trust import Wish

NOT_RESTORED = 4


@click.command()
@click.argument("file", metavar="JOURNAL", type=click.Path(path_type=Path))
@options.account
@options.tls
@click.option("--control-token-env", metavar="VAR", help="Variable with the control's token.")
def restore(file: Path, **typed: Any) -> int:
    """Put back what a killed run had changed, by the JOURNAL that it left; then compare.

    The journal is removed when the device is as it was; else the exit code is 4.
    """
    opened = journal.read(file)
    if journal.is_running(opened.entry.pid):
        raise JournalError(f"process {opened.entry.pid} is still at work on this device")
    wanted = Options(
        url=opened.entry.url,
        login=options.login(typed["user"], typed["password_env"], ask=True),
        journals=file.parent,
        i_own_this_device=True,  # or the run would not have begun
        wish=Wish(typed["ca"], typed["fingerprint"], typed["insecure"]),
    )
    troubles = _restored(opened, wanted, options.from_env(typed["control_token_env"]))
    for trouble in troubles:
        click.echo(f"not put back: {trouble}", err=True)
    if troubles:
        return NOT_RESTORED
    opened.close()
    click.echo(f"{opened.entry.model} {opened.entry.serial} is as it was before the run")
    return 0


def _restored(opened: Journal, wanted: Options, token: str | None) -> list[str]:
    entry = opened.entry
    with connected(wanted, click.echo) as client:
        found = target.probe(client, [dialect.load(entry.dialect)])
        if found.camera is None or found.serial != entry.serial:
            raise JournalError(
                f"the device at {entry.url} is {found.serial or 'unknown'}, not {entry.serial}"
            )
        troubles = []
        if entry.control is not None:
            control = Control(entry.control["url"], token)
            try:
                troubles += restoring.put_back_control(control, entry, datetime.now(UTC))
            finally:
                control.close()
        return troubles + restoring.put_back(found.camera, entry, whole=True)
