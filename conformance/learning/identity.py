"""Who the device says it is: the answer in a recording that tells a model and a firmware."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance import layers
from conformance.layers import Place
from conformance.learning.recording import OK, Seen

_FIRMWARE = re.compile(r"[A-Za-z0-9]*_?[0-9]+(\.[0-9]+){3}(-r?[0-9A-Za-z]+)*")
_SERIAL = re.compile(r"^(sn|serial)|sn$|sncode|serial", re.IGNORECASE)
_SERIAL_TEXT = re.compile(r"(?=.*[0-9])[A-Za-z0-9-]{6,32}")


@dataclass(frozen=True, slots=True)
class Identity:
    """The request that tells it, and where in its answer: model, firmware, and serial if known."""

    seen: Seen
    places: Mapping[str, Place]


def find(exchanges: Sequence[Seen], models: str) -> Identity | None:
    """Return the first answer to a GET that tells a model and a firmware version.

    models  how the maker's names of models begin, a regular expression
    """
    for seen in exchanges:
        if seen.status != OK or seen.method != "GET":
            continue
        places: dict[str, Place] = {}
        for leaf in layers.leaves(seen.answer):
            if re.match(models, leaf.value) and len(leaf.value) < 40 and " " not in leaf.value:
                places.setdefault("model", leaf.place)
            # An address has four numbers, too, but no letter; the key decides then.
            elif _FIRMWARE.fullmatch(leaf.value) and "ip" not in leaf.key.lower():
                if "firm" in leaf.key.lower() or "ver" in leaf.key.lower():
                    places.setdefault("firmware", leaf.place)
            elif _SERIAL.search(leaf.key) and _SERIAL_TEXT.fullmatch(leaf.value):
                places.setdefault("serial", leaf.place)
        if {"model", "firmware"} <= set(places):
            return Identity(seen, places)
    return None
