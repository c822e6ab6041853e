"""The gate before a real application on loopback, with clients that write their own headers.

What a right answer is comes from RFC 7616's formulas, worked out here; the seconds that the
gate goes by are turned by hand.
"""

import asyncio
import base64
import hashlib
import itertools
import re
from dataclasses import dataclass, replace

import pytest
from aiohttp import web
from hypothesis import example, given
from hypothesis import strategies as st

from emulator.core.accounts import Account
from emulator.core.defects import policy
from emulator.core.policy import RIGHT
from emulator.edge.gate import Gate

ACCOUNTS = [
    Account("admin", "admin", "stunt-double-1"),
    Account("olga", "operator", "olga-secret-1"),
    Account("vera", "viewer", "vera-secret-1"),
    Account("J\u00f6rg", "viewer", "p\u00e4sswort-1"),
]
HASHES = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}


class Site:
    """A tiny site behind a gate: /viewer, /operator and /admin say who was let in."""

    def __init__(self, runner):
        self.accounts = {account.name: account for account in ACCOUNTS}
        self.policy = RIGHT
        self.now_s = 1000.0
        salts = itertools.count()
        self.gate = Gate(
            lambda: self.accounts,
            lambda: self.now_s,
            b"only this gate knows",
            lambda: next(salts).to_bytes(8),
            lambda: self.policy,
        )
        self._runner = runner
        self._loop_runs = runner.run

    def open(self):
        async def inside(request):
            body = await request.read()
            return web.Response(text=f"inside {len(body)}")

        app = web.Application()
        for role in ("viewer", "operator", "admin"):
            app.router.add_route("*", f"/{role}", self.gate.guarding(role, inside))
        self._site = web.AppRunner(app, access_log=None)

        async def begin():
            await self._site.setup()
            listening = web.TCPSite(self._site, "127.0.0.1", 0)
            await listening.start()
            self._port = self._site.addresses[0][1]

        self._loop_runs(begin())

    def close(self):
        self._loop_runs(self._site.cleanup())

    def ask(self, authorization=None, target="/viewer", method="GET", body=b""):
        """(status, text, {field: [values]}) of one request on a connection of its own."""
        return self._loop_runs(self._ask(authorization, target, method, body))

    async def _ask(self, authorization, target, method, body):
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        head = f"{method} {target} HTTP/1.1\r\nHost: camera\r\nConnection: close\r\n"
        head += f"Content-Length: {len(body)}\r\n"
        if authorization is not None:
            head += f"Authorization: {authorization}\r\n"
        writer.write(head.encode("utf-8", "surrogateescape") + b"\r\n" + body)
        said = (await asyncio.wait_for(reader.read(), 10)).decode()
        writer.close()
        await writer.wait_closed()
        top, _, text = said.partition("\r\n\r\n")
        status, *lines = top.split("\r\n")
        fields = {}
        for line in lines:
            name, _, value = line.partition(": ")
            fields.setdefault(name.lower(), []).append(value)
        return int(status.split(" ")[1]), text, fields

    def challenges(self, authorization=None, target="/viewer"):
        """What a refusal offers: the WWW-Authenticate fields in their order."""
        status, _, fields = self.ask(authorization, target)
        assert status == 401
        return fields["www-authenticate"]

    def nonce(self):
        return re.search(r'nonce="([^"]*)"', self.challenges()[0])[1]


