"""Settings as a device spells them, in and out of a text, and requests made of both."""

import pytest

from conformance import wire, wording
from conformance.weeks import SHOP, on_one_day, week
from conformance.wire import Sent, Wire
from conformance.wording import Field, WordingError

WEEK_AT = tuple((f"form d{index}",) for index in range(7))
DAYS = {"between": "-", "after": ","}

READ = {
    "enable": Field((("xml /H/On",),), {"on": "yes", "off": "no"}),
    "min_dwell": Field((("xml /H/Stay",),)),
    "schedule": Field((("xml /H/Week",),), {**DAYS, "separator": "|", "first": "sunday"}),
}
SAVE = {
    "enable": Field((("body", "form on"),), {"on": "1", "off": "0"}),
    "min_dwell": Field((("query", "form stay"),)),
    "schedule": Field(tuple(("body", *place) for place in WEEK_AT), DAYS),
}
CARRIED = ((("body", "form title"), ("xml /H/Title",)),)
ANSWER = "<H><On>no</On><Stay>30</Stay><Week>||08:30-17:30,||||</Week><Title>A&amp;B</Title></H>"
TEMPLATE = Sent("do=set&stay=117", "on=1&title=old&" + "&".join(f"d{index}=" for index in range(7)))


def test_settings_are_read_as_our_wire_would_have_them():
    tuesday_from_sunday = on_one_day(1, "08:30:17:30;" + "00:00:00:00;" * 9)
    assert Wire(READ, SAVE, CARRIED).values(ANSWER) == {
        "enable": 0,
        "min_dwell": 30,
        "schedule": tuesday_from_sunday,
    }


def test_a_save_carries_what_the_device_has_and_not_what_was_recorded():
    learned = Wire(READ, SAVE, CARRIED)
    sent = learned.request(TEMPLATE, learned.kept(ANSWER), {"min_dwell": 45})
    assert sent == Sent(
        "do=set&stay=45", "on=0&title=A%26B&d0=&d1=08:30-17:30%2C&d2=&d3=&d4=&d5=&d6="
    )


def test_days_that_a_change_leaves_out_stay():
    learned = Wire(READ, SAVE, CARRIED)
    change = {"schedule": [{"scheduleIndex": 6, "schedule": SHOP}]}
    sent = learned.request(TEMPLATE, learned.kept(ANSWER), change)
    assert sent.body.endswith("d1=08:30-17:30%2C&d2=&d3=&d4=&d5=&d6=08:31-12:00%2C13:00-17:44%2C")


def test_what_could_not_be_understood_goes_back_as_it_was():
    same = {"schedule": Field((("json /w",),), {"time": "hex"})}
    saves = {"schedule": Field((("body", "json /w"),), {"time": "hex"})}
    learned = Wire(same, saves)
    sent = learned.request(Sent("", '{"w": ""}'), learned.kept('{"w": "odd|words"}'), {})
    assert sent.body == '{"w": "odd|words"}'


@pytest.mark.parametrize(
    ("name", "where", "value"),
    [
        ("min_dwell", SAVE["min_dwell"], 5.0),
        ("min_dwell", SAVE["min_dwell"], True),
        ("min_dwell", SAVE["min_dwell"], "5"),
        ("enable", SAVE["enable"], 2),
        ("region", Field((("form r",),)), "1" * 298),
        ("region", Field((("form r",),)), None),
        ("schedule", SAVE["schedule"], week(SHOP)[:6]),
        ("schedule", SAVE["schedule"], [{"scheduleIndex": 7, "schedule": SHOP}]),
        ("schedule", SAVE["schedule"], week(SHOP[:-1])),
        # Our wire has unused periods where it likes; others pack them.
        ("schedule", SAVE["schedule"], week("00:00:00:00;" * 9 + "08:30:17:30;")),
        ("schedule", SAVE["schedule"], week("08:00:08:00;" + "00:00:00:00;" * 9)),
        ("schedule", SAVE["schedule"], None),
    ],
)
def test_what_can_not_be_said_is_refused_by_name(name, where, value):
    with pytest.raises(WordingError, match=name):
        wording.texts(name, where, value)


@pytest.mark.parametrize(
    ("name", "text"),
    [("enable", "maybe"), ("min_dwell", "30 s"), ("min_dwell", ""), ("schedule", "x")],
)
def test_what_can_not_be_read_is_refused_by_name(name, text):
    where = {"enable": {"on": "1", "off": "0"}, "schedule": {"between": "-"}}.get(name, {})
    with pytest.raises(WordingError, match=name):
        wording.value(name, Field((("form a",),), where), f"a={text.replace(' ', '+')}&b=1")


@pytest.mark.parametrize(
    ("name", "at", "words", "why"),
    [
        ("min_dwell", [["form a"], ["form b"]], {}, "2 places"),
        ("schedule", [["form a"]] * 6, {}, "6 places"),
        ("enable", [["form a"]], {"on": "1"}, "on and off"),
        ("region", [["form a"]], {"colour": "red"}, "colour"),
        ("schedule", [["form a"]], {"colour": "red"}, "colour"),
    ],
)
def test_a_field_that_can_not_be_is_refused(name, at, words, why):
    with pytest.raises(WordingError, match=why):
        wording.known(name, at, words)


def test_placeholders_are_filled_wherever_they_stand():
    sent = Sent("key={token1}&a=1", '{"p": "{token2}"}')
    filled = wire.filled(sent, _fill)
    assert filled == Sent("key=k%2F1&a=1", '{"p": "t"}')


def _fill(text):
    return {"{token1}": "k/1", "{token2}": "t"}.get(text, text)
