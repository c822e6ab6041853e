"""SOAP envelopes and faults as values: bytes in, an `Envelope` out; a `Fault` in, XML out.

Pure, though it leans on lxml. SOAP 1.2 is what ONVIF speaks; 1.1 is understood and answered in
kind. Whatever a client sends is bounded here before anything looks at it: no DTD of any kind (so
no entities, no bombs), a depth and a number of elements.

Sources: SOAP 1.2 part 1 (5.4 faults, 5.2.3 mustUnderstand), ONVIF Core (generic faults, `ter:`),
WS-Addressing 1.0 (headers of a reply).
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.parsers import expat

from lxml import etree

from emulator.core.onvif.soapfault import Fault
from emulator.core.onvif.wsse import WSSE

SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
TER = "http://www.onvif.org/ver10/error"
WSA = "http://www.w3.org/2005/08/addressing"
WSA_FAULT = f"{WSA}/soap/fault"
UNDERSTOOD = {WSA, WSSE}
"""Namespaces of header blocks that are read, or may be passed over without harm."""

DEEPEST = 40
MOST_ELEMENTS = 2000

CONTENT_TYPES = {SOAP12: "application/soap+xml", SOAP11: "text/xml"}

Element = Any  # lxml comes without types


@dataclass(frozen=True, slots=True)
class Envelope:
    """A request, read.

    version     SOAP12 or SOAP11
    header      the Header element, or None; operation: the one element in the Body
    message_id  the WS-Addressing MessageID, or None
    """

    version: str
    header: Element
    operation: Element
    message_id: str | None

    @property
    def name(self) -> Any:
        """The operation's QName."""
        return etree.QName(self.operation)


def read(octets: bytes, understood: Iterable[str] = ()) -> Envelope:
    """Return the envelope in `octets`. Raises Fault: WellFormed, or what SOAP says of it.

    understood  namespaces of header blocks that the caller knows besides UNDERSTOOD
    """
    _refuse_document_type(octets)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True, huge_tree=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(octets, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Fault("WellFormed", f"the request is not well-formed XML: {error}") from None
    if root.getroottree().docinfo.doctype:  # in an encoding that expat does not know
        _document_type()
    _check_bounds(root)
    version = etree.QName(root).namespace
    if etree.QName(root).localname != "Envelope" or version not in CONTENT_TYPES:
        raise Fault("WellFormed", f"the request is {root.tag[:80]}, not an Envelope of SOAP 1.2")
    body, header = root.find(f"{{{version}}}Body"), root.find(f"{{{version}}}Header")
    if body is None or len(body) != 1:
        raise Fault("WellFormed", "the request's Body does not hold exactly one element")
    _check_understood(header, version, UNDERSTOOD.union(understood))
    identity = header.findtext(f"{{{WSA}}}MessageID") if header is not None else None
    return Envelope(version, header, body[0], (identity or "").strip()[:1024] or None)


def addressed(answer: Element, asked: Envelope, action: str) -> None:
    """Put the WS-Addressing headers of a reply on the envelope `answer`, if they are wanted."""
    if asked.message_id is None:
        return
    soap = etree.QName(answer).namespace
    header = answer.find(f"{{{soap}}}Header")
    if header is None:
        header = etree.Element(f"{{{soap}}}Header", nsmap={"wsa": WSA})
        answer.insert(0, header)
    etree.SubElement(header, f"{{{WSA}}}Action", nsmap={"wsa": WSA}).text = action
    relates = etree.SubElement(header, f"{{{WSA}}}RelatesTo", nsmap={"wsa": WSA})
    relates.text = asked.message_id


def fault_envelope(fault: Fault, version: str = SOAP12) -> Element:
    """Return the Envelope that tells of `fault`.

    `ter:` is declared on it, above the values that use it: clients look for it there.
    """
    envelope = etree.Element(f"{{{version}}}Envelope", nsmap={"env": version, "ter": TER})
    body = etree.SubElement(envelope, f"{{{version}}}Body")
    told = etree.SubElement(body, f"{{{version}}}Fault")
    (_fault11 if version == SOAP11 else _fault12)(told, fault)
    return envelope


def in_version(envelope: Element, version: str) -> Element:
    """Return `envelope`, made for SOAP 1.2, as one of `version`."""
    if version == SOAP12:
        return envelope
    other = etree.Element(f"{{{version}}}Envelope", nsmap=_renamed(envelope.nsmap, version))
    for part in envelope:
        name = etree.QName(part).localname
        etree.SubElement(other, f"{{{version}}}{name}").extend(list(part))
    return other


def spelled(envelope: Element) -> bytes:
    """Return an envelope as it goes over the wire."""
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def _fault12(told: Element, fault: Fault) -> None:
    inner = etree.SubElement(told, f"{{{SOAP12}}}Code")
    etree.SubElement(inner, f"{{{SOAP12}}}Value").text = f"env:{fault.code}"
    for name in fault.subcodes:
        inner = etree.SubElement(inner, f"{{{SOAP12}}}Subcode")
        etree.SubElement(inner, f"{{{SOAP12}}}Value").text = f"ter:{name}"
    reason = etree.SubElement(told, f"{{{SOAP12}}}Reason")
    text = etree.SubElement(reason, f"{{{SOAP12}}}Text")
    text.text = fault.reason
    text.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
    if fault.detail is not None:
        etree.SubElement(told, f"{{{SOAP12}}}Detail").append(fault.detail)


def _fault11(told: Element, fault: Fault) -> None:
    codes = {"Sender": "Client", "Receiver": "Server"}
    etree.SubElement(told, "faultcode").text = f"env:{codes.get(fault.code, fault.code)}"
    named = "/".join(f"ter:{name}" for name in fault.subcodes)
    etree.SubElement(told, "faultstring").text = (
        f"{named}: {fault.reason}" if named else fault.reason
    )
    if fault.detail is not None:
        etree.SubElement(told, "detail").append(fault.detail)


class _Enough(Exception):  # noqa: N818  # no error
    """The first element begins: no document type can follow."""


def _refuse_document_type(octets: bytes) -> None:
    # Before libxml2 sees it, which would look into entities, if within bounds of its own.
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: _document_type()
    parser.StartElementHandler = lambda *_: _stop()
    with suppress(_Enough, expat.ExpatError, LookupError, ValueError):
        parser.Parse(octets, True)


def _stop() -> NoReturn:
    raise _Enough


def _document_type() -> NoReturn:
    raise Fault("WellFormed", "the request has a document type; SOAP allows none")


def _check_bounds(root: Element) -> None:
    depth, count = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > DEEPEST:
            raise Fault("WellFormed", f"the request is deeper than {DEEPEST} elements")
        if count > MOST_ELEMENTS:
            raise Fault("WellFormed", f"the request has more than {MOST_ELEMENTS} elements")


def _check_understood(header: Element, version: str, understood: set[str]) -> None:
    for block in header if header is not None else ():
        name = etree.QName(block)
        must = block.get(f"{{{version}}}mustUnderstand", "").strip() in {"1", "true"}
        if must and name.namespace not in understood:
            reason = f"the header {name.localname[:80]} must be understood, and is not"
            raise Fault("", reason, "MustUnderstand")


def _renamed(nsmap: dict[str | None, str], version: str) -> dict[str | None, str]:
    return {prefix: version if uri == SOAP12 else uri for prefix, uri in nsmap.items()}
