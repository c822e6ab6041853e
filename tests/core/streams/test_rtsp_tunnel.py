"""RTSP over HTTP: base64 undone piece by piece."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.streams.rtsp import RtspError
from emulator.core.streams.rtsp_tunnel import Unwrapped


def test_requests_that_are_coded_one_by_one_are_joined_again():
    unwrapped = Unwrapped()
    assert unwrapped.feed(b"T1BUSU9OUyAq") == b"OPTIONS *"
    assert unwrapped.feed(b"YQ==YmM=\r\n") == b"abc"
    assert unwrapped.feed(b"ZG") == b""
    assert unwrapped.feed(b"Vm") == b"def"


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=5), st.integers(1, 9))
def test_what_is_coded_comes_out_however_it_is_cut(requests, size):
    coded = b"".join(base64.b64encode(one) for one in requests)
    unwrapped = Unwrapped()
    pieces = [coded[at : at + size] for at in range(0, len(coded), size)]
    assert b"".join(unwrapped.feed(piece) for piece in pieces) == b"".join(requests)


@pytest.mark.parametrize("text", [b"!!!!", b"====", b"a===", b"\xff\xff\xff\xff"])
def test_what_is_not_base64_is_refused(text):
    with pytest.raises(RtspError) as refused:
        Unwrapped().feed(text)
    assert refused.value.status == 400
