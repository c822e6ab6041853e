"""A state as one file: what is packed is unpacked, and nothing else is."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.snapshot import SnapshotError, packed, unpacked

# --- worked example ----------------------------------------------------------------------


def test_a_file_is_four_parts_one_after_the_other():
    rest = b'{"model":"X"}\nSTORE'
    checksum = hashlib.sha256(rest).hexdigest().encode()
    assert packed({"model": "X"}, b"STORE") == b"stuntcam state 1\n" + checksum + b"\n" + rest


# --- laws --------------------------------------------------------------------------------

headers = st.dictionaries(st.text(), st.integers() | st.text() | st.booleans() | st.none())


@given(headers, st.binary())
def test_what_is_packed_is_unpacked(header, content):
    assert unpacked(packed(header, content)) == (header, content)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_file_with_any_byte_changed_is_refused(content, data):
    file = bytearray(packed({"a": 1}, content))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SnapshotError):
        unpacked(bytes(file))


@given(st.binary(max_size=200), st.data())
def test_a_file_that_is_cut_short_is_refused(content, data):
    file = packed({"a": 1}, content)
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
