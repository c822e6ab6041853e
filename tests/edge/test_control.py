"""The control interface's door: what is let in, and how refusals are spelled."""

import asyncio
import json
import socket
import threading
from pathlib import Path

import pytest
import requests
from aiohttp import web

from emulator.edge.control import (
    ROUTES,
    ConflictError,
    ImpossibleError,
    UnknownError,
    application,
)
from emulator.edge.control import models as m
from emulator.edge.control.routes import table

NOON = m.ClockReading(now="2026-03-04T12:00:00", utc_ms=5, zone="UTC", mode="real", speed=1.0)


class Calls:
    """Stands behind the door: notes what comes in, and answers what it is told."""

    def __init__(self):
        self.came = []
        self.answers = {"clock": NOON, "set_clock": NOON, "step_clock": NOON, "state": b"STATE"}

    def __getattr__(self, name):
        if name not in {route.name for route in ROUTES}:
            raise AttributeError(name)

        def call(**given):
            self.came.append((name, given))
            answer = self.answers.get(name)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


class Door:
    """The control interface over some calls, listening in a thread of its own."""

    def __init__(self, token):
        self.calls = Calls()
        self._loop, ready = asyncio.new_event_loop(), threading.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._thread = threading.Thread(
            target=self._run, args=(token, listener, ready), daemon=True
        )
        self._thread.start()
        assert ready.wait(30)

    def _run(self, token, listener, ready):
        asyncio.set_event_loop(self._loop)
        calls = {route.name: getattr(self.calls, route.name) for route in ROUTES}
        runner = web.AppRunner(application(calls, token, "0.0"), shutdown_timeout=1)
        self._loop.run_until_complete(runner.setup())
        self._loop.run_until_complete(web.SockSite(runner, listener).start())
        ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def ask(self, method, path, body=None, **options):
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        return requests.request(method, self.url + path, data=content, timeout=30, **options)

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)


@pytest.fixture(scope="module")
def open_door():
    door = Door(None)
    yield door
    door.stop()


@pytest.fixture
def door(open_door):
    open_door.calls.came.clear()
    open_door.calls.answers = Calls().answers
    return open_door


def refusal(answer):
    """The message, the field of the first error, and its value."""
    told = answer.json()
    first = told["errors"][0] if told["errors"] else {"field": None, "value": None}
    return told["message"], first["field"], first["value"]


# --- what is let in ------------------------------------------------------------------------------


def test_an_answer_is_its_models_fields(door):
    answer = door.ask("GET", "/v1/clock")
    assert answer.status_code == 200
    assert answer.json() == {
        "now": "2026-03-04T12:00:00",
        "utc_ms": 5,
        "zone": "UTC",
        "mode": "real",
        "speed": 1.0,
    }


def test_a_body_comes_as_its_model_and_what_is_left_out_is_none(door):
    assert door.ask("PUT", "/v1/clock", {"mode": "frozen", "utc_ms": 7.0}).status_code == 200
    ((name, given),) = door.calls.came
    assert name == "set_clock"
    assert given["body"] == m.ClockChange(mode="frozen", utc_ms=7)


def test_parts_of_the_path_come_by_their_names(door):
    door.calls.answers["set_volume"] = UnknownError("no volume 'sd'; there are: none")
    assert door.ask("PUT", "/v1/storage/sd", {"recycle": True}).status_code == 404
    assert door.calls.came == [
        ("set_volume", {"volume": "sd", "body": m.VolumeChange(recycle=True)})
    ]


def test_octets_go_in_and_out_as_they_are(door):
    answer = door.ask("GET", "/v1/state")
    assert (answer.content, answer.headers["Content-Type"]) == (
        b"STATE",
        "application/octet-stream",
    )
    door.calls.answers["restore"] = m.Restored(clock="2026-03-04T12:00:00", source="scene:shop")
    assert door.ask("PUT", "/v1/state", b"\0\xff").json()["source"] == "scene:shop"
    assert door.calls.came[-1] == ("restore", {"body": b"\0\xff"})


def test_what_gives_nothing_answers_204(door):
    answer = door.ask("POST", "/v1/reset")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_body_of_defaults_may_be_left_out(door):
    door.calls.answers["reboot"] = m.Power(up=False, booted="2026-03-04T12:00:00", boots=1)
    assert door.ask("POST", "/v1/reboot").status_code == 202
    assert door.calls.came[-1][1]["body"] == m.Reboot(kind="soft", down_s=1.0, wait=False)


