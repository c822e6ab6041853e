"""SOAP as values, read without trust: no DTD, no entity, nothing fetched, no more than it may be.

Pure. Answers to ONVIF requests are SOAP 1.2 (Core Specification, 5.8); a fault tells its code and
its subcodes as QNames, of which the local names are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from lxml import etree

from conformance.exchange import Answer, NoAnswerError

SOAP = "http://www.w3.org/2003/05/soap-envelope"
TT = "http://www.onvif.org/ver10/schema"
WSNT = "http://docs.oasis-open.org/wsn/b-2"
MOST_BYTES = 4 * 1024 * 1024
"""Of an answer: larger ones are no answer to anything that is asked here."""
REFUSING = {401, 403}
NO_FAULT = "no fault"
NOT_AUTHORIZED, NOT_SUPPORTED = "NotAuthorized", "ActionNotSupported"


class FaultError(NoAnswerError):
    """The device answered with a fault, or refused before looking.

    code      Sender, Receiver, ...; empty where HTTP alone refuses
    subcodes  local names from the outermost on
    """

    def __init__(
        self, answer: Answer, code: str, subcodes: tuple[str, ...], reason: str, what: str = ""
    ) -> None:
        told = "/".join([code, *subcodes]) if code else f"HTTP {answer.status}"
        super().__init__(f"{what or answer.request}: {told} ({reason})")
        self.answer, self.code, self.subcodes, self.reason = answer, code, subcodes, reason

    @property
    def is_refusal(self) -> bool:
        """Whether it is about who asks."""
        return self.answer.status in REFUSING or NOT_AUTHORIZED in self.subcodes

    @property
    def is_unsupported(self) -> bool:
        """Whether the operation is one that the device does not have."""
        return NOT_SUPPORTED in self.subcodes

    @property
    def told(self) -> str:
        """Code and subcodes, for comparing."""
        return "/".join([self.code, *self.subcodes])


def envelope(answer: Answer) -> Any:
    """Return an answer as the envelope that it must be. Raises NoAnswerError."""
    if len(answer.body) > MOST_BYTES:
        raise NoAnswerError(f"{answer.request}: more than {MOST_BYTES} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(answer.body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NoAnswerError(f"{answer.request}: the answer is no XML: {answer.shown}") from None
    if root.getroottree().docinfo.doctype:
        raise NoAnswerError(f"{answer.request}: the answer has a DTD, which SOAP forbids")
    if root.tag != f"{{{SOAP}}}Envelope":
        raise NoAnswerError(f"{answer.request}: the answer is no SOAP 1.2: {answer.shown}")
    return root


def content(answer: Answer, what: str = "") -> Any:
    """Return the element in an answer's body. Raises FaultError, NoAnswerError.

    what  the operation, for messages
    """
    if answer.status in REFUSING and not answer.body.lstrip().startswith(b"<"):
        raise FaultError(answer, "", (), "refused", what)
    try:
        root = envelope(answer)
    except NoAnswerError:
        if answer.status in REFUSING:
            raise FaultError(answer, "", (), "refused", what) from None
        raise
    body = root.find(f"{{{SOAP}}}Body")
    inside = (
        next((one for one in body if isinstance(one.tag, str)), None) if body is not None else None
    )
    if inside is None:
        raise NoAnswerError(f"{what or answer.request}: there is nothing in the answer's body")
    if inside.tag == f"{{{SOAP}}}Fault":
        raise _fault(answer, inside, what)
    if answer.status != 200:
        raise NoAnswerError(f"{what or answer.request}: an answer with status {answer.status}")
    return inside


def fault_of(ask: Callable[[], object]) -> str:
    """Return code and subcodes of the fault that something is answered with, or NO_FAULT.

    Raises NoAnswerError where what comes is neither.
    """
    try:
        ask()
    except FaultError as fault:
        return fault.told
    return NO_FAULT


def _fault(answer: Answer, fault: Any, what: str) -> FaultError:
    code = fault.find(f"{{{SOAP}}}Code")
    names: list[str] = []
    while code is not None and len(names) < 8:
        names.append(_local(code.findtext(f"{{{SOAP}}}Value") or ""))
        code = code.find(f"{{{SOAP}}}Subcode")
    reason = fault.findtext(f"{{{SOAP}}}Reason/{{{SOAP}}}Text") or ""
    return FaultError(answer, names[0] if names else "?", tuple(names[1:]), reason[:300], what)


def _local(qname: str) -> str:
    return qname.strip().rpartition(":")[2][:60]


def address(told: object) -> SplitResult:
    """Return the parts of an address that a device tells. Raises NoAnswerError.

    It must name a host: what is put behind the target's own host and port begins with a slash.
    """
    text = str(told)
    try:
        parts = urlsplit(text)
        is_one = bool(parts.scheme and parts.hostname and parts.port != 0)
    except ValueError:
        is_one = False
    if not is_one:
        raise NoAnswerError(f"the device tells {text[:100]!r}, which is no address")
    return parts


def target(parts: SplitResult) -> str:
    """Return an address' path and query."""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


# --- events --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Notification:
    """One event: its topic without prefixes, as RuleEngine/CellMotionDetector/Motion.

    operation   Initialized, Changed, Deleted or empty
    source, data  simple items by name
    """

    topic: str
    operation: str
    source: dict[str, str]
    data: dict[str, str]


def notifications(element: Any) -> list[Notification]:
    """Return the events in an answer to PullMessages, in order."""
    return [_notification(one) for one in element.iter(f"{{{WSNT}}}NotificationMessage")]


def _notification(element: Any) -> Notification:
    topic = "".join(element.findtext(f"{{{WSNT}}}Topic") or "").strip()
    message = element.find(f"{{{WSNT}}}Message/{{{TT}}}Message")
    if message is None:
        raise NoAnswerError(f"the event {topic!r} has no tt:Message")
    return Notification(
        "/".join(_local(step) for step in topic.split("/")),
        message.get("PropertyOperation", ""),
        _items(message, "Source"),
        _items(message, "Data"),
    )


def _items(message: Any, part: str) -> dict[str, str]:
    found = message.iterfind(f"{{{TT}}}{part}/{{{TT}}}SimpleItem")
    return {one.get("Name", ""): one.get("Value", "") for one in found}


def topics(element: Any) -> set[str]:
    """Return the topics in a topic set (WS-Topics 1.3), without prefixes."""
    wanted = "{http://docs.oasis-open.org/wsn/t-1}topic"
    return {_path(one, element) for one in element.iter() if one.get(wanted) in {"true", "1"}}


def _path(element: Any, root: Any) -> str:
    steps = [etree.QName(element).localname]
    for above in element.iterancestors():
        if above is root or etree.QName(above).localname == "TopicSet":
            break
        steps.append(etree.QName(above).localname)
    return "/".join(reversed(steps))
