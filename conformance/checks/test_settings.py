"""Settings: ranges, refusals, all or nothing, reading back, and what outlasts a reboot."""

import json
import re
from typing import Any

import pytest

from conformance import scenes
from conformance.camera import Camera, Saved
from conformance.control import Control
from conformance.documented import FAR, RANGES, RULES
from conformance.expect import Expectations, not_checked
from conformance.reboot import reboot
from conformance.run import Run
from conformance.showing import Screen
from conformance.weeks import ALWAYS, SHOP, week

NUMBERS = [pytest.param(name, marks=pytest.mark.requirement(RULES[name])) for name in RANGES]

# SET-08, REG-03, SCH-02, SCH-03.
WHOLE_PICTURE = "1" * 299
DEFAULTS = {
    "enable": 0,
    "sensitivity": 5,
    "min_object_size": 10,
    "min_dwell": 30,
    "adaptability": 5,
    "region": WHOLE_PICTURE,
    "schedule": ALWAYS,
}
# Two whole sets that differ in every setting.
ONE = {
    "enable": 1,
    "sensitivity": 3,
    "min_object_size": 99,
    "min_dwell": 271,
    "adaptability": 8,
    "region": ("10" * 150)[:299],
    "schedule": week(SHOP),
}
OTHER = {
    **DEFAULTS,
    "sensitivity": 9,
    "min_object_size": 2,
    "min_dwell": 8,
    "adaptability": 2,
    "region": "0" * 150 + "1" * 149,
}


def save(camera: Camera, expect: Expectations, **values: Any) -> None:
    """Save what must be accepted."""
    saved = camera.save(**values)
    expect.that(f"saving {values}", saved.answer.shown, "accepted", saved.accepted)


def expect_refused(
    camera: Camera, expect: Expectations, what: str, saved: Saved, before: dict[str, Any]
) -> None:
    """Refused means: said so with status 200, and nothing changed."""
    is_refused = saved.answer.status == 200 and camera.has_failed(saved.answer)
    expect.that(what, saved.answer.shown, '200 {"setState":"failed",...}', is_refused)
    expect(f"the settings after {what}", camera.settings(), before)


# --- ranges ------------------------------------------------------------------------------------


@pytest.mark.requirement("SET-01")
def test_enable_is_a_switch(camera: Camera, expect: Expectations) -> None:
    value = camera.settings().get("enable")
    expect.that("enable", value, "0 or 1", type(value) is int and value in {0, 1})


@pytest.mark.parametrize("name", NUMBERS)
def test_is_a_whole_number_within_its_range(
    camera: Camera, expect: Expectations, name: str
) -> None:
    low, high, _ = RANGES[name]
    value = camera.settings().get(name)
    is_within = type(value) is int and low <= value <= high
    expect.that(name, value, f"a whole number {low}..{high}", is_within)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-01")
def test_enable_can_be_switched_on_and_off(camera: Camera, expect: Expectations) -> None:
    for value in (1, 0, 1):
        save(camera, expect, enable=value)
        expect("enable read back", camera.settings()["enable"], value)


@pytest.mark.needs("reversible")
@pytest.mark.parametrize("name", NUMBERS)
def test_both_ends_of_its_range_are_kept(camera: Camera, expect: Expectations, name: str) -> None:
    low, high, _ = RANGES[name]
    for value in (low, high, low + 1, high - 1, (low + high) // 2):
        save(camera, expect, **{name: value})
        expect(f"{name} read back after {value}", camera.settings()[name], value)


@pytest.mark.needs("reversible")
@pytest.mark.parametrize("name", NUMBERS)
def test_the_next_value_outside_its_range_is_refused(
    camera: Camera, expect: Expectations, name: str
) -> None:
    low, high, _ = RANGES[name]
    before = camera.settings()
    for value in (low - 1, high + 1, -1, 10**6, 10**30):
        saved = camera.save(**{name: value})
        expect_refused(camera, expect, f"saving {name}={value}", saved, before)


@pytest.mark.needs("destructive")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("enable", marks=pytest.mark.requirement("SET-01", level="SHOULD")),
        *NUMBERS,
        *(
            pytest.param(name, marks=pytest.mark.requirement("SET-08"))
            for name in ("region", "schedule")
        ),
    ],
)
def test_its_default_is_the_documents(
    camera: Camera, control: Control, expect: Expectations, name: str
) -> None:
    control.post("factory-reset")
    expect(f"{name} after a factory reset", camera.settings()[name], DEFAULTS[name])


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-06")
@pytest.mark.parametrize("name", ["enable", *RANGES])
def test_a_value_of_the_wrong_type_is_refused(
    camera: Camera, expect: Expectations, name: str
) -> None:
    before = camera.settings()
    wrong: tuple[Any, ...] = (5.5, 1.0, "5", "1", True, None, "", [], {}, [1])
    for value in wrong:
        saved = camera.save(**{name: value})
        expect_refused(camera, expect, f"saving {name}={json.dumps(value)}", saved, before)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-06")
