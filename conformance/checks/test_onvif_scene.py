"""ONVIF beside the camera's own interface: its heat map's settings, its time, its picture, events.

What the heat map's module tells is compared with the document's numbers and with what the camera's
own interface reads back; events are compared with what a drawn scene shows.
"""

from functools import partial

import pytest

from conformance import scenes
from conformance.camera import Camera
from conformance.control import Control
from conformance.documented import FAR, RANGES
from conformance.expect import Expectations, does_not_apply, not_checked
from conformance.onvif import heatmap, messages, pulling
from conformance.onvif.device import Device
from conformance.onvif.heatmap import Module
from conformance.scenes import Block, Box
from conformance.showing import PLAIN, Screen

MOVES = scenes.source([Block(Box(220, 300, 290, 350))])
LATE_S = 5
"""Two readings of one clock may lie so far apart: requests take their time."""


@pytest.fixture
def module(camera: Camera, device: Device) -> Module:
    """The heat map's module; where there is none, the rule says nothing."""
    found = heatmap.module(device)
    if found is None:
        does_not_apply("it has no analytics module for the heat map, and need not")
    return found


def with_events(device: Device) -> None:
    """Go on where the device has events."""
    if not device.has("events"):
        not_checked("it tells of no service events")


# --- the heat map's module ------------------------------------------------------------------------


@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize("name", RANGES)
def test_the_range_that_is_told_is_the_documented_one(
    camera: Camera, device: Device, module: Module, expect: Expectations, name: str
) -> None:
    key = camera.dialect.settings[name]
    told = heatmap.ranges(device, module).get(key)
    expect(f"the range of {name} ({key}, GetAnalyticsModuleOptions)", told, RANGES[name][:2])


@pytest.mark.requirement("WIRE-03")
def test_it_tells_the_settings_that_the_cgi_tells(
    camera: Camera, device: Device, module: Module, expect: Expectations
) -> None:
    settings = camera.settings()
    for name in RANGES:
        key = camera.dialect.settings[name]
        expect(f"{name} ({key}, GetAnalyticsModules)", module.items.get(key), str(settings[name]))


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize("name", RANGES)
def test_what_is_saved_here_is_read_there(
    camera: Camera, device: Device, module: Module, expect: Expectations, name: str
) -> None:
    low, high, _ = RANGES[name]
    key = camera.dialect.settings[name]
    assert camera.keeper is not None
    camera.keeper.before_settings()
    value = high - 1 if camera.settings()[name] != high - 1 else high - 2  # that it changes
    heatmap.modify(device, module, **{key: str(value)})
    read = camera.settings()[name]
    expect(f"{name} over the CGI after {value} was saved over ONVIF", read, value)
    camera.save(**{name: low + 1})
    again = heatmap.module(device)
    told = again.items.get(key) if again else None
    expect(f"{name} over ONVIF after {low + 1} was saved over the CGI", told, str(low + 1))


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WIRE-03")
@pytest.mark.parametrize("name", RANGES)
def test_what_is_out_of_range_is_refused(
    camera: Camera, device: Device, module: Module, expect: Expectations, name: str
) -> None:
    before = camera.settings()
    assert camera.keeper is not None
    camera.keeper.before_settings()
    low, high, _ = RANGES[name]
    for value in (-FAR, low - 1, high + 1, FAR):
        if abs(value) != FAR and camera.save(**{name: value}).accepted:
            camera.save(**{name: before[name]})
            continue  # where the device's own range ends is SET-02..05's
        wrong = {camera.dialect.settings[name]: str(value)}
        got = messages.fault_of(partial(heatmap.modify, device, module, **wrong))
        is_so = got.startswith("Sender/InvalidArgVal")
        expect.that(f"the fault for {name} = {value}", got, "Sender/InvalidArgVal/...", is_so)
        expect(f"the settings after {name} = {value} was refused", camera.settings(), before)


# --- time ----------------------------------------------------------------------------------------