def test_each_fault_has_its_own_parameters(door):
    door.calls.answers["begin_fault"] = ConflictError("not now")
    assert door.ask("POST", "/v1/faults", {"name": "latency", "seconds": 2}).status_code == 409
    order = door.calls.came[-1][1]["body"].root.model_dump()
    assert (order["name"], order["seconds"], order["path"], order["count"]) == (
        "latency",
        2.0,
        "/",
        None,
    )


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body", "field", "value"),
    [
        ("PUT", "/v1/clock", {"now": "noon"}, "now", "noon"),
        ("PUT", "/v1/clock", {"utc_ms": -1}, "utc_ms", -1),
        ("PUT", "/v1/clock", {"utc_ms": "5"}, "utc_ms", "5"),
        ("PUT", "/v1/clock", {"utc_ms": True}, "utc_ms", True),
        ("PUT", "/v1/clock", {"speed": 0}, "speed", 0),
        ("PUT", "/v1/clock", {"mode": "slow"}, "mode", "slow"),
        ("PUT", "/v1/clock", {"tomorrow": 1}, "tomorrow", 1),
        ("PUT", "/v1/clock", b"{", "the body", None),
        ("PUT", "/v1/clock", b"", "the body", None),
        ("PUT", "/v1/clock", b"[]", "the body", None),
        ("PUT", "/v1/clock", b"\xff", "the body", None),
        ("PUT", "/v1/clock", b'{"speed": NaN}', "the body", None),
        ("POST", "/v1/clock/step", {}, "by_s", None),
        ("POST", "/v1/faults", {"name": "lag"}, "name", "lag"),
        ("POST", "/v1/faults", {"count": 1}, "name", None),
        ("POST", "/v1/faults", {"name": "latency", "seconds": 301}, "seconds", 301),
        ("POST", "/v1/faults", {"name": "latency", "status": 500}, "status", 500),
        ("POST", "/v1/faults", {"name": "reset", "probability": 1.5}, "probability", 1.5),
        ("POST", "/v1/faults", {"name": "reset", "path": "x"}, "path", "x"),
        ("POST", "/v1/faults", {"name": "sd", "state": "lost"}, "state", "lost"),
        ("POST", "/v1/reboot", {"kind": "warm"}, "kind", "warm"),
        ("POST", "/v1/truth", {"min_dwell": 301}, "min_dwell", 301),
    ],
)
def test_a_wrong_body_is_refused_by_field_and_reaches_nobody(
    door, method, path, body, field, value
):
    answer = door.ask(method, path, body)
    assert answer.status_code == 400
    message, wrong, shown = refusal(answer)
    assert (wrong, shown) == (field, value) or (wrong == field and value is None)
    assert message.startswith(field)
    assert door.calls.came == []


def test_all_that_is_wrong_is_told_at_once(door):
    errors = door.ask("PUT", "/v1/clock", {"speed": -1, "mode": "x", "y": 1}).json()["errors"]
    assert [error["field"] for error in errors] == ["mode", "speed", "y"]


def test_an_unknown_fault_is_refused_with_those_there_are(door):
    message, _, _ = refusal(door.ask("POST", "/v1/faults", {"name": "lag"}))
    assert message.startswith('name="lag": is unknown; there are latency, status, reset')


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ImpossibleError("zone", "Mars", "is no zone"), 422),
        (ConflictError("the camera is down"), 409),
        (UnknownError("no fault 7"), 404),
    ],
)
def test_what_can_not_be_is_told_in_the_handlers_words(door, error, status):
    door.calls.answers["set_clock"] = error
    answer = door.ask("PUT", "/v1/clock", {"zone": "Mars"})
    assert (answer.status_code, answer.json()["message"]) == (status, str(error))


def test_an_unknown_path_is_refused_with_those_that_it_is_like(door):
    answer = door.ask("GET", "/v1/clok")
    assert answer.status_code == 404
    assert answer.json()["message"] == "no path /v1/clok; there is /v1/clock, /v1/clock/step"
    assert "/v1/openapi.json" in door.ask("GET", "/zzz").json()["message"]


def test_a_wrong_method_is_told_which_would_do(door):
    answer = door.ask("DELETE", "/v1/clock")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET,PUT"
    assert answer.json()["errors"] == []


def test_a_body_that_is_too_large_is_refused(door):
    assert door.ask("PUT", "/v1/clock", b" " * 65_537).status_code == 413
    chunks = (b" " * 1000 for _ in range(100))
    assert requests.put(door.url + "/v1/clock", data=chunks, timeout=30).status_code == 413
    assert door.calls.came == []


# --- the token -----------------------------------------------------------------------------------


def test_without_the_token_nobody_comes_in():
    door = Door("s3cret")
    try:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic s3cret"}):
            for path in ("/v1/clock", "/v1/openapi.json", "/elsewhere"):
                answer = door.ask("GET", path, headers=headers)
                assert answer.status_code == 401
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert door.calls.came == []
        right = {"Authorization": "Bearer s3cret"}
        assert door.ask("GET", "/v1/clock", headers=right).status_code == 200
        schemes = door.ask("GET", "/v1/openapi.json", headers=right).json()["components"]
        assert schemes["securitySchemes"]["token"]["scheme"] == "bearer"
    finally:
        door.stop()


# --- the document --------------------------------------------------------------------------------


def test_the_document_has_every_request(door):
    told = door.ask("GET", "/v1/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    operations = {
        (method.upper(), path): operation["operationId"]
        for path, methods in told["paths"].items()
        for method, operation in methods.items()
    }
    assert operations.pop(("GET", "/v1/openapi.json")) == "openapi"
    assert operations == {(route.method, route.path): route.name for route in ROUTES}


def test_the_document_tells_the_limits(door):
    schemas = door.ask("GET", "/v1/openapi.json").json()["components"]["schemas"]
    seconds = schemas["FaultLatency"]["properties"]["seconds"]
    assert (seconds["minimum"], seconds["maximum"], seconds["default"]) == (0, 300, 1)
    dwell = schemas["TruthQuery"]["properties"]["min_dwell"]["anyOf"][0]
    assert (dwell["minimum"], dwell["maximum"]) == (1, 300)


def test_the_docs_hold_the_table_of_requests():
    assert table() in (Path(__file__).parents[2] / "docs/control.md").read_text()
