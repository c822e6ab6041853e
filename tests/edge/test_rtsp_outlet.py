"""What one client is handed of a track: from a whole picture on, and nothing he has no room for."""

from emulator.edge.rtsp.line import Burst
from emulator.edge.rtsp.streams import Outlet

WHOLE, PART = Burst([bytearray(b"I")], True, b"told"), Burst([bytearray(b"P")], False, b"told")


class Client:
    """A way to a client that takes all, while he has room."""

    def __init__(self):
        self.has_room, self.is_clear = True, True
        self.got = []

    def send(self, burst, reports):
        self.got.append((bytes(burst.packets[0]), reports))


def test_nothing_is_sent_before_a_picture_that_needs_none_before_it():
    client = Client()
    outlet = Outlet(("main", "video"), client)
    for burst in (PART, PART, WHOLE, PART):
        outlet.take(burst, 100.0)
    assert [packet for packet, _ in client.got] == [b"I", b"P"]


def test_who_ran_out_of_room_goes_on_at_the_next_whole_picture():
    client = Client()
    outlet = Outlet(("main", "video"), client)
    for has_room, burst in (
        (True, WHOLE),
        (False, PART),
        (True, PART),  # of pictures he never got
        (True, PART),
        (True, WHOLE),
        (True, PART),
    ):
        client.has_room = has_room
        outlet.take(burst, 100.0)
    assert [packet for packet, _ in client.got] == [b"I", b"I", b"P"]


def test_a_report_goes_with_the_first_burst_and_every_five_seconds():
    client = Client()
    outlet = Outlet(("main", "video"), client)
    for now_s in (100.0, 104.9, 105.0, 109.9, 110.1):
        outlet.take(WHOLE, now_s)
    assert [told for _, told in client.got] == [True, False, True, False, True]
