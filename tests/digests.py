"""The RFC's example of a digest in both algorithms, and credentials spelled as by a client."""

import base64

REALM = "http-auth@example.org"
TARGET = "/dir/index.html"
MUFASA = (  # RFC 7616 section 3.9.1; ALGORITHM and RESPONSE stand for what follows
    'Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", '
    'algorithm=ALGORITHM, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, '
    'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="RESPONSE", '
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
MD5 = "8ca523f5e9506fed4657c9700eebdbec"
SHA_256 = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
WITH_MD5 = MUFASA.replace("ALGORITHM", "MD5").replace("RESPONSE", MD5)
WITH_SHA_256 = MUFASA.replace("ALGORITHM", "SHA-256").replace("RESPONSE", SHA_256)


def basic(octets):
    return "Basic " + base64.b64encode(octets).decode()
