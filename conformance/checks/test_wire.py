"""The wire: log-ins and roles, statuses, and the action CGIs' three forms (WIRE-01, WIRE-05)."""

import json
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from conformance import forms, invented, raw
from conformance.camera import Camera
from conformance.challenges import Again, OneChallenge
from conformance.client import Login
from conformance.dialect import path_and_query
from conformance.expect import Expectations, not_checked
from conformance.forms import FormError
from conformance.run import Run

OK, BAD, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, NOT_ALLOWED, TOO_LARGE = (
    *(200, 400, 401, 403),
    *(404, 405, 413),
)
GUARDED = ("information", "settings", "time", "space", "snapshot")
INVENTED_NONCE = "5f" * 24


def login_of(run: Run) -> Login:
    """The real account; a run without one can't tell."""
    if run.client.login is None:
        not_checked("no account was given (-u USER)")
    return run.client.login


def basic_of(run: Run, login: Login) -> httpx.BasicAuth:
    """Basic, where it may be sent at all."""
    if not run.client.trust.verified:
        not_checked("Basic is not sent over TLS that nobody vouched for")
    return httpx.BasicAuth(login.user, login.password)


# --- WIRE-01: log-ins ----------------------------------------------------------------------------


@pytest.mark.requirement("WIRE-01")
@pytest.mark.parametrize("purpose", GUARDED)
def test_nothing_is_answered_without_a_log_in(
    camera: Camera, expect: Expectations, purpose: str
) -> None:
    answer = camera.client.get(camera.target(purpose), anonymous=True)
    expect(f"the status of {answer.request} without credentials", answer.status, UNAUTHORIZED)


@pytest.mark.requirement("WIRE-01")
def test_three_ways_in_are_offered_in_this_order(camera: Camera, expect: Expectations) -> None:
    answer = camera.client.get(camera.target("time"), anonymous=True)
    offered = [short(text) for text in answer.all_of("www-authenticate")]
    expect("the challenges", offered, ["Digest SHA-256", "Digest MD5", "Basic"])


def short(challenge: str) -> str:
    """A challenge's scheme, and its algorithm if it has one."""
    scheme = challenge.split(" ", maxsplit=1)[0]
    algorithm = re.search(r'algorithm="?([A-Za-z0-9-]+)', challenge)
    told = f" {algorithm[1] if algorithm else 'MD5'}" if scheme == "Digest" else ""
    return scheme + told


@pytest.mark.requirement("WIRE-01")
@pytest.mark.parametrize("with_qop", [True, False], ids=["with qop", "without qop"])
@pytest.mark.parametrize("algorithm", ["SHA-256", "MD5"])
def test_digest_is_accepted(
    run: Run, camera: Camera, expect: Expectations, algorithm: str, with_qop: bool
) -> None:
    auth = OneChallenge(login_of(run), algorithm, with_qop)
    answer = camera.client.get(camera.target("time"), auth=auth)
    qop = "with" if with_qop else "without"
    expect(f"the status with Digest {algorithm} {qop} qop", answer.status, OK)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WIRE-01")
def test_a_nonce_is_good_once_and_only_if_the_device_gave_it(
    camera: Camera, expect: Expectations
) -> None:
    somebody = invented.login()
    made = camera.add_user(somebody, "viewer")
    if not made.accepted:
        not_checked(f"no viewer could be made: {made.message or made.answer.shown}")
    target = camera.target("time")
    strange = OneChallenge(somebody, "MD5", nonce=INVENTED_NONCE)
    answer = camera.client.get(target, auth=strange)
    expect("the status with Digest of a nonce that was made up", answer.status, UNAUTHORIZED)
    auth = OneChallenge(somebody, "MD5")
    answer = camera.client.get(target, auth=auth)
    expect("the status with Digest of a nonce that was offered", answer.status, OK)
    answer = camera.client.get(target, auth=Again(auth.sent))
    expect("the status of the very same credentials again", answer.status, UNAUTHORIZED)