@pytest.mark.requirement("WIRE-03")
def test_its_time_is_the_cameras(camera: Camera, device: Device, expect: Expectations) -> None:
    told = device.call("device", "GetSystemDateAndTime").value.LocalDateTime
    if told is None:
        not_checked("it tells no local time, which is optional")
    own, date, time = camera.now(), told.Date, told.Time
    parts = (date.Year, date.Month, date.Day, time.Hour, time.Minute, time.Second)
    apart_s = abs((own - own.replace(*parts[:3], *parts[3:], microsecond=0)).total_seconds())
    what = f"seconds between {own} over the CGI and {parts} over ONVIF"
    expect.that(what, apart_s, f"at most {LATE_S}", apart_s <= LATE_S)


# --- imaging -------------------------------------------------------------------------------------

IMAGING = ("Brightness", "ColorSaturation", "Contrast", "Sharpness")


@pytest.mark.requirement("WIRE-03")
def test_imaging_is_within_the_ranges_that_it_tells(device: Device, expect: Expectations) -> None:
    if not device.has("imaging"):
        not_checked("it tells of no service imaging")
    if not (sources := device.call("media", "GetVideoSources").value):
        not_checked("media tells no video source")
    token = sources[0].token
    settings = device.call("imaging", "GetImagingSettings", {"VideoSourceToken": token}).value
    options = device.call("imaging", "GetOptions", {"VideoSourceToken": token}).value
    told = {name: getattr(settings, name, None) for name in IMAGING}
    if not (told := {name: value for name, value in told.items() if value is not None}):
        not_checked(f"it tells none of {', '.join(IMAGING)}, which are optional")
    for name, value in told.items():
        bounds = getattr(options, name, None)
        shown = None if bounds is None else (bounds.Min, bounds.Max)
        is_in = shown is not None and shown[0] <= value <= shown[1]
        expect.that(f"{name} (GetImagingSettings)", value, f"within {shown}", is_in)


# --- events --------------------------------------------------------------------------------------


@pytest.mark.requirement("WIRE-03")
def test_it_tells_of_motion_events(device: Device, expect: Expectations) -> None:
    with_events(device)
    told = messages.topics(device.call("events", "GetEventProperties").element)
    found = sorted(topic for topic in told if pulling.is_motion(topic))
    expect.that("topics of motion (GetEventProperties)", sorted(told), "at least one", bool(found))


@pytest.mark.requirement("WIRE-03")
def test_a_pull_point_lives_and_ends(device: Device, expect: Expectations) -> None:
    with_events(device)
    with pulling.subscribed(device) as point:
        expect("what is not valid in CreatePullPointSubscription's answer",
               point.created.problem, "")  # fmt: skip
        pulled = point.pull()
        expect("what is not valid in PullMessages' answer", pulled.problem, "")
        first = messages.notifications(pulled.element)
        told = [one.topic for one in first if one.operation == "Initialized"]
        # 9.4: properties are told as they stand to whoever subscribes.
        expect.that("the properties that are told at first", told, "at least one", bool(told))
        renewed = point.renew()
        expect("what is not valid in Renew's answer", renewed.problem, "")
        ended = point.unsubscribe()
        expect("what is not valid in Unsubscribe's answer", ended.problem, "")
        got = messages.fault_of(point.pull)
        expect.that("PullMessages afterwards", got, "a fault", got != messages.NO_FAULT)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WIRE-03")
def test_what_moves_is_told(
    camera: Camera, device: Device, control: Control, screen: Screen, expect: Expectations
) -> None:
    with_events(device)
    camera.save(**PLAIN | screen.habits.settings)  # what these do is BEH's to judge
    control.put("clock", mode="frozen")
    control.put("scene", source=MOVES, loop=False)
    with pulling.subscribed(device) as point:
        point.pull()  # how things stand
        control.play(MOVES)
        events = point.events(pulling.comes_and_goes)
    shown = [f"{one.topic} {one.operation} {one.data}" for one in events][:12]
    what = "the events of motion while something came and went"
    expect.that(what, shown, "motion, then none", pulling.comes_and_goes(events))
