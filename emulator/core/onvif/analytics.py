"""What a camera's analytics consists of, as ONVIF describes it: modules, a rule, their parameters.

The heat map is a module of a kind of our own, `ms:HeatMap` [INV: no ONVIF specification knows heat
maps, facts 8]. Its parameters are the settings by their wire keys, in the table's order and with
the table's ranges (core/settings.py); the region and the week are written as the wire writes them.
Motion is told by the standard's rule, CellMotionDetector, over the standard's CellMotionEngine
(Analytics specification, "Cell Motion Detector"), neither of which can be changed: what moves is
judged over the whole picture (core/detection/motion.py), whose cells are those that a region is
drawn in. The engine's parameter `Layout` is left out: it is an element that no ONVIF schema
declares, and an answer with it would not be valid.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from emulator.core import cgi
from emulator.core.detection.motion import HOLD_MS
from emulator.core.frame import REGION_COLUMNS, REGION_ROWS
from emulator.core.settings import ROWS, Row

MS = "urn:stuntcam:onvif:heatmap"
"""The namespace of the heat map's module; prefix `ms`."""

TT = "http://www.onvif.org/ver10/schema"

MOTION_RULE = "Motion"
MOTION_MODULE = "MotionEngine"
HEAT_MAP = "HeatMap"
"""Names of the one rule, and of the modules."""

HEAT_MAP_TYPE = f"{{{MS}}}HeatMap"
MOTION_ENGINE_TYPE = f"{{{TT}}}CellMotionEngine"
MOTION_DETECTOR_TYPE = f"{{{TT}}}CellMotionDetector"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a module or rule.

    kind   its type: a name of XML Schema (`xs:`), or of the ONVIF schema for an element (`tt:`)
    low, high  its range, inclusive; None: it has none
    """

    name: str
    kind: str
    low: int | None = None
    high: int | None = None


def _parameter(row: Row) -> Parameter:
    name = row.key or row.name
    if row.is_number:
        return Parameter(name, "xs:int", row.low, row.high)
    return Parameter(name, "xs:string")


HEAT_MAP_PARAMETERS = tuple(_parameter(row) for row in ROWS if row.key is not None)

MOTION_RULE_PARAMETERS = (
    Parameter("MinCount", "xs:integer"),
    Parameter("AlarmOnDelay", "xs:integer"),
    Parameter("AlarmOffDelay", "xs:integer"),
    Parameter("ActiveCells", "xs:base64Binary"),
)


def heat_map_items(fields: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the settings, by their wire keys, as names and texts of parameters."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, separators=(",", ":")))
        for name, value in fields.items()
    ]


def heat_map_values(items: Iterable[tuple[str, str]]) -> list[tuple[str, object]]:
    """Return names and texts of parameters as settings by their wire keys. Raises CgiError."""
    return cgi.read_settings_query(items)


def motion_rule_items() -> list[tuple[str, str]]:
    """Return the rule as it works: at once, anywhere, over HOLD_MS after the last move."""
    return [
        ("MinCount", "1"),
        ("AlarmOnDelay", "0"),
        ("AlarmOffDelay", str(HOLD_MS)),
        ("ActiveCells", all_cells(REGION_COLUMNS * REGION_ROWS)),
    ]


def motion_sensitivity(fields: Mapping[str, object] | None) -> str:
    """Return how sensitive the detector is, 0..100; it is the heat map's where there is one."""
    level = 5 if fields is None else int(str(fields["sensitivity"]))
    return str(10 * level)


def all_cells(cells: int) -> str:
    """Return as many active cells as the standard writes them: bits, PackBits, base64.

    cells  at least 16, at most 1024
    """
    full, rest = divmod(cells, 8)
    packed = bytes([257 - full, 0xFF])  # a run of `full` octets
    if rest:
        packed += bytes([0, 0xFF << (8 - rest) & 0xFF])  # one octet as it is
    return base64.b64encode(packed).decode()
