"""What a defect is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


class DefectError(ValueError):
    """A defect that there is not; the message names it and those that there are."""


@dataclass(frozen=True, slots=True)
class Defect:
    """A deviation.

    about   what the camera does wrong, in a sentence
    breaks  the requirements that a test suite must find broken, and no others
    spoils  by the policy's field: the right rule -> the wrong one
    """

    name: str
    about: str
    breaks: tuple[str, ...]
    spoils: Mapping[str, Callable[[Any], Any]]
