"""The Device service: who the camera is, its scopes, its mains; clock, users and network beside.

Sources: ONVIF Device Management (operations, access classes, faults); facts 8 (what a real one
answers: manufacturer, scopes, no storage configurations).
"""

from collections.abc import Callable, Sequence
from typing import Any

from emulator.core.device import endpoint
from emulator.core.onvif import paths, scopes
from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.clock import clock_operations
from emulator.edge.onvif.facts import DeviceFacts
from emulator.edge.onvif.network import network_operations
from emulator.edge.onvif.service import Caller, Fields, Operation, Request, Service, given, needed
from emulator.edge.onvif.users import MOST_USERS, user_operations

MANUFACTURER = "Milesight Technology Co.,Ltd."  # facts 8
HARDWARE = "V1.0"  # facts 6
WSDLS = "http://www.onvif.org/"
VERSION = (2, 42)
KEPT_SCOPES, KEPT_DISCOVERY = "scopes", "discovery"
MODES = ("Discoverable", "NonDiscoverable")


def device_service(facts: DeviceFacts) -> Service:
    """Return the Device service of a camera."""
    room = _Device(facts)
    return Service(
        name="device",
        namespace="http://www.onvif.org/ver10/device/wsdl",
        path=paths.DEVICE,
        version=VERSION,
        category="Device",
        operations={
            "GetDeviceInformation": Operation(
                "READ_SYSTEM", room.get_device_information, is_quick=True
            ),
            "GetEndpointReference": Operation(
                "PRE_AUTH", room.get_endpoint_reference, is_quick=True
            ),
            "GetWsdlUrl": Operation("PRE_AUTH", room.get_wsdl_url, is_quick=True),
            "GetScopes": Operation("READ_SYSTEM", room.get_scopes),
            "SetScopes": Operation("WRITE_SYSTEM", room.set_scopes),
            "AddScopes": Operation("WRITE_SYSTEM", room.add_scopes),
            "RemoveScopes": Operation("WRITE_SYSTEM", room.remove_scopes),
            "GetDiscoveryMode": Operation("READ_SYSTEM", room.get_discovery_mode),
            "SetDiscoveryMode": Operation("WRITE_SYSTEM", room.set_discovery_mode),
            "GetSystemSupportInformation": Operation("READ_SYSTEM", room.get_support_information),
            "GetRelayOutputs": Operation("READ_MEDIA", lambda request, caller: {}),
            "SystemReboot": Operation("UNRECOVERABLE", room.system_reboot),
            "SetSystemFactoryDefault": Operation("UNRECOVERABLE", room.set_factory_default),
            **clock_operations(facts),
            **user_operations(facts),
            **network_operations(facts),
        },
        capabilities=room.capabilities,
        in_all=lambda: _in_all(room.capabilities()),
    )


def kept_scopes(kept: object | None) -> list[str]:
    """Return the scopes that can be changed, as kept; None: as delivered."""
    return list(kept) if isinstance(kept, Sequence) else list(scopes.DELIVERED)


