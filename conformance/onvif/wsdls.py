"""The descriptions of ONVIF's services (WSDL), read from installed packages and from nowhere else.

onvif-zeep carries those that it speaks; Media2 and the newer analytics are aonvif's. Whatever they
import by a web address is looked for in the same packages: the network is never asked.
"""

import contextlib
import logging
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

OLD, NEW = "onvif-zeep", "aonvif"
_HOMES = {OLD: "devicemgmt.wsdl", NEW: "b-2.xsd"}
"""By package: a file at the root of its descriptions."""


class Service(NamedTuple):
    """One service: whose description, which file of it, its namespace, its binding."""

    package: str
    file: str
    namespace: str
    binding: str


DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"
IMAGING = "http://www.onvif.org/ver20/imaging/wsdl"
ANALYTICS = "http://www.onvif.org/ver20/analytics/wsdl"
EVENTS = "http://www.onvif.org/ver10/events/wsdl"

SERVICES = {
    "device": Service(OLD, "devicemgmt.wsdl", DEVICE, "DeviceBinding"),
    "media": Service(OLD, "media.wsdl", MEDIA, "MediaBinding"),
    "media2": Service(NEW, "ver20/media/wsdl/media.wsdl", MEDIA2, "Media2Binding"),
    "imaging": Service(OLD, "imaging.wsdl", IMAGING, "ImagingBinding"),
    "analytics": Service(
        NEW, "ver20/analytics/wsdl/analytics.wsdl", ANALYTICS, "AnalyticsEngineBinding"
    ),
    "events": Service(OLD, "events.wsdl", EVENTS, "EventBinding"),
    "pullpoint": Service(OLD, "events.wsdl", EVENTS, "PullPointSubscriptionBinding"),
    "subscription": Service(OLD, "events.wsdl", EVENTS, "SubscriptionManagerBinding"),
}
"""By our name."""

NEEDED = ("device", "media", "media2", "imaging", "analytics", "events")
"""What WIRE-03 names."""


def path(service: str) -> Path:
    """Return the file of a service's description."""
    row = SERVICES[service]
    return home(row.package) / row.file


@cache
def home(package: str) -> Path:
    """Return the folder of a package's descriptions."""
    for file in metadata.files(package) or ():
        if file.name == _HOMES[package]:
            return Path(str(file.locate())).resolve().parent
    raise ModuleNotFoundError(f"{package} carries no {_HOMES[package]}", name=package)


def local(url: str) -> Path | None:
    """Return the installed copy of a schema that is imported by a web address."""
    name = url.rstrip("/").rpartition("/")[2]
    name = {"soap-envelope": "envelope"}.get(name, name)
    places = (home(package) / name for package in _HOMES)
    return next((place for place in places if place.is_file()), None)


@cache
def document(service: str) -> Any:
    """Return a service's description as zeep reads it."""
    return _document(path(service))


@cache
def _document(file: Path) -> Any:
    import zeep  # noqa: PLC0415
    from zeep.transports import Transport  # noqa: PLC0415

    class Offline(Transport):
        def load(self, url: str) -> Any:
            if not url.startswith("http"):
                return super().load(url)  # type: ignore[no-untyped-call]
            found = local(url)
            if found is None:
                raise FileNotFoundError(url)
            return found.read_bytes()

    with quiet():
        offline: Any = Offline()  # type: ignore[no-untyped-call]
        return zeep.wsdl.Document(str(file), offline, settings=zeep.Settings(strict=False))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Undo what importing onvif-zeep does to everybody's logging."""
    root, zeeps = logging.getLogger(), logging.getLogger("zeep.client")
    handlers, level, zeep_level = root.handlers[:], root.level, zeeps.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        zeeps.setLevel(zeep_level)
