"""The Transport field: what is taken of what clients offer."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.streams.rtsp import RtspError
from emulator.core.streams.rtsp_transport import Transport, chosen, spelled


@pytest.mark.parametrize(
    ("field", "taken"),
    [
        ("RTP/AVP/TCP;unicast;interleaved=0-1", Transport(True, (0, 1))),
        ("RTP/AVP/TCP;interleaved=4", Transport(True, (4, 5))),
        ("RTP/AVP/TCP;unicast", Transport(True, None)),
        ("RTP/AVP;unicast;client_port=5000-5001", Transport(False, (5000, 5001))),
        ("RTP/AVP/UDP;unicast;client_port=5000", Transport(False, (5000, 5001))),
        ('rtp/avp;unicast;client_port=5000-5001;mode="PLAY"', Transport(False, (5000, 5001))),
        ("RTP/AVP;multicast, RTP/AVP/TCP;interleaved=2-3", Transport(True, (2, 3))),
        # Somebody else is not flooded: whose port it is, is not asked.
        ("RTP/AVP;destination=192.0.2.1;client_port=6-7", Transport(False, (6, 7))),
    ],
)
def test_the_first_offer_that_is_served_is_taken(field, taken):
    assert chosen(field) == taken


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("", 461),
        ("RTP/AVP;multicast;port=5000-5001", 461),
        ("RTP/SAVP;unicast;client_port=5000-5001", 461),
        ("RTP/AVP;unicast", 461),
        ("RTP/AVP/TCP;interleaved=0-1;mode=record", 461),
        ("RTP/AVP;unicast;client_port=0-1", 400),
        ("RTP/AVP;unicast;client_port=65535", 400),
        ("RTP/AVP;unicast;client_port=70000-70001", 400),
        ("RTP/AVP/TCP;interleaved=255-256", 400),
        ("RTP/AVP/TCP;interleaved=3-3", 400),
        ("RTP/AVP/TCP;interleaved=a-b", 400),
    ],
)
def test_what_is_not_served_or_cannot_be_has_a_status(field, status):
    with pytest.raises(RtspError) as refused:
        chosen(field)
    assert refused.value.status == status


def test_the_client_is_told_what_was_agreed():
    within = spelled(Transport(True, None), (2, 3), 0xAB, None)
    assert within == 'RTP/AVP/TCP;unicast;interleaved=2-3;ssrc=000000AB;mode="PLAY"'
    by_udp = spelled(Transport(False, (5000, 5001)), (5000, 5001), 1, (6000, 6001))
    assert by_udp == (
        'RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001;ssrc=00000001;mode="PLAY"'
    )


@given(st.text(max_size=80))
def test_any_text_is_taken_or_refused(field):
    with suppress(RtspError):
        taken = chosen(field)
        assert taken.pair is None or taken.pair[0] != taken.pair[1]
