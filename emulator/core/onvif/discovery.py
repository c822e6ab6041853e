"""How a camera is found: messages of WS-Discovery, as values. Octets in, octets out.

A client asks all cameras at once who is there (Probe), or where one of them is (Resolve). The
one that is meant answers; a camera tells of its coming (Hello) and going (Bye) unasked. Whatever
else comes is passed over in silence: who shouts into a network must not make it louder.

Sources: WS-Discovery of April 2005 (5.1 the matching rules, 5.3 Probe, 4.1 Hello, 4.2 Bye, 6.3
Resolve, appendix I the sequence), as ONVIF Core 7 wants it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from lxml import etree

from emulator.core.onvif.soap import SOAP12, read, spelled
from emulator.core.onvif.soapfault import Fault

WSD = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
ALL = "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
ANONYMOUS = f"{WSA}/role/anonymous"

NETWORK = "http://www.onvif.org/ver10/network/wsdl"
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
TYPES = {(NETWORK, "NetworkVideoTransmitter"): "dn", (DEVICE, "Device"): "tds"}
"""What a camera is, with the prefixes that these names are written with."""

LARGEST = 16 * 1024
"""Octets; no honest question has a tenth of that."""

LONGEST_ID = 256
MOST_WORDS = 64
"""Types or scopes in one Probe, likewise."""

Element = Any  # lxml comes without types


class Asked(NamedTuple):
    """A question that may be for us.

    kind        "Probe" or "Resolve"; message_id: what the answer relates to
    types       (namespace, name) of each type that is wanted; ("", name): unknown
    scopes      each that is wanted, by the rule `match_by` (the last part of its URI)
    endpoint    the one that is to be resolved
    """

    kind: str
    message_id: str
    types: tuple[tuple[str, str], ...] = ()
    scopes: tuple[str, ...] = ()
    match_by: str = "rfc2396"
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a camera says of itself.

    endpoint  the address that is its own wherever it is; xaddrs: where it is now
    version   of all the rest: a higher number after each change
    """

    endpoint: str
    scopes: tuple[str, ...]
    xaddrs: tuple[str, ...]
    version: int


class Stamp(NamedTuple):
    """A message's own identity, and its place among all messages since the start `instance`."""

    message_id: str
    instance: int
    number: int


def asked(octets: bytes) -> Asked | None:
    """Return the question in a datagram; None: there is none for cameras."""
    try:
        envelope = read(octets[: LARGEST + 1], {WSA, WSD})
    except Fault:
        return None
    question, header = envelope.operation, envelope.header
    if len(octets) > LARGEST or envelope.version != SOAP12 or header is None:
        return None
    message_id = (header.findtext(f"{{{WSA}}}MessageID") or "").strip()
    reader = _READERS.get(question.tag)
    if reader is None or not 0 < len(message_id) <= LONGEST_ID:
        return None
    return reader(question, message_id)


def is_meant(question: Asked, about: About) -> bool:
    """Tell whether a question is for this camera."""
    if question.kind == "Resolve":
        return question.endpoint == about.endpoint
    rule = _RULES.get(question.match_by)
    if question.match_by == "none":
        return not about.scopes
    if rule is None and question.scopes:
        return False
    return set(question.types) <= set(TYPES) and all(
        any(rule(wanted, ours) for ours in about.scopes) for wanted in question.scopes if rule
    )


def reply(question: Asked, about: About, stamp: Stamp) -> bytes:
    """Return the answer of the camera that is meant."""
    name = f"{question.kind}Matches"
    envelope, body = _envelope(name, ANONYMOUS, stamp, question.message_id)
    matches = etree.SubElement(body, f"{{{WSD}}}{name}")
    _describe(etree.SubElement(matches, f"{{{WSD}}}{question.kind}Match"), about)
    return spelled(envelope)


def hello(about: About, stamp: Stamp) -> bytes:
    """Return what a camera says that has come, or is no more what it was."""
    envelope, body = _envelope("Hello", ALL, stamp)
    _describe(etree.SubElement(body, f"{{{WSD}}}Hello"), about)
    return spelled(envelope)


def bye(about: About, stamp: Stamp) -> bytes:
    """Return what a camera says that goes."""
    envelope, body = _envelope("Bye", ALL, stamp)
    _refer(etree.SubElement(body, f"{{{WSD}}}Bye"), about)
    return spelled(envelope)


