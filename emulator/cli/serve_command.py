"""`stuntcam serve`: what is typed, in which order it takes hold, and what is printed."""

import logging
import os
from pathlib import Path
from typing import Any

import click
import cv2

from emulator import app, making, saved, serving
from emulator.cli import https as cli_https
from emulator.cli import options, passwords, service
from emulator.cli import streams as cli_streams
from emulator.cli import volumes as cli_volumes
from emulator.cli.options import UsageError
from emulator.core import gating
from emulator.core.accounts import Account, check_name
from emulator.core.device import DEFAULT_FIRMWARE, DEFAULT_MODEL, Identity
from emulator.core.localtime import to_local
from emulator.core.reports.table import reading_text
from emulator.core.settings import HeatSettings
from emulator.edge import fixtures, ready, sources
from emulator.edge.statefolder import StateFolder, default_path
from emulator.edge.storage import Storage
from emulator.listening import LOOPBACK, listen
from emulator.setup import Setup


@click.command()
@click.option("--model", default=DEFAULT_MODEL, show_default=True, help="What it claims to be.")
@click.option("--firmware", default=DEFAULT_FIRMWARE, show_default=True, help="Its version.")
@click.option(
    "--source",
    metavar="FILE|rtsp://...|scene:NAME|camera:0",
    help="A video, a stream on the network, a drawn scene (scene:? lists them), or a webcam. "
    "Streams and webcams are looked for again when they fall silent. "
    "[default: scene:shop, looped]",
)
@click.option(
    "--speed",
    type=options.Speed(),
    default="real",
    show_default=True,
    help="How fast its source plays and its clock goes; streams and webcams: real.",
)
@click.option("--loop", is_flag=True, help="Begin the source again when it ends.")
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on.")
@service.http_port()
@cli_https.options
@cli_streams.options
@service.control_port(8081, "its clock, scene, faults and mains")
@service.control_token
@service.state
@cli_volumes.options
@service.user
@service.password
@options.sets
@click.option(
    "--factory-new",
    is_flag=True,
    help="Start as delivered: what --state holds is erased, the heat map is off, and from "
    "firmware x.7.0.69 on nobody can log in until a password was set in a browser.",
)
@click.option("--clock", type=options.Local(), help="What its clock reads at the start.")
@options.kept_zone
@options.analyse_fps
@service.no_discovery
@click.option(
    "--overlay",
    type=click.Choice(["on", "off"]),
    default="on",
    show_default=True,
    help="Its clock over its streams; snapshots are without.",
)
@service.ready_file
def serve(
    source: str | None,
    host: str,
    http_port: int,
    control_port: int | str,
    ready_file: Path | None,
    **given: Any,
) -> int:
    """Run an emulated camera until Ctrl-C.

    Read its reports like the real one's:
    curl --digest -u admin 'http://127.0.0.1:8080/dataloader.cgi?dw=heatmapcsv'
    """
    if source == "scene:?":
        click.echo("\n".join(f"scene:{name}" for name in fixtures.scene_names()))
        return 0
    families = gating.series_table(fixtures.models())
    decision = gating.decide(given["model"], given["firmware"], families)
    pictures = _source(source or making.DEFAULT_SCENE, given)
    check_name(given["user"])
    password = passwords.given(given["password_env"])
    token = service.token(given["control_token_env"], control_port)
    identity = cli_https.identity(given["https_port"], given["tls_cert"], given["tls_key"])
    options.changed(HeatSettings(), given["sets"])  # refused before anything is touched
    volumes = cli_volumes.volumes(given["sd"], given["shares"], given["nas_password_env"])
    if ready_file is not None:
        ready.remove(ready_file)
    if not host:
        raise UsageError("--host '' is no address; 127.0.0.1 is, and 0.0.0.0 for all of them")
    listener = listen(host, http_port)
    https = cli_https.listening(host, given["https_port"], identity)
    watched = cli_streams.listening(host, given["rtsp_port"])
    control = None
    if not isinstance(control_port, str):
        control = serving.Control(listen(LOOPBACK, control_port), token)
    folder = StateFolder(given["state"] or default_path(given["model"]))
    storage = Storage(folder.store, era=making.era(), is_ring=True)
    activates = given["factory_new"] and gating.activates(given["firmware"])
    if given["factory_new"]:
        making.erase(storage)
    password, shown = _password(password, activates, storage, folder)
    settings = options.changed(saved.settings_of(storage), given["sets"])
    zone_name, zone = making.kept_zone(storage, given["zone"] and given["zone"].key)
    setup = Setup(
        identity=Identity(given["model"], given["firmware"], *making.numbers(storage, zone)),
        families=families,
        admin=Account(given["user"], "admin", password),
        source=pictures,
        speed=_speed(given),
        loop=given["loop"] or source is None,
        begins_ms=making.begins_ms(storage, given["clock"], _speed(given), zone),
        zone=zone,
        zone_name=zone_name,
        activates=activates,
        overlay=given["overlay"] == "on",
        source_of=lambda name: _source(name, given),
    )
    secured, fingerprint = (
        https.secured(folder.path, setup.identity.model) if https else (None, None)
    )
    listeners = serving.Listeners(listener, secured, control, not given["no_discovery"], watched)
    logging.basicConfig(level=logging.INFO, format="stuntcam: %(message)s")
    cv2.setNumThreads(1)  # pictures are small by then: threads cost more than they bring
    storage.attach(setup.identity.serial, volumes)
    cli_volumes.check(volumes)
    camera = app.Camera(setup, storage, settings)

    def announce() -> None:
        reading = reading_text(to_local(setup.begins_ms, setup.zone))
        is_live = isinstance(pictures, sources.LiveSource)
        length = "live" if is_live else f"{pictures.duration_s or 0:.0f} s"
        urls = listeners.urls()
        controlled = f"control at {urls['control']}/v1\n" if control else ""
        by_tls = f"listening at {urls['https']}/, certificate SHA-256 {fingerprint}\n"
        without = "" if decision.offered else "; it answers as a camera without it"
        click.echo(
            f"{decision.reason}{without}\n"
            f"listening at {urls['http']}/, user {given['user']}, password {shown}\n"
            f"{by_tls * bool(secured)}"
            f"{cli_streams.told(urls['rtsp'])}"
            f"source {pictures.name:.80}, {length}{', looped' * setup.loop}; "
            f"camera time {reading} {setup.zone_name}\n"
            f"{controlled}state in {folder.path}; stop with Ctrl-C"
        )

    told = {"pid": os.getpid(), "model": given["model"], "firmware": given["firmware"]}
    serving.serve(camera, listeners, ready_file, told, announce)
    folder.close()
    return 0


def _source(text: str, given: dict[str, Any]) -> sources.Source:
    found = making.source(text, options.fps(given["analyse_fps"]))
    return making.check_live(found, _speed(given), given["loop"], before="--")


def _speed(given: dict[str, Any]) -> float | None:
    return None if given["speed"] == "max" else given["speed"]


def _password(
    given: str | None, activates: bool, storage: Storage, folder: StateFolder
) -> tuple[str, str]:
    """Return the administrator's password, and what is shown of it."""
    if activates:
        return "", "to be set at the first use"
    if given is not None:
        return given, "as given"
    if (activated := saved.activation_of(storage)) is not None:
        return activated, "as set at the first use"
    return passwords.kept(folder)
