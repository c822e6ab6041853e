"""What the camera says of itself: identity, clock, storage, alarms, as answer fields.

Field names and their order are facts 2.3; where a value's form was never seen it is ours
and marked [INV]. Everything is computed from what is handed in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from uuid import NAMESPACE_OID, uuid5

from emulator.core import wallclock
from emulator.core.accounts import LEVELS, Account
from emulator.core.localtime import MINUTE_MS, ahead_ms, is_summer, to_local
from emulator.core.network import Network
from emulator.core.reports.table import reading_text

DEFAULT_MODEL, DEFAULT_FIRMWARE = "MS-C8165-PE", "61.8.0.3-r8"
"""What a camera is unless told otherwise: the one recorded pair (facts 6)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this device is: personality and the numbers that tell it from its siblings."""

    model: str
    firmware: str
    serial: str
    mac: str


def system_information(
    identity: Identity, booted_ms: int, zone: tzinfo, network: Network | None = None
) -> dict[str, object]:
    """Return `get.system.information`; `network`: None: as delivered."""
    network = network or Network()
    dns = (*network.dns, "", "")
    return {
        "deviceName": "IP Camera",
        "model": identity.model,
        "snCode": identity.serial,
        "firmwareVersion": identity.firmware,
        "mac": identity.mac,
        "hardwareVersion": "V1.0",  # facts 6
        "kernelVersion": "",
        "systemBootTime": reading_text(to_local(booted_ms, zone)),  # [INV] form
        "dhcpEnable": int(network.dhcp),
        "ipaddress": network.address,
        "netmask": network.netmask,
        "gateway": network.gateway,
        "dns0": dns[0],
        "dns1": dns[1],
        "ddnsEnable": 0,
        "ddnsHostName": "",
        "deviceLocation": "",
    }


def endpoint(identity: Identity) -> str:
    """Return the address that is this device's own wherever it is (WS-Discovery), of its serial.

    >>> endpoint(Identity("MS-C8165-PE", "61.8.0.3-r8", "S" * 17, "02:00:00:00:00:01"))
    'urn:uuid:956f6fa5-0096-55f8-9c35-be2dc3cf5004'
    """
    return f"urn:uuid:{uuid5(NAMESPACE_OID, f'stuntcam {identity.serial} {identity.mac}')}"


def date_and_time(
    now_ms: int, zone: tzinfo, zone_name: str, kept: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return `get.system.datetime`: the wall clock, and how it is set.

    kept  what of it was written by a client (core/wallclock.py)
    """
    kept = wallclock.defaults() | dict(kept or {})
    local = to_local(now_ms, zone)
    return {
        "year": local.year,
        "month": local.month,
        "day": local.day,
        "hour": local.hour,
        "minute": local.minute,
        "second": local.second,
        "timeZoneTz": _posix_zone(now_ms, zone),  # [INV] form
        "zoneNameTz": zone_name,
        "dayLight": int(is_summer(now_ms, zone)),
        **{
            name: kept[name]
            for name in ("timeType", "ntpServer", "ntpSyncEnable", "ntpInterval", "timeFormat")
        },
    }


def alarm_status() -> dict[str, object]:
    """Return `get.vca.alarmstatus` of a camera whose people counting is off.

    The heat map raises no alarm and has no bit of its own (facts 9).
    """
    return {
        "current_in_count": 0,
        "current_out_count": 0,
        "current_sum_count": 0,
        "current_capacity_count": 0,
        "current_counter_alarm": 0,
    }


def users(accounts: Iterable[Account]) -> dict[str, object]:
    """Return `get.system.user` [INV]: names and levels, never passwords."""
    return {
        "userList": [
            {"username": account.name, "userLevel": LEVELS.index(account.role)}
            for account in accounts
        ]
    }


def _posix_zone(now_ms: int, zone: tzinfo) -> str:
    # POSIX counts westward: UTC+2 is written UTC-02:00.
    ahead_min = ahead_ms(now_ms, zone) // MINUTE_MS
    sign = "-" if ahead_min > 0 else "+"
    return f"UTC{sign}{abs(ahead_min) // 60:02}:{abs(ahead_min) % 60:02}"
