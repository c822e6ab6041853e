"""A camera's state as one file: a first line, a checksum, a header, and the store's own content.

Line 1 is MAGIC with the format's version, line 2 the SHA-256 of all that follows in hex, line 3
the header as JSON; the store's content is the rest. Reading changes nothing: a file that is
damaged, of another version or no state at all is refused before anybody looks at its content.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields

MAGIC = b"stuntcam state "
VERSION = b"1"


class SnapshotError(ValueError):
    """A file that is no state of ours, or a damaged one; the message says which."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a state says besides the store.

    model, firmware      whose state it is
    clock_ms, zone       what the clock read, and the name of its time zone
    source, position_ms  what was looked at, and how much of it had passed; loop: again and again
    """

    model: str
    firmware: str
    clock_ms: int
    zone: str
    source: str
    position_ms: int
    loop: bool


def packed(header: Header, content: bytes) -> bytes:
    """Return the file that holds `header` and the store's `content`."""
    rest = json.dumps(asdict(header), separators=(",", ":")).encode() + b"\n" + content
    return MAGIC + VERSION + b"\n" + _checksum(rest) + b"\n" + rest


def unpacked(file: bytes) -> tuple[Header, bytes]:
    """Return the header and the content that `file` holds. Raises SnapshotError."""
    first, _, rest = file.partition(b"\n")
    if not first.startswith(MAGIC):
        raise SnapshotError("it is no stuntcam state")
    if first != MAGIC + VERSION:
        version = first.removeprefix(MAGIC)[:20].decode(errors="replace")
        raise SnapshotError(f"it is of version {version}; this stuntcam reads {VERSION.decode()}")
    checksum, _, rest = rest.partition(b"\n")
    if checksum != _checksum(rest):
        raise SnapshotError("it is damaged: its checksum is not that of its content")
    header, _, content = rest.partition(b"\n")
    return _header(header), content


def _header(line: bytes) -> Header:
    # Its checksum is right, but who made it may have been another program.
    try:
        values = json.loads(line)
        if all(type(values[field.name]) is field.type for field in fields(Header)):
            return Header(**{field.name: values[field.name] for field in fields(Header)})
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise SnapshotError("it is damaged: its header can't be read")


def _checksum(rest: bytes) -> bytes:
    return hashlib.sha256(rest).hexdigest().encode()
