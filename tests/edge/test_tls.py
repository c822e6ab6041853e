"""Certificates: given ones as they are, an own one made once and kept; real handshakes."""

import hashlib
import socket
import ssl
import stat
import threading
from datetime import UTC, datetime

import pytest
import trustme

from emulator.edge.tls import TlsError, given, kept

NOW = datetime(2026, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def issued(authority, tmp_path_factory):
    """A certificate and its key, as files, from an authority."""
    folder = tmp_path_factory.mktemp("issued")
    certificate = authority.issue_cert("camera.example")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    for pem in certificate.cert_chain_pems:
        pem.write_to_path(folder / "cert.pem", append=True)
    return folder / "cert.pem", folder / "key.pem"


def shown(identity, trusted, name):
    """What a strict client that trusts the file sees of whoever serves with `identity`."""
    here, there = socket.socketpair()
    client = ssl.create_default_context(cafile=trusted)
    client.verify_flags |= ssl.VERIFY_X509_STRICT

    def serve():
        try:
            identity.context.wrap_socket(there, server_side=True).close()
        except OSError:
            there.close()

    server = threading.Thread(target=serve)
    server.start()
    try:
        with client.wrap_socket(here, server_hostname=name) as secured:
            return secured.getpeercert(binary_form=True), secured.version()
    finally:
        here.close()
        server.join(10)


# --- its own -------------------------------------------------------------------------------------


def test_its_own_is_made_once_and_kept_for_the_owner_alone(tmp_path):
    first = kept(tmp_path, "MS-C8165-PE", ["192.0.2.7"], NOW)
    later = kept(tmp_path, "another", [], NOW.replace(year=2030))
    assert later.fingerprint == first.fingerprint
    files = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert files == {"https-cert.pem": 0o600, "https-key.pem": 0o600}
    other = tmp_path / "other"
    other.mkdir()
    assert kept(other, "MS-C8165-PE", [], NOW).fingerprint != first.fingerprint


@pytest.mark.parametrize(
    "name", ["localhost", "127.0.0.1", "::1", "192.0.2.7", "door.example", "xn--bcher-kva.example"]
)
def test_a_strict_client_that_trusts_it_finds_the_name_it_asked_for(tmp_path, name):
    hosts = ["192.0.2.7", "door.example", "bücher.example", "no name at all"]
    identity = kept(tmp_path, "MS-C8165-PE", hosts, datetime.now(UTC))
    der, version = shown(identity, tmp_path / "https-cert.pem", name)
    assert hashlib.sha256(der).hexdigest() == identity.fingerprint
    assert version == "TLSv1.3"


def test_it_names_nobody_else(tmp_path):
    identity = kept(tmp_path, "MS-C8165-PE", [], datetime.now(UTC))
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        shown(identity, tmp_path / "https-cert.pem", "door.example")


def test_half_a_pair_that_a_crash_left_is_made_anew(tmp_path):
    (tmp_path / "https-key.pem").write_text("-----BEGIN PRI")
    kept(tmp_path, "MS-C8165-PE", [], NOW)


# --- given ones ---------------------------------------------------------------------------------


def test_a_given_one_is_served_and_its_fingerprint_is_the_first_ones(issued, authority, tmp_path):
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    identity = given(*issued)
    der, _ = shown(identity, tmp_path / "ca.pem", "camera.example")
    assert hashlib.sha256(der).hexdigest() == identity.fingerprint


# --- refusals -----------------------------------------------------------------------------------


def encrypted(key, folder):
    from cryptography.hazmat.primitives import serialization as form

    loaded = form.load_pem_private_key(key.read_bytes(), None)
    locked = form.BestAvailableEncryption(b"secret")
    (folder / "locked.pem").write_bytes(
        loaded.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, locked)
    )
    return folder / "locked.pem"


def test_files_that_will_not_do_are_refused_by_name(issued, authority, tmp_path):
    certificate, key = issued
    junk, empty, cut = tmp_path / "junk.pem", tmp_path / "empty.pem", tmp_path / "cut.pem"
    junk.write_bytes(b"\xff\xfe\x00")
    empty.write_text("")
    cut.write_text(certificate.read_text()[:200])
    broken = tmp_path / "broken.pem"
    broken.write_text(f"{ssl.PEM_HEADER}\nAAAA\n{ssl.PEM_FOOTER}\n")
    foreign = tmp_path / "foreign.pem"
    authority.issue_cert("another.example").private_key_pem.write_to_path(foreign)
    for pair, word in (
        ((tmp_path / "absent.pem", key), "absent.pem can't be read: No such file"),
        ((certificate, tmp_path / "absent.pem"), "key .*absent.pem can't be read: No such file"),
        ((tmp_path, key), "can't be read: Is a directory"),
        ((junk, key), "junk.pem can't be read: it is no PEM file"),
        ((empty, key), "empty.pem holds no certificate"),
        ((cut, key), "cut.pem holds no certificate"),
        ((key, certificate), "key.pem holds no certificate"),
        ((broken, key), "broken.pem and key .*key.pem can't be used: "),
        ((certificate, empty), "key .*empty.pem can't be used: "),
        ((certificate, certificate), "cert.pem can't be used: "),
        ((certificate, foreign), "key .*foreign.pem is not that of certificate .*cert.pem"),
        ((certificate, encrypted(key, tmp_path)), "key .*locked.pem is encrypted"),
    ):
        with pytest.raises(TlsError, match=word):
            given(*pair)


def test_a_kept_one_that_is_damaged_is_refused_and_left_as_it_is(tmp_path):
    kept(tmp_path, "MS-C8165-PE", [], NOW)
    (tmp_path / "https-cert.pem").write_text("mine")
    with pytest.raises(TlsError, match=r"https-cert\.pem holds no certificate"):
        kept(tmp_path, "MS-C8165-PE", [], NOW)
    assert (tmp_path / "https-cert.pem").read_text() == "mine"


def test_a_folder_that_can_not_be_written_is_named(tmp_path):
    with pytest.raises(TlsError, match=r"https-key\.pem can't be kept: No such file"):
        kept(tmp_path / "absent", "MS-C8165-PE", [], NOW)
