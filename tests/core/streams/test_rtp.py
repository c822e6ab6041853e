"""RTP and RTCP: stamps, the axis of time, documents in packets, reports (RFC 3550)."""

import struct
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from emulator.core.streams import rtp
from emulator.core.streams.rtp import Axis, Numbers


def test_packets_are_numbered_and_timed_in_90_kHz_around_and_around():
    numbers = Numbers(ssrc=0xCAFE, base=2**32 - 90, sequence=65535)
    packet = bytearray(b"\x80\xe0" + bytes(10) + b"payload")
    assert numbers.stamp(packet, 2) == (
        b"\x80\xe0" + struct.pack(">HII", 65535, 90, 0xCAFE) + b"payload"
    )
    assert (numbers.sequence, numbers.packets, numbers.octets) == (0, 1, 7)


def test_at_real_speed_pictures_keep_their_distance_on_the_film():
    axis = Axis().after(1_000_000, 50)
    assert axis.last_ms == 50
    assert axis.after(1_000_080, 141).last_ms == 130  # it came 11 ms late
    assert axis.after(1_000_080, 121).last_ms == 130  # or 9 ms early


def test_where_film_and_arrival_part_arrival_counts():
    axis = Axis().after(1_000_000, 50)
    after_a_pause = axis.after(1_000_080, 5_000)
    assert after_a_pause.last_ms == 5_000
    assert after_a_pause.after(1_000_160, 5_090).last_ms == 5_080
    assert axis.after(None, 1_050).last_ms == 1_050


@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 10**6), st.integers(0, 10**6)), min_size=2, max_size=20
    )
)
def test_time_only_goes_forward(pictures):
    axis, times = Axis(), []
    for film_ms, arrived_ms in pictures:
        axis = axis.after(film_ms, arrived_ms)
        times.append(axis.last_ms)
    assert all(before < after for before, after in pairwise(times))


@given(st.binary(min_size=1, max_size=5000))
def test_a_documents_packets_hold_all_of_it_and_the_last_bears_the_marker(document):
    packets = list(rtp.document_packets(document, 107))
    assert b"".join(bytes(packet[12:]) for packet in packets) == document
    assert all(len(packet) <= 1412 for packet in packets)
    assert [packet[1] for packet in packets] == [107] * (len(packets) - 1) + [0x80 | 107]


def test_a_senders_report_pairs_the_clock_with_rtps_time():
    numbers = Numbers(ssrc=7, base=1000, sequence=0, packets=3, octets=99)
    report = rtp.sender_report(numbers, 10, 1_772_600_400_500, "stuntcam")
    # 2026-03-04T05:00:00.5Z; 1900 to 1970 are 2,208,988,800 s
    expected = struct.pack(
        ">BBHIIIIII", 0x80, 200, 6, 7, 1_772_600_400 + 2_208_988_800, 1 << 31, 1900, 3, 99
    )
    assert report[:28] == expected
    assert report[28:] == struct.pack(">BBHI", 0x81, 202, 4, 7) + b"\x01\x08stuntcam\0\0"
    assert len(report) % 4 == 0


def test_a_receivers_report_is_a_sign_of_life_and_noise_is_not():
    receiver = struct.pack(">BBHI", 0x80, 201, 1, 5)
    assert rtp.is_report(receiver)
    assert rtp.is_report(receiver + b"more")
    for octets in (b"", receiver[:7], b"\x40" + receiver[1:], receiver[:2] + b"\0\2" + bytes(4)):
        assert not rtp.is_report(octets)
    assert not rtp.is_report(b"\x80\x60" + bytes(10))  # media, sent the wrong way
