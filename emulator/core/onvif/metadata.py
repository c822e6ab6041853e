"""Who is in view, as ONVIF's metadata stream tells it: one XML document for each picture.

Pure. Source: ONVIF Analytics Service Specification, 5.1 to 5.3 (scene description), and
the schema's tt:MetadataStream. Coordinates: the picture's middle is (0, 0), its left and
lower edges are -1, its right and upper ones 1; right and upper is more.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

NAMESPACE = "http://www.onvif.org/ver10/schema"

_1970 = datetime(1970, 1, 1, tzinfo=UTC)

ElementTree.register_namespace("tt", NAMESPACE)


def stream_document(in_view: Mapping[str, Any], utc_ms: int) -> bytes:
    """Return the document of a picture.

    in_view  the fields of `get.heatmap.objects` (core/detection/inview.py)
    utc_ms   what the camera's clock reads at it
    """
    root = ElementTree.Element(_named("MetadataStream"))
    analytics = ElementTree.SubElement(root, _named("VideoAnalytics"))
    frame = ElementTree.SubElement(analytics, _named("Frame"), UtcTime=_utc(utc_ms))
    width, height = in_view["maxWidth"], in_view["maxHeight"]
    for one in in_view["objectList"]:
        number = str(one["objectIndex"])
        found = ElementTree.SubElement(frame, _named("Object"), ObjectId=number)
        appearance = ElementTree.SubElement(found, _named("Appearance"))
        shape = ElementTree.SubElement(appearance, _named("Shape"))
        left, right = (_of_1(2 * one[side] / width - 1) for side in ("left", "right"))
        top, bottom = (_of_1(1 - 2 * one[side] / height) for side in ("top", "bottom"))
        edges = {"left": left, "top": top, "right": right, "bottom": bottom}
        middle = {"x": (left + right) / 2, "y": (top + bottom) / 2}
        ElementTree.SubElement(shape, _named("BoundingBox"), _spelled(edges))
        ElementTree.SubElement(shape, _named("CenterOfGravity"), _spelled(middle))
    octets: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return octets


def _named(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _of_1(place: float) -> float:
    return min(max(place, -1.0), 1.0)


def _spelled(places: Mapping[str, float]) -> dict[str, str]:
    return {name: f"{place:.4f}" for name, place in places.items()}


def _utc(utc_ms: int) -> str:
    at = _1970 + timedelta(milliseconds=utc_ms)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
