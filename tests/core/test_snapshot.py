"""A state as one file: what is packed is unpacked, and nothing else is."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.snapshot import Header, SnapshotError, packed, unpacked

HEADER = Header("X", "61.8", 5, "UTC", "scene:shop", 40, True)

# --- worked example ----------------------------------------------------------------------


def test_a_file_is_four_parts_one_after_the_other():
    rest = b'{"model":"X","firmware":"61.8","clock_ms":5,"zone":"UTC","source":"scene:shop",'
    rest += b'"position_ms":40,"loop":true}\nSTORE'
    checksum = hashlib.sha256(rest).hexdigest().encode()
    assert packed(HEADER, b"STORE") == b"stuntcam state 1\n" + checksum + b"\n" + rest


# --- laws --------------------------------------------------------------------------------

headers = st.builds(
    Header, st.text(), st.text(), st.integers(), st.text(), st.text(), st.integers(), st.booleans()
)


@given(headers, st.binary())
def test_what_is_packed_is_unpacked(header, content):
    assert unpacked(packed(header, content)) == (header, content)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_file_with_any_byte_changed_is_refused(content, data):
    file = bytearray(packed(HEADER, content))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SnapshotError):
        unpacked(bytes(file))


@given(st.binary(max_size=200), st.data())
def test_a_file_that_is_cut_short_is_refused(content, data):
    file = packed(HEADER, content)
    with pytest.raises(SnapshotError):
        unpacked(file[: data.draw(st.integers(0, len(file) - 1))])


# --- refusals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (b"", "no stuntcam state"),
        (b"SQLite format 3\0", "no stuntcam state"),
        (b"stuntcam state 2\nabc\n{}\n", "of version 2; this stuntcam reads 1"),
        (b"stuntcam state 1\nabc\n{}\n", "damaged"),
    ],
)
def test_another_file_is_refused_with_the_reason(file, message):
    with pytest.raises(SnapshotError, match=message):
        unpacked(file)


@pytest.mark.parametrize(
    "header", [b"{}", b"[1]", b"noon", b'{"model": 1}', b"\xff", b"[" * 100_000]
)
def test_a_header_that_is_none_is_refused_though_its_checksum_is_right(header):
    checksum = hashlib.sha256(header + b"\n").hexdigest().encode()
    with pytest.raises(SnapshotError, match="its header can't be read"):
        unpacked(b"stuntcam state 1\n" + checksum + b"\n" + header + b"\n")