def is_within(wanted: str, ours: str) -> bool:
    """Tell whether the URI `ours` lies in `wanted`, by RFC 3986 (WS-Discovery 5.1).

    Scheme and authority are the same but for case, and the path of `wanted`, segment by segment,
    is how that of `ours` begins. Queries and fragments don't count.

    >>> is_within("onvif://www.onvif.org/type", "ONVIF://www.onvif.org/type/video_encoder")
    True
    >>> is_within("onvif://www.onvif.org/ty", "onvif://www.onvif.org/type")
    False
    """
    try:
        there, here = urlsplit(wanted), urlsplit(ours)
    except ValueError:
        return False
    segments, own = _segments(there), _segments(here)
    return (
        (there.scheme.lower(), there.netloc.lower()) == (here.scheme.lower(), here.netloc.lower())
        and not {".", ".."} & {*segments, *own}
        and segments == own[: len(segments)]
    )


_RULES: dict[str, Callable[[str, str], bool]] = {
    "rfc2396": is_within,
    "rfc3986": is_within,
    "strcmp0": lambda wanted, ours: wanted == ours,
    "uuid": lambda wanted, ours: wanted.lower() == ours.lower(),
}
"""By the last part of a rule's URI. By `ldap` we have no scopes."""


def _probe(probe: Element, message_id: str) -> Asked | None:
    types = (probe.findtext(f"{{{WSD}}}Types") or "").split()
    scopes = probe.find(f"{{{WSD}}}Scopes")
    wanted = ((scopes.text if scopes is not None else "") or "").split()
    rule = scopes.get("MatchBy", f"{WSD}/rfc2396") if scopes is not None else f"{WSD}/rfc2396"
    if len(types) > MOST_WORDS or len(wanted) > MOST_WORDS:
        return None
    named = probe.find(f"{{{WSD}}}Types")
    space = named.nsmap if named is not None else {}
    return Asked(
        "Probe",
        message_id,
        tuple(_qualified(name, space) for name in types),
        tuple(wanted),
        rule.strip().rpartition("/")[2],
    )


def _resolve(resolve: Element, message_id: str) -> Asked | None:
    address = resolve.findtext(f"{{{WSA}}}EndpointReference/{{{WSA}}}Address")
    return Asked("Resolve", message_id, endpoint=(address or "").strip())


_READERS = {f"{{{WSD}}}Probe": _probe, f"{{{WSD}}}Resolve": _resolve}


def _qualified(name: str, space: dict[str | None, str]) -> tuple[str, str]:
    prefix, colon, local = name.rpartition(":")
    return space.get(prefix if colon else None, ""), local


def _segments(uri: SplitResult) -> list[str]:
    return uri.path.rstrip("/").split("/")


def _envelope(
    action: str, to: str, stamp: Stamp, relates_to: str | None = None
) -> tuple[Element, Element]:
    names = {"s": SOAP12, "a": WSA, "d": WSD} | {TYPES[name]: name[0] for name in TYPES}
    envelope = etree.Element(f"{{{SOAP12}}}Envelope", nsmap=names)
    header = etree.SubElement(envelope, f"{{{SOAP12}}}Header")
    texts = {"MessageID": stamp.message_id, "RelatesTo": relates_to, "To": to}
    texts["Action"] = f"{WSD}/{action}"
    for name, text in texts.items():
        if text is not None:
            etree.SubElement(header, f"{{{WSA}}}{name}").text = text
    numbers = {"InstanceId": str(stamp.instance), "MessageNumber": str(stamp.number)}
    etree.SubElement(header, f"{{{WSD}}}AppSequence", numbers)
    return envelope, etree.SubElement(envelope, f"{{{SOAP12}}}Body")


def _describe(parent: Element, about: About) -> None:
    _refer(parent, about)
    types = (f"{prefix}:{name}" for (_, name), prefix in TYPES.items())
    for tag, words in (("Types", types), ("Scopes", about.scopes), ("XAddrs", about.xaddrs)):
        etree.SubElement(parent, f"{{{WSD}}}{tag}").text = _joined(words)
    etree.SubElement(parent, f"{{{WSD}}}MetadataVersion").text = str(about.version)


def _refer(parent: Element, about: About) -> None:
    reference = etree.SubElement(parent, f"{{{WSA}}}EndpointReference")
    etree.SubElement(reference, f"{{{WSA}}}Address").text = about.endpoint


def _joined(words: Iterable[str]) -> str:
    return " ".join(words)
