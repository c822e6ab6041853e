"""Defects of who is let in, and who may do what."""

from collections.abc import Container

from emulator.core.defects.defect import Defect
from emulator.core.localtime import DAY_MS
from emulator.core.policy import Age, Challenge, May, Open, Spent

_FOREVER_MS = 100 * 366 * DAY_MS


def viewers_are_operators(right: May) -> May:
    """Return the rule by which a viewer may do what an operator may."""
    return lambda role, least: right("operator" if role == "viewer" else role, least)


def _operators_are_administrators(right: May) -> May:
    return lambda role, least: right("admin" if role == "operator" else role, least)


def _viewers_paths_are_open(right: Open) -> Open:
    return lambda least: least == "viewer" or right(least)


def _any_nonce(right: Age) -> Age:
    def wrong(secret: bytes, nonce: str, now_s: float) -> float | None:
        age_s = right(secret, nonce, now_s)
        return 0.0 if age_s is None else age_s

    return wrong


def _never_spent(right: Spent) -> Spent:
    def wrong(count: int | None, used: Container[int | None]) -> bool:
        return False

    return wrong


def _without_sha_256(right: Challenge) -> Challenge:
    def wrong(realm: str, nonce: str, stale: bool) -> tuple[str, ...]:
        return tuple(one for one in right(realm, nonce, stale) if "SHA-256" not in one)

    return wrong


DEFECTS = (
    Defect(
        "viewer-may-write",
        "A viewer may do what an operator may.",
        ("WIRE-01",),
        {"may": viewers_are_operators},
    ),
    Defect(
        "operator-may-administer",
        "An operator may do what an administrator may.",
        ("WIRE-01",),
        {"may": _operators_are_administrators},
        blind=True,
    ),
    Defect(
        "viewer-path-open",
        "What a viewer may do, anybody may without a log-in.",
        ("WIRE-01",),
        {"is_open": _viewers_paths_are_open},
    ),
    Defect(
        "nonce-unchecked",
        "A Digest answer proves a password whatever nonce it is made with.",
        ("WIRE-01",),
        {"nonce_age_s": _any_nonce},
    ),
    Defect(
        "digest-replayed",
        "A Digest answer that was here before lets in again.",
        ("WIRE-01",),
        {"is_spent": _never_spent},
    ),
    Defect(
        "digest-md5-only",
        "The camera offers no Digest with SHA-256.",
        ("WIRE-01",),
        {"challenges": _without_sha_256},
    ),
    Defect(
        "never-locks",
        "No number of wrong passwords locks an account.",
        ("WEB-05",),
        {"patience": lambda right: right._replace(most_wrong=10**9)},
    ),
    Defect(
        "lock-never-ends",
        "An account that wrong passwords have locked stays so.",
        ("WEB-05",),
        {"patience": lambda right: right._replace(lasts_ms=_FOREVER_MS)},
        blind=True,
    ),
)
