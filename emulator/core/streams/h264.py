"""H.264 and H.265 as octets: NAL units, and what an SDP says of them.

Pure. A coded picture is one string of NAL units, here always divided by start codes
(ITU-T H.264 Annex B); files may divide them by lengths (ISO/IEC 14496-15), which is undone.
"""

import base64
import re
from collections.abc import Iterable

_START = b"\0\0\0\1"
_DIVIDER = re.compile(rb"\x00\x00\x00?\x01")

IDR, SPS, PPS = 5, 7, 8
_H265_VPS, _H265_SPS, _H265_PPS = 32, 33, 34


class CodedError(ValueError):
    """Octets that are no coded picture; the message says why."""


def units(octets: bytes) -> list[bytes]:
    """Return the NAL units that start codes divide."""
    return [unit.rstrip(b"\0") for unit in _DIVIDER.split(octets)[1:] if unit.rstrip(b"\0")]


def joined(nal_units: Iterable[bytes]) -> bytes:
    """Return NAL units, divided by start codes."""
    return b"".join(_START + unit for unit in nal_units)


def sized_units(octets: bytes, length_size: int) -> list[bytes]:
    """Return the NAL units that lengths of `length_size` octets divide. Raises CodedError."""
    found: list[bytes] = []
    at = 0
    while at < len(octets):
        begins = at + length_size
        ends = begins + int.from_bytes(octets[at:begins], "big")
        if not begins < ends <= len(octets):
            raise CodedError(f"NAL unit {len(found) + 1} is not as long as it says")
        found.append(octets[begins:ends])
        at = ends
    return found


def configuration(extradata: bytes) -> tuple[int | None, list[bytes]]:
    """Return how long lengths are (None: start codes) and the parameter sets of a H.264 file.

    extradata  an avcC (ISO/IEC 14496-15, 5.3.3.1), or the sets with start codes
    Raises CodedError.
    """
    if extradata[:1] != b"\1":
        return None, units(extradata)
    found: list[bytes] = []
    at = 5
    for mask in (31, 255):
        if at >= len(extradata):
            raise CodedError("the parameter sets are cut short")
        count, at = extradata[at] & mask, at + 1
        for _ in range(count):
            ends = at + 2 + int.from_bytes(extradata[at : at + 2], "big")
            if ends > len(extradata):
                raise CodedError("the parameter sets are cut short")
            found.append(extradata[at + 2 : ends])
            at = ends
    return (extradata[4] & 3) + 1, found


def begins_anew(nal_units: Iterable[bytes]) -> bool:
    """Tell whether H.264's pictures from this one on need none before it."""
    return any(unit[0] & 31 == IDR for unit in nal_units)


def h264_parameters(extradata: bytes) -> str:
    """Return the SDP's parameters of a H.264 stream (RFC 6184, 8.2.1). Raises CodedError."""
    sets = configuration(extradata)[1]
    sequence = [unit for unit in sets if unit[0] & 31 == SPS]
    picture = [unit for unit in sets if unit[0] & 31 == PPS]
    if not sequence or not picture or len(sequence[0]) < 4:
        raise CodedError("there are no parameter sets")
    spelled = ",".join(_base64(unit) for unit in (*sequence, *picture))
    level = sequence[0][1:4].hex().upper()
    return f"packetization-mode=1; profile-level-id={level}; sprop-parameter-sets={spelled}"


def h265_parameters(extradata: bytes) -> str:
    """Return the SDP's parameters of a H.265 stream (RFC 7798, 7.1). Raises CodedError."""
    named = {_H265_VPS: "sprop-vps", _H265_SPS: "sprop-sps", _H265_PPS: "sprop-pps"}
    found = {(unit[0] >> 1) & 63: unit for unit in units(extradata)}
    if not set(named) <= set(found):
        raise CodedError("there are no parameter sets")
    return "; ".join(f"{name}={_base64(found[kind])}" for kind, name in named.items())


def _base64(unit: bytes) -> str:
    return base64.b64encode(unit).decode()
