"""Which fields of a recording hold what no file and no message may show, by their names."""

import re

_PASSWORD = re.compile(r"passw|pwd|psw|pass$|secret", re.IGNORECASE)
_TOKEN = re.compile("token|csrf|session|sid|auth|nonce|key|ticket|uuid", re.IGNORECASE)


def is_password(key: str) -> bool:
    """Return whether a field of this name holds a password."""
    return bool(_PASSWORD.search(key))


def is_token(key: str) -> bool:
    """Return whether a field of this name holds what a device gave and wants back."""
    return bool(_TOKEN.search(key))
