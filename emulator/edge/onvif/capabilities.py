"""What a camera says of its services: GetServices, GetCapabilities, GetServiceCapabilities.

Made from the services themselves, so that nothing is told that is not there. All three need no
log-in (ONVIF Core, PRE_AUTH).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.service import Caller, Fields, Handler, Operation, Request, Service, given

DEVICE = "device"
OPERATION = "GetServiceCapabilities"


class Messages(Protocol):
    """What is needed of wsdl.Messages."""

    def response(self, qname: str, fields: Any) -> Any:
        """Return the envelope of a response."""


def with_capabilities(
    services: Sequence[Service], messages: Callable[[str], Messages]
) -> list[Service]:
    """Return `services`, each telling of itself, and the device service of all."""
    told = []
    for service in services:
        operations = {OPERATION: Operation("PRE_AUTH", _telling(service))}
        if service.name == DEVICE:
            rooms = _AllServices(services, messages)
            operations["GetServices"] = Operation("PRE_AUTH", rooms.get_services)
            operations["GetCapabilities"] = Operation("PRE_AUTH", rooms.get_capabilities)
        told.append(replace(service, operations={**service.operations, **operations}))
    return told


def _telling(service: Service) -> Handler:
    def get_service_capabilities(request: Request, caller: Caller) -> Fields:
        return {"Capabilities": service.capabilities()}

    return get_service_capabilities


class _AllServices:
    def __init__(self, services: Sequence[Service], messages: Callable[[str], Messages]) -> None:
        self._services, self._messages = services, messages

    def get_services(self, request: Request, caller: Caller) -> Fields:
        """Answer GetServices."""
        return {
            "Service": [
                {
                    "Namespace": service.namespace,
                    "XAddr": caller.xaddr(service.path),
                    "Version": {"Major": service.version[0], "Minor": service.version[1]},
                    **self._included(service, request.IncludeCapability),
                }
                for service in self._services
            ]
        }

    def get_capabilities(self, request: Request, caller: Caller) -> Fields:
        """Answer GetCapabilities: those of one category, or of all."""
        wanted = set(given(request.Category, "Category") or ["All"])
        parts: dict[str, Any] = {}
        for service in self._services:
            *extension, name = (service.category or "").split("/")
            if name and (extension or wanted & {"All", name}):
                part = {"XAddr": caller.xaddr(service.path), **service.in_all()}
                for outer in extension:
                    parts.setdefault(outer, {})[name] = part
                if not extension:
                    parts[name] = part
        if "All" not in wanted:
            if not wanted <= parts.keys():
                missing = ", ".join(sorted(wanted - parts.keys()))
                raise Fault(
                    "ActionNotSupported/NoSuchService", f"there is no {missing} here", "Receiver"
                )
            parts.pop("Extension", None)
        return {"Capabilities": parts}

    def _included(self, service: Service, is_wanted: bool | None) -> Mapping[str, Any]:
        if not is_wanted:
            return {}
        fields = {"Capabilities": service.capabilities()}
        envelope = self._messages(service.name).response(
            f"{{{service.namespace}}}{OPERATION}", fields
        )
        (element,) = envelope[-1][0]  # Body / ...Response / Capabilities
        return {"Capabilities": {"_value_1": element}}
