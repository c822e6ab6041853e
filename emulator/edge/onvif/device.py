"""The Device service: who the camera is."""

from emulator.edge.onvif.facts import DeviceFacts
from emulator.edge.onvif.service import Caller, Fields, Operation, Request, Service

MANUFACTURER = "Milesight Technology Co.,Ltd."  # facts 8


def device_service(facts: DeviceFacts) -> Service:
    """Return the Device service of a camera."""
    room = _Device(facts)
    return Service(
        name="device",
        namespace="http://www.onvif.org/ver10/device/wsdl",
        path="/onvif/device_service",
        version=(2, 60),
        category="Device",
        operations={
            "GetDeviceInformation": Operation("READ_SYSTEM", room.get_device_information),
        },
        capabilities=lambda: {"Network": {}, "Security": {}, "System": {}},
    )


class _Device:
    def __init__(self, facts: DeviceFacts) -> None:
        self._facts = facts

    def get_device_information(self, request: Request, caller: Caller) -> Fields:
        identity = self._facts.identity
        return {
            "Manufacturer": MANUFACTURER,
            "Model": identity.model,
            "FirmwareVersion": identity.firmware,
            "SerialNumber": identity.serial,
            "HardwareId": "V1.0",
        }
