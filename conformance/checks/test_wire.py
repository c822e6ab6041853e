"""The wire: log-ins and roles, the reports' query and form, and the action CGIs' three forms."""

import itertools
import json
import re
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from conformance import forms, invented, raw, stage
from conformance.camera import Camera
from conformance.challenges import Again, OneChallenge
from conformance.client import Login
from conformance.dialect import path_and_query
from conformance.exchange import Answer
from conformance.expect import Expectations, does_not_apply, not_checked
from conformance.forms import FormError, SpaceMap, TimeRow
from conformance.run import Run

OK, BAD, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, NOT_ALLOWED, TOO_LARGE = (
    *(200, 400, 401, 403),
    *(404, 405, 413),
)
GUARDED = ("information", "settings", "time", "space", "snapshot")
START = "2026-01-05-06:07:08"
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


# --- WIRE-02: the reports' query -----------------------------------------------------------------


def rows_of(answer: Answer, expect: Expectations) -> list[TimeRow]:
    """The rows of a time report, which must be of its form."""
    expect(f"the status of {answer.request}", answer.status, OK)
    try:
        return forms.time_rows(answer.text)
    except FormError as error:
        expect.that(answer.request, str(error), "the CSV form of a time report", holds=False)
        raise


def map_of(answer: Answer, expect: Expectations) -> SpaceMap:
    """A space report, which must be of its form."""
    expect(f"the status of {answer.request}", answer.status, OK)
    try:
        return forms.space_map(answer.text)
    except FormError as error:
        expect.that(answer.request, str(error), "the JSON form of a space report", holds=False)
        raise


def starts(rows: list[TimeRow]) -> list[str]:
    """When the rows begin."""
    return [str(row.start) for row in rows]


@pytest.mark.requirement("WIRE-02")
@pytest.mark.parametrize("kind", ["daily", "weekly", "monthly", "annual", "hour"])
def test_a_time_report_is_of_its_form(camera: Camera, expect: Expectations, kind: str) -> None:
    rows = rows_of(camera.time_report(kind), expect)
    wanted = {"daily": 24, "weekly": 7, "annual": 12, "hour": 1}
    if kind in wanted:
        expect(f"the rows of a report, {kind}", len(rows), wanted[kind])
    for before, after in itertools.pairwise(rows):
        expect("where a row goes on", after.start, before.end + timedelta(seconds=1))


@pytest.mark.requirement("WIRE-02")
@pytest.mark.parametrize("kind", ["daily", "weekly", "monthly", "annual", "hour"])
def test_a_space_report_is_of_its_form(camera: Camera, expect: Expectations, kind: str) -> None:
    found = map_of(camera.space_report(kind), expect)
    expect("the map's width and height", (found.width, found.height), (192, 192))
    expect("min", found.smallest, 0)
    expect("max, and the largest value", found.largest, max(found.cells.values(), default=0))
    outside = [cell for cell in found.cells if not (0 <= cell[0] < 192 and 0 <= cell[1] < 192)]
    expect("cells off the map", outside, [])
    expect("cells of 0", [cell for cell, value in found.cells.items() if value == 0], [])


@pytest.mark.requirement("WIRE-02")
def test_the_most_of_a_map_is_its_largest_value(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    start = stage.week_with_heat(run, camera)
    found = map_of(camera.space_report("weekly", start), expect)
    if len(found.cells) < 2:
        does_not_apply(f"the week from {start} has no heat to tell the largest value of")
    expect("max, and the largest value", found.largest, max(found.cells.values()))


@pytest.mark.requirement("WIRE-02")
def test_the_order_and_spelling_of_parameters_do_not_matter(
    camera: Camera, expect: Expectations
) -> None:
    wanted = starts(rows_of(camera.time_report("weekly", START), expect))
    words = camera.dialect.report
    kind, end = f"{words['kind']}={words['kinds']['weekly']}", f"{words['end']}=2026-01-06-00:00:00"
    start = f"{words['start']}={START}"
    base = camera.dialect.requests["time"]
    dw = "&".join(f"{name}={value}" for name, value in base.query)
    for query in (
        f"{dw}&{kind}&{start}",
        f"{start}&{kind}&{dw}",
        f"{dw}&{start.replace(':', '%3A')}&{kind}",
        f"{dw}&{start}&{kind}&{end}",
        f"{dw}&{start}&{kind}&{end.replace('2026', '2001')}",
    ):
        rows = rows_of(camera.client.get(f"{base.paths[0]}?{query}"), expect)
        expect(f"the rows of {query}", starts(rows), wanted)


@pytest.mark.requirement("WIRE-02")
def test_without_a_kind_a_report_is_a_day(camera: Camera, expect: Expectations) -> None:
    query = camera.report_query(None, START)
    rows = rows_of(camera.ask("time", query), expect)
    expect("the rows", starts(rows), [f"2026-01-05 {h:02}:00:00" for h in range(6, 24)]
           + [f"2026-01-06 {h:02}:00:00" for h in range(6)])  # fmt: skip
    expect("the status of the space report", camera.ask("space", query).status, OK)


@pytest.mark.requirement("WIRE-02")
def test_without_a_start_a_report_begins_today_at_0_00(
    camera: Camera, expect: Expectations
) -> None:
    before = camera.now()
    rows = rows_of(camera.time_report("daily"), expect)
    after = camera.now()
    days = {datetime(one.year, one.month, one.day) for one in (before, after)}  # noqa: DTZ001
    expect.that(
        "the first row of a report without a start",
        rows[0].start if rows else "no row",
        f"today 00:00:00 by the camera's clock ({before})",
        bool(rows) and rows[0].start in days,
    )


@pytest.mark.requirement("WIRE-02")
def test_an_hours_report_is_the_hour_that_holds_its_start(
    camera: Camera, expect: Expectations
) -> None:
    rows = rows_of(camera.time_report("hour", START), expect)
    expect("the rows", [(str(row.start), str(row.end)) for row in rows],
           [("2026-01-05 06:00:00", "2026-01-05 06:59:59")])  # fmt: skip


@pytest.mark.requirement("WIRE-02")
@pytest.mark.parametrize("kind", ["nosuchkind", ""])
def test_data_that_is_not_there_is_404(camera: Camera, expect: Expectations, kind: str) -> None:
    path = camera.dialect.requests["time"].paths[0]
    name = camera.dialect.requests["time"].query[0][0]
    query: list[tuple[str, str]] = [(name, kind)] if kind else []
    answer = camera.client.get(path_and_query(path, query))
    expect(f"the status of {answer.request}", answer.status, NOT_FOUND)


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