@dataclass(frozen=True)
class Login:
    """A Digest answer that can be changed before it is signed, or after."""

    nonce: str
    nc: int | None = 1  # None: it knows no qop
    username: str = "vera"
    password: str = "vera-secret-1"
    uri: str = "/viewer"
    method: str = "GET"
    realm: str = "IP Camera"
    algorithm: str = "SHA-256"
    cnonce: str = "f2/wE4q74E6z"

    @property
    def response(self):
        def h(text):
            return HASHES[self.algorithm](text.encode()).hexdigest()

        secret = h(f"{self.username}:{self.realm}:{self.password}")
        about = h(f"{self.method}:{self.uri}")
        if self.nc is None:
            return h(f"{secret}:{self.nonce}:{about}")
        return h(f"{secret}:{self.nonce}:{self.nc:08x}:{self.cnonce}:auth:{about}")

    def header(self, **instead):
        """The field's value; `instead` puts other values in after the signature was made."""
        fields = {
            "username": self.username,
            "realm": self.realm,
            "nonce": self.nonce,
            "uri": self.uri,
            "algorithm": self.algorithm,
            "response": self.response,
        }
        if self.nc is not None:
            fields |= {"qop": "auth", "nc": f"{self.nc:08x}", "cnonce": self.cnonce}
        fields |= instead
        bare = {"algorithm", "qop", "nc"}
        told = (f"{k}={v}" if k in bare else f'{k}="{v}"' for k, v in fields.items())
        return "Digest " + ", ".join(told)


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture(scope="module")
def site():
    with asyncio.Runner() as runner:
        site = Site(runner)
        site.open()
        yield site
        site.close()


@pytest.fixture
def accounts(site):
    """Who may log in, to be changed; put back at the end."""
    yield site.accounts
    site.accounts = {account.name: account for account in ACCOUNTS}


@pytest.fixture
def by_rule(site):
    """Has the gate go by the rules of a defect; by the right ones again at the end."""

    def spoil(name):
        site.policy = policy([name])

    yield spoil
    site.policy = RIGHT


# --- other rules ----------------------------------------------------------------------------------


def test_a_viewers_path_is_open_and_an_operators_is_not(site, by_rule):
    by_rule("viewer-path-open")
    assert site.ask()[0] == 200
    assert site.ask(target="/operator")[0] == 401


def test_any_nonce_lets_in_and_one_that_was_here_does_again(site, by_rule):
    strange = Login("5f" * 24).header()
    assert site.ask(strange)[0] == 401
    by_rule("nonce-unchecked")
    assert site.ask(strange)[0] == 200
    assert site.ask(strange)[0] == 401  # its count is spent
    by_rule("digest-replayed")
    ours = Login(site.nonce()).header()
    assert [site.ask(ours)[0] for _ in range(2)] == [200, 200]


def test_what_is_offered_and_who_may_is_the_rules_as_of_now(site, by_rule):
    by_rule("digest-md5-only")
    assert len(site.challenges()) == 2
    by_rule("viewer-may-write")
    assert site.ask(basic("vera", "vera-secret-1"), "/operator")[0] == 200


# --- worked examples ----------------------------------------------------------------------------


def test_a_stranger_is_offered_three_ways_in_with_one_nonce(site):
    offered = site.challenges()
    nonce = re.search(r'nonce="([0-9a-f]+)"', offered[0])[1]
    assert offered == [
        f'Digest realm="IP Camera", qop="auth", algorithm=SHA-256, nonce="{nonce}", charset=UTF-8',
        f'Digest realm="IP Camera", qop="auth", algorithm=MD5, nonce="{nonce}", charset=UTF-8',
        'Basic realm="IP Camera", charset="UTF-8"',
    ]
    assert site.nonce() != nonce


@pytest.mark.parametrize("algorithm", ["SHA-256", "MD5"])
@pytest.mark.parametrize("target", ["/viewer", "/viewer?a=b&c=%2f%20,", "/viewer?x=%zz&=='"])
def test_a_right_digest_comes_in(site, algorithm, target):
    login = Login(site.nonce(), algorithm=algorithm, uri=target)
    assert site.ask(login.header(), target)[:2] == (200, "inside 0")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
def test_a_digest_is_good_for_its_method(site, method):
    login = Login(site.nonce(), method=method)
    body = b"12345" if method in {"POST", "PUT"} else b""
    status, text, _ = site.ask(login.header(), method=method, body=body)
    assert (status, text) == (200, "" if method == "HEAD" else f"inside {len(body)}")


def test_a_right_password_comes_in_by_basic(site):
    assert site.ask(basic("vera", "vera-secret-1"))[:2] == (200, "inside 0")


