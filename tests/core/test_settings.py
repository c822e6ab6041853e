"""Heat-map settings: the document's numbers typed out, then refusals."""

import dataclasses
import doctest
import json
from urllib.parse import urlencode

import numpy as np
import pytest
from settings_sent import (
    ALL_DAY,
    EACH_NUMBER,
    MORNING,
    NO_TIME,
    NUMBERS,
    by_get,
    by_name,
    by_post,
    marks,
    week,
)

from emulator.core import cgi
from emulator.core import settings as module
from emulator.core.cgi import CgiError
from emulator.core.settings import HeatSettings, SettingError, change_by_name

# --- worked examples: numbers and words from the document -----------------------------------------


def test_a_camera_as_delivered_has_the_documented_defaults():
    fresh = HeatSettings()
    assert [getattr(fresh, name) for name, *_ in NUMBERS] == [0, 5, 10, 30, 5]
    assert marks(fresh.region) == "1" * 299
    assert week(fresh.schedule) == [{"scheduleIndex": n, "schedule": ALL_DAY} for n in range(7)]
    assert fresh.dwell_semantics == "documented"


def test_the_table_has_the_contract_s_names_keys_and_labels():
    assert [(row.name, row.key, row.label) for row in module.ROWS] == [
        ("enable", "enable", "Enable Heat Map"),
        ("sensitivity", "sensitivity", "Sensitivity"),
        ("min_object_size", "minsize", "Min. Object Size"),
        ("min_dwell", "mintime", "Min. Dwell Time"),
        ("adaptability", "adaptability", "Scene Change Adaptability"),
        ("region", "map_mask", "Heat Map Region"),
        ("schedule", "scheduleList", "Schedule Settings"),
        ("dwell_semantics", None, ""),
    ]


def test_what_is_read_over_the_wire_is_every_key_and_no_other():
    assert cgi.settings_fields(HeatSettings()) == {
        "enable": 0,
        "sensitivity": 5,
        "minsize": 10,
        "mintime": 30,
        "adaptability": 5,
        "map_mask": "1" * 299,
        "scheduleList": [{"scheduleIndex": day, "schedule": ALL_DAY} for day in range(7)],
    }


@EACH_NUMBER
def test_both_ends_of_a_range_are_allowed_however_they_are_sent(name, key, low, high, default):
    for value in (low, high):
        wanted = dataclasses.replace(HeatSettings(), **{name: value})
        assert by_name(HeatSettings(), **{name: str(value)}) == wanted
        assert by_get(HeatSettings(), f"{key}={value}") == wanted
        assert by_post(HeatSettings(), f'{{"{key}": {value}}}') == wanted


@EACH_NUMBER
def test_the_next_value_on_either_side_is_refused(name, key, low, high, default):
    for value in (low - 1, high + 1):
        outside = rf"{value} is outside {low}\.\.{high}( s)?$"
        with pytest.raises(SettingError, match=rf"^{name}={outside}"):
            by_name(HeatSettings(), **{name: str(value)})
        with pytest.raises(SettingError, match=rf"^{name} \({key}\)={outside}"):
            by_get(HeatSettings(), f"{key}={value}")
        with pytest.raises(SettingError, match=rf"^{name} \({key}\)={outside}"):
            by_post(HeatSettings(), f'{{"{key}": {value}}}')
        with pytest.raises(SettingError, match=rf"^{name}={outside}"):
            HeatSettings(**{name: value})


def test_a_refusal_on_the_command_line_is_spelled_as_in_the_contract():
    with pytest.raises(SettingError) as refusal:
        by_name(HeatSettings(), min_dwell="301")
    assert str(refusal.value) == "min_dwell=301 is outside 1..300 s"


def test_a_refusal_on_the_wire_is_spelled_as_in_the_contract():
    with pytest.raises(SettingError) as refusal:
        by_post(HeatSettings(), '{"mintime": 301}')
    answer = '{"setState":"failed","message":"min_dwell (mintime)=301 is outside 1..300 s"}'
    assert cgi.failed(str(refusal.value)) == answer


def test_the_24th_mark_is_the_first_cell_of_the_second_row():
    text = "0" * 23 + "1" + "0" * 275
    settings = by_name(HeatSettings(), region=text)
    assert np.argwhere(settings.region_mask()).tolist() == [[1, 0]]
    assert (settings.region_mask().shape, settings.region_mask().dtype) == ((13, 23), bool)
    assert cgi.settings_fields(settings)["map_mask"] == text


