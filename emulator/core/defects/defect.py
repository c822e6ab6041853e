"""What a defect is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


class DefectError(ValueError):
    """A defect that there is not; the message names it and those that there are."""


class Kind(NamedTuple):
    """A model with a firmware."""

    model: str
    firmware: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A deviation.

    about   what the camera does wrong, in a sentence
    breaks  the requirements that a test suite must find broken, and no others
    spoils  by the policy's field: the right rule -> the wrong one
    shows   the camera that it shows on; None: any that has the heat map
    blind   made of the requirements alone, before any check was read
    """

    name: str
    about: str
    breaks: tuple[str, ...]
    spoils: Mapping[str, Callable[[Any], Any]]
    shows: Kind | None = None
    blind: bool = False
