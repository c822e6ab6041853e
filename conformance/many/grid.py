"""What came of many devices as one document: a device by requirement grid, and one exit code.

Pure. The document is written as devices.json (its schema numbered); the reports are made of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.verdict import EXIT_CODES

SCHEMA = 1
Grid = dict[str, Any]

FINE, NOTHING, INTERRUPTED = 0, 5, 130
GRAVEST_FIRST = (4, INTERRUPTED, 2, 3, 1)
"""Exit codes of one device that are the whole run's, too."""


@dataclass(frozen=True, slots=True)
class Device:
    """What came of one device.

    results  its results.json; None: there is none, and `why` tells the reason
    """

    name: str
    url: str
    exit: int
    why: str
    results: dict[str, Any] | None


def document(
    devices: Sequence[Device], *, tool: str, started: str, finished: str, parallel: int
) -> Grid:
    """Return what came of all devices, in the order of the file."""
    return {
        "schema": SCHEMA,
        "tool": tool,
        "started": started,
        "finished": finished,
        "parallel": parallel,
        "devices": [_device(one) for one in devices],
        "requirements": _requirements(devices),
        "exit": exit_code([one.exit for one in devices]),
    }


def exit_code(codes: Iterable[int]) -> int:
    """Return the exit code of a run of many: the gravest; 5 if none of them could be judged."""
    codes = list(codes)
    grave = next((code for code in GRAVEST_FIRST if code in codes), FINE)
    return NOTHING if codes and all(code == NOTHING for code in codes) else grave


def _device(one: Device) -> dict[str, Any]:
    results = one.results or {}
    target = results.get("target", {})
    return {
        "name": one.name,
        "url": one.url,
        "model": target.get("model", ""),
        "firmware": target.get("firmware", ""),
        "serial": target.get("serial", ""),
        "exit": one.exit,
        "ending": EXIT_CODES.get(one.exit, ""),
        "why": one.why or results.get("stopped", ""),
        "not_restored": results.get("not_restored", []),
        "report": f"{one.name}/report.html" if one.results else "",
        "summary": results.get("summary", {}),
        "verdicts": {_key(row): _verdict(row) for row in results.get("requirements", ())},
        "failures": {
            _key(row): row["reason"]
            for row in results.get("requirements", ())
            if row["verdict"] == "fail"
        },
    }


def _requirements(devices: Iterable[Device]) -> list[dict[str, Any]]:
    """Return every requirement at every level that was looked at on any device."""
    found: dict[str, dict[str, Any]] = {}
    for one in devices:
        for row in (one.results or {}).get("requirements", ()):
            about = {name: row[name] for name in ("id", "level", "chapter", "rule")}
            found.setdefault(_key(row), {"key": _key(row), **about})
    levels = ("MUST", "SHOULD", "MAY")
    return sorted(found.values(), key=lambda row: levels.index(row["level"]))


def _key(row: dict[str, Any]) -> str:
    return f"{row['id']} {row['level']}"


def _verdict(row: dict[str, Any]) -> str:
    return row["verdict"] if row["applies"] else "does not apply"