def test_names_and_passwords_may_have_umlauts(site):
    assert site.ask(basic("J\u00f6rg", "p\u00e4sswort-1"))[0] == 200
    plain = Login(site.nonce(), username="J\u00f6rg", password="p\u00e4sswort-1")
    assert site.ask(plain.header())[0] == 200
    starred = (
        replace(plain, nc=2).header().replace('username="J\u00f6rg"', "username*=UTF-8''J%C3%B6rg")
    )
    assert site.ask(starred)[0] == 200


@pytest.mark.parametrize(
    ("path", "let_in"),
    [("/viewer", "admin olga vera"), ("/operator", "admin olga"), ("/admin", "admin")],
)
def test_a_higher_role_may_use_lower_paths_and_no_other_way_round(site, path, let_in):
    for account in ACCOUNTS[:3]:
        expected = 200 if account.name in let_in.split() else 403
        assert site.ask(basic(account.name, account.password), path)[0] == expected
        login = Login(site.nonce(), username=account.name, password=account.password, uri=path)
        assert site.ask(login.header(), path)[0] == expected


def test_who_may_come_in_is_looked_up_each_time(site, accounts):
    vera = basic("vera", "vera-secret-1")
    assert site.ask(vera, "/operator")[0] == 403
    accounts["vera"] = accounts["vera"]._replace(role="operator")
    assert site.ask(vera, "/operator")[0] == 200
    accounts["vera"] = accounts["vera"]._replace(password="vera-secret-2")
    assert site.ask(vera, "/operator")[0] == 401
    del accounts["vera"]
    assert site.ask(basic("vera", "vera-secret-2"), "/operator")[0] == 401


def test_an_overheard_request_is_refused_as_stale_and_a_new_nonce_helps(site):
    login = Login(site.nonce())
    assert site.ask(login.header())[0] == 200
    again = site.challenges(login.header())
    assert [", stale=true" in challenge for challenge in again] == [True, True, False]
    fresh = re.search(r'nonce="([^"]*)"', again[0])[1]
    assert site.ask(replace(login, nonce=fresh).header())[0] == 200


def test_counts_may_come_in_any_order_but_each_once(site):
    login = Login(site.nonce())
    statuses = [site.ask(replace(login, nc=nc).header())[0] for nc in (3, 1, 2, 1, 3, 4)]
    assert statuses == [200, 200, 200, 401, 401, 200]


@pytest.mark.parametrize("algorithm", ["SHA-256", "MD5"])
def test_a_client_that_knows_no_qop_uses_a_nonce_once(site, algorithm):
    login = Login(site.nonce(), nc=None, algorithm=algorithm)
    assert site.ask(login.header())[0] == 200
    again = site.challenges(login.header())
    assert all(", stale=true" in challenge for challenge in again[:2])
    wrong = replace(login, nonce=site.nonce(), password="vera-secret-2")
    assert site.ask(wrong.header())[0] == 401


def test_a_nonce_is_good_for_five_minutes(site):
    login = Login(site.nonce())
    site.now_s += 300
    assert site.ask(login.header())[0] == 200
    site.now_s += 0.001
    late = replace(login, nc=2).header()
    assert all(", stale=true" in challenge for challenge in site.challenges(late)[:2])


def test_only_who_knows_the_password_is_told_that_a_nonce_is_stale(site):
    login = Login(site.nonce())
    site.now_s += 301
    guessed = replace(login, password="vera-secret-2").header()
    assert not any("stale" in challenge for challenge in site.challenges(guessed))


def test_a_nonce_from_the_future_or_of_another_gate_is_not_ours(site):
    nonce = site.nonce()
    site.now_s -= 1
    assert not any("stale" in challenge for challenge in site.challenges(Login(nonce).header()))
    site.now_s += 1
    other = bytearray.fromhex(nonce)
    other[-1] ^= 1
    for forged in (other.hex(), nonce.upper(), nonce[:-2], nonce + "00", "", "0", "x" * 96):
        offered = site.challenges(Login(forged).header())
        assert not any("stale" in challenge for challenge in offered)


