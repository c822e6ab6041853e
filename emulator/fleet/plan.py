"""Who is in a fleet: personalities in shares or counts, in; one identity for each camera, out.

Nothing is drawn by lot: the same document gives the same cameras, so that a fleet that is
started again finds what it kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from emulator.core import gating
from emulator.core.device import DEFAULT_FIRMWARE, DEFAULT_MODEL, Identity
from emulator.core.gating import Families
from emulator.core.nearness import near
from emulator.core.settings import NAMED, HeatSettings, change_by_name

MOST = 10_000
"""Cameras in a fleet."""

SEEDS = 2**24
"""Fleets that have no camera in common: one for each `seed`."""

STILL = "still"
"""What a camera looks at that was given nothing else."""

_SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SERIAL_LENGTH = 17  # facts 6
_TOP = ("cameras", "seed", "group")
_TEXTS = ("model", "firmware", "source", "serial", "mac")
_KEYS = ("count", "share", "settings", *_TEXTS)


class PlanError(ValueError):
    """A fleet that can't be; the message names what of it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Cameras of one personality; serial, mac: of its only camera, None: made."""

    model: str = DEFAULT_MODEL
    firmware: str = DEFAULT_FIRMWARE
    source: str = STILL
    settings: HeatSettings = HeatSettings(enable=1)  # noqa: RUF009  # frozen; CONTRACT 2
    serial: str | None = None
    mac: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One camera of the fleet."""

    identity: Identity
    group: Group


def of_one_kind(count: int) -> tuple[Member, ...]:
    """Return a fleet of `count` cameras as delivered. Raises PlanError."""
    return _members([(_counted("--cameras", count), Group())], 0)


def read(document: Mapping[str, Any], families: Families) -> tuple[Member, ...]:
    """Return the fleet that a document describes, in the order of its groups.

    `count` is a number of cameras, `share` a part of those of `cameras` that no count has;
    shares add up to 1. What is no whole number is rounded by the largest remainder, the
    earlier group first among equals. Raises PlanError, GatingError or SettingError.
    """
    _known("the fleet", document, _TOP)
    rows = document.get("group")
    if not isinstance(rows, list) or not rows or not all(isinstance(r, dict) for r in rows):
        raise PlanError("the fleet has no [[group]]")
    groups = [_group(f"group {number}", row, families) for number, row in enumerate(rows, 1)]
    seed = document.get("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < SEEDS:
        raise PlanError(f"seed={seed!r} is no whole number in 0..{SEEDS - 1}")
    return _members(list(zip(_counts(document, rows), groups, strict=True)), seed)


def apportioned(shares: Sequence[Fraction], total: int) -> list[int]:
    """Return whole numbers that add up to `total`, by the largest remainder.

    >>> apportioned([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)], 10)
    [4, 3, 3]
    """
    exact = [share * total for share in shares]
    counts = [int(one) for one in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: (counts[at] - exact[at], at))
    for at in by_rest[: total - sum(counts)]:
        counts[at] += 1
    return counts


def _counts(document: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    counts, shares = [0] * len(rows), dict[int, Fraction]()
    for at, row in enumerate(rows):
        name = f"group {at + 1}"
        if ("count" in row) == ("share" in row):
            raise PlanError(f"{name} needs a count or a share, and not both")
        if "count" in row:
            counts[at] = _counted(f"{name}: count", row["count"])
        else:
            shares[at] = _share(name, row["share"])
    if "cameras" in document:
        total = _counted("cameras", document["cameras"])
    elif shares:
        raise PlanError("a share is of `cameras`, which is missing")
    else:
        total = sum(counts)
    left = total - sum(counts)
    if shares and sum(shares.values()) != 1:
        raise PlanError(f"shares add up to {float(sum(shares.values())):g}, not 1")
    if left < 0 or (left and not shares):
        raise PlanError(f"counts add up to {sum(counts)}, but cameras={total}")
    for at, count in zip(shares, apportioned(list(shares.values()), left), strict=True):
        counts[at] = count
    return counts


def _share(name: str, value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise PlanError(f"{name}: share={value!r} is not above 0 and up to 1")
    return Fraction(str(value))  # as it is written: 0.1 is a tenth


def _counted(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise PlanError(f"{name}={value!r} is outside 1..{MOST}")
    return value


def _group(name: str, row: Mapping[str, Any], families: Families) -> Group:
    _known(name, row, _KEYS)
    texts = {key: row[key] for key in _TEXTS if key in row}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise PlanError(f"{name}: {key}={value!r} is no text")
    if ("serial" in row or "mac" in row) and row.get("count") != 1:
        raise PlanError(f"{name}: a serial or mac is one camera's; count must be 1")
    serial = row.get("serial", "0" * _SERIAL_LENGTH)
    if len(serial) != _SERIAL_LENGTH or set(serial) - set(_SYMBOLS):
        raise PlanError(f"{name}: serial={serial!r} is not {_SERIAL_LENGTH} of 0..9 and A..Z")
    if "mac" in row and not _is_mac(row["mac"]):
        raise PlanError(f"{name}: mac={row['mac']!r} is not like 02:00:00:00:00:01")
    settings = row.get("settings", {})
    if not isinstance(settings, dict):
        raise PlanError(f"{name}: settings={settings!r} is no table")
    for key in settings:
        _is_of(f"{name}: settings", key, NAMED)
    changed = change_by_name(
        HeatSettings(enable=1), [(key, str(value)) for key, value in settings.items()]
    )
    group = Group(**texts, settings=changed)
    gating.decide(group.model, group.firmware, families)
    return group


def _members(groups: Sequence[tuple[int, Group]], seed: int) -> tuple[Member, ...]:
    members: list[Member] = []
    for count, group in groups:
        for _ in range(count):
            serial, mac = _numbers(seed, len(members))
            identity = Identity(
                group.model, group.firmware, group.serial or serial, (group.mac or mac).upper()
            )
            members.append(Member(identity, group))
    if len(members) > MOST:
        raise PlanError(f"{len(members)} cameras are more than {MOST}")
    for what in ("serial", "mac"):
        seen: dict[str, int] = {}
        for number, member in enumerate(members, 1):
            value = getattr(member.identity, what)
            if value in seen:
                raise PlanError(f"cameras {seen[value]} and {number} have one {what}, {value}")
            seen[value] = number
    return tuple(members)


def _numbers(seed: int, number: int) -> tuple[str, str]:
    """Return a serial number and a MAC address (locally administered) of its own."""
    drawn = sha256(f"stuntcam fleet {seed} {number}".encode()).digest()
    rest, symbols = int.from_bytes(drawn[:16]), []
    for _ in range(_SERIAL_LENGTH):
        rest, at = divmod(rest, len(_SYMBOLS))
        symbols.append(_SYMBOLS[at])
    # Not of the hash: 40 bits of it are too few for ten thousand to be surely apart.
    own = seed.to_bytes(3) + number.to_bytes(2)
    return "".join(symbols), ":".join(["02"] + [f"{octet:02X}" for octet in own])


def _is_mac(text: str) -> bool:
    octets = text.split(":")
    digits = set("0123456789abcdefABCDEF")
    return len(octets) == 6 and all(len(o) == 2 and set(o) <= digits for o in octets)


def _known(name: str, row: Mapping[str, Any], keys: Sequence[str]) -> None:
    for key in row:
        _is_of(name, key, keys)


def _is_of(name: str, key: str, keys: Sequence[str] | Mapping[str, Any]) -> None:
    if key not in keys:
        known = ", ".join(near(key, list(keys)) or keys)
        raise PlanError(f"{name}: {key!r} is unknown; there is {known}")
