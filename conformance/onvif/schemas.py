"""Whether an answer is valid against ONVIF's schemas, whichever client might be lenient with it.

Two editions are known: the one that onvif-zeep carries, which lxml compiles in a moment, and the
newest, in aonvif, whose content models libxml2 refuses and xmlschema (XSD 1.1) takes in seconds. An
answer is valid if one of them says so: devices are of different years.
"""

import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from conformance.onvif import wsdls

SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
HEADER, BODY = f"{SOAP}Header", f"{SOAP}Body"
SHAPES = ([HEADER, BODY], [BODY])
"""What an envelope may hold (SOAP 1.2 part 1, 5.1)."""
XS = "{http://www.w3.org/2001/XMLSchema}"
NEWEST = (
    "ver10/device/wsdl/devicemgmt.wsdl",
    "ver10/media/wsdl/media.wsdl",
    "ver20/media/wsdl/media.wsdl",
    "ver20/imaging/wsdl/imaging.wsdl",
    "ver20/analytics/wsdl/analytics.wsdl",
    "ver10/events/wsdl/event.wsdl",
)
OLDEST = ("devicemgmt.wsdl", "media.wsdl", "imaging.wsdl", "analytics.wsdl", "events.wsdl")


def problem(envelope: Any) -> str:
    """Return what is not valid in an answer's envelope and body, or an empty text."""
    parts = [one.tag for one in envelope if isinstance(one.tag, str)]
    if parts not in SHAPES:
        return f"the envelope holds {parts}, not a header or none and a body"
    body = envelope.find(BODY)
    return next(filter(None, (_body_problem(inside) for inside in body)), "")


def load() -> None:
    """Read both editions now: whoever is forked from this process needs not."""
    _old(), _newest()


def _body_problem(element: Any) -> str:
    old = _old().get(etree.QName(element).namespace)
    # WS-Notification's own answers stand in schemas that no WSDL embeds.
    if old is not None and not _said(old, element):
        return ""
    # As text and back: a copy of its own, with no prefix lost that a value uses.
    alone = etree.tostring(element).decode()
    newest = _newest()
    if element.tag not in newest.maps.elements:
        return f"no schema knows {element.tag}" if old is None else _said(old, element)
    for error in newest.iter_errors(alone):
        return f"{error.path}: {error.reason}"
    return ""


def _said(schema: Any, element: Any) -> str:
    copy = etree.fromstring(etree.tostring(element))
    if schema.validate(copy):
        return ""
    error = schema.error_log[0]
    return f"line {error.line}: {error.message}"


# --- the editions --------------------------------------------------------------------------------


class _Installed(etree.Resolver):  # type: ignore[misc]  # without types
    def resolve(self, url: str, public_id: str, context: Any) -> Any:
        found = wsdls.local(url) if url.startswith("http") else None
        return self.resolve_filename(str(found), context) if found else None


def _parser() -> Any:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Installed())
    return parser


def _embedded(file: Path) -> Iterator[Any]:
    """Yield the schemas inside a WSDL, their imports spelled as files."""
    for schema in etree.parse(str(file), _parser()).iter(f"{XS}schema"):
        for one in schema.iter(f"{XS}import", f"{XS}include"):
            where = one.get("schemaLocation")
            if where and not where.startswith("http"):
                one.set("schemaLocation", urljoin(file.as_uri(), where))
        yield schema


@cache
def _old() -> dict[str | None, Any]:
    found: dict[str | None, Any] = {}
    for name in OLDEST:
        for schema in _embedded(wsdls.home(wsdls.OLD) / name):
            compiled = etree.XMLSchema(etree.fromstring(etree.tostring(schema), _parser()))
            found[schema.get("targetNamespace")] = compiled
    # Renew and Unsubscribe are answered in WS-Notification's own namespace.
    notification = wsdls.home(wsdls.OLD) / "b-2.xsd"
    found["http://docs.oasis-open.org/wsn/b-2"] = etree.XMLSchema(
        etree.parse(str(notification), _parser())
    )
    return found


@cache
def _newest() -> Any:
    import xmlschema  # noqa: PLC0415

    home = wsdls.home(wsdls.NEW)
    sources = [etree.tostring(one).decode() for name in NEWEST for one in _embedded(home / name)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of type tables that might differ
        return xmlschema.XMLSchema11(sources, uri_mapper=_mapped, validation="lax", allow="local")


def _mapped(url: str) -> str:
    found = wsdls.local(url) if url.startswith("http") else None
    return found.as_uri() if found else url
