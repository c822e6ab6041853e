"""Targets: what is one, and which may be touched without further words."""

import pytest

from conformance.address import Address, TargetError, is_loopback, is_private, read


@pytest.mark.parametrize(
    ("text", "address", "url"),
    [
        ("https://192.168.5.190", Address("https", "192.168.5.190", 443), "https://192.168.5.190"),
        ("http://10.0.0.1:8080/", Address("http", "10.0.0.1", 8080), "http://10.0.0.1:8080"),
        ("192.168.5.190", Address("http", "192.168.5.190", 80), "http://192.168.5.190"),
        ("http://[fe80::1]:81", Address("http", "fe80::1", 81), "http://[fe80::1]:81"),
        ("HTTPS://Cam.local:443", Address("https", "cam.local", 443), "https://cam.local"),
    ],
)
def test_a_url_is_taken_apart(text, address, url):
    assert read(text) == address
    assert read(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        *("", "http://", "ftp://10.0.0.1", "http://10.0.0.1:x", "http://10.0.0.1:99999"),
        *("http://10.0.0.1/onvif", "http://10.0.0.1?x=1", "http://[::1"),
    ],
)
def test_other_text_is_no_target(text):
    with pytest.raises(TargetError, match=r"URL|root"):
        read(text)


def test_a_password_in_the_url_is_refused_and_not_repeated():
    with pytest.raises(TargetError, match="--password-env") as refusal:
        read("http://admin:hunter22@10.0.0.1")
    assert "hunter22" not in str(refusal.value)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "192.168.5.190", "10.1.2.3", "172.16.0.1", "169.254.9.9", "::1", "fe80::1"],
)
def test_near_addresses_are_private(host):
    assert is_private(host)


@pytest.mark.parametrize("host", ["8.8.8.8", "172.32.0.1", "2001:4860:4860::8888", "100.64.0.1"])
def test_all_others_are_not(host):
    assert not is_private(host)


def test_a_name_without_an_address_is_named():
    with pytest.raises(TargetError, match=r"no address for the host 'no\.such\.invalid'"):
        is_private("no.such.invalid")


@pytest.mark.parametrize(
    ("host", "is_this"), [("127.1.2.3", True), ("localhost", True), ("10.0.0.1", False)]
)
def test_this_machine_is_loopback(host, is_this):
    assert is_loopback(host) == is_this
