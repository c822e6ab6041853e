"""The metadata stream: coordinates, and the standard's own schema."""

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from emulator.core.onvif.metadata import stream_document

TT = "{http://www.onvif.org/ver10/schema}"
AT_MS = 1_772_600_400_250  # 2026-03-04T05:00:00.25Z


def in_view(*objects, width=640, height=360):
    names = ("objectIndex", "left", "top", "right", "bottom")
    listed = [dict(zip(names, one, strict=True)) | {"stay": -1} for one in objects]
    return {"maxWidth": width, "maxHeight": height, "objectList": listed}


@cache
def schema():
    """The standard's schema, out of an installed package, its imports as they lie there."""
    import zeep

    folder = Path(zeep.__file__).parents[1] / "wsdl"
    return etree.XMLSchema(etree.parse(folder / "onvif.xsd"))


def test_boxes_lie_between_minus_1_and_1_and_up_is_more():
    document = stream_document(in_view((7, 0, 0, 320, 90), (9, 480, 270, 640, 360)), AT_MS)
    frame = etree.fromstring(document).find(f"{TT}VideoAnalytics/{TT}Frame")
    assert frame.get("UtcTime") == "2026-03-04T05:00:00.250Z"
    objects = frame.findall(f"{TT}Object")
    assert [one.get("ObjectId") for one in objects] == ["7", "9"]
    boxes = [dict(one.find(f".//{TT}BoundingBox").attrib) for one in objects]
    assert boxes == [
        {"left": "-1.0000", "top": "1.0000", "right": "0.0000", "bottom": "0.5000"},
        {"left": "0.5000", "top": "-0.5000", "right": "1.0000", "bottom": "-1.0000"},
    ]
    middle = dict(objects[0].find(f".//{TT}CenterOfGravity").attrib)
    assert middle == {"x": "-0.5000", "y": "0.7500"}


def test_nobody_in_view_is_a_frame_without_objects():
    frame = etree.fromstring(stream_document(in_view(), AT_MS)).find(f".//{TT}Frame")
    assert len(frame) == 0


@pytest.mark.parametrize("number", [0, 1, 30])
def test_documents_are_valid_against_the_standards_schema(number):
    objects = [(index, index, 0, index + 9, 50) for index in range(number)]
    schema().assertValid(etree.fromstring(stream_document(in_view(*objects), AT_MS)))


@given(
    st.tuples(*[st.integers(-50, 700)] * 4),
    st.integers(0, 4_000_000_000_000),
)
def test_any_box_at_any_time_is_valid(edges, at_ms):
    found = etree.fromstring(stream_document(in_view((1, *edges)), at_ms))
    schema().assertValid(found)
    box = found.find(f".//{TT}BoundingBox")
    assert all(-1 <= float(edge) <= 1 for edge in box.attrib.values())
