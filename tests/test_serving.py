"""Listeners around a camera: where they listen, and how they end."""

import base64
import logging
import socket
import sys
import time

import pytest
from aiohttp import web
from aiohttp.http import HttpProcessingError
from running import PASSWORD

from emulator import serving
from emulator.listening import PortError, held, listen, url

# --- worked examples ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("", "127.0.0.1")]
)
def test_the_url_is_one_that_a_client_on_this_machine_can_use(host, address):
    with listen(host, 0) as listener:
        port = listener.getsockname()[1]
        assert url(listener) == f"http://{address}:{port}"
        socket.create_connection((address, port), 10).close()


def _held():
    with listen("127.0.0.1", 0) as listener:
        address = listener.getsockname()
    listener = held(socket.AF_INET, address)
    listener.listen()
    return listener


@pytest.mark.parametrize("made", [lambda: listen("127.0.0.1", 0), _held])
def test_an_answer_in_pieces_does_not_wait_for_the_clients_acknowledgement(made):
    with made() as listener, socket.create_connection(listener.getsockname(), 10):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
@pytest.mark.parametrize("host", ["::1", "::"])
def test_an_ipv6_address_stands_in_brackets(host):
    try:
        listener = listen(host, 0)
    except PortError:
        pytest.skip("IPv6 is switched off here")
    with listener:
        assert url(listener) == f"http://[::1]:{listener.getsockname()[1]}"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::"])
def test_a_number_that_is_held_refuses_and_a_socket_of_ipv6_takes_none_of_ipv4s(host):
    try:
        listener = listen(host, 0)
    except PortError:
        pytest.skip("IPv6 is switched off here")
    address = listener.getsockname()
    listener.close()
    with held(listener.family, address) as one:
        assert one.getsockname() == address
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address[:2], 10)
        if ":" in host:
            with socket.socket() as other:
                other.bind(("127.0.0.1", address[1]))


def test_who_stops_halfway_does_not_keep_the_camera_from_ending(start_camera, clip):
    camera = start_camera("--source", clip, "--speed", "max")
    address = camera.url.removeprefix("http://").split(":")
    half = b"GET /snapshot.cgi HTTP/1.1\r\nHost: x\r\n"
    login = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    setting = "/cgi-bin/operator/operator.cgi?action=set.heatmap.configuration"
    posting = f"POST {setting} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {login}\r\n".encode()
    posting += b"Content-Length: 100\r\n\r\n{"
    peers = [socket.create_connection(address, 10) for _ in range(4)]
    junk = b"GET / HTTP/1.1\r\nno colon\r\n\r\n"
    for peer, said in zip(peers, (half, posting, b"", junk), strict=True):
        peer.sendall(said)
    assert peers[-1].recv(12) == b"HTTP/1.0 400"
    began_s = time.monotonic()
    assert camera.stop() == 0
    assert time.monotonic() - began_s < 20  # aiohttp alone would wait for a minute
    assert "Traceback" not in camera.errors
    for peer in peers:
        peer.close()


def raised(error):
    try:
        raise error
    except type(error):
        return logging.LogRecord("aiohttp.server", logging.ERROR, "", 0, "", (), sys.exc_info())


def test_a_clients_fault_is_no_news_and_our_own_is():
    for error in (HttpProcessingError(code=400), web.RequestPayloadError(), BrokenPipeError()):
        assert not serving.is_news(raised(error))
    for error in (ValueError(), AssertionError(), OSError(28, "No space left on device")):
        assert serving.is_news(raised(error))
    assert serving.is_news(logging.LogRecord("x", logging.ERROR, "", 0, "a warning", (), None))


# --- refusals -----------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_refused_by_name():
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortError, match=rf"^can't listen on 127\.0\.0\.1 port {port}: "):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host", "a..b", "x" * 300])
def test_an_address_that_is_not_this_machines_is_refused_by_name(host):
    with pytest.raises(PortError, match=f"^can't listen on {host} port 0: "):
        listen(host, 0)
