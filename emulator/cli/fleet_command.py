"""`stuntcam fleet`: what is typed, in which order it takes hold, and what is printed."""

import gc
import logging
import os
import tomllib
from pathlib import Path
from typing import Any

import click
import cv2
import platformdirs

from emulator.cli import passwords
from emulator.cli.options import UsageError
from emulator.core import gating
from emulator.core.accounts import Account, check_name
from emulator.core.gating import Families
from emulator.duty import Rota
from emulator.edge import fixtures, ready
from emulator.edge.statefolder import StateFolder
from emulator.fleet import looks, parent, plan
from emulator.fleet.berth import Common
from emulator.fleet.plan import Member
from emulator.listening import listen, url

LOOPBACK = "127.0.0.1"


@click.command()
@click.option(
    "--cameras",
    required=True,
    metavar="N|FLEET.toml",
    help="How many, all alike; or a document that says which (docs/fleet.md).",
)
@click.option(
    "--address",
    type=click.Choice(["ports", "loopback"]),
    default="ports",
    show_default=True,
    help="What tells them apart: ports of 127.0.0.1 from --http-port on, which works everywhere; "
    "or an address of their own, 127.1.x.y, all with one port as real ones have (Linux).",
)
@click.option(
    "--http-port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Of the first camera, or of all. 0: any free ports.",
)
@click.option(
    "--control-port",
    type=click.IntRange(0, 65535),
    default=7080,
    show_default=True,
    help="Where all can be controlled, on this machine alone. 0: any free port.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where they keep heat and settings; nothing of a camera that was never changed. "
    "[default: the user's state folder]",
)
@click.option("--user", default="admin", show_default=True, help="The administrator's name.")
@click.option(
    "--password-env",
    metavar="VAR",
    help=f"Variable with the password of all. [default: {passwords.VARIABLE}, else one is made]",
)
@click.option(
    "--no-discovery",
    is_flag=True,
    help="Let nobody find them by WS-Discovery. [default: each is found]",
)
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Written once all answer: one line of JSON with the control's URL and all cameras'.",
)
def fleet(cameras: str, address: str, http_port: int, control_port: int, **given: Any) -> int:
    """Run many emulated cameras until Ctrl-C, in one process for each core.

    See who is there, and have one of them see people:
    curl http://127.0.0.1:7080/v1/cameras
    """
    families = gating.series_table(fixtures.models())
    members = _members(cameras, families)
    for source in {member.group.source for member in members}:
        looks.check(source)
    check_name(given["user"])
    password = passwords.given(given["password_env"])
    if (ready_file := given["ready_file"]) is not None:
        ready.remove(ready_file)
    places = parent.opened(members, parent.addresses(address, len(members), http_port))
    control = listen(LOOPBACK, control_port)
    default = platformdirs.user_state_path("stuntcam", appauthor=False) / "fleet"
    folder = StateFolder(given["state"] or default)
    shown = "as given"
    if password is None:
        password, shown = passwords.kept(folder)
    logging.basicConfig(level=logging.INFO, format="stuntcam: %(message)s")
    cv2.setNumThreads(1)
    told = [_told(member, url(listener)) for member, listener in places]
    common = Common(
        families, Account(given["user"], "admin", password), folder.path / "cameras", Rota()
    )
    token = parent.new_token()
    gc.collect()
    gc.freeze()  # or the processes' collectors would copy what they could share
    workers, held = parent.started(
        places, common, min(os.cpu_count() or 1, len(members)), token, not given["no_discovery"]
    )

    def announce(base: str) -> None:
        first = told[0]
        click.echo(
            f"{len(told)} cameras from {first['url']} to {told[-1]['url']}, "
            f"user {given['user']}, password {shown}\n"
            f"who is there: curl {base}/v1/cameras\n"
            f"people before the first: curl -X PUT {base}/v1/cameras/{first['serial']}/v1/scene "
            "-H 'Content-Type: application/json' -d '{\"source\": \"scene:shop\"}'\n"
            f"state in {folder.path}; stop with Ctrl-C"
        )

    parent.run(workers, held, told, control, token, ready_file, announce)
    folder.close()
    return 0


def _members(cameras: str, families: Families) -> tuple[Member, ...]:
    if cameras.isdecimal() and cameras.isascii():
        return plan.of_one_kind(int(cameras))
    file = Path(cameras)
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"--cameras {cameras}: can't be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"--cameras {cameras}: is no TOML: {error}") from error
    return plan.read(document, families)


def _told(member: Member, where: str) -> dict[str, object]:
    identity = member.identity
    return {
        "serial": identity.serial,
        "url": where,
        "mac": identity.mac,
        "model": identity.model,
        "firmware": identity.firmware,
    }
