"""How streams are coded: sizes, what is refused, what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.streams import encoders
from emulator.core.streams.encoders import BOUNDS, CODECS, DEFAULTS, PROFILES, Encoder, EncoderError

# --- worked examples ----------------------------------------------------------------------------


def test_a_stream_is_a_fraction_of_what_is_seen_and_even():
    assert Encoder(fraction=3).size((1920, 1080)) == (640, 360)
    assert Encoder(fraction=3).size((640, 360)) == (212, 120)  # 213.3
    assert Encoder(fraction=6).size((8, 8)) == (2, 2)
    assert encoders.sizes((640, 480)) == (
        (640, 480),
        (320, 240),
        (212, 160),
        (160, 120),
        (106, 80),
    )


def test_a_size_is_known_again():
    assert encoders.fraction_of((212, 120), (640, 360)) == 3


def test_another_codec_has_a_profile_it_knows():
    changed = encoders.change(Encoder(profile="High"), [("codec", "H265"), ("fps", 10)])
    assert (changed.codec, changed.profile, changed.fps) == ("H265", "Main", 10)
    kept = encoders.change(Encoder(profile="High"), [("codec", "H264")])
    assert kept.profile == "High"


def test_what_is_kept_is_read_again():
    changed = {**DEFAULTS, "sub": encoders.change(DEFAULTS["sub"], [("kbps", 300)])}
    assert encoders.from_fields(encoders.as_fields(changed)) == changed
    assert encoders.from_fields({}) == DEFAULTS


# --- laws ---------------------------------------------------------------------------------------


@given(st.tuples(st.integers(12, 8000), st.integers(12, 8000)), st.sampled_from(encoders.FRACTIONS))
def test_every_size_is_even_and_found_again(seen, fraction):
    size = Encoder(fraction=fraction).size(seen)
    assert all(side % 2 == 0 and side >= 2 for side in size)
    assert Encoder(fraction=encoders.fraction_of(size, seen)).size(seen) == size


@given(
    st.sampled_from(CODECS),
    st.fixed_dictionaries({name: st.integers(*bound) for name, bound in BOUNDS.items()}),
)
def test_whatever_is_within_the_bounds_is_taken(codec, numbers):
    changed = encoders.change(Encoder(), [("codec", codec), *numbers.items()])
    assert changed.profile in PROFILES[codec]
    assert {name: getattr(changed, name) for name in numbers} == numbers


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("fps", 0, "fps=0 is not a whole number, 1..30"),
        ("fps", 31, "fps=31 is not a whole number, 1..30"),
        ("kbps", 15, "kbps=15 is not a whole number, 16..16384"),
        ("gop", True, "gop=True is not a whole number, 1..250"),
        ("quality", "5", "quality=5 is not a whole number, 1..10"),
        ("codec", "MPEG4", "codec=MPEG4 is not one of H264, H265, JPEG"),
        ("profile", "Extended", "profile=Extended is not one of Baseline, Main, High"),
        ("fraction", 5, "fraction=5 is not one of 1, 2, 3, 4, 6"),
        ("is_constant", 1, "is_constant=1 is not true or false"),
        ("colour", 1, "'colour' is no value of a stream"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value, told):
    with pytest.raises(EncoderError) as refused:
        encoders.change(Encoder(), [("fps", 12), (name, value)])
    assert str(refused.value) == told


def test_another_size_is_refused_with_those_there_are():
    with pytest.raises(EncoderError, match=r"^size=1280x720 is not one of 640x360, 320x180, 212"):
        encoders.fraction_of((1280, 720), (640, 360))
