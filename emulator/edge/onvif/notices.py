"""Events as XML: notifications, the topic set, and the faults of WS-BaseNotification.

Made element by element, for zeep can't write what has text and elements both, as wsnt:Topic may.
Imported with the first request for events (lxml).
"""

from collections.abc import Iterable
from typing import Any

from lxml import etree

from emulator.core.onvif.events import (
    ONVIF_TOPICS,
    TOPIC_PREFIX,
    TOPICS,
    Event,
    Items,
    Topic,
    utc_text,
)
from emulator.core.onvif.soap import SOAP12, WSA, spelled
from emulator.core.onvif.soapfault import Fault, printable
from emulator.core.onvif.topicfilter import CONCRETE_SET
from emulator.edge.onvif.names import TEV, TT, WSNT, WSTOP, XS

WSRF_BF = "http://docs.oasis-open.org/wsrf/bf-2"
WSRF_R = "http://docs.oasis-open.org/wsrf/r-2"
NOTIFY = "http://docs.oasis-open.org/wsn/bw-2/NotificationConsumer/Notify"

_PREFIXES = {"wsnt": WSNT, "tt": TT, TOPIC_PREFIX: ONVIF_TOPICS, "wsa": WSA}

Element = Any  # lxml comes without types


def notification(event: Event, subscription: str) -> Element:
    """Return an event as wsnt:NotificationMessage, with the address of the subscription."""
    notice = etree.Element(f"{{{WSNT}}}NotificationMessage", nsmap=_PREFIXES)
    reference = etree.SubElement(notice, f"{{{WSNT}}}SubscriptionReference")
    etree.SubElement(reference, f"{{{WSA}}}Address").text = subscription
    topic = etree.SubElement(notice, f"{{{WSNT}}}Topic", Dialect=CONCRETE_SET)
    topic.text = event.topic.text
    holder = etree.SubElement(notice, f"{{{WSNT}}}Message")
    message = etree.SubElement(
        holder,
        f"{{{TT}}}Message",
        UtcTime=utc_text(event.at_ms),
        PropertyOperation=event.operation,
    )
    for name, items in (("Source", event.source), ("Data", event.data)):
        if items or name == "Data":
            part = etree.SubElement(message, f"{{{TT}}}{name}")
            for item, value in items:
                etree.SubElement(part, f"{{{TT}}}SimpleItem", Name=item, Value=value)
    return notice


def notify(events: Iterable[Event], subscription: str, consumer: str) -> bytes:
    """Return the SOAP envelope that tells a consumer of events."""
    envelope = etree.Element(f"{{{SOAP12}}}Envelope", nsmap={"env": SOAP12, **_PREFIXES})
    header = etree.SubElement(envelope, f"{{{SOAP12}}}Header")
    etree.SubElement(header, f"{{{WSA}}}To").text = consumer
    etree.SubElement(header, f"{{{WSA}}}Action").text = NOTIFY
    body = etree.SubElement(envelope, f"{{{SOAP12}}}Body")
    told = etree.SubElement(body, f"{{{WSNT}}}Notify")
    told.extend(notification(event, subscription) for event in events)
    return spelled(envelope)


def topic_set() -> list[Element]:
    """Return the root topics, each with all below it and what its events hold."""
    roots: dict[str, Element] = {}
    for topic in TOPICS:
        name, *below = topic.path
        if name not in roots:
            roots[name] = etree.Element(
                f"{{{ONVIF_TOPICS}}}{name}",
                nsmap={TOPIC_PREFIX: ONVIF_TOPICS, "tt": TT, "wstop": WSTOP, "xs": XS},
            )
        element = roots[name]
        for step in below:
            found = element.find(step)
            element = etree.SubElement(element, step) if found is None else found
        element.set(f"{{{WSTOP}}}topic", "true")
        element.append(description(topic))
    return list(roots.values())


def description(topic: Topic) -> Element:
    """Return what a topic's events hold, as tt:MessageDescription."""
    element = etree.Element(
        f"{{{TT}}}MessageDescription", nsmap={"tt": TT, "xs": XS}, IsProperty="true"
    )
    for name, items in (("Source", topic.source), ("Data", topic.data)):
        if items:
            part = etree.SubElement(element, f"{{{TT}}}{name}")
            _describe(part, items)
    return element


def _describe(part: Element, items: Items) -> None:
    for name, kind in items:
        etree.SubElement(part, f"{{{TT}}}SimpleItemDescription", Name=name, Type=kind)


def refusal(name: str, reason: str, now_ms: int, inside: Iterable[tuple[str, str]] = ()) -> Fault:
    """Return one of WS-BaseNotification's faults.

    name    of the fault, such as "InvalidFilterFault"; inside: names and texts of what it holds
            besides the time and the reason. "{namespace}name" as a text is written as a QName.
    Source: Core specification, "SOAP Fault Messages": as WS-BaseNotification has them, and as the
    receiver's.
    """
    space = WSRF_R if name == "ResourceUnknownFault" else WSNT
    detail = etree.Element(f"{{{space}}}{name}", nsmap={"wsrf-bf": WSRF_BF, "wsnt": WSNT})
    etree.SubElement(detail, f"{{{WSRF_BF}}}Timestamp").text = utc_text(now_ms)
    etree.SubElement(detail, f"{{{WSRF_BF}}}Description").text = printable(reason)
    for part, text in inside:
        element = etree.SubElement(detail, f"{{{WSNT}}}{part}")
        element.text = etree.QName(text) if text.startswith("{") else text
    return Fault("", f"{name}: {reason}", "Receiver", detail)


def pull_refusal(reason: str, longest: str, most: int) -> Fault:
    """Return the fault of a pull that would wait too long, which tells the limits."""
    detail = etree.Element(f"{{{TEV}}}PullMessagesFaultResponse", nsmap={"tev": TEV})
    etree.SubElement(detail, f"{{{TEV}}}MaxTimeout").text = longest
    etree.SubElement(detail, f"{{{TEV}}}MaxMessageLimit").text = str(most)
    return Fault("InvalidArgVal", reason, "Sender", detail)