@pytest.mark.requirement("WIRE-01")
def test_basic_is_accepted_unasked(run: Run, camera: Camera, expect: Expectations) -> None:
    answer = camera.client.get(camera.target("time"), auth=basic_of(run, login_of(run)))
    expect("the status with Basic", answer.status, OK)


@pytest.mark.requirement("WIRE-01")
@pytest.mark.parametrize("purpose", GUARDED)
def test_an_unknown_account_is_refused(
    run: Run, camera: Camera, expect: Expectations, purpose: str
) -> None:
    nobody = invented.login()
    ways: list[httpx.Auth] = [httpx.DigestAuth(nobody.user, nobody.password)]
    if run.client.trust.verified:
        ways.append(httpx.BasicAuth(nobody.user, nobody.password))
    for auth in ways:
        answer = camera.client.get(camera.target(purpose), auth=auth)
        what = f"the status of {answer.request} for an unknown account, {type(auth).__name__}"
        expect(what, answer.status, UNAUTHORIZED)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WIRE-01")
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("viewer", {"viewer"}),
        ("operator", {"viewer", "operator"}),
        ("admin", {"viewer", "operator", "admin"}),
    ],
    ids=["viewer", "operator", "admin"],
)
def test_the_path_tells_the_role_that_it_needs(
    camera: Camera, expect: Expectations, role: str, allowed: set[str]
) -> None:
    somebody = invented.login()
    made = camera.add_user(somebody, role)
    if not made.accepted:
        not_checked(f"no {role} could be made: {made.message or made.answer.shown}")
    auth = httpx.DigestAuth(somebody.user, somebody.password)
    query = camera.dialect.requests["information"].query
    for path_role in ("viewer", "operator", "admin"):
        target = path_and_query(f"/cgi-bin/{path_role}/{path_role}.cgi", query)
        answer = camera.client.get(target, auth=auth)
        wanted = OK if path_role in allowed else FORBIDDEN
        expect(f"the status of {path_role}.cgi for the role {role}", answer.status, wanted)
    answer = camera.client.get(camera.target("time"), auth=auth)
    expect(f"the status of a report for the role {role}", answer.status, OK)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WIRE-01")
def test_a_viewer_changes_no_setting(camera: Camera, expect: Expectations) -> None:
    somebody = invented.login()
    made = camera.add_user(somebody, "viewer")
    if not made.accepted:
        not_checked(f"no viewer could be made: {made.message or made.answer.shown}")
    before = camera.settings()
    value = 4 if before["sensitivity"] != 4 else 6
    auth = httpx.DigestAuth(somebody.user, somebody.password)
    fields = {camera.dialect.settings["sensitivity"]: value}
    saved = camera.save_fields(fields, auth=auth)
    expect("the status of saving as a viewer", saved.answer.status, FORBIDDEN)
    query = camera.dialect.requests["save"].query
    answer = camera.client.send(
        "POST",
        path_and_query("/cgi-bin/viewer/viewer.cgi", query),
        body=json.dumps(fields).encode(),
        auth=auth,
    )
    is_refused = answer.status != OK or camera.has_failed(answer)
    expect.that("saving as a viewer on viewer.cgi", answer.shown, "refused", is_refused)
    expect("the settings after that", camera.settings(), before)


# --- WIRE-01: statuses ---------------------------------------------------------------------------


@pytest.mark.requirement("WIRE-01")
def test_an_unknown_path_is_404(camera: Camera, expect: Expectations) -> None:
    answer = camera.client.get("/no/such/page.cgi")
    expect("the status of an unknown path", answer.status, NOT_FOUND)


@pytest.mark.requirement("WIRE-01")
def test_a_wrong_method_is_405(camera: Camera, expect: Expectations) -> None:
    answer = camera.client.send("PUT", camera.target("time"))
    expect("the status of PUT for a report", answer.status, NOT_ALLOWED)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WIRE-01")
