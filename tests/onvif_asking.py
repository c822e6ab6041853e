"""A SOAP client of its own for tests: what is sent is written here, by hand."""

import base64
import hashlib
import os

import requests
from lxml import etree
from requests.auth import HTTPDigestAuth
from running import PASSWORD

SOAP = "http://www.w3.org/2003/05/soap-envelope"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
TDS = "http://www.onvif.org/ver10/device/wsdl"
TRT = "http://www.onvif.org/ver10/media/wsdl"
TR2 = "http://www.onvif.org/ver20/media/wsdl"
TIMG = "http://www.onvif.org/ver20/imaging/wsdl"
TMD = "http://www.onvif.org/ver10/deviceIO/wsdl"
TT = "http://www.onvif.org/ver10/schema"
TER = "http://www.onvif.org/ver10/error"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
TYPE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"

PATHS = {
    TDS: "/onvif/device_service",
    TRT: "/onvif/media_service",
    TR2: "/onvif/media2_service",
    TIMG: "/onvif/imaging_service",
    TMD: "/onvif/deviceio_service",
    "http://www.onvif.org/ver10/events/wsdl": "/onvif/event_service",
    "http://www.onvif.org/ver20/analytics/wsdl": "/onvif/analytics_service",
}


def envelope(namespace, operation, inner="", header="", soap=SOAP):
    head = f"<s:Header>{header}</s:Header>" if header else ""
    return (
        f'<s:Envelope xmlns:s="{soap}" xmlns:t="{namespace}" xmlns:tt="{TT}">{head}<s:Body>'
        f"<t:{operation}>{inner}</t:{operation}></s:Body></s:Envelope>"
    )


def token(created, user="admin", password=PASSWORD, nonce=None, kind="#PasswordDigest"):
    """A UsernameToken, by the OASIS profile's own formula."""
    nonce = os.urandom(16) if nonce is None else nonce
    digest = hashlib.sha1(nonce + created.encode() + password.encode()).digest()
    shown = base64.b64encode(digest).decode() if kind == "#PasswordDigest" else password
    return (
        f'<w:Security xmlns:w="{WSSE}" s:mustUnderstand="1"><w:UsernameToken>'
        f"<w:Username>{user}</w:Username>"
        f'<w:Password Type="{TYPE}{kind}">{shown}</w:Password>'
        f"<w:Nonce>{base64.b64encode(nonce).decode()}</w:Nonce>"
        f'<u:Created xmlns:u="{WSU}">{created}</u:Created></w:UsernameToken></w:Security>'
    )


class Reply:
    """An answer: its status, its document, and the element in its Body."""

    def __init__(self, response):
        self.status, self.headers, self.octets = (
            response.status_code,
            response.headers,
            response.content,
        )
        self.document = etree.fromstring(response.content) if self._is_xml() else None
        self.body = None if self.document is None else self.document.find("{*}Body")[0]

    def _is_xml(self):
        return "xml" in self.headers.get("Content-Type", "")

    def text(self, path):
        """The text at a path of local names below the response."""
        return self.body.findtext("/".join(f"{{*}}{name}" for name in path.split("/")))

    def texts(self, path):
        found = self.body.findall("/".join(f"{{*}}{name}" for name in path.split("/")))
        return [element.text for element in found]

    def find(self, path):
        return self.body.find("/".join(f"{{*}}{name}" for name in path.split("/")))

    @property
    def fault(self):
        """`Sender/InvalidArgVal/NoProfile`, or None."""
        if etree.QName(self.body).localname != "Fault":
            return None
        values = [e.text for e in self.body.iter(f"{{{SOAP}}}Value")]
        assert all(self.document.nsmap.get(v.partition(":")[0]) for v in values), values
        return "/".join(value.partition(":")[2] for value in values)

    @property
    def reason(self):
        return self.text("Reason/Text")


class Asker:
    """Asks one camera, by HTTP Digest unless told otherwise."""

    def __init__(self, url, user="admin", password=PASSWORD):
        self.url = url
        self.session = requests.Session()
        self.session.auth = HTTPDigestAuth(user, password)

    def __call__(self, namespace, operation, inner="", header="", **options):
        body = envelope(namespace, operation, inner, header, options.pop("soap", SOAP))
        return self.post(body, options.pop("path", PATHS[namespace]), **options)

    def post(self, body, path=PATHS[TDS], auth=True, headers=None):
        octets = body.encode() if isinstance(body, str) else body
        send = self.session.post if auth else requests.post
        typed = {"Content-Type": "application/soap+xml; charset=utf-8", **(headers or {})}
        return Reply(send(self.url + path, data=octets, headers=typed, timeout=30))

    def close(self):
        self.session.close()
