"""Durations and instants of XML Schema."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.onvif.xsdtime import TimeError, duration_ms, duration_text, instant_ms


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("PT60S", 60_000),
        ("PT1M", 60_000),
        ("P1D", 86_400_000),
        ("P1Y", 31_536_000_000),
        ("P1M", 2_592_000_000),
        ("P1DT2H3M4.5S", 93_784_500),
        (" PT0S ", 0),
        ("-PT5S", -5_000),
    ],
)
def test_durations(text, ms):
    assert duration_ms(text) == ms


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "60", "PT1.5M", "PT-5S", "1D", "PT٣S", "PT" + "9" * 19 + "S"]
)
def test_other_texts_are_no_durations(text):
    with pytest.raises(TimeError, match="is no duration"):
        duration_ms(text)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01T00:00:01Z", 1_000),
        ("1970-01-01T00:00:01.25Z", 1_250),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T00:00:01", 1_000),  # without a zone: UTC
    ],
)
def test_instants(text, ms):
    assert instant_ms(text) == ms


@pytest.mark.parametrize(
    "text", ["", "now", "1970-01-01", "2026-02-30T00:00:00Z", "20260101T000000"]
)
def test_other_texts_are_no_instants(text):
    with pytest.raises(TimeError, match="is no date and time"):
        instant_ms(text)


@given(st.integers(0, 10**12))
def test_what_is_written_is_read_again(ms):
    assert duration_ms(duration_text(ms)) == ms


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    for read in (duration_ms, instant_ms):
        with suppress(TimeError):
            assert isinstance(read(text), int)