class _Device:
    def __init__(self, facts: DeviceFacts) -> None:
        self._facts = facts

    def capabilities(self) -> Fields:
        return _capabilities(by_tls=self._facts.ports["HTTPS"] is not None)

    # --- who it is -----------------------------------------------------------------------

    def get_device_information(self, request: Request, caller: Caller) -> Fields:
        identity = self._facts.identity
        return {
            "Manufacturer": MANUFACTURER,
            "Model": identity.model,
            "FirmwareVersion": identity.firmware,
            "SerialNumber": identity.serial,
            "HardwareId": HARDWARE,
        }

    def get_endpoint_reference(self, request: Request, caller: Caller) -> Fields:
        return {"GUID": endpoint(self._facts.identity)}

    def get_wsdl_url(self, request: Request, caller: Caller) -> Fields:
        return {"WsdlUrl": WSDLS}

    def get_support_information(self, request: Request, caller: Caller) -> Fields:
        lines = [f"{name}={value}" for name, value in self._facts.information().items()]
        return {"SupportInformation": {"String": "\n".join(lines)}}

    # --- scopes and discovery ------------------------------------------------------------

    def get_scopes(self, request: Request, caller: Caller) -> Fields:
        fixed = scopes.fixed(self._facts.identity)
        there = kept_scopes(self._facts.kept(KEPT_SCOPES))
        told = [("Fixed", scope) for scope in fixed] + [("Configurable", s) for s in there]
        return {"Scopes": [{"ScopeDef": kind, "ScopeItem": scope} for kind, scope in told]}

    def set_scopes(self, request: Request, caller: Caller) -> Fields:
        self._change(lambda fixed, there: scopes.replaced(fixed, _texts(request.Scopes)))
        return {}

    def add_scopes(self, request: Request, caller: Caller) -> Fields:
        self._change(lambda fixed, there: scopes.added(fixed, there, _texts(request.ScopeItem)))
        return {}

    def remove_scopes(self, request: Request, caller: Caller) -> Fields:
        fewer = _texts(request.ScopeItem)
        self._change(lambda fixed, there: scopes.removed(fixed, there, fewer))
        return {"ScopeItem": fewer}

    def _change(self, changed: Callable[[list[str], list[str]], list[str]]) -> None:
        fixed = scopes.fixed(self._facts.identity)
        self._facts.change(KEPT_SCOPES, lambda kept: changed(fixed, kept_scopes(kept)))

    def get_discovery_mode(self, request: Request, caller: Caller) -> Fields:
        return {"DiscoveryMode": self._facts.kept(KEPT_DISCOVERY) or MODES[0]}

    def set_discovery_mode(self, request: Request, caller: Caller) -> Fields:
        mode = needed(request.DiscoveryMode, "DiscoveryMode")
        if mode not in MODES:
            raise Fault("InvalidArgVal", f"DiscoveryMode={mode[:24]} is not {' or '.join(MODES)}")
        self._facts.change(KEPT_DISCOVERY, lambda _: mode)
        return {}

    # --- its mains -----------------------------------------------------------------------

    def system_reboot(self, request: Request, caller: Caller) -> Fields:
        self._facts.reboot()
        return {"Message": "Rebooting"}

    def set_factory_default(self, request: Request, caller: Caller) -> Fields:
        kind = needed(request.FactoryDefault, "FactoryDefault")
        if kind not in {"Hard", "Soft"}:
            raise Fault("InvalidArgVal", f"FactoryDefault={kind[:24]} is not Hard or Soft")
        self._facts.factory_reset(keep_network=kind == "Soft")
        return {}


def _texts(values: Sequence[Any] | None) -> list[str]:
    return [str(value).strip() for value in needed(given(values, "a scope"), "a scope")]


def _capabilities(by_tls: bool) -> Fields:
    return {
        "Network": {
            "IPFilter": False,
            "ZeroConfiguration": False,
            "IPVersion6": False,
            "DynDNS": False,
            "Dot11Configuration": False,
            "Dot1XConfigurations": 0,
            "HostnameFromDHCP": False,
            "NTP": 1,
            "DHCPv6": False,
        },
        "Security": {
            "TLS1.0": False,
            "TLS1.1": False,
            "TLS1.2": by_tls,
            "OnboardKeyGeneration": False,
            "AccessPolicyConfig": False,
            "DefaultAccessPolicy": True,
            "Dot1X": False,
            "RemoteUserHandling": False,
            "X.509Token": False,
            "SAMLToken": False,
            "KerberosToken": False,
            "UsernameToken": True,
            "HttpDigest": True,
            "RELToken": False,
            "MaxUsers": MOST_USERS,
        },
        "System": {
            "DiscoveryResolve": True,
            "DiscoveryBye": True,
            "RemoteDiscovery": False,
            "SystemBackup": False,
            "SystemLogging": False,
            "FirmwareUpgrade": False,
            "HttpFirmwareUpgrade": False,
            "HttpSystemBackup": False,
            "HttpSystemLogging": False,
            "HttpSupportInformation": False,
        },
    }


def _in_all(told: Fields) -> Fields:
    network = ("IPFilter", "ZeroConfiguration", "IPVersion6", "DynDNS")
    system = (
        *("DiscoveryResolve", "DiscoveryBye", "RemoteDiscovery"),
        *("SystemBackup", "SystemLogging", "FirmwareUpgrade"),
    )
    security = (
        *("TLS1.1", "TLS1.2", "OnboardKeyGeneration", "AccessPolicyConfig"),
        *("X.509Token", "SAMLToken", "KerberosToken", "RELToken"),
    )
    version = {"Major": VERSION[0], "Minor": VERSION[1]}
    return {
        "Network": {name: told["Network"][name] for name in network},
        "System": {
            **{name: told["System"][name] for name in system},
            "SupportedVersions": [version],
        },
        "IO": {"InputConnectors": 0, "RelayOutputs": 0},
        "Security": {
            **{name: told["Security"][name] for name in security},
            "Extension": {"TLS1.0": False},
        },
    }
