"""The picture's settings: one table, kept or refused as a whole."""

import pytest

from emulator.core.onvif import imaging
from emulator.core.onvif.soapfault import Fault


def test_a_new_camera_is_in_the_middle():
    values = imaging.read(None)
    assert (values["Brightness"], values["Sharpness"], values["IrCutFilter.Mode"]) == (
        50,
        50,
        "AUTO",
    )


def test_what_is_left_out_stays():
    changed = imaging.change(imaging.read(None), [("Brightness", 20), ("Contrast", None)])
    assert (changed["Brightness"], changed["Contrast"]) == (20, 50)
    assert imaging.read(changed) == changed


@pytest.mark.parametrize("value", [0, 100, 0.5])
def test_the_ends_are_allowed(value):
    assert imaging.change({}, [("ColorSaturation", value)]) == {"ColorSaturation": value}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("Brightness", 100.5, "Brightness=100.5 is outside 0..100"),
        ("Brightness", -1, "Brightness=-1 is outside 0..100"),
        ("Sharpness", float("nan"), "Sharpness=nan is outside 0..100"),
        ("Contrast", float("inf"), "Contrast=inf is outside 0..100"),
        ("WideDynamicRange.Level", 101, "WideDynamicRange.Level=101 is outside 0..100"),
        ("WideDynamicRange.Mode", "on", "WideDynamicRange=on is not one of OFF, ON"),
        ("Exposure.Mode", "MANUAL", "Exposure=MANUAL is not one of AUTO"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value, told):
    with pytest.raises(Fault) as refused:
        imaging.change(imaging.read(None), [("Brightness", 1), (name, value)])
    assert refused.value.reason == told
    assert refused.value.subcodes == ("InvalidArgVal", "SettingsInvalid")
