"""Nothing is sent anywhere but back to who subscribes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.onvif.consumers import ConsumerError, consumer


@pytest.mark.parametrize(
    ("url", "subscriber"),
    [
        ("http://192.168.1.9:9000/events?camera=3", "192.168.1.9"),
        ("http://192.168.1.9/", "::ffff:192.168.1.9"),
        ("http://[::1]:9000/", "::1"),
        ("http://[fe80::2]:9000/x", "fe80:0::2"),
    ],
)
def test_the_subscribers_own_address_is_told(url, subscriber):
    assert consumer(f" {url}\n", subscriber) == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://192.168.1.10/", "own address"),
        ("http://127.0.0.1/", "own address"),
        ("http://169.254.169.254/latest/meta-data", "own address"),
        ("http://[::ffff:10.0.0.1]/", "own address"),
        ("http://localhost/", "no http URL of an IP address"),
        ("http://192.168.1.9.example.com/", "no http URL of an IP address"),
        ("http://3232235785/", "no http URL of an IP address"),
        ("http://0300.0250.1.9/", "no http URL of an IP address"),
        ("http:///x", "no http URL of an IP address"),
        ("http://192.168.1.9:99999/", "no http URL of an IP address"),
        ("http://192.168.1.9:0/", "port 0"),
        ("https://192.168.1.9/", "is not http"),
        ("file:///etc/passwd", "is not http"),
        ("gopher://192.168.1.9/", "is not http"),
        ("http://192.168.1.9@10.0.0.1/", "user name"),
        ("http://u:p@192.168.1.9/", "user name"),
        ("http://192.168.1.9/a\r\nX: y", "characters"),
        ("http://192.168.1.9/" + "a" * 1_024, "longer than 1024"),
        ("", "is not http"),
    ],
)
def test_any_other_address_is_refused(url, reason):
    with pytest.raises(ConsumerError, match=reason):
        consumer(url, "192.168.1.9")


@given(st.text(max_size=60))
def test_any_text_is_refused_or_is_at_the_subscribers(text):
    with suppress(ConsumerError):
        assert consumer("http://" + text, "192.168.1.9").startswith("http://192.168.1.9")
