"""How many of something a camera serves at once: the personality's own numbers.

A value, since what stands here is told to clients and enforced, and tests raise it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a camera has room for.

    pull_points    pull-point subscriptions (facts 8); notified: those that it sends to
    streams        RTSP sessions (facts 1: no limit, or 1..10)
    profiles       media profiles (facts 8)
    viewers        who watches MJPEG [INV]
    """

    pull_points: int = 32
    notified: int = 32
    streams: int = 10
    profiles: int = 8
    viewers: int = 10


LIMITS = Limits()
"""As observed (facts 1, 8)."""
