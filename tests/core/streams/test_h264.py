"""H.264 and H.265 as octets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.streams import h264
from emulator.core.streams.h264 import CodedError

SPS, PPS, IDR, SLICE = b"\x67\x42\xc0\x1e\xda", b"\x68\xce\x0f\xc8", b"\x65\x88", b"\x41\x9a"
# ISO/IEC 14496-15, 5.3.3.1: version 1, the sets' own three octets, lengths of 4, one of each
AVCC = b"\x01\x42\xc0\x1e\xff\xe1\x00\x05" + SPS + b"\x01\x00\x04" + PPS


def test_units_are_divided_by_start_codes_of_three_or_four_octets():
    coded = b"\0\0\0\1" + SPS + b"\0\0\1" + PPS + b"\0\0\0\1" + IDR
    assert h264.units(coded) == [SPS, PPS, IDR]
    assert h264.joined([SPS, IDR]) == b"\0\0\0\1" + SPS + b"\0\0\0\1" + IDR


def test_a_files_configuration_tells_lengths_and_parameter_sets():
    assert h264.configuration(AVCC) == (4, [SPS, PPS])
    assert h264.configuration(b"\0\0\0\1" + SPS + b"\0\0\1" + PPS) == (None, [SPS, PPS])
    assert h264.configuration(b"") == (None, [])


def test_units_that_lengths_divide_are_found():
    assert h264.sized_units(b"\0\0\0\2" + IDR + b"\0\0\0\2" + SLICE, 4) == [IDR, SLICE]


@pytest.mark.parametrize("octets", [b"\0\0\0\3" + IDR, b"\0\0\0\0", b"\0\0"])
def test_lengths_that_lie_are_refused(octets):
    with pytest.raises(CodedError, match="NAL unit 1"):
        h264.sized_units(octets, 4)


@pytest.mark.parametrize("cut", range(5, len(AVCC)))
def test_a_configuration_that_is_cut_is_refused(cut):
    with pytest.raises(CodedError, match="cut short"):
        h264.configuration(AVCC[:cut])


def test_only_an_idr_begins_anew():
    assert h264.begins_anew([SPS, PPS, IDR])
    assert not h264.begins_anew([SPS, PPS, SLICE])


def test_a_description_names_profile_level_and_sets():
    assert h264.h264_parameters(AVCC) == (
        "packetization-mode=1; profile-level-id=42C01E; sprop-parameter-sets=Z0LAHto=,aM4PyA=="
    )
    with pytest.raises(CodedError):
        h264.h264_parameters(b"")


def test_h265_names_its_three_sets():
    vps, sps, pps = b"\x40\x01\x0c", b"\x42\x01\x01", b"\x44\x01\xc1"
    assert h264.h265_parameters(h264.joined([vps, sps, pps])) == (
        "sprop-vps=QAEM; sprop-sps=QgEB; sprop-pps=RAHB"
    )
    with pytest.raises(CodedError):
        h264.h265_parameters(h264.joined([vps, sps]))


@given(st.binary(max_size=60), st.sampled_from([1, 2, 4]))
def test_any_octets_are_units_or_refused(octets, length_size):
    try:
        found = h264.sized_units(octets, length_size)
    except CodedError:
        return
    assert sum(length_size + len(unit) for unit in found) == len(octets)
