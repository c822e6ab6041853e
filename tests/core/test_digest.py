"""HTTP credentials: the RFCs' worked examples, then refusals."""

import pytest
from digests import MD5, REALM, TARGET, WITH_MD5, WITH_SHA_256, basic

from emulator.core.digest import (
    Basic,
    CredentialsError,
    Digest,
    challenges,
    is_right,
    make_nonce,
    nonce_age_s,
    parse_authorization,
)

# --- worked examples: numbers from the RFCs, never from the code ----------------------------------


@pytest.mark.parametrize("header", [WITH_MD5, WITH_SHA_256])
def test_the_examples_of_rfc_7616_are_right(header):
    assert is_right(parse_authorization(header), "GET", TARGET, REALM, "Circle of Life")


def test_an_example_is_read_field_by_field():
    assert parse_authorization(WITH_SHA_256) == Digest(
        username="Mufasa",
        realm="http-auth@example.org",
        nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        uri="/dir/index.html",
        algorithm="SHA-256",
        nc=1,
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    )


def test_the_example_of_rfc_2617_names_no_algorithm_which_means_md5():
    header = (
        'Digest username="Mufasa",realm="testrealm@host.com",'
        'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093",uri="/dir/index.html",qop=auth,'
        'nc=00000001,cnonce="0a4f113b",response="6629fae49393a05397450978507c4ef1",'
        'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    digest = parse_authorization(header)
    assert digest.algorithm == "MD5"
    assert is_right(digest, "GET", TARGET, "testrealm@host.com", "Circle Of Life")


def test_who_knows_no_qop_signs_the_nonce_and_the_request_alone():
    # The example of RFC 2617 again; its two inner hashes are known, and md5sum told the outer one.
    header = (
        'Digest username="Mufasa", realm="testrealm@host.com", '
        'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", '
        'response="670fd8c2df070c60b045671b8b24ff02"'
    )
    digest = parse_authorization(header)
    assert (digest.nc, digest.cnonce) == (None, "")
    assert is_right(digest, "GET", TARGET, "testrealm@host.com", "Circle Of Life")
    assert not is_right(digest, "GET", TARGET, "testrealm@host.com", "Circle Of Live")


@pytest.mark.parametrize(
    ("header", "credentials"),
    [
        ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", Basic("Aladdin", "open sesame")),
        ("basic  dGVzdDoxMjPCow== ", Basic("test", "123\u00a3")),
        ("Basic YTpiOmM=", Basic("a", "b:c")),
        ("Basic Og==", Basic("", "")),
    ],
)
def test_the_examples_of_rfc_7617_and_their_neighbours(header, credentials):
    assert parse_authorization(header) == credentials


def test_the_challenges_stand_strongest_first():
    assert challenges("IP Camera", "abc") == (
        'Digest realm="IP Camera", qop="auth", algorithm=SHA-256, nonce="abc", charset=UTF-8',
        'Digest realm="IP Camera", qop="auth", algorithm=MD5, nonce="abc", charset=UTF-8',
        'Basic realm="IP Camera", charset="UTF-8"',
    )


def test_a_stale_nonce_is_said_with_both_digests_and_not_with_basic():
    sha_256, md5, plain = challenges("IP Camera", "abc", stale=True)
    assert sha_256.endswith(", stale=true")
    assert md5.endswith(", stale=true")
    assert "stale" not in plain


def test_nc_is_counted_in_hex_and_signed_so():
    use_255 = WITH_MD5.replace("nc=00000001", "nc=000000ff")
    # From A1 and A2 of the RFC's example with md5sum, by hand.
    header = use_255.replace(MD5, "7d2abbd9e8d4f1777c29e0099f90f51b")
    assert parse_authorization(header).nc == 255
    assert is_right(parse_authorization(header), "GET", TARGET, REALM, "Circle of Life")


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ('username="Mufasa"', "Mufasa"),
        ("username=Mufasa", "Mufasa"),
        ('USERNAME = "Mufasa" ', "Mufasa"),
        (r'username="Mu\"fa\\sa"', r'Mu"fa\sa'),
        ('username="Mu, response=fasa"', "Mu, response=fasa"),
        ('username="J\u00e4s\u00f8n"', "J\u00e4s\u00f8n"),
        ("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe", "J\u00e4s\u00f8n Doe"),
        ("username*=utf-8'de'Mufasa", "Mufasa"),
        ('username="Mufasa",,\t,userhash=false', "Mufasa"),
    ],
)
def test_a_name_is_read_however_it_is_spelled(sent, read):
    header = WITH_MD5.replace('username="Mufasa"', sent)
    assert parse_authorization(header).username == read


@pytest.mark.parametrize(
    ("plain", "also"),
    [
        ("Digest ", "dIGEST \t "),
        ("qop=auth", 'qop="auth"'),
        ("algorithm=MD5", 'algorithm="md5"'),
        ("nc=00000001", 'nc="00000001"'),
        (f'"{MD5}"', MD5),
        (", ", ","),
    ],
)
def test_spelling_that_clients_differ_in_makes_no_difference(plain, also):
    assert plain in WITH_MD5
    assert parse_authorization(WITH_MD5.replace(plain, also)) == parse_authorization(WITH_MD5)


def test_a_digest_signed_for_another_target_proves_nothing_however_alike():
    digest = parse_authorization(WITH_MD5)
    for target in ("/dir/index%2Ehtml", "/dir/index.html?", "/dir//index.html", "/\udce4", ""):
        assert not is_right(digest, "GET", target, REALM, "Circle of Life")


def test_a_digest_signed_for_another_method_proves_nothing():
    digest = parse_authorization(WITH_MD5)
    assert not is_right(digest, "POST", TARGET, REALM, "Circle of Life")