def test_the_command_line_has_short_words_for_regions_and_weeks():
    one_cell = by_post(HeatSettings(), json.dumps({"map_mask": "1" + "0" * 298}))
    assert marks(by_name(one_cell, region="all").region) == "1" * 299
    assert marks(by_name(one_cell, region="none").region) == "0" * 299
    never = by_name(HeatSettings(), schedule="never")
    assert week(never.schedule) == [{"scheduleIndex": day, "schedule": NO_TIME} for day in range(7)]
    assert by_name(never, schedule="always").schedule == HeatSettings().schedule


def test_days_that_are_not_sent_stay():
    body = json.dumps({"scheduleList": [{"scheduleIndex": 6, "schedule": MORNING}]})
    sunday = by_post(by_name(HeatSettings(), schedule="never"), body)
    assert [entry["schedule"] for entry in week(sunday.schedule)] == [NO_TIME] * 6 + [MORNING]


def test_a_get_carries_a_schedule_as_json_text():
    query = urlencode({"scheduleList": json.dumps([{"scheduleIndex": 0, "schedule": MORNING}])})
    assert week(by_get(HeatSettings(), query).schedule)[0]["schedule"] == MORNING


def test_a_schedule_read_from_a_file_is_taken_by_name():
    monday = [{"scheduleIndex": 0, "schedule": NO_TIME}]
    assert week(by_name(HeatSettings(), schedule=monday).schedule)[0] == monday[0]


def test_the_meaning_of_dwell_is_switched_by_name_alone():
    assert by_name(HeatSettings(), dwell_semantics="as-named").dwell_semantics == "as-named"
    assert "as-named" not in cgi.settings_fields(HeatSettings(dwell_semantics="as-named")).values()


def test_a_get_s_own_parameters_are_no_settings():
    asked = "action=set.heatmap.configuration&format=json&mintime=45"
    assert by_get(HeatSettings(), asked) == HeatSettings(min_dwell=45)


# --- refusals -------------------------------------------------------------------------------------


@EACH_NUMBER
@pytest.mark.parametrize("sent", ["true", "1.0", '"1"', "null", "[1]", "{}", "1e0"])
def test_a_number_in_json_is_an_integer_and_nothing_like_it(name, key, low, high, default, sent):
    with pytest.raises(SettingError, match=rf"^{name} \({key}\)=.* cannot be read; it takes .*$"):
        by_post(HeatSettings(), f'{{"{key}": {sent}}}')


@pytest.mark.parametrize(
    "text", ["", " 5", "5 ", "5\n", "+5", "1_0", "5.0", "0x5", "true", "\u0665", "--5", "9" * 5000]
)
def test_a_number_as_text_is_plain_digits_and_few_of_them(text):
    with pytest.raises(
        SettingError, match=r"^min_dwell='.*' ?cannot be read|^min_dwell='.*\.\.\. "
    ):
        by_name(HeatSettings(), min_dwell=text)
    with pytest.raises(
        SettingError, match=r"^min_dwell \(mintime\)=.* cannot be read; it takes .*$"
    ):
        by_get(HeatSettings(), urlencode({"mintime": text}))


@pytest.mark.parametrize("digits", [13, 4000])
def test_a_number_that_fills_a_page_is_refused_without_being_repeated(digits):
    with pytest.raises(
        SettingError, match=r"^min_dwell \(mintime\)=.* is outside 1\.\.300 s$"
    ) as e:
        by_post(HeatSettings(), f'{{"mintime": {"9" * digits}}}')
    assert len(str(e.value)) < 100


@pytest.mark.parametrize("length", [0, 298, 300])
def test_a_region_of_another_length_is_refused(length):
    with pytest.raises(SettingError, match=rf"^region has {length} cells, not 299$"):
        by_name(HeatSettings(), region="1" * length)
    with pytest.raises(SettingError, match=rf"^region \(map_mask\) has {length} cells, not 299$"):
        by_get(HeatSettings(), "map_mask=" + "1" * length)


@pytest.mark.parametrize("stray", ["2", "x", " ", "\n", "\u0661"])
def test_a_region_of_other_characters_is_refused(stray):
    with pytest.raises(
        SettingError, match=r"^region \(map_mask\)=.* other characters than 0 and 1"
    ):
        by_post(HeatSettings(), json.dumps({"map_mask": "1" * 298 + stray}))