# --- laws ---------------------------------------------------------------------------------------

# What a field's value may hold: no controls but the tab (RFC 9110), bytes as they come.
VALUES = st.binary(max_size=200).map(
    lambda octets: bytes(b for b in octets if b >= 32 and b != 127).decode(
        "utf-8", "surrogateescape"
    )
)


@given(VALUES | st.builds("{} {}".format, st.sampled_from(["Basic", "Digest", "digest"]), VALUES))
@example("Digest " + ", ".join(f'{name}="x"' for name in ("realm", "nonce", "uri", "cnonce")))
@example("Basic " + "QUFB" * 1500)
@example('Digest username="\\')
@example("Basic Og==")
def test_any_other_text_is_refused(site, text):
    status, _, fields = site.ask(text)
    assert status == 401
    assert len(fields["www-authenticate"]) == 3


@given(
    st.sampled_from(["username", "realm", "nonce", "uri", "nc", "cnonce", "response", "algorithm"]),
    st.data(),
)
def test_nothing_of_a_signed_answer_can_be_changed(site, name, data):
    login = Login(site.nonce(), nc=data.draw(st.integers(1, 2**32 - 1)))
    signed = {"nc": f"{login.nc:08x}", "algorithm": "SHA-256", "response": login.response}
    was = signed.get(name, getattr(login, name))
    at = data.draw(st.integers(0, len(was) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"\\'))
    changed = was[:at] + other + was[at + 1 :]
    expected = 200 if changed == was else 401
    if (name, changed.upper()) == ("algorithm", was):
        expected = 200  # its case is a matter of taste
    assert site.ask(login.header(**{name: changed}))[0] == expected


@given(st.lists(st.integers(1, 4) | st.sampled_from([2**32 - 1, 2**31]), max_size=8))
def test_each_count_of_a_nonce_is_good_once(site, counts):
    login = Login(site.nonce())
    seen = set()
    for nc in counts:
        expected = 401 if nc in seen else 200
        assert site.ask(replace(login, nc=nc).header())[0] == expected
        seen.add(nc)


def test_no_more_nonces_are_remembered_than_five_minutes_give(site):
    # The one look inside: what is not remembered shows nowhere else.
    site.now_s += 1000
    site.challenges()
    for second in range(700):
        assert site.ask(Login(site.nonce()).header())[0] == 200
        site.now_s += 1
        assert len(site.gate._counts) == min(second + 1, 301)
    site.now_s += 301
    site.challenges()
    assert not site.gate._counts


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "password"),
    [("vera", "vera-secret-2"), ("vera", ""), ("vera", "VERA-SECRET-1"), ("Vera", "vera-secret-1"),
     ("", ""), ("nobody", "vera-secret-1"), ("vera", "vera-secret-1 "), ("admin", "vera-secret-1")],
)  # fmt: skip
def test_a_wrong_name_or_password_is_refused_alike(site, name, password):
    assert site.ask(basic(name, password))[0] == 401
    offered = site.challenges(Login(site.nonce(), username=name, password=password).header())
    assert not any("stale" in challenge for challenge in offered)


@pytest.mark.parametrize(
    "wrong",
    [{"realm": "Other Camera"}, {"uri": "/operator"}, {"uri": "/viewer?"}, {"uri": "*"},
     {"method": "POST"}, {"username": "olga"}],
    ids=str,
)  # fmt: skip
def test_a_digest_about_something_else_is_refused_though_well_signed(site, wrong):
    offered = site.challenges(replace(Login(site.nonce()), **wrong).header())
    assert not any("stale" in challenge for challenge in offered)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "DELETE"])
def test_nobody_comes_in_without_credentials_by_any_method(site, method):
    assert site.ask(method=method)[0] == 401


def test_who_is_refused_is_not_told_what_is_inside(site):
    assert "inside" not in site.ask(basic("vera", "wrong"))[1]
    assert "inside" not in site.ask(basic("vera", "vera-secret-1"), "/admin")[1]