def test_a_nonce_tells_its_age_to_the_one_who_made_it():
    nonce = make_nonce(b"secret", 1000.5, b"salt")
    assert nonce_age_s(b"secret", nonce, 1000.5) == 0
    assert nonce_age_s(b"secret", nonce, 1300.75) == 300.25
    assert nonce_age_s(b"Secret", nonce, 1300.75) is None
    assert nonce_age_s(b"secret", nonce.upper(), 1300.75) is None


def test_a_nonce_from_the_future_is_not_ours():
    assert nonce_age_s(b"secret", make_nonce(b"secret", 1000.5, b"salt"), 1000.25) is None


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["username", "realm", "nonce", "uri", "nc", "cnonce", "response"])
def test_a_missing_field_is_named(name):
    with pytest.raises(CredentialsError, match=f"^{name} is missing"):
        parse_authorization(WITH_MD5.replace(f" {name}=", f" x{name}="))


@pytest.mark.parametrize("name", ["username", "nc", "response", "opaque", "Realm"])
def test_a_field_given_twice_is_refused_though_it_says_the_same(name):
    again = f"{name}=00000001, "
    with pytest.raises(CredentialsError, match=f"^{name.lower()} is given twice"):
        parse_authorization(WITH_MD5.replace("Digest ", "Digest " + again))


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ("qop=auth", "qop=auth-int", "^qop='auth-int' is not auth"),
        ("qop=auth", 'qop="auth,auth-int"', "^qop="),
        ("qop=auth", "qop=AUTH", "^qop="),
        ("algorithm=MD5", "algorithm=MD5-sess", "^algorithm='MD5-SESS' is not SHA-256 or MD5"),
        ("algorithm=MD5", "algorithm=SHA-512-256", "^algorithm="),
        ("algorithm=MD5", "algorithm=SHA-256", "^response is not 64 "),
        ("nc=00000001", "nc=1", "^nc is not 8 "),
        ("nc=00000001", "nc=000000001", "^nc is not 8 "),
        ("nc=00000001", "nc=0000000A", "^nc is not 8 lower-case hex"),
        ("nc=00000001", "nc=0x000001", "^nc is not 8 "),
        ("nc=00000001", 'nc="\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0661"', "^nc is not"),
        (MD5, MD5[1:], "^response is not 32 "),
        (MD5, MD5.upper(), "^response is not 32 lower-case"),
        ("qop=auth", "qop=auth, userhash=true", "^userhash was not offered"),
        ("qop=auth", "qop=auth, username*=UTF-8''Mufasa", "^username is missing, or given twice"),
        ('username="Mufasa"', "username*=Mufasa", r"^username\* is not UTF-8"),
        ('username="Mufasa"', "username*=ISO-8859-1''Mufasa", r"^username\* is not UTF-8"),
        ('username="Mufasa"', "username*=UTF-8''J%E4s", r"^username\* is not UTF-8"),
        ('username="Mufasa"', "username*=UTF-8''a%00b", r"^username\* .* control"),
        ('username="Mufasa"', 'username="Mufasa', "^field 1 of .* malformed"),
        (f'response="{MD5}"', 'response="Muf\\', "malformed"),
        ('username="Mufasa"', 'username="Muf"asa', "^field 1 of .* malformed"),
        ('username="Mufasa"', "username=", "^field 1 of .* malformed"),
        ('username="Mufasa"', "username", "^field 1 of .* malformed"),
        ('username="Mufasa"', "username=Muf/asa", "^field 1 of .* malformed"),
        ("Mufasa", "Muf\nasa", "control"),
        ("Mufasa", "Muf\x00asa", "control"),
        ("Mufasa", "J\udce4s", "not UTF-8"),
        ("Mufasa", "a" * 8192, "^8[0-9]{3} characters of credentials, over 8192"),
        ("Digest", "Digestive", "^scheme='Digestive' is not Basic or Digest"),
        ("Digest ", "", "^scheme="),
    ],
)
def test_anything_malformed_is_refused_with_the_reason(good, bad, message):
    assert good in WITH_MD5
    with pytest.raises(CredentialsError, match=message):
        parse_authorization(WITH_MD5.replace(good, bad))


@pytest.mark.parametrize("header", ["", " ", "Bearer abc", "Digest", "Digest ,,", "Basic"])
def test_a_header_without_credentials_is_refused(header):
    with pytest.raises(CredentialsError):
        parse_authorization(header)


@pytest.mark.parametrize(
    "token",
    ["YTpi=", "YTp", "YT pi", "YTpi YTpi", "YTp-", "YTpi\u0660", "=YTpi", "/w==", "4TpC", ""],
)
def test_what_is_not_base64_of_utf_8_is_refused(token):
    with pytest.raises(CredentialsError, match="not base64 of UTF-8"):
        parse_authorization("Basic " + token)


@pytest.mark.parametrize("octets", [b"nobody", b"a:b\n", b"a\x00:b", b"a:\x7f"])
def test_basic_without_a_colon_or_with_controls_is_refused(octets):
    with pytest.raises(CredentialsError, match="no colon, or control"):
        parse_authorization(basic(octets))


def test_a_refusal_never_repeats_a_password():
    with pytest.raises(CredentialsError) as refusal:
        parse_authorization(basic(b"hunter2\n"))
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize("realm", ['a"b', "a\\b", "a\r\nX: y", "caf\u00e9", "\ud800"])
def test_a_realm_that_cannot_stand_in_a_header_is_refused(realm):
    with pytest.raises(CredentialsError, match=r"^realm="):
        challenges(realm, "abc")
    with pytest.raises(CredentialsError, match=r"^nonce="):
        challenges("IP Camera", realm)