@pytest.mark.parametrize("name", list(RANGES))
def test_a_refusal_names_the_setting_the_value_and_the_range(
    camera: Camera, expect: Expectations, name: str
) -> None:
    # Far outside: where exactly a range ends is SET-02..05's.
    key, value = camera.dialect.settings[name], FAR
    saved = camera.save(**{name: value})
    named = name in saved.message or key in saved.message
    rest = saved.message.replace(str(value), "")
    told = named and str(value) in saved.message and re.search(r"[0-9]\D+[0-9]", rest) is not None
    wanted = f"a message with {key}, {value} and its range"
    if camera.dialect.wire is not None and not told:
        not_checked(f"dialect {camera.dialect.name} does not know where a refusal has its words")
    expect.that(f"saving {name}={value}", saved.message or saved.answer.shown, wanted, told)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-06")
def test_one_wrong_value_and_nothing_of_the_request_changes(
    camera: Camera, expect: Expectations
) -> None:
    before = camera.settings()
    right = {name: (4 if before[name] != 4 else 6) for name in RANGES}
    for name in RANGES:
        saved = camera.save(**{**right, name: FAR})
        what = f"saving {name}={FAR} beside other values"
        expect_refused(camera, expect, what, saved, before)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-06")
@pytest.mark.parametrize(
    "body",
    [
        b'{"nosuchsetting":1}',
        b'{"mintime":40,"mintime":41}',
        b"",
        b"{",
        b"[]",
        b'"mintime"',
        b"\xff\xfe",
        b'{"mintime":NaN}',
        b'{"mintime":4' + b"0" * 5000 + b"}",
        b'{"mintime":' + b"[" * 5000 + b"]" * 5000 + b"}",
        '{"mintime":"\u0663\u0660"}'.encode(),
    ],
    ids=lambda body: ascii(body[:24].decode("latin-1")),
)
def test_a_body_that_can_not_be_meant_is_refused(
    camera: Camera, expect: Expectations, body: bytes
) -> None:
    before = camera.settings()
    body = body.replace(b"mintime", camera.dialect.settings["min_dwell"].encode())
    expect_refused(camera, expect, f"saving {body[:60]!r}", camera.save_body(body), before)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-06")
def test_what_a_request_leaves_out_stays(camera: Camera, expect: Expectations) -> None:
    save(camera, expect, **ONE)
    before = camera.settings()  # whether that is what was saved, SET-07 judges
    save(camera, expect, sensitivity=7)
    expect("the settings", camera.settings(), {**before, "sensitivity": 7})


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-06", level="SHOULD")
def test_old_clients_save_by_get_with_decimal_text(camera: Camera, expect: Expectations) -> None:
    key = camera.dialect.settings["min_dwell"]
    before = camera.settings()
    value = 77 if before["min_dwell"] != 77 else 78
    saved = camera.save_query([(key, str(value))])
    expect.that(f"{key}={value} by GET", saved.answer.shown, "accepted", saved.accepted)
    expect("min_dwell read back", camera.settings()["min_dwell"], value)
    now = camera.settings()
    for text in ("", "5.0", "+5", " 5", "0x5", str(FAR)):
        saved = camera.save_query([(key, text)])
        expect_refused(camera, expect, f"{key}={text!r} by GET", saved, now)


# --- memory --------------------------------------------------------------------------------------


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-07")
def test_every_setting_is_read_back_exactly(camera: Camera, expect: Expectations) -> None:
    for values in (ONE, OTHER, ONE):
        save(camera, expect, **values)
        expect("the settings read back", camera.settings(), values)


@pytest.mark.needs("disruptive")
@pytest.mark.requirement("SET-07")
@pytest.mark.parametrize("kind", ["soft", "hard"])
def test_every_setting_outlasts_a_reboot(
    run: Run, camera: Camera, expect: Expectations, kind: str
) -> None:
    for values in (ONE, OTHER):
        save(camera, expect, **values)
        reboot(run, kind)
        expect(f"the settings after a {kind} reboot", camera.settings(), values)


@pytest.mark.needs("destructive")
@pytest.mark.requirement("SET-08")
def test_a_factory_reset_brings_every_default_back(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    save(camera, expect, **ONE)
    control.post("factory-reset")
    expect("the settings after a factory reset", camera.settings(), DEFAULTS)


# --- the switch --------------------------------------------------------------------------------


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SET-01")
def test_nothing_is_recorded_while_it_is_off(
    camera: Camera, screen: Screen, expect: Expectations
) -> None:
    scene = scenes.source([scenes.Block(scenes.Box(220, 300, 290, 350))])
    expect("heat of a scene seen while off", screen.show(scene, enable=0).seconds, 0)
    seen = screen.show(scene).seconds
    expect.that("heat of the same scene seen while on", seen, "more than 0 s", seen > 0)
    save(camera, expect, enable=0)
    expect("what was recorded, after switching off", screen.heat().seconds, seen)
