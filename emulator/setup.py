"""What one camera is made of: who it is, what it looks at, and how it begins."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from emulator.core.accounts import Account
from emulator.core.device import Identity
from emulator.core.gating import Families
from emulator.core.limits import LIMITS, Limits
from emulator.duty import Rota
from emulator.edge.sources import Source


def _nobody_asks(name: str) -> Source:
    raise AssertionError(name)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a camera is made of.

    families   which models and firmware have the function (GATE)
    activates  nobody may log in until a password was set at the pages (facts 1); the one in
               `admin` is passed over
    speed      seconds of the source a second of real time; None: as fast as it can; live
               sources know only 1
    loop       begin the source again when it ends
    begins_ms  what the clock reads at the start
    overlay    its clock stands over its streams
    limits     how many of something it serves at once
    source_of  gives the source that somebody names later on; raises a ValueError that says why
               it can't
    rota       does its duties among those of other cameras; None: it has threads for them
    """

    identity: Identity
    families: Families
    admin: Account
    source: Source
    speed: float | None
    loop: bool
    begins_ms: int
    zone: tzinfo
    zone_name: str
    activates: bool = False
    overlay: bool = True
    limits: Limits = LIMITS
    source_of: Callable[[str], Source] = _nobody_asks
    rota: Rota | None = None