@pytest.mark.parametrize("sent", [1, None, [True] * 299, ["1" * 23] * 13])
def test_a_region_in_json_is_a_text(sent):
    with pytest.raises(SettingError, match=r"^region \(map_mask\)=.* cannot be read; it takes .*$"):
        by_post(HeatSettings(), json.dumps({"map_mask": sent}))


@pytest.mark.parametrize("region", [((True,) * 23,) * 12, ((True,),) * 13, ()])
def test_a_region_of_another_shape_cannot_be_made(region):
    with pytest.raises(SettingError, match="13 x 23"):
        HeatSettings(region=region)


@pytest.mark.parametrize("key", ["map_mask", "scheduleList"])
@pytest.mark.parametrize("word", ["all", "none", "always", "never"])
def test_the_short_words_mean_nothing_on_the_wire(key, word):
    with pytest.raises(SettingError, match=rf"\({key}\)='{word}' "):
        by_post(HeatSettings(), json.dumps({key: word}))


@pytest.mark.parametrize("sent", ["x", 7, None, {}, {"scheduleIndex": 0, "schedule": MORNING}])
def test_a_schedule_is_a_list_of_days(sent):
    with pytest.raises(
        SettingError, match=r"^schedule \(scheduleList\)=.* cannot be read; it takes .*$"
    ):
        by_post(HeatSettings(), json.dumps({"scheduleList": sent}))


def test_a_wrong_day_is_refused_by_the_setting_s_name_and_the_day_s():
    body = json.dumps({"scheduleList": [{"scheduleIndex": 2, "schedule": MORNING[:-1]}]})
    with pytest.raises(
        SettingError, match=r"^schedule \(scheduleList\): Wednesday: 119 characters"
    ):
        by_post(HeatSettings(), body)


@pytest.mark.parametrize("text", ["", "Documented", "as_named", "longer"])
def test_dwell_has_two_meanings_and_no_third(text):
    with pytest.raises(SettingError, match=rf"^dwell_semantics='{text}' is not documented or as-n"):
        by_name(HeatSettings(), dwell_semantics=text)
    with pytest.raises(SettingError, match=r"^dwell_semantics="):
        HeatSettings(dwell_semantics=text)


@pytest.mark.parametrize("stranger", ["min_dwell", "region", "dwell_semantics", "Mintime", ""])
def test_a_key_that_the_wire_does_not_have_is_refused(stranger):
    with pytest.raises(SettingError, match=f"^'{stranger}' is not a heat-map setting$"):
        by_post(HeatSettings(), json.dumps({stranger: 5}))
    with pytest.raises(SettingError, match=f"^'{stranger}' is not a heat-map setting$"):
        by_get(HeatSettings(), urlencode({stranger: 5}))


@pytest.mark.parametrize("stranger", ["mintime", "map_mask", "min_dwel", ""])
def test_a_name_that_is_not_ours_is_refused(stranger):
    with pytest.raises(SettingError, match=f"^'{stranger}' is not a heat-map setting$"):
        by_name(HeatSettings(), **{stranger: "30"})


def test_a_setting_given_twice_is_refused_even_with_the_same_value():
    with pytest.raises(SettingError, match=r"^min_dwell is given twice$"):
        change_by_name(HeatSettings(), [("min_dwell", "30"), ("min_dwell", "30")])
    with pytest.raises(SettingError, match=r"^min_dwell \(mintime\) is given twice$"):
        by_get(HeatSettings(), "mintime=30&mintime=30")
    with pytest.raises(CgiError, match=r"^'mintime' is given twice$"):
        by_post(HeatSettings(), '{"mintime": 30, "mintime": 30}')


def test_one_wrong_value_refuses_the_whole_request():
    with pytest.raises(SettingError, match=r"^sensitivity "):
        by_post(HeatSettings(), '{"enable": 1, "mintime": 45, "sensitivity": 11}')


@pytest.mark.parametrize("body", ["", "[]", "5", "null", '"mintime"', '{"mintime": NaN}', "{"])
def test_a_body_that_is_no_json_object_is_refused(body):
    with pytest.raises(CgiError):
        by_post(HeatSettings(), body)


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(module).failed == 0
