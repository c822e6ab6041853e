"""Volumes: the states that SD cards and NAS shares can be in, and what the camera says of them.

The states are the issue's own words; their codes in `get.storage.settings` are facts 2.3.
Pure: what lies on a volume and how large it is comes as a value.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal

ABSENT = "absent"
UNMOUNTED = "unmounted"
UNFORMATTED = "unformatted"
MOUNTED = "mounted"
READ_ONLY = "read-only"
FULL = "full"
FAILING = "failing"

READABLE = {MOUNTED, READ_ONLY, FULL}

Kind = Literal["sd", "nas"]

FAULTS = {  # what a test may do to a volume, and the state that it then is in
    "gone": ABSENT,
    "slow": MOUNTED,
    "read-only": READ_ONLY,
    "full": FULL,
    "failing": FAILING,
    "unformatted": UNFORMATTED,
}

MOST_NAS = 5
"""A camera takes so many (facts 7)."""

_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
SMALLEST_CARD = 2**20
DEFAULT_CARD = 32 * 2**30


class VolumeError(ValueError):
    """A volume that can't be had or used; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class VolumeStatus:
    """What is known of one volume.

    address    as it was given, without secrets
    reason     why it is not simply mounted; of trouble, the system's own words
    fault      what a test does to it, None: nothing
    recycle    a full card gives up its oldest day
    total, used, free  bytes; None: the share does not tell
    parts      how many closed hours lie on it; backlog: how many it is yet to be given
    damaged    paths of files that were set aside because of their checksum
    formatted  camera time of the last format, as text; "" of a NAS
    """

    name: str
    kind: Kind
    address: str
    state: str
    reason: str
    fault: str | None
    recycle: bool
    total: int | None
    used: int | None
    free: int | None
    parts: int
    backlog: int
    damaged: tuple[str, ...]
    formatted: str


@dataclass(frozen=True, slots=True)
class StorageStatus:
    """What is known of flash and all volumes.

    recording  "recording" or "paused"; reason: why it pauses
    parts      closed hours in flash; damaged: paths of those set aside in it
    filled     how many of the visible hours are made up
    """

    recording: str
    reason: str
    parts: int
    damaged: tuple[str, ...]
    filled: int
    volumes: tuple[VolumeStatus, ...]


def card_fields(card: VolumeStatus | None) -> dict[str, object]:
    """Return `get.storage.settings`: codes of facts 2.3, sizes in KB as text."""
    state = ABSENT if card is None else card.state
    status, disk = {
        ABSENT: (0, 0),
        UNFORMATTED: (1, 0),
        UNMOUNTED: (1, 1),  # [INV] found, not in use
        FAILING: (3, 4),
    }.get(state, (3, 1))
    is_known = card is not None and status == 3
    sizes = (card.total, card.free, card.used) if card and is_known else (0, 0, 0)
    total, free, used = map(_kilobytes, sizes)
    return {
        "sdcardStatus": status,
        "sdcardDiskStatus": disk,
        "sdcardFullStatus": int(state == FULL),
        "sdcardTotalSize": total,
        "sdcardFreeSize": free,
        "sdcardUseSize": used,
        "sdcardFileSystem": "vfat" if is_known else "",  # [INV]
        "sdFormatTime": card.formatted if card and is_known else "",
    }


def share_fields(shares: Iterable[VolumeStatus]) -> dict[str, object]:
    """Return `get.storage.nas` [INV]: the shares in order, sizes in KB as text."""
    return {
        "nasList": [
            {
                "index": int(share.name.removeprefix("nas")),
                "address": share.address,
                "status": share.state,
                "totalSize": _kilobytes(share.total),
                "freeSize": _kilobytes(share.free),
                "useSize": _kilobytes(share.used),
            }
            for share in shares
        ]
    }


def request(values: Iterable[tuple[str, object]], takes: Collection[str]) -> dict[str, Any]:
    """Return what a set request of the storage says, by name.

    takes  the names that it may have: `volume`, `recycle`
    Raises VolumeError for another name, one given twice, or a value that is none.
    """
    asked: dict[str, Any] = {}
    for name, value in values:
        if name not in takes:
            raise VolumeError(f"{name!r} is not one of: {', '.join(sorted(takes))}")
        if name in asked:
            raise VolumeError(f"{name} is given twice")
        if name == "recycle" and str(value) not in {"0", "1"}:
            raise VolumeError(f"recycle={str(value)[:20]!r} is not 0 or 1")
        asked[name] = value
    return asked


def _kilobytes(size: int | None) -> str:
    return str((size or 0) // 1024)


def card_size(text: str) -> int:
    """Return the bytes that a text like `32G` or `512M` means.

    Raises VolumeError for a size that is none, or too small to hold a day.
    """
    found = re.fullmatch(r"([0-9]{1,6})([KMGT])", text, re.ASCII | re.IGNORECASE)
    if found is None:
        raise VolumeError(f"size {text!r} is not like 32G; units are {', '.join(_UNITS)}")
    size = int(found[1]) * _UNITS[found[2].upper()]
    if size < SMALLEST_CARD:
        raise VolumeError(f"size {text} is below {SMALLEST_CARD // 2**20}M")
    return size
