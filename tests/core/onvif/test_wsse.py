"""WS-UsernameToken: whose it is, when it is good, and that it is good once.

Digests are worked out by openssl: `(printf NONCE; printf CREATED; printf PASSWORD) | openssl sha1`.
"""

import base64

import pytest
from lxml import etree

from emulator.core.accounts import Account
from emulator.core.onvif import wsse
from emulator.core.onvif.soapfault import Fault
from emulator.core.onvif.wsse import Nonces, Token, token_in

ADMIN = {"admin": Account("admin", "admin", "secret")}
CREATED = "2026-01-01T00:00:00Z"
AT_S = 1_767_225_600  # 2026-01-01T00:00:00Z, by `date -d ... +%s`
DIGEST = "2xZ/Cmnr1KTlt8EvXpFnfAtEYCY="  # of 16 zero octets, CREATED, "secret"
HEADER = """
<s:Header xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:w="{w}" xmlns:u="{u}">
 <w:Security><w:UsernameToken>{parts}</w:UsernameToken></w:Security></s:Header>"""
PARTS = {
    "Username": "<w:Username>admin</w:Username>",
    "Password": f'<w:Password Type="http://docs.example/x#PasswordDigest">{DIGEST}</w:Password>',
    "Nonce": "<w:Nonce>AAAAAAAAAAAAAAAAAAAAAA==</w:Nonce>",
    "Created": f"<u:Created>{CREATED}</u:Created>",
}


def header(**changed):
    parts = "".join({**PARTS, **changed}.values())
    return etree.fromstring(HEADER.format(w=wsse.WSSE, u=wsse.WSU, parts=parts))


def made(nonce, created_s=AT_S, created=CREATED, password="secret", user="admin"):
    return Token(user, wsse.digest_of(nonce, created, password), nonce, created, created_s)


# --- worked examples ----------------------------------------------------------------------------


def test_a_token_is_read_and_proves_its_password():
    token = token_in(header())
    assert token == Token("admin", DIGEST, bytes(16), CREATED, AT_S)
    assert Nonces().who(token, ADMIN, AT_S) == ADMIN["admin"]


@pytest.mark.parametrize(
    ("text", "at_s"),
    [
        ("2026-01-01T00:00:00.123Z", AT_S),
        ("2026-01-01T01:00:00+01:00", AT_S),
        ("2025-12-31T18:30:00-05:30", AT_S),
        ("2026-01-01T00:00:00", AT_S),  # some clients leave out the zone, and mean UTC
    ],
)
def test_created_is_read_as_xml_schema_writes_it(text, at_s):
    assert token_in(header(Created=f"<u:Created>{text}</u:Created>")).created_s == at_s


def test_no_token_is_none():
    assert token_in(None) is None
    assert token_in(etree.fromstring("<x/>")) is None


def test_a_token_is_good_for_five_minutes_either_way_and_no_second_longer():
    for off_s in (-300, 300):
        assert Nonces().who(made(b"n"), ADMIN, AT_S + off_s)
    for off_s in (-301, 301):
        with pytest.raises(Fault, match="off the camera's clock, over 300"):
            Nonces().who(made(b"n"), ADMIN, AT_S + off_s)


def test_a_token_is_good_once():
    nonces = Nonces()
    nonces.who(made(b"one"), ADMIN, AT_S)
    nonces.who(made(b"two"), ADMIN, AT_S)
    for at_s in (AT_S, AT_S + 299, AT_S - 299):
        with pytest.raises(Fault, match="the nonce was used before"):
            nonces.who(made(b"one"), ADMIN, at_s)


def test_a_clock_that_is_set_back_brings_no_request_to_life_again():
    nonces = Nonces()
    nonces.who(made(b"one"), ADMIN, AT_S)
    later = "2026-01-02T00:00:00Z"
    nonces.who(made(b"two", AT_S + 86_400, later), ADMIN, AT_S + 86_400)
    with pytest.raises(Fault, match="used before"):
        nonces.who(made(b"one"), ADMIN, AT_S)


def test_memory_is_bounded_and_who_is_past_is_forgotten_first():
    nonces = Nonces(most=4)
    for number in range(4):
        nonces.who(made(bytes([number])), ADMIN, AT_S)
    with pytest.raises(Fault, match="over 4 log-ins in 600 s"):
        nonces.who(made(b"x"), ADMIN, AT_S)
    later = made(b"y", AT_S + 301, "2026-01-01T00:05:01Z")
    nonces.who(later, ADMIN, AT_S + 301)
    assert nonces._count == 1


def test_what_proves_nothing_takes_no_memory():
    nonces = Nonces(most=1)
    for number in range(20):
        with pytest.raises(Fault, match="name or password is wrong"):
            nonces.who(made(bytes([number]), password="guess"), ADMIN, AT_S)
    nonces.who(made(b"right"), ADMIN, AT_S)


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["admin", "nobody"])
def test_wrong_names_and_passwords_are_told_alike(user):
    with pytest.raises(Fault) as refused:
        Nonces().who(made(b"n", password="", user=user), ADMIN, AT_S)
    assert refused.value.reason == "the sender is not authorized: name or password is wrong"
    assert refused.value.subcodes == ("NotAuthorized",)


@pytest.mark.parametrize("part", PARTS)
def test_a_token_that_lacks_something_is_refused_by_its_name(part):
    with pytest.raises(Fault, match=f"has no {part} of 1..256 characters"):
        token_in(header(**{part: ""}))


@pytest.mark.parametrize(
    ("part", "text", "told"),
    [
        ("Password", "<w:Password>secret</w:Password>", "not of type PasswordDigest"),
        ("Password", '<w:Password Type="x#PasswordText">a</w:Password>', "not of type"),
        ("Nonce", "<w:Nonce>????</w:Nonce>", "Nonce is not base64"),
        ("Nonce", f"<w:Nonce>{'A' * 257}</w:Nonce>", "no Nonce of 1..256"),
        ("Created", "<u:Created>yesterday</u:Created>", "'yesterday' is no date and time"),
        ("Created", "<u:Created>2026-02-30T00:00:00Z</u:Created>", "no date and time"),
    ],
)
def test_a_token_of_another_kind_is_refused(part, text, told):
    with pytest.raises(Fault, match=told):
        token_in(header(**{part: text}))


def test_the_nonces_text_does_not_matter_its_octets_do():
    spelled = base64.b64encode(b"one").decode()
    token = token_in(header(Nonce=f"<w:Nonce> {spelled}\n</w:Nonce>"))
    assert token.nonce == b"one"
