"""What a fleet's processes are to those that run them, wherever they are: here, or afar."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import aiohttp

from emulator.core.accounts import Account


class Worker(Protocol):
    """A process of the fleet, here or elsewhere; used by the parent's event loop alone.

    control  its control interface, for the parent alone
    serials  whose cameras it has
    """

    control: str
    serials: frozenset[str]

    def watch(self, client: aiohttp.ClientSession, died: Callable[[str], None]) -> None:
        """Call `died`, once, with how it did, should the process die."""

    async def leave(self, client: aiohttp.ClientSession) -> None:
        """Watch no longer; have it end, if that is not for another to do."""


@dataclass(frozen=True, slots=True)
class Start:
    """How the cameras are to be: their administrator, where their state is, and who finds them.

    state  the folder of all; None: the user's
    """

    admin: Account
    state: Path | None
    is_found: bool
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))


class Crew(Protocol):
    """All processes of a fleet: here, or on a cluster's machines.

    Made before anything else is, so that what can't be costs nothing.
    """

    def start(self, terms: Start) -> tuple[Sequence[Worker], Mapping[str, str]]:
        """Start all; return them, and where each camera is, by serial number.

        Raises a ValueError of ours; none is left then.
        """

    def close(self) -> None:
        """End them, and whatever else was made for them. Once more does nothing."""
