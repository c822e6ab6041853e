"""Names and passwords that are nobody's: for wrong log-ins, and for accounts of a check."""

import secrets
import string

from conformance.client import Login

PREFIX = "stuntcam"


def login() -> Login:
    """Return an account that is nobody's, with a password that cameras take (facts 1)."""
    letters = "".join(secrets.choice(string.ascii_letters) for _ in range(10))
    return Login(f"{PREFIX}{secrets.token_hex(3)}", f"{letters}{secrets.randbelow(90) + 10}")
