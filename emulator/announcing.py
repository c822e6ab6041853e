"""What a camera lets WS-Discovery say of it: who it is, its scopes, and where it answers."""

import random
import time
from collections.abc import Mapping
from uuid import uuid4

from emulator import saved
from emulator.app import Camera
from emulator.core.device import Identity, endpoint
from emulator.core.onvif import scopes
from emulator.core.onvif.paths import DEVICE
from emulator.edge.discovery import LONGEST_DELAY_S, Discovery, Found
from emulator.edge.onvif.device import MODES, kept_scopes
from emulator.edge.storage import StorageError
from emulator.power import Power


def unmade(identity: Identity, http_port: int) -> Found:
    """Return what can be said of a camera as delivered, of which there is no more yet."""
    says = (*scopes.fixed(identity), *kept_scopes(None))
    return Found(endpoint(identity), says, (("http", http_port, DEVICE),))


def found_of(camera: Camera, is_up: bool, ports: Mapping[str, int | None]) -> Found:
    """Return what can be said of a camera now; `ports` by ONVIF's names, None: off."""
    identity = camera.setup.identity
    try:
        written = kept_scopes(camera.storage.state(saved.SCOPES))
        mode = camera.storage.state(saved.DISCOVERY) or MODES[0]
    except StorageError:  # a store that can't be read says nothing else
        written, mode = kept_scopes(None), MODES[0]
    paths = tuple(
        (name.lower(), port, DEVICE)
        for name in ("HTTP", "HTTPS")
        if (port := ports[name]) is not None
    )
    says = (*scopes.fixed(identity), *written)
    return Found(endpoint(identity), says, paths, says=mode == MODES[0], is_up=is_up)


def discovery_of(
    camera: Camera, power: Power, host: str, ports: Mapping[str, int | None]
) -> Discovery:
    """Return the camera's part in WS-Discovery; `ports` as for found_of."""
    return Discovery(
        lambda: found_of(camera, power.is_up, ports),
        host,
        lambda: random.uniform(0, LONGEST_DELAY_S),  # noqa: S311  # so that not all speak at once
        lambda: f"urn:uuid:{uuid4()}",
        int(time.time()),
    )
