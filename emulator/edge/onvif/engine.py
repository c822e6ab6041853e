"""One SOAP request, from octets to octets: read by its WSDL, served, written by its WSDL.

Messages are made by zeep from the WSDL, never from templates. Imported at the first request,
since zeep takes half a second.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple, cast

from emulator.core.onvif import soap
from emulator.core.onvif.soap import Envelope
from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.capabilities import with_capabilities
from emulator.edge.onvif.service import Answer, Caller, Fields, Operation, Service
from emulator.edge.onvif.wsdl import Messages, loaded, messages

log = logging.getLogger("stuntcam")

Enter = Callable[[Envelope, str], object]
"""Lets an operation of an access class in; raises a Fault, or another refusal."""


class Told(NamedTuple):
    """An answer: whether it is no fault, its content type, its octets."""

    is_fine: bool
    content_type: str
    octets: bytes


class Engine:
    """Serves the operations of `services`, whichever of their paths a request comes by."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._by_namespace: dict[str, Service] = {}
        for service in with_capabilities(services, messages):
            for namespace in (service.namespace, *service.also_namespaces):
                self._by_namespace.setdefault(namespace, service)

    async def answer(self, octets: bytes, enter: Enter, caller: Caller) -> Told:
        """Return the answer to a request. Raises what `enter` raises besides Faults."""
        asked = None
        try:
            asked = soap.read(octets)
            service, operation = self._find(asked)
            enter(asked, operation.access)
            caller = replace(caller, element=asked.operation)
            with _our_own_faults(asked):
                told = await _answered(asked, service.name, operation, caller)
        except Fault as fault:
            version = asked.version if asked else soap.SOAP12
            envelope = soap.fault_envelope(fault, version)
            if asked is not None:
                soap.addressed(envelope, asked, soap.WSA_FAULT)
            return Told(False, soap.CONTENT_TYPES[version], soap.spelled(envelope))
        return Told(True, soap.CONTENT_TYPES[asked.version], told)

    def _find(self, asked: Envelope) -> tuple[Service, Operation]:
        name = asked.name
        service = self._by_namespace.get(name.namespace or "")
        if service is None:
            reason = f"no service here has operations of {name.namespace!r}"
            raise Fault("ActionNotSupported", reason, "Receiver")
        operation = service.operations.get(name.localname)
        if operation is None:
            reason = f"the {service.name} service here has no {name.localname}"
            raise Fault("ActionNotSupported", reason, "Receiver")
        return service, operation


async def _answered(asked: Envelope, service: str, operation: Operation, caller: Caller) -> bytes:
    known = loaded(service)
    if known is None:
        known = await asyncio.to_thread(messages, service)
    if operation.waits:
        answer = operation.handler(_read(known, asked, operation), caller)
        return _written(known, asked, await cast("Awaitable[Any]", answer))
    if operation.is_quick:
        return _served(known, asked, operation, caller)
    return await asyncio.to_thread(_served, known, asked, operation, caller)


def _served(known: Messages, asked: Envelope, operation: Operation, caller: Caller) -> bytes:
    answer = operation.handler(_read(known, asked, operation), caller)
    return _written(known, asked, cast("Fields | Answer", answer))


def _read(known: Messages, asked: Envelope, operation: Operation) -> Any:
    return known.request(asked.name.text, asked.operation) if operation.is_read else None


def _written(known: Messages, asked: Envelope, answer: Fields | Answer) -> bytes:
    fields = answer.fields if isinstance(answer, Answer) else answer
    if fields is answer and asked.version == soap.SOAP12 and asked.message_id is None:
        return known.spelled(asked.name.text, fields)
    envelope = known.response(asked.name.text, fields)
    if isinstance(answer, Answer):
        envelope.find(f"{{{soap.SOAP12}}}Body")[0].extend(answer.elements)
    envelope = soap.in_version(envelope, asked.version)
    soap.addressed(envelope, asked, known.action(asked.name.text))
    return soap.spelled(envelope)


@contextmanager
def _our_own_faults(asked: Envelope) -> Iterator[None]:
    """Tell what goes wrong here as a Receiver fault, and log it: it is a mistake of ours."""
    try:
        yield
    except Fault:
        raise
    except Exception as error:
        name = asked.name.localname
        log.exception("ONVIF %s failed", name)
        raise Fault("Action", f"{name} failed here", "Receiver") from error
