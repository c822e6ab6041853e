"""Heat-map settings: laws over any settings, and any text at all."""

import contextlib
import dataclasses
import json
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st
from settings_sent import NUMBERS, by_get, by_name, by_post, marks, week

from emulator.core import cgi
from emulator.core.cgi import CgiError
from emulator.core.schedule import Schedule
from emulator.core.settings import HeatSettings, SettingError, change_by_name


def on_the_wire(settings):
    """What a client sends to ask for exactly these settings."""
    values = {key: getattr(settings, name) for name, key, *_ in NUMBERS}
    return values | {"map_mask": marks(settings.region), "scheduleList": week(settings.schedule)}


def on_the_command_line(settings):
    texts = {name: str(getattr(settings, name)) for name, *_ in NUMBERS}
    texts |= {"region": marks(settings.region), "schedule": week(settings.schedule)}
    return texts | {"dwell_semantics": settings.dwell_semantics}


def region_from_bits(bits):
    """A region whose cell k, counted row by row, is bit k of a whole number."""
    return tuple(
        tuple(bool(bits >> 23 * row + column & 1) for column in range(23)) for row in range(13)
    )


UNUSED = ((0, 0),)
DAYS = [  # which days there are is test_schedule's business
    ((0, 1440), *UNUSED * 9),
    UNUSED * 10,
    (*UNUSED * 3, (1020, 1440), *UNUSED * 5, (480, 750)),
]
schedules = st.builds(Schedule, st.tuples(*[st.sampled_from(DAYS)] * 7))
regions = st.integers(0, 2**299 - 1).map(region_from_bits)
semantics = st.sampled_from(["documented", "as-named"])
any_settings = st.builds(
    HeatSettings,
    region=regions,
    schedule=schedules,
    dwell_semantics=semantics,
    **{name: st.integers(low, high) for name, _, low, high, _ in NUMBERS},
)
names = st.sampled_from([field.name for field in dataclasses.fields(HeatSettings)])
keys = st.sampled_from([key for _, key, *_ in NUMBERS] + ["map_mask", "scheduleList"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
entries = st.dictionaries(st.sampled_from(["scheduleIndex", "schedule", "x"]), scalars)
json_values = scalars | st.lists(scalars | entries, max_size=3) | entries


@given(any_settings, any_settings)
def test_any_settings_can_be_asked_for_from_any_others_by_name(before, wanted):
    assert by_name(before, **on_the_command_line(wanted)) == wanted


@given(any_settings, any_settings)
def test_any_settings_can_be_sent_from_any_others_and_are_read_back_exactly(before, wanted):
    sent = on_the_wire(wanted)
    here = dataclasses.replace(wanted, dwell_semantics=before.dwell_semantics)
    assert by_post(before, json.dumps(sent)) == here
    texts = {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in sent.items()
    }
    assert by_get(before, urlencode(texts)) == here
    assert cgi.settings_fields(here) == sent


@given(any_settings, any_settings, names)
def test_a_change_to_one_setting_leaves_the_others(before, other, name):
    after = by_name(before, **{name: on_the_command_line(other)[name]})
    assert dataclasses.replace(after, **{name: getattr(before, name)}) == before
    assert getattr(after, name) == getattr(other, name)


@given(any_settings)
def test_no_change_is_no_change(settings):
    assert change_by_name(settings, []) == settings
    assert by_get(settings, "") == settings
    assert by_post(settings, "{}") == settings


@given(st.lists(st.tuples(names | st.text(), st.text())))
def test_any_text_at_all_gives_settings_or_a_refusal(texts):
    with contextlib.suppress(SettingError):
        assert isinstance(change_by_name(HeatSettings(), texts), HeatSettings)


@given(st.lists(st.tuples(keys | st.text(), st.text())))
def test_any_query_at_all_gives_settings_or_a_refusal(pairs):
    with contextlib.suppress(SettingError, CgiError):
        assert isinstance(by_get(HeatSettings(), urlencode(pairs)), HeatSettings)


@given(st.dictionaries(keys | st.text(max_size=9), json_values, max_size=4))
def test_any_json_at_all_gives_settings_or_a_refusal(document):
    with contextlib.suppress(SettingError, CgiError):
        assert isinstance(by_post(HeatSettings(), json.dumps(document)), HeatSettings)


@given(st.integers(), st.sampled_from(NUMBERS))
def test_a_whole_number_is_taken_exactly_if_it_is_in_range(value, number):
    name, key, low, high, _ = number
    try:
        taken = getattr(by_post(HeatSettings(), json.dumps({key: value})), name)
    except SettingError:
        taken = None
    assert taken == (value if low <= value <= high else None)
