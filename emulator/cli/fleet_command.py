"""`stuntcam fleet`: what is typed, in which order it takes hold, and what is printed."""

import logging
import os
import tomllib
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import click

from emulator.cli import options, passwords, service
from emulator.cli.options import UsageError
from emulator.core import gating
from emulator.core.accounts import Account, check_name
from emulator.core.gating import Families
from emulator.edge import fixtures, ready
from emulator.edge.statefolder import StateFolder, default_path
from emulator.fleet import looks, parent, plan
from emulator.fleet.afar import Afar
from emulator.fleet.crew import Crew, Start
from emulator.fleet.here import Here
from emulator.fleet.parent import Fleet
from emulator.fleet.plan import Member
from emulator.listening import LOOPBACK, listen


@click.command()
@click.option(
    "--cameras",
    required=True,
    metavar="N|FLEET.toml",
    help="How many, all alike; or a document that says which (docs/fleet.md).",
)
@click.option(
    "--address",
    type=click.Choice(["ports", "loopback", "namespace"]),
    default="ports",
    show_default=True,
    help="What tells them apart: ports of 127.0.0.1 from --http-port on, which works everywhere; "
    "an address of their own, 127.1.x.y, all with one port as real ones have (Linux); or a network "
    "namespace, with 198.18.x.y and a MAC on a bridge of this machine (Linux, as root).",
)
@service.http_port("Of the first camera, or of all. ")
@service.control_port(7080, "all")
@service.control_token
@click.option(
    "--workers",
    type=options.Workers(),
    help="How many processes here, or the address of a Dask scheduler, on whose workers' machines "
    "they are to be. [default: one for each core]",
)
@service.state
@service.user
@service.password
@service.no_discovery
@service.ready_file
def fleet(
    cameras: str,
    address: str,
    http_port: int,
    control_port: int | str,
    workers: int | str | None,
    **given: Any,
) -> int:
    """Run many emulated cameras until Ctrl-C, in one process for each core.

    See who is there, and have one of them see people:
    curl http://127.0.0.1:7080/v1/cameras
    """
    families = gating.series_table(fixtures.models())
    members = _members(cameras, families)
    for source in {member.group.source for member in members}:
        looks.check(source)
    if isinstance(workers, str) and address != "ports":
        raise UsageError(f"--address {address}: on a cluster's machines, ports tell them apart")
    check_name(given["user"])
    password = passwords.given(given["password_env"])
    token = service.token(given["control_token_env"], control_port)
    if (ready_file := given["ready_file"]) is not None:
        ready.remove(ready_file)
    crew: Crew
    if isinstance(workers, str):
        crew = Afar(members, workers, http_port)
    else:
        crew = Here(members, address, http_port, workers or os.cpu_count() or 1)
    with closing(crew), ExitStack() as open_now:
        control = None
        if not isinstance(control_port, str):
            control = open_now.enter_context(closing(listen(LOOPBACK, control_port)))
        folder = StateFolder(given["state"] or default_path("fleet"))
        open_now.callback(folder.close)
        open_now.callback(crew.close)  # before it: nobody else may have the folder until then
        shown = "as given"
        if password is None:
            password, shown = passwords.kept(folder)
        logging.basicConfig(level=logging.INFO, format="stuntcam: %(message)s")
        admin = Account(given["user"], "admin", password)
        terms = Start(admin, given["state"], not given["no_discovery"])
        running, urls = crew.start(terms)
        told = [_told(member, urls) for member in members]

        def announce(base: str | None) -> None:
            first, last = told[0], told[-1]
            controlled = base and (
                f"who is there: curl {base}/v1/cameras\n"
                f"people before the first: curl -X PUT {base}/v1/cameras/{first['serial']}"
                "/v1/scene -H 'Content-Type: application/json' -d '{\"source\": \"scene:shop\"}'\n"
            )
            click.echo(
                f"{len(told)} cameras from {first['url']} to {last['url']}, "
                f"user {given['user']}, password {shown}\n"
                f"{controlled or ''}"
                f"state in {folder.path}; stop with Ctrl-C"
            )

        parent.run(Fleet(running, told, terms.token), control, token, ready_file, announce)
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


def _told(member: Member, urls: Mapping[str, str]) -> dict[str, object]:
    identity = member.identity
    return {
        "serial": identity.serial,
        "url": urls[identity.serial],
        "mac": identity.mac,
        "model": identity.model,
        "firmware": identity.firmware,
    }
