"""HTTP credentials: laws over whatever a client may sign, or send."""

import contextlib
import dataclasses
import string

from digests import REALM, TARGET, WITH_MD5, basic
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.digest import (
    Basic,
    CredentialsError,
    Digest,
    answer,
    is_right,
    is_same,
    make_nonce,
    nonce_age_s,
    parse_authorization,
)

# What a header can carry inside quotes, as UTF-8: anything but controls and half characters.
texts = st.text(st.characters(min_codepoint=32, codec="utf-8", exclude_characters="\x7f"))
names = texts.filter(lambda text: ":" not in text)
tokens = st.text(string.ascii_letters + string.digits + "!#$%&'*+.^_`|~-", min_size=1)
lower_hex = "0123456789abcdef"
unsigned = st.builds(
    Digest,
    username=texts,
    realm=texts,
    nonce=texts,
    uri=texts,
    algorithm=st.sampled_from(["MD5", "SHA-256"]),
    nc=st.integers(0, 2**32 - 1),
    cnonce=texts,
    response=st.just(""),
)
methods = st.sampled_from(["GET", "POST", "DESCRIBE"])
seconds = st.floats(0, 1e9)
salts = st.binary(max_size=24)
secrets = st.binary(min_size=1, max_size=64)


def signed(digest, method, password):
    return dataclasses.replace(digest, response=answer(digest, method, password))


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def spelled(digest):
    """What a careful client sends: texts in quotes, the rest bare."""
    return (
        f"Digest username={quoted(digest.username)}, realm={quoted(digest.realm)}, "
        f"nonce={quoted(digest.nonce)}, uri={quoted(digest.uri)}, algorithm={digest.algorithm}, "
        f"qop=auth, nc={digest.nc:08x}, cnonce={quoted(digest.cnonce)}, "
        f"response={quoted(digest.response)}"
    )


@given(unsigned, methods, texts)
def test_whatever_a_client_signs_is_read_back_and_right(digest, method, password):
    digest = signed(digest, method, password)
    assert parse_authorization(spelled(digest)) == digest
    assert is_right(digest, method, digest.uri, digest.realm, password)


@given(names, texts)
def test_whatever_goes_into_basic_comes_out(username, password):
    header = basic(f"{username}:{password}".encode())
    assert parse_authorization(header) == Basic(username, password)


@given(unsigned, unsigned, methods, st.sampled_from(dataclasses.fields(Digest)))
def test_any_one_field_changed_on_the_way_makes_it_wrong(digest, other, method, field):
    other = signed(other, method, "another")
    digest = signed(digest, method, "secret")
    forged = dataclasses.replace(digest, **{field.name: getattr(other, field.name)})
    right = is_right(forged, method, digest.uri, digest.realm, "secret")
    assert right == (forged == digest)


@given(unsigned, methods, methods, texts, texts)
def test_another_method_or_password_makes_it_wrong(digest, method, other, password, guess):
    digest = signed(digest, method, password)
    for tried in (password, guess):
        right = is_right(digest, other, digest.uri, digest.realm, tried)
        assert right == ((other, tried) == (method, password))


@given(unsigned, methods, st.text(st.characters()), texts)
def test_a_digest_is_good_for_one_target_and_one_realm(digest, method, target, realm):
    digest = signed(digest, method, "secret")
    assert is_right(digest, method, target, digest.realm, "secret") == (target == digest.uri)
    assert is_right(digest, method, digest.uri, realm, "secret") == (realm == digest.realm)


@given(secrets, seconds, seconds, salts)
def test_a_nonce_is_as_old_as_the_time_since(secret, issued_s, later_s, salt):
    nonce = make_nonce(secret, issued_s, salt)
    assert nonce_age_s(secret, nonce, issued_s + later_s) == issued_s + later_s - issued_s


@given(secrets, seconds, salts, salts)
def test_nonces_of_one_instant_differ_by_their_salt(secret, at_s, salt, other):
    same = make_nonce(secret, at_s, salt) == make_nonce(secret, at_s, other)
    assert same == (salt == other)


@given(salts, st.data())
def test_one_changed_character_makes_a_nonce_not_ours(salt, data):
    nonce = make_nonce(b"secret", 1000, salt)
    at = data.draw(st.integers(0, len(nonce) - 1))
    mark = data.draw(st.characters() | st.sampled_from(lower_hex.upper() + " "))
    age = nonce_age_s(b"secret", nonce[:at] + mark + nonce[at + 1 :], 1000)
    assert (age is not None) == (mark == nonce[at])


@given(st.text(st.characters()) | st.text(lower_hex, max_size=200))
def test_any_text_at_all_is_no_nonce_of_ours(text):
    assert nonce_age_s(b"secret", text, 1000) is None


fields = st.tuples(
    tokens | st.sampled_from(["username", "username*", "nc", "qop", "uri"]),
    tokens | texts.map(quoted) | st.text(st.characters()),
).map("=".join)
headers = st.one_of(
    st.text(st.characters()),
    st.tuples(st.sampled_from(["Digest ", "Basic ", ""]), st.text(st.characters())).map("".join),
    st.lists(fields).map(lambda parts: "Digest " + ", ".join(parts)),
    st.lists(fields).map(lambda parts: WITH_MD5.replace(", opaque", ", ".join(["", *parts, "o"]))),
    st.binary().map(basic),
)


@given(headers)
def test_any_text_at_all_gives_credentials_or_a_refusal(header):
    with contextlib.suppress(CredentialsError):
        assert isinstance(parse_authorization(header), Basic | Digest)


@given(st.data())
def test_an_example_with_one_character_changed_is_never_right_for_another_reading(data):
    at = data.draw(st.integers(0, len(WITH_MD5) - 1))
    mark = data.draw(st.characters())
    with contextlib.suppress(CredentialsError):
        digest = parse_authorization(WITH_MD5[:at] + mark + WITH_MD5[at + 1 :])
        if is_right(digest, "GET", TARGET, REALM, "Circle of Life"):
            assert digest == parse_authorization(WITH_MD5)


@given(texts, texts)
def test_two_texts_are_the_same_when_they_are_equal(one, other):
    assert is_same(one, one)
    assert is_same(one, other) == (one == other)
