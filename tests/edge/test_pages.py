"""The pages' server: who gets which page, sessions and their tokens, lock-out, first use.

A real camera's interface on loopback, and browsers that keep their cookies; the seconds that
sessions go by are turned by hand, the camera's clock stands where it is set.
"""

import asyncio
import itertools
import json
import re
import time
from importlib.resources import files

import aiohttp
import pytest
from aiohttp import web
from cameras import ADMIN, BEGINS_MS, Played, camera
from clips import walk

from emulator.core.accounts import Account
from emulator.core.device import Identity
from emulator.edge import http
from emulator.edge.gate import Gate
from emulator.edge.pages.pages import OUTSIDE, Pages
from emulator.edge.pages.sessions import Sessions

OWN = {"X-Requested-With": "XMLHttpRequest"}
SET = "/cgi-bin/operator/operator.cgi?action=set.heatmap.configuration&format=json"
GET = "/cgi-bin/viewer/viewer.cgi?action=get.heatmap.configuration&format=json"
EVERY_PAGE = ["/", "/event/heat-map", "/report", "/system"]
SUCCEEDED = {"setState": "succeed"}
WEB = sorted(
    file.name
    for file in files("emulator.edge.pages").joinpath("web").iterdir()
    if not file.name.endswith(".html")
)
PEOPLE = {
    "admin": ADMIN.password,
    "olga": "olga-secret-1",
    "vera": "vera-secret-1",
}