def test_a_body_too_large_is_413(camera: Camera, expect: Expectations) -> None:
    saved = camera.save_body(b'{"sensitivity":5,' + b" " * 2**20 + b'"enable":1}')
    expect("the status of a body of 1 MiB", saved.answer.status, TOO_LARGE)


@pytest.mark.requirement("WIRE-01")
@pytest.mark.parametrize(
    "head",
    [b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nHost camera\r\n\r\n", b"\x00\x01\x02\r\n\r\n"],
    ids=["no target", "a header without a colon", "binary"],
)
def test_malformed_http_is_400(run: Run, expect: Expectations, head: bytes) -> None:
    answer = raw.send(run.client, head)
    line = answer.split(b"\r\n")[0].decode("latin-1")
    is_bad = re.fullmatch(rf"HTTP/1\.[01] {BAD}( .*)?", line) is not None
    expect.that(f"the answer to {head!r}", line, "HTTP/1.1 400 ...", is_bad)


@pytest.mark.requirement("WIRE-01")
def test_an_action_that_can_not_be_done_is_200_and_failed(
    camera: Camera, expect: Expectations
) -> None:
    path = camera.dialect.requests["settings"].paths[0]
    target = path_and_query(path, [("action", "get.no.such.action"), ("format", "json")])
    answer = camera.client.get(target)
    is_failed = answer.status == OK and camera.has_failed(answer)
    expect.that("an unknown action", answer.shown, '200 {"setState":"failed"}', is_failed)


# --- WIRE-05: the action CGIs ------------------------------------------------------------------

CHANGING = {"minute", "second"}  # between two requests


def in_three_forms(camera: Camera, expect: Expectations, purpose: str) -> dict[str, Any]:
    """The fields of a purpose, which all three forms must tell alike."""
    fields = camera.fields(purpose)
    wanted = {key: text for key, text in forms.as_text(fields).items() if key not in CHANGING}
    for form, read in (("", forms.script_fields), ("inf", forms.inf_fields)):
        answer = camera.client.get(camera.target(purpose, form=form))
        expect(f"the status of {answer.request}", answer.status, OK)
        told = f"{purpose}, format={form or 'absent'}"
        try:
            found = read(answer.text)
        except FormError as error:
            expect.that(told, str(error), "lines of that form", holds=False)
            raise
        expect(f"the keys of {told}", sorted(found), sorted(fields))
        stable = {key: text for key, text in found.items() if key not in CHANGING}
        expect(f"the values of {told}", stable, wanted)
    return fields


@pytest.mark.requirement("WIRE-05")
def test_the_device_says_what_it_is(camera: Camera, expect: Expectations) -> None:
    fields = in_three_forms(camera, expect, "information")
    for name, key in camera.dialect.identity.items():
        value = fields.get(key)
        expect.that(f"{name} ({key})", value, "a text", isinstance(value, str) and value != "")


@pytest.mark.requirement("WIRE-05")
def test_the_device_says_what_time_it_is(camera: Camera, expect: Expectations) -> None:
    in_three_forms(camera, expect, "date_and_time")
    first, second = camera.now(), camera.now()
    gone = second - first
    is_going = timedelta(0) <= gone < timedelta(minutes=5)
    expect.that("the clock, read twice", f"{first}, {second}", "going forward", is_going)


@pytest.mark.requirement("WIRE-05")
def test_the_device_says_how_its_storage_is(camera: Camera, expect: Expectations) -> None:
    fields = in_three_forms(camera, expect, "storage")
    status, disk = fields.get("sdcardStatus"), fields.get("sdcardDiskStatus")
    expect.that("sdcardStatus", status, "0, 1 or 3", status in {0, 1, 3})
    expect.that("sdcardDiskStatus", disk, "0, 1, 2 or 4", disk in {0, 1, 2, 4})
    for key in ("sdcardTotalSize", "sdcardFreeSize", "sdcardUseSize"):
        value = fields.get(key)
        is_kb = isinstance(value, str) and re.fullmatch(r"[0-9]+", value) is not None
        expect.that(key, value, "KB as text", is_kb)
