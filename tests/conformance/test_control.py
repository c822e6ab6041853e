"""The control interface against servers that are none."""

import nasty
import pytest

from conformance.control import SILENT_S, Control, ControlError, ControlLostError


@pytest.mark.parametrize("behaviour", [nasty.close, nasty.garbage])
def test_what_does_not_answer_is_lost_and_waited_for_no_longer_than_briefly(behaviour):
    with nasty.Server(behaviour) as server:
        control = Control(server.url)
        with pytest.raises(ControlLostError, match=f"GET {server.url}/v1/clock"):
            control.get("clock")
        assert control._http.timeout.read == SILENT_S
        control.close()


def test_a_refusal_is_told_and_nothing_is_lost():
    with nasty.Server(nasty.no_camera) as server:
        control = Control(server.url)
        with pytest.raises(ControlError, match="404 not here") as told:
            control.put("clock", mode="frozen")
        assert not isinstance(told.value, ControlLostError)
        control.close()


def test_what_never_gets_to_the_end_of_a_scene_is_lost():
    def playing(connection, _):
        nasty.said(connection, "200 OK", "Content-Length: 16\r\n", b'{"ended": false}')

    with nasty.Server(playing) as server:
        control = Control(server.url)
        with pytest.raises(ControlLostError, match="scene:x was not over after 0 s"):
            control.play("scene:x", within_s=0)
        control.close()


def test_a_request_that_it_was_not_told_of_is_another_cameras():
    def listing(connection, _):
        body = b'{"requests": [{"path": "/mine"}]}'
        nasty.said(connection, "200 OK", f"Content-Length: {len(body)}\r\n", body)

    with nasty.Server(listing) as server:
        control = Control(server.url)
        control.check_is_of("http://127.0.0.1:1", "/mine")
        with pytest.raises(ControlError, match="controls another camera"):
            control.check_is_of("http://127.0.0.1:1", "/yours")
        control.close()
