"""TLS: whose certificate is taken, on a real TLS server with authorities made for the test."""

import hashlib
import socket
import ssl
import threading

import pytest
import trustme

from conformance.trust import Trust, TrustError, Wish, establish

HOST = "127.0.0.1"


class TlsServer:
    """Shakes hands, and hangs up."""

    def __init__(self, context):
        self._context, self._over = context, False
        self._socket = socket.create_server((HOST, 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._over = True
        socket.create_connection((HOST, self.port), timeout=5).close()
        self._thread.join(10)
        self._socket.close()

    def _accept(self):
        while True:
            connection, _ = self._socket.accept()
            with connection:
                if self._over:
                    return
                try:
                    self._context.wrap_socket(connection, server_side=True).close()
                except OSError:
                    continue


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.issue_cert(HOST)


@pytest.fixture(scope="module")
def server(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with TlsServer(context) as running:
        yield running


@pytest.fixture(scope="module")
def fingerprint(certificate):
    der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
    return hashlib.sha256(der).hexdigest()


def test_on_a_private_address_it_is_taken_told_and_kept_to(server, fingerprint):
    trust = establish(HOST, server.port, Wish(), is_private=True)
    assert (trust.verified, trust.fingerprint) == (False, fingerprint)
    assert fingerprint in trust.shown


def test_on_a_public_address_it_is_refused_and_the_ways_out_are_told(server):
    with pytest.raises(TrustError, match=r"--ca FILE, --fingerprint SHA256 or --insecure"):
        establish(HOST, server.port, Wish(), is_private=False)


def test_insecure_takes_it_anywhere_but_nobody_vouches_for_it(server, fingerprint):
    trust = establish(HOST, server.port, Wish(insecure=True), is_private=False)
    assert (trust.verified, trust.fingerprint) == (False, fingerprint)


def test_an_authority_may_vouch_for_it(server, authority, tmp_path):
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    trust = establish(HOST, server.port, Wish(ca=str(tmp_path / "ca.pem")), is_private=True)
    assert trust.verified
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    with pytest.raises(TrustError, match="can't be verified"):
        establish(HOST, server.port, Wish(ca=str(tmp_path / "other.pem")), is_private=True)


def test_a_file_that_holds_no_authority_is_named(server, tmp_path):
    for name in ("nowhere.pem", "empty.pem"):
        (tmp_path / "empty.pem").write_text("")
        with pytest.raises(TrustError, match=name):
            establish(HOST, server.port, Wish(ca=str(tmp_path / name)), is_private=True)


def test_the_user_may_vouch_for_it_by_its_fingerprint(server, fingerprint):
    spelled = ":".join(fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()
    assert establish(HOST, server.port, Wish(fingerprint=spelled), is_private=False).verified
    wrong = f"{int(fingerprint, 16) ^ 1:064x}"
    with pytest.raises(TrustError, match=fingerprint):
        establish(HOST, server.port, Wish(fingerprint=wrong), is_private=True)


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "a" * 65])
def test_what_is_no_fingerprint_is_named(server, text):
    with pytest.raises(TrustError, match="64 hex digits"):
        establish(HOST, server.port, Wish(fingerprint=text), is_private=True)


def test_a_connection_to_somebody_else_is_refused(certificate):
    class Other:
        def getpeercert(self, binary_form):
            return b"another certificate"

    with pytest.raises(TrustError, match="the certificate is"):
        Trust(None, "0" * 64).check(Other())
