"""The answers' forms: the examples of the catalogue, and what no client could read."""

import contextlib
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.forms import (
    FormError,
    TimeRow,
    as_text,
    inf_fields,
    readable_rows,
    script_fields,
    space_map,
    time_rows,
)

HEADER = "StartTime,EndTime,Value(s)\r\n"
ROW = "2025-07-22 02:00:00,2025-07-22 02:59:59,17\r\n"
MAP = '{"max":3,"min":0,"map_w":192,"map_h":192,"data":[{"x":1,"y":2,"value":3}]}'


def test_a_row_is_its_first_and_last_second_and_its_value():
    first, last = datetime(2025, 7, 22, 2), datetime(2025, 7, 22, 2, 59, 59)
    assert time_rows(HEADER + ROW) == [TimeRow(first, last, 17)]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_patient_reader_takes_any_end_of_lines(end):
    found = readable_rows((HEADER + ROW + ROW).replace("\r\n", end))
    assert [row.value for row in found] == [17, 17]


def test_x_is_the_column_and_y_the_row():
    found = space_map(MAP)
    assert found.cells == {(2, 1): 3}
    assert (found.largest, found.smallest, found.width, found.height) == (3, 0, 192, 192)


def test_an_empty_report_has_a_form_too():
    assert time_rows(HEADER) == []
    assert space_map('{"max":0,"min":0,"map_w":192,"map_h":192,"data":[]}').cells == {}


def test_the_other_two_forms_are_lines():
    assert script_fields("var model='it\\'s';\nvar year=2026;\n") == {
        "model": "it's",
        "year": "2026",
    }
    assert inf_fields("model=MS-C=1\nyear=2026\n") == {"model": "MS-C=1", "year": "2026"}
    assert as_text({"model": "a", "year": 2026}) == {"model": "a", "year": "2026"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEADER.strip(),
        HEADER.replace("\r\n", "\n"),
        HEADER + ROW.strip(),
        HEADER + ROW.replace(",17", ", 17"),
        HEADER + ROW.replace("17", "1.5"),
        HEADER + ROW.replace("-07-22 02:00", "-02-30 02:00"),
        HEADER + ROW.replace("-", "/"),
        HEADER + "\r\n",
        HEADER.replace("Value(s)", "Value") + ROW,
        HEADER + ROW.replace("17", "١٧"),
    ],
)
def test_what_is_not_quite_the_csv_is_refused(text):
    with pytest.raises(FormError):
        time_rows(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        MAP.replace(":3,", ": 3,"),
        MAP + "\n",
        MAP.replace('"max":3,"min":0', '"min":0,"max":3'),
        MAP.replace('"value":3', '"value":3.0'),
        MAP.replace('"value":3', '"value":-3'),
        MAP.replace("]", ',{"x":1,"y":2,"value":4}]'),
        MAP.replace("]", ",]"),
    ],
)
def test_what_a_recorder_could_not_split_is_refused(text):
    with pytest.raises(FormError):
        space_map(text)


@pytest.mark.parametrize("read", [time_rows, space_map, script_fields, inf_fields])
@given(text=st.text())
def test_any_text_is_read_or_refused(read, text):
    with contextlib.suppress(FormError):
        read(text)


def test_a_patient_client_reads_a_t_between_day_and_time_and_a_strict_one_does_not():
    text = "StartTime,EndTime,Value(s)\r\n2026-03-04T05:00:00,2026-03-04T05:59:59,7\r\n"
    start, end = datetime(2026, 3, 4, 5), datetime(2026, 3, 4, 5, 59, 59)
    assert readable_rows(text) == [TimeRow(start, end, 7)]
    with pytest.raises(FormError, match="row 1 is"):
        time_rows(text)
