"""`stuntcam check` at a camera's pages: its browser goes by the run's trust and budget."""

import json
import socket
import ssl
import threading
from contextlib import suppress

import pytest
import trustme
from running import PASSWORD, run_stuntcam

ONE_CHECK = "WEB-01"


class Secured:
    """TLS before a camera: on a port of its own, handing on what it takes off."""

    def __init__(self, camera_url, folder):
        authority = trustme.CA()
        self.ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self._context)
        host, port = camera_url.removeprefix("http://").split(":")
        self._camera = host, int(port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self):
        self._listener.close()

    def _listen(self):
        with suppress(OSError):
            while True:
                taken, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(taken,), daemon=True).start()

    def _serve(self, taken):
        with (
            suppress(OSError),
            self._context.wrap_socket(taken, server_side=True) as secured,
            socket.create_connection(self._camera) as camera,
        ):
            there = threading.Thread(target=_hand_on, args=(camera, secured), daemon=True)
            there.start()
            _hand_on(secured, camera)
            there.join()


def _hand_on(source, target):
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def camera(start_camera):
    return start_camera("--source", "scene:crossing-2")


@pytest.fixture(scope="module")
def secured(camera, tmp_path_factory):
    secured = Secured(camera.url, tmp_path_factory.mktemp("tls"))
    yield secured
    secured.close()


@pytest.fixture
def check(tmp_path):
    """Checks one requirement of pages; returns its row and the evidence."""

    def check(url, *options):
        out = tmp_path / "out"
        state = {"XDG_STATE_HOME": str(tmp_path / "state")}
        arguments = ("check", url, "-u", "admin", "--only", ONE_CHECK, "--out", out, *options)
        done = run_stuntcam(*arguments, env=state)
        assert (out / "results.json").exists(), done.stderr
        (row,) = json.loads((out / "results.json").read_text())["requirements"]
        return row, "".join(file.read_text() for file in (out / "evidence").glob("*.har"))

    return check


def test_over_tls_that_somebody_vouches_for_all_of_it_is_evidence_and_no_secret_is(check, secured):
    row, evidence = check(secured.url, "--ca", secured.ca)
    assert row["verdict"] == "pass", row
    for part in ("/login", "/web/heatmap.js", "/web/report.js", "/report.png?", "/snapshot.cgi"):
        assert f"{secured.url}{part}" in evidence
    assert PASSWORD not in evidence
    assert "session_" not in evidence
    assert '\\"token\\": \\"(removed)\\"' in evidence


def test_over_tls_that_nobody_vouches_for_nobody_logs_in(check, secured):
    row, evidence = check(secured.url)
    assert row["verdict"] == "not checked"
    assert "nobody vouched for the TLS" in row["reason"]
    assert "/login" not in evidence


def test_a_budget_ends_what_a_browser_may_ask_for(check, camera):
    row, evidence = check(camera.url, "--budget", "12")
    assert row["verdict"] == "not checked"
    assert "the budget of 12 requests is spent" in row["reason"]
    assert 0 < evidence.count('"request": {') <= 12
