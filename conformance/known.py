"""What a run has learned of a device over ONVIF, so that not every check asks for it again."""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a request says who asks."""

    TOKEN = "WS-UsernameToken"  # noqa: S105  # a name
    DIGEST = "HTTP Digest"
    NOBODY = "no credentials"


@dataclass(slots=True)
class Known:
    """What is not told twice in a run.

    services  XAddr by namespace, as told; None: not asked yet
    way       how the run's account is let in; None: not tried yet
    is_there  whether a device service answers at all; None: not tried yet
    """

    services: dict[str, str] | None = None
    way: Way | None = None
    is_there: bool | None = None