class Site:
    """A camera's whole interface, pages and all."""

    def __init__(self, runner, **changes):
        self.camera = camera(Played(walk(3)), **changes)
        for name, role in (("olga", "operator"), ("vera", "viewer")):
            self.camera.storage.put_account(Account(name, role, PEOPLE[name]))
        self.camera.boot()
        self.camera.start()
        assert self.camera.wait_for_end(60)
        self.at(BEGINS_MS)
        self.now_s = 1000.0
        secrets = (f"secret {number}" for number in itertools.count())
        self.sessions = Sessions(
            "session_1", self.camera.accounts, lambda: self.camera.boot_mark,
            lambda: self.now_s, lambda: next(secrets).replace(" ", "-"),
        )  # fmt: skip
        gate = Gate(
            self.camera.accounts, time.monotonic, b"secret", lambda: b"salt",
            visitor=self.sessions.account,
        )  # fmt: skip
        pages = Pages(self.camera, self.sessions, "admin", lambda name, text: text)
        app = http.application(self.camera, gate.guarding, [], pages.routes())
        app.on_response_prepare.append(pages.quiet)
        self._web = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        self._run = runner.run
        self._browsers = []

        async def begin():
            await self._web.setup()
            await web.TCPSite(self._web, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{self._web.addresses[0][1]}"

        self._run(begin())

    def at(self, now_ms):
        """Have the camera's clock read so, and stand there."""
        self.camera.clock.freeze()
        self.camera.clock.set(now_ms)

    def browser(self):
        browser = Browser(self)
        self._browsers.append(browser)
        return browser

    def logged_in(self, name="admin"):
        browser = self.browser()
        assert browser.log_in(name, PEOPLE[name])[0] == 200
        return browser

    def close(self):
        async def end():
            for browser in self._browsers:
                await browser.close()
            await self._web.cleanup()

        self._run(end())
        self.camera.stop()

    def run(self, coroutine):
        return self._run(coroutine)


class Browser:
    """Keeps cookies, and knows the token of the page that it opened last."""

    def __init__(self, site):
        self._site, self._client, self.token = site, None, None

    def ask(self, path, method="GET", body=None, headers=None, auth=None):
        """(status, text, headers) of one request."""
        return self._site.run(self._ask(path, method, body, headers or {}, auth))

    async def _ask(self, path, method, body, headers, auth):
        if self._client is None:
            self._client = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        if auth is not None:
            headers = {**headers, "Authorization": aiohttp.encode_basic_auth(*auth)}
        sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        url = self._site.url + path
        async with self._client.request(method, url, data=sent, headers=headers) as answer:
            return answer.status, await answer.text(), answer.headers

    def log_in(self, name, password):
        return self.ask("/login", "POST", {"username": name, "password": password}, OWN)

    def facts(self, path="/"):
        """What the page at `path` was told; it is what its script reads."""
        status, text, _ = self.ask(path)
        assert status == 200
        told = re.search(r'<script type="application/json" id="facts">(.*?)</script>', text)[1]
        return json.loads(told)

    def change(self, body, path=SET, **headers):
        """The answer to a change, with the token of a page."""
        token = {"X-CSRF-Token": self.facts()["token"]}
        return self.ask(path, "POST", body, token | headers)

    def forget(self):
        """Lose all cookies."""
        self._client.cookie_jar.clear()

    async def close(self):
        if self._client is not None:
            await self._client.close()


@pytest.fixture(scope="module")
def runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def make(runner):
    made = []

    def make(**changes):
        made.append(Site(runner, **changes))
        return made[-1]

    yield make
    for site in made:
        site.close()


@pytest.fixture
def site(make):
    return make()


def refusal(answer):
    status, text, _ = answer
    assert status == 401
    return json.loads(text)


# --- who gets which page --------------------------------------------------------------------------


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_every_page_is_the_log_in_page_until_somebody_has_logged_in(site, path):
    status, text, headers = site.browser().ask(path)
    assert status == 200
    assert "/web/login.js" in text
    assert "main.js" not in text
    assert site.browser().facts(path) == {
        "activated": True, "admin": "", "passwords": {"shortest": 8, "longest": 32},
    }  # fmt: skip
    assert headers["Cache-Control"] == "no-store"
    browser = site.logged_in("vera")
    assert "/web/main.js" in browser.ask(path)[1]
    assert browser.facts(path)["user"] == "vera"


def test_a_page_is_told_the_tables_of_the_settings_and_never_a_password(site):
    facts = site.logged_in().facts("/event/heat-map")
    rows = {row["label"]: (row["low"], row["high"], row["default"]) for row in facts["settings"]}
    assert rows["Min. Dwell Time"] == (1, 300, 30)
    assert rows["Min. Object Size"] == (1, 100, 10)
    assert facts["region"] == {"rows": 13, "columns": 23}
    assert facts["device"]["model"] == "MS-C8165-PE"
    assert facts["picture"] == {"rows": 180, "columns": 320}
    assert not any(password in json.dumps(facts) for password in PEOPLE.values())


def test_what_is_behind_the_log_in_is_no_file_for_strangers(site):
    stranger, known = site.browser(), site.logged_in()
    names = re.findall(r"/web/([a-z]+\.\w+)", stranger.ask("/")[1])
    assert set(names) <= OUTSIDE
    for name in ("main.js", "heatmap.js", "report.js"):
        assert stranger.ask(f"/web/{name}")[0] == 401
        assert known.ask(f"/web/{name}")[0] == 200
    for name in OUTSIDE:
        assert stranger.ask(f"/web/{name}")[0] == 200


def test_nothing_is_loaded_from_elsewhere_and_the_first_page_is_small(site):
    browser = site.logged_in()
    weights = {}
    for name in WEB:
        text = browser.ask(f"/web/{name}")[1]
        weights[name] = len(text.encode())
        assert not set(re.findall(r"https?://[^\"]+", text)) - {"http://www.w3.org/2000/svg"}
        assert len(text.splitlines()) <= 400
        assert name.endswith(".svg") or text.startswith(("// ", "/* "))
    first = len(site.browser().ask("/")[1]) + sum(weights[name] for name in OUTSIDE)
    assert first < 100_000
    assert len(browser.ask("/")[1]) + sum(weights.values()) - weights["login.js"] < 150_000


def test_pages_are_under_a_strict_policy(site):
    for browser in (site.browser(), site.logged_in()):
        policy = browser.ask("/")[2]["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_a_name_can_end_no_element_of_the_page(site):
    evil = "</script><b>"
    site.camera.storage.put_account(Account(evil, "viewer", "evil-secret-1"))
    site.camera.boot()
    browser = site.browser()
    assert browser.log_in(evil, "evil-secret-1")[0] == 200
    assert "<b>" not in browser.ask("/")[1]
    assert browser.facts()["user"] == evil


@pytest.mark.parametrize(
    "path",
    ["/event", "/event/heat-map/", "/web/", "/web/none.js", "/web/../pages.py", "/web/login.html",
     "/login"],
)  # fmt: skip
def test_an_address_that_is_none_is_404_or_405_for_everybody(site, path):
    wanted = 405 if path == "/login" else 404
    assert site.browser().ask(path)[0] == site.logged_in().ask(path)[0] == wanted


def test_a_camera_without_the_function_answers_its_pages_like_any_unknown_one(make):
    site = make(identity=Identity("MS-C2961-X12PE", "61.8.0.3-r8", "S" * 17, "02:00:00:00:00:01"))
    for browser in (site.browser(), site.logged_in()):
        for path in ("/event/heat-map", "/report"):
            assert browser.ask(path)[:2] == browser.ask("/nothing/here")[:2]
            assert browser.ask(path)[0] == 404
        assert browser.ask("/system")[0] == 200
    assert site.logged_in().facts()["heatMap"] is False


# --- sessions ------------------------------------------------------------------------------------


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(site):
    _, _, headers = site.browser().log_in("vera", PEOPLE["vera"])
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie


def test_a_session_ends_when_unused_for_half_an_hour(site):
    browser = site.logged_in()
    for _ in range(3):
        site.now_s += 30 * 60
        assert browser.facts()["user"] == "admin"
    site.now_s += 30 * 60 + 1
    assert browser.facts()["activated"] is True
    assert browser.ask(GET)[0] == 401


def test_logging_out_ends_this_session_and_no_other(site):
    one, other = site.logged_in(), site.logged_in()
    assert one.change({}, path="/logout")[0] == 200
    assert one.ask(GET)[0] == 401
    assert other.ask(GET)[0] == 200


def test_another_site_can_log_nobody_out(site):
    browser = site.logged_in()
    assert browser.ask("/logout", "POST")[0] == 403
    assert browser.ask(GET)[0] == 200


def test_a_session_ends_with_its_account_or_its_password(site):
    browser = site.logged_in("vera")
    site.camera.storage.put_account(Account("vera", "viewer", "another-1"))
    site.camera.users.look()
    assert browser.ask(GET)[0] == 401
    assert site.browser().log_in("vera", "another-1")[0] == 200


def test_a_camera_that_starts_again_knows_nobody(site):
    browser = site.logged_in()
    site.camera.boot()
    assert browser.ask(GET)[0] == 401


def test_the_session_can_be_asked_for(site):
    browser = site.browser()
    assert json.loads(browser.ask("/session")[1]) == {"user": None}
    browser.log_in("olga", PEOPLE["olga"])
    assert json.loads(browser.ask("/session")[1]) == {"user": "olga"}


def test_the_hundred_and_first_session_ends_the_longest_unused(site):
    first, second = site.logged_in(), site.logged_in()
    first.ask(GET)
    other = site.browser()
    for _ in range(99):
        other.log_in("vera", PEOPLE["vera"])
        other.forget()
    assert first.ask(GET)[0] == 200
    assert second.ask(GET)[0] == 401


# --- changes want the token -----------------------------------------------------------------------


def test_a_change_with_the_pages_token_is_done(site):
    browser = site.logged_in("olga")
    status, text, _ = browser.change({"mintime": 77})
    assert (status, json.loads(text)) == (200, SUCCEEDED)
    assert json.loads(browser.ask(GET)[1])["mintime"] == 77


@pytest.mark.parametrize("token", [None, "", "wrong", "secret-0"])
def test_a_cookie_alone_or_a_wrong_token_changes_nothing(site, token):
    browser = site.logged_in()
    headers = {} if token is None else {"X-CSRF-Token": token}
    for method, path in (("POST", SET), ("GET", f"{SET}&mintime=77")):
        body = b'{"mintime":77}' if method == "POST" else None
        assert browser.ask(path, method, body, headers)[0] == 403
    assert json.loads(browser.ask(GET)[1])["mintime"] == 30


def test_the_token_of_another_session_changes_nothing(site):
    one, other = site.logged_in(), site.logged_in()
    token = {"X-CSRF-Token": other.facts()["token"]}
    assert one.ask(SET, "POST", {"mintime": 77}, token)[0] == 403


def test_a_viewer_sees_and_changes_nothing(site):
    browser = site.logged_in("vera")
    assert json.loads(browser.ask(GET)[1])["mintime"] == 30
    assert browser.change({"mintime": 77})[0] == 403
    viewers = SET.replace("operator", "viewer")
    assert json.loads(browser.change({"mintime": 77}, path=viewers)[1]) == {"setState": "failed"}
    assert json.loads(browser.ask(GET)[1])["mintime"] == 30


def test_credentials_need_no_token_unless_another_site_sends_them(site):
    stranger, auth = site.browser(), ("olga", PEOPLE["olga"])
    assert json.loads(stranger.ask(SET, "POST", {"mintime": 77}, auth=auth)[1]) == SUCCEEDED
    for origin, wanted in (
        ("cross-site", 403),
        ("same-site", 403),
        ("same-origin", 200),
        ("none", 200),
    ):
        headers = {"Sec-Fetch-Site": origin}
        assert stranger.ask(SET, "POST", {"mintime": 78}, headers, auth)[0] == wanted
        assert stranger.ask(GET, "GET", None, headers, auth)[0] == 200


def test_wrong_credentials_are_not_mended_by_a_session(site):
    assert site.logged_in().ask(GET, auth=("admin", "wrong-1"))[0] == 401


def test_only_other_software_is_offered_digest_and_basic(site):
    browser, stranger = site.logged_in(), site.browser()
    site.camera.boot()
    assert "WWW-Authenticate" not in browser.ask(GET)[2]
    assert "WWW-Authenticate" not in stranger.ask(GET, headers={"X-CSRF-Token": ""})[2]
    assert len(stranger.ask(GET)[2].getall("WWW-Authenticate")) == 3


# --- log-in and lock-out --------------------------------------------------------------------------


def test_wrong_credentials_get_nowhere_and_the_fifth_locks_until_the_cameras_clock_says(site):
    browser = site.browser()
    for left in (4, 3, 2, 1):
        told = refusal(browser.log_in("vera", "wrong-1"))
        assert told == {"setState": "failed", "triesLeft": left, "lockedFor": 0}
    told = refusal(browser.log_in("vera", "wrong-1"))
    assert told == {"setState": "failed", "triesLeft": 0, "lockedFor": 300}
    assert refusal(browser.log_in("vera", PEOPLE["vera"]))["lockedFor"] == 300
    assert browser.log_in("olga", PEOPLE["olga"])[0] == 200
    site.at(BEGINS_MS + 299_001)
    assert refusal(browser.log_in("vera", PEOPLE["vera"]))["lockedFor"] == 1
    site.at(BEGINS_MS + 300_000)
    assert browser.log_in("vera", PEOPLE["vera"])[0] == 200


def test_an_answer_does_not_tell_which_accounts_there_are(site):
    browser = site.browser()
    for _ in range(5):
        assert browser.log_in("vera", "wrong-1")[:2] == browser.log_in("nobody", "wrong-1")[:2]


def test_another_site_can_log_nobody_in(site):
    browser = site.browser()
    body = {"username": "vera", "password": PEOPLE["vera"]}
    assert browser.ask("/login", "POST", body)[0] == 403
    assert json.loads(browser.ask("/session")[1]) == {"user": None}


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"\xff", {"username": "vera"}, {"username": "vera", "password": 5},
     {"username": None, "password": "x"}, {"username": "a", "password": "b", "more": "c"}],
)  # fmt: skip
def test_a_log_in_that_cannot_be_read_is_400(site, body):
    assert site.browser().ask("/login", "POST", body, OWN)[0] == 400


