"""The heat map's settings as an analytics module of the maker's own, where a device has one.

ONVIF knows no heat map; what is read here is what any vendor's module tells: its parameters
(tt:SimpleItem), their ranges (GetAnalyticsModuleOptions), and that they can be changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.onvif import messages
from conformance.onvif.device import Device, Told

MODULE = "HeatMap"
MOST_CONFIGURATIONS = 8
"""So many are asked for their modules: a camera has one, or one a lens."""
TT = f"{{{messages.TT}}}"


@dataclass(frozen=True, slots=True)
class Module:
    """The module: the configuration that it is of, its name, its type as {namespace}local.

    items  its parameters by name, as texts
    """

    configuration: str
    name: str
    kind: str
    items: Mapping[str, str]


def module(device: Device) -> Module | None:
    """Return the module, or None where the device has none."""
    if not device.has("analytics") or not device.has("media"):
        return None
    told = device.call("media", "GetVideoAnalyticsConfigurations").value or ()
    for one in told[:MOST_CONFIGURATIONS]:
        asked = {"ConfigurationToken": str(one.token)}
        for element in device.call("analytics", "GetAnalyticsModules", asked).element:
            kind = _qname(element, element.get("Type", ""))
            if kind.rpartition("}")[2] == device.words.get("module", MODULE):
                items = element.iterfind(f"{TT}Parameters/{TT}SimpleItem")
                found = {item.get("Name", ""): item.get("Value", "") for item in items}
                return Module(str(one.token), element.get("Name", ""), kind, found)
    return None


def ranges(device: Device, of: Module) -> dict[str, tuple[int, int]]:
    """Return the ranges of the module's numbers, by parameter. Raises FaultError, NoAnswerError."""
    asked = {"ConfigurationToken": of.configuration}
    found: dict[str, tuple[int, int]] = {}
    for element in device.call("analytics", "GetAnalyticsModuleOptions", asked).element:
        kind = _qname(element, element.get("AnalyticsModule", ""))
        bounds = [element.findtext(f".//{TT}{name}") or "" for name in ("Min", "Max")]
        if kind in {"", of.kind} and all(text.strip().lstrip("-").isdigit() for text in bounds):
            found[element.get("Name", "")] = (int(bounds[0]), int(bounds[1]))
    return found


def modify(device: Device, of: Module, **items: str) -> Told:
    """Change parameters of the module. Raises FaultError where that is refused."""
    from lxml import etree  # noqa: PLC0415

    changed: dict[str, Any] = {
        "Name": of.name,
        "Type": etree.QName(of.kind),
        "Parameters": {"SimpleItem": [{"Name": n, "Value": v} for n, v in items.items()]},
    }
    how = {"ConfigurationToken": of.configuration, "AnalyticsModule": [changed]}
    return device.call("analytics", "ModifyAnalyticsModules", how)


def _qname(element: Any, text: str) -> str:
    prefix, _, local = text.strip().rpartition(":")
    namespace = element.nsmap.get(prefix or None)
    return f"{{{namespace}}}{local}" if namespace else local
