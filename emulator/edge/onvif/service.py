"""What an ONVIF service is made of."""

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulator.core.onvif.soapfault import Fault

Request = Any
"""The operation's elements as attributes, as zeep read them."""

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and how he reached us.

    base     the URL of this camera as he knows it, such as "http://10.0.0.5:8080"
    path     the path that was asked; match: the parts of it that vary
    address  the IP address that he asks from, as far as we see
    is_gone  tells whether he has hung up meanwhile
    element  the operation's lxml element as it was sent, for what zeep can't read
    """

    base: str
    path: str
    address: str
    match: Mapping[str, str] = field(default_factory=dict)
    is_gone: Callable[[], bool] = lambda: False
    element: Any = None

    def xaddr(self, path: str) -> str:
        """Return the address of one of our paths, for him."""
        return self.base + path

    @property
    def host(self) -> str:
        """The host alone, as he knows it; an IPv6 address in brackets."""
        authority = self.base.partition("://")[2]
        head, colon, port = authority.rpartition(":")
        return head if colon and port.isdigit() else authority


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: its fields, and lxml elements to be appended to it as they are."""

    fields: Fields
    elements: Sequence[Any] = ()


Handler = Callable[[Request, Caller], Fields | Answer | Awaitable[Fields | Answer]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    access   who may call it (core/onvif/access.py); handler: who answers
    is_read  whether zeep reads the request; else the handler gets None for it, and reads
             `caller.element`
    is_quick whether the handler waits for nothing, no lock and no disk: a thread of its own
             would cost more than the whole request
    """

    access: str
    handler: Handler
    is_read: bool = True
    is_quick: bool = False

    @property
    def waits(self) -> bool:
        """Whether it runs on the event loop."""
        return inspect.iscoroutinefunction(self.handler)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service, as the package's docstring tells.

    capabilities  gives the value of GetServiceCapabilities' `Capabilities`
    in_all        gives the service's part of Device's GetCapabilities besides its XAddr, or
                  None: it has none there
    category      the name of that part, such as "Media"; `Extension/DeviceIO` for one below
    """

    name: str
    namespace: str
    path: str
    version: tuple[int, int]
    operations: Mapping[str, Operation]
    capabilities: Callable[[], Fields]
    category: str | None = None
    in_all: Callable[[], Fields] = dict
    also_paths: tuple[str, ...] = ()
    also_namespaces: tuple[str, ...] = ()


def needed(value: Any, name: str) -> Any:
    """Return `value`, or refuse a request without it. Raises Fault."""
    if value is None or value in ("", []):
        raise Fault("InvalidArgs", f"{name} is missing")
    return value


def given(values: Sequence[Any] | None, name: str) -> list[Any]:
    """Return the elements of that name, or refuse those with nothing in them. Raises Fault."""
    return [needed(value, name) for value in values or ()]