def test_a_log_in_of_64_KiB_and_more_is_413(site):
    assert site.browser().ask("/login", "POST", b" " * 65537, OWN)[0] == 413


# --- first use ------------------------------------------------------------------------------------


def test_nobody_gets_in_before_the_first_password_is_set(make):
    site = make(activates=True)
    browser = site.browser()
    assert browser.facts("/report")["activated"] is False
    assert browser.facts()["admin"] == "admin"
    assert refusal(browser.log_in("admin", ADMIN.password))["triesLeft"] == 4
    assert browser.ask(GET, auth=("admin", ADMIN.password))[0] == 401
    status, text, _ = browser.ask("/activate", "POST", {"password": "chosen-by-me-1"}, OWN)
    assert (status, json.loads(text)) == (200, SUCCEEDED)
    assert browser.log_in("admin", "chosen-by-me-1")[0] == 200
    assert browser.ask(GET, auth=("admin", "chosen-by-me-1"))[0] == 200
    assert site.browser().facts()["activated"] is True


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short-1", "password has 7 characters, not 8..32"),
        ("x1" * 17, "password has 34 characters, not 8..32"),
        ("only-letters", "password lacks a letter or a digit"),
        ("12345678", "password lacks a letter or a digit"),
    ],
)
def test_a_first_password_against_the_rule_is_refused_and_said_why(make, password, why):
    browser = make(activates=True).browser()
    told = json.loads(browser.ask("/activate", "POST", {"password": password}, OWN)[1])
    assert told == {"setState": "failed", "message": why}
    assert browser.facts()["activated"] is False


@pytest.mark.parametrize("activates", [True, False])
def test_a_password_is_set_at_the_first_use_only(make, activates):
    site = make(activates=activates)
    browser = site.browser()
    if activates:
        browser.ask("/activate", "POST", {"password": "chosen-by-me-1"}, OWN)
    told = json.loads(browser.ask("/activate", "POST", {"password": "taken-over-1"}, OWN)[1])
    assert told == {"setState": "failed", "message": "the camera is activated already"}
    assert browser.log_in("admin", "taken-over-1")[0] == 401


def test_another_site_can_activate_nothing(make):
    browser = make(activates=True).browser()
    assert browser.ask("/activate", "POST", {"password": "chosen-by-me-1"})[0] == 403
    assert browser.facts()["activated"] is False
