"""HTTPS: the same camera by TLS, for browsers, for the harness, and when its power is cut."""

import hashlib
import json
import socket
import ssl
import time
from contextlib import suppress

import pytest
import requests
from requests.auth import HTTPBasicAuth
from running import PASSWORD

BASIC = HTTPBasicAuth("admin", PASSWORD)
CERTIFICATE = "state/https-cert.pem"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("secured")


@pytest.fixture(scope="module")
def camera(start_camera, clip, folder):
    return start_camera("--source", clip, "--speed", "max", "--https-port", "0", folder=folder)


@pytest.fixture(scope="module")
def fingerprint(folder):
    der = ssl.PEM_cert_to_DER_cert((folder / CERTIFICATE).read_text())
    return hashlib.sha256(der).hexdigest()


def control(camera, method, path, body=None):
    answer = requests.request(method, f"{camera.control}/v1{path}", json=body, timeout=60)
    assert answer.ok, answer.text
    return answer


def is_refused(url):
    host, _, port = url.partition("://")[2].partition(":")
    try:
        socket.create_connection((host, int(port)), 10).close()
    except ConnectionRefusedError:
        return True
    return False


def logged_in(url, **options):
    """A browser's session, and the cookie that it got."""
    browser = requests.Session()
    answer = browser.post(
        f"{url}/login",
        json={"username": "admin", "password": PASSWORD},
        headers={"X-Requested-With": "XMLHttpRequest"},
        timeout=30,
        **options,
    )
    assert answer.ok
    return browser, answer.headers["Set-Cookie"]


def test_it_is_told_with_its_fingerprint_and_answers_whoever_trusts_it(camera, folder, fingerprint):
    url = camera.ready["https"]
    assert url.startswith("https://127.0.0.1:")
    assert f"listening at {url}/, certificate SHA-256 {fingerprint}\n" in camera.greeting
    trusting = {"verify": str(folder / CERTIFICATE), "auth": BASIC, "timeout": 30}
    for base in (url, url.replace("127.0.0.1", "localhost")):
        by_tls = requests.get(f"{base}/dataloader.cgi?dw=heatmapcsv", **trusting)
        plain = requests.get(f"{camera.url}/dataloader.cgi?dw=heatmapcsv", auth=BASIC, timeout=30)
        assert by_tls.ok
        assert by_tls.text.splitlines()[0] == plain.text.splitlines()[0]
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(url, timeout=30)


def test_a_browsers_sessions_by_tls_and_without_keep_out_of_each_others_way(camera, folder):
    trusting = {"verify": str(folder / CERTIFICATE)}
    secured, cookie = logged_in(camera.ready["https"], **trusting)
    _, plain_cookie = logged_in(camera.url)
    assert "; Secure" in cookie
    assert "; Secure" not in plain_cookie
    # A browser would not let HTTP's answer replace a cookie of this name (RFC 6265bis, 5.7).
    assert cookie.split("=")[0] != plain_cookie.split("=")[0]
    session = secured.get(camera.ready["https"] + "/session", timeout=30, **trusting)
    assert session.json() == {"user": "admin"}


@pytest.mark.parametrize("trusts", ["fingerprint", "ca"])
def test_the_harness_judges_a_camera_by_tls(
    camera, folder, fingerprint, trusts, stuntcam, tmp_path
):
    how = {
        "fingerprint": ("--fingerprint", fingerprint),
        "ca": ("--ca", folder / CERTIFICATE),
    }[trusts]
    done = stuntcam(
        *("check", camera.ready["https"], "-u", "admin", "--only", "gate", *how),
        *("--out", tmp_path / "out"),
        env={"XDG_STATE_HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert results["target"]["url"].startswith("https://127.0.0.1")
    assert {row["verdict"] for row in results["requirements"] if row["id"] == "GATE-01"} == {"pass"}


def test_the_harness_refuses_another_certificate(camera, stuntcam, tmp_path):
    done = stuntcam(
        *("check", camera.ready["https"], "-u", "admin", "--fingerprint", "0" * 64),
        *("--out", tmp_path / "out"),
        env={"XDG_STATE_HOME": str(tmp_path)},
    )
    assert done.returncode == 2
    assert "0" * 64 in done.stderr


def test_a_refusing_camera_refuses_by_both_and_comes_back_by_both(camera, folder):
    control(camera, "POST", "/faults", {"name": "refuse"})
    assert is_refused(camera.url)
    assert is_refused(camera.ready["https"])
    control(camera, "DELETE", "/faults")
    for url in (camera.url, camera.ready["https"]):
        assert requests.get(url, timeout=30, verify=str(folder / CERTIFICATE)).ok


def test_a_power_cut_breaks_connections_by_tls_too(camera, folder):
    context = ssl.create_default_context(cafile=folder / CERTIFICATE)
    host, _, port = camera.ready["https"].partition("://")[2].partition(":")
    with (
        socket.create_connection((host, int(port)), 30) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        control(camera, "POST", "/reboot", {"kind": "hard", "down_s": 600})
        secured.settimeout(30)
        with suppress(ConnectionResetError):
            assert secured.recv(1) == b""
    assert is_refused(camera.url)
    assert is_refused(camera.ready["https"])
    control(camera, "POST", "/reset")
    assert not is_refused(camera.ready["https"])


def test_it_ends_though_somebody_never_finishes_his_handshake(camera):
    host, _, port = camera.ready["https"].partition("://")[2].partition(":")
    with socket.create_connection((host, int(port)), 30) as idle:
        idle.sendall(b"\x16\x03\x01\x02\x00\x01")  # a hello's first bytes
        began_s = time.monotonic()
        assert camera.stop() == 0
        assert time.monotonic() - began_s < 20
    assert "Traceback" not in camera.errors
