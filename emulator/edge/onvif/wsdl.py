"""WSDLs from installed packages: none of them is part of this project, none comes over the net.

onvif-zeep brings the services of ONVIF's first versions with schemas that every validator takes;
aonvif those that came later (Media2, the newer analytics). What WSDLs import by URL (OASIS, W3C)
lies beside them.
"""

import logging
import threading
from importlib import metadata
from pathlib import Path
from typing import Any

import zeep
from zeep.transports import Transport

from emulator.core.onvif.analytics import MS
from emulator.core.onvif.soap import WSA, spelled
from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.names import TEV, TT, WSNT, WSTOP, XS

SOURCES = {  # by service: the package, and the file's path as it ends there
    "device": ("onvif-zeep", "wsdl/devicemgmt.wsdl"),
    "media": ("onvif-zeep", "wsdl/media.wsdl"),
    "media2": ("aonvif", "ver20/media/wsdl/media.wsdl"),
    "imaging": ("onvif-zeep", "wsdl/imaging.wsdl"),
    "deviceio": ("aonvif", "ver10/deviceio.wsdl"),
    "events": ("onvif-zeep", "wsdl/events.wsdl"),
    "analytics": ("aonvif", "ver20/analytics/wsdl/analytics.wsdl"),
}

PREFIXES = {  # declared on every answer, since QNames in values need them too
    "tt": TT,
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tr2": "http://www.onvif.org/ver20/media/wsdl",
    "timg": "http://www.onvif.org/ver20/imaging/wsdl",
    "tmd": "http://www.onvif.org/ver10/deviceIO/wsdl",
    "tev": TEV,
    "tan": "http://www.onvif.org/ver20/analytics/wsdl",
    "tns1": "http://www.onvif.org/ver10/topics",
    "wsnt": WSNT,
    "wstop": WSTOP,
    "wsa": WSA,
    "xs": XS,
    "ms": MS,
}

_FOLDERS = (("onvif-zeep", "wsdl/devicemgmt.wsdl"), ("aonvif", "wsdl/b-2.xsd"))


def path_of(package: str, ending: str) -> Path:
    """Return where an installed package has a file. Raises FileNotFoundError."""
    for file in metadata.files(package) or ():
        if file.as_posix().endswith(ending):
            return Path(str(file.locate()))
    raise FileNotFoundError(f"{package} has no {ending}")


class Offline(Transport):
    """Loads files only; of a URL, the file of that name beside the WSDLs."""

    def load(self, url: str) -> bytes:
        """Return what is at `url`. Raises FileNotFoundError for what no package has."""
        if not url.startswith(("http:", "https:")):
            return bytes(super().load(url))  # type: ignore[no-untyped-call]
        name = url.rstrip("/").rpartition("/")[2]
        name = {"soap-envelope": "envelope"}.get(name, name)
        for package, ending in _FOLDERS:
            file = path_of(package, ending).parent / name
            if file.is_file():
                return file.read_bytes()
        raise FileNotFoundError(url)


class _Unread(logging.Filter):
    """What zeep could not read of a request: it says so in its log alone, and goes on without.

    A value that is passed over would be one left out, and half of a change done.
    """

    def __init__(self) -> None:
        super().__init__()
        self._here = threading.local()

    def filter(self, record: logging.LogRecord) -> bool:
        """Remember what is told, instead of logging it."""
        if record.exc_info and record.exc_info[1] is not None:
            self._here.error = str(record.exc_info[1])
        return False

    def begin(self) -> None:
        """Know of nothing."""
        self._here.error = None

    @property
    def error(self) -> str | None:
        """What could not be read since `begin`, in this thread."""
        return getattr(self._here, "error", None)


_unread = _Unread()
for _name in ("zeep.xsd.types.simple", "zeep.xsd.elements.attribute"):
    logging.getLogger(_name).addFilter(_unread)


class Messages:
    """The operations of one service's WSDL: requests read, responses written."""

    def __init__(self, name: str) -> None:
        settings = zeep.Settings(strict=False)
        transport: Any = Offline
        client = zeep.Client(str(path_of(*SOURCES[name])), transport=transport(), settings=settings)
        for prefix, space in PREFIXES.items():
            client.set_ns_prefix(prefix, space)
        self._types = client.wsdl.types
        self._operations: dict[str, Any] = {}
        self._latest: dict[str, tuple[Any, bytes]] = {}
        self._empty: dict[str, Any] = {}
        for binding in client.wsdl.bindings.values():
            for operation in binding._operations.values():  # zeep's only way
                body = operation.input.body
                if body is not None and operation.output is not None:
                    self._operations.setdefault(body.qname.text, operation)

    def request(self, qname: str, element: Any) -> Any:
        """Return an operation's elements as attributes. Raises Fault for wrong values.

        Most requests ask for nothing in particular; those are read once.
        """
        is_empty = not len(element) and not element.attrib and not (element.text or "").strip()
        if is_empty and qname in self._empty:
            return self._empty[qname]
        request = self._request(qname, element)
        if is_empty:
            self._empty[qname] = request
        return request

    def _request(self, qname: str, element: Any) -> Any:
        name = qname.rpartition("}")[2]
        _unread.begin()
        try:
            request = self._operations[qname].input.body.parse(element, self._types)
        except Exception as error:  # whatever zeep and its readers of dates and numbers raise
            raise Fault("InvalidArgs", f"{name} can't be read: {error}") from None
        if _unread.error is not None:
            raise Fault("InvalidArgs", f"{name} can't be read: {_unread.error}")
        return request

    def response(self, qname: str, fields: Any) -> Any:
        """Return the SOAP 1.2 envelope of an operation's response."""
        return self._operations[qname].output.serialize(**fields).content

    def spelled(self, qname: str, fields: Any) -> bytes:
        """Return that envelope as octets; the latest one again, while nothing in it changes.

        Most of what clients ask again and again is what it was, and zeep takes its time.
        """
        latest = self._latest.get(qname)
        if latest is None or latest[0] != fields:
            latest = fields, spelled(self.response(qname, fields))
            self._latest[qname] = latest
        return latest[1]

    def action(self, qname: str) -> str:
        """Return the WS-Addressing action of an operation's response."""
        asked = self._operations[qname].abstract.wsa_action or qname.strip("{").replace("}", "/")
        stem = str(asked).removesuffix("Request")
        return f"{stem}Response"


_loading = threading.Lock()
_loaded: dict[str, Messages] = {}


def loaded(name: str) -> Messages | None:
    """Return a service's operations if they were read already."""
    return _loaded.get(name)


def messages(name: str) -> Messages:
    """Return a service's operations; read at their first use, and once (some 0.2 s)."""
    with _loading:
        if name not in _loaded:
            _loaded[name] = Messages(name)
        return _loaded[name]
