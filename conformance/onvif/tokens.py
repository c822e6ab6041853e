"""WS-UsernameToken with a password digest (WS-Security UsernameToken Profile 1.0, 3.1).

Pure: nonce and instant come from the caller, so that a check can send the same token twice.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from conformance.client import Login

_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE, WSU = f"{_WSS}wssecurity-secext-1.0.xsd", f"{_WSS}wssecurity-utility-1.0.xsd"
DIGEST = f"{_WSS}username-token-profile-1.0#PasswordDigest"
BASE64 = f"{_WSS}soap-message-security-1.0#Base64Binary"


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `nonce`: random bytes; `created`: an instant of the device's clock, in UTC."""

    login: Login
    nonce: bytes
    created: datetime

    @property
    def created_text(self) -> str:
        """The instant as the token spells it."""
        return f"{self.created:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def digest(self) -> str:
        """Base64 of SHA-1 of nonce, instant and password."""
        text = self.nonce + self.created_text.encode() + self.login.password.encode()
        return base64.b64encode(hashlib.sha1(text).digest()).decode()  # noqa: S324  # the profile's

    def apply(self, envelope: object, headers: object) -> tuple[object, object]:
        """Put the token into a message's header: zeep's way to be handed security."""
        import zeep.wsse.utils  # noqa: PLC0415
        from lxml import etree  # noqa: PLC0415

        security = zeep.wsse.utils.get_security_header(envelope)
        token = etree.SubElement(security, f"{{{WSSE}}}UsernameToken")
        etree.SubElement(token, f"{{{WSSE}}}Username").text = self.login.user
        etree.SubElement(token, f"{{{WSSE}}}Password", Type=DIGEST).text = self.digest
        nonce = etree.SubElement(token, f"{{{WSSE}}}Nonce", EncodingType=BASE64)
        nonce.text = base64.b64encode(self.nonce).decode()
        etree.SubElement(token, f"{{{WSU}}}Created").text = self.created_text
        return envelope, headers

    def verify(self, envelope: object) -> None:
        """Answers bear no security that could be looked at."""
