"""Relations between heats that checks of BEH expect, whatever the scene was shown by.

A tolerance is the caller's: it depends on how the scene was shown.
"""

from itertools import pairwise

from conformance.expect import Expectations

AS_NAMED = "as-named"
"""A known way to fail BEH-03: shorter stays are dropped (`--accept as-named`)."""


def expect_about(
    expect: Expectations, what: str, seconds: float, wanted: float, slack: float
) -> None:
    """So many seconds, give or take some."""
    holds = abs(seconds - wanted) <= slack
    expect.that(what, f"{seconds:g} s", f"{wanted:g} s, give or take {slack:g}", holds)


def expect_never_rising(
    expect: Expectations, what: str, seconds: dict[int, float], slack: float
) -> None:
    """Heat by a setting's level: none is above the one before."""
    for (before, more), (level, less) in pairwise(seconds.items()):
        holds = less <= more + slack
        expect.that(f"{what} {level}", f"{less:g} s", f"at most the {more:g} s of {before}", holds)


def expect_documented(
    expect: Expectations, limit: int, stays: dict[float, bool], whose: str = "stays"
) -> None:
    """Shorter stays recorded, longer not; the opposite is known, and named. `stays`: by seconds."""
    shorter = {length: is_recorded for length, is_recorded in stays.items() if length <= limit}
    longer = {length: is_recorded for length, is_recorded in stays.items() if length > limit}
    documented = all(shorter.values()) and not any(longer.values())
    as_named = all(longer.values()) and not any(shorter.values())
    recorded, dropped = (
        ", ".join(f"{length:g} s" for length in stays if stays[length] is kept) or "none"
        for kept in (True, False)
    )
    actual = f"recorded: {recorded}; not recorded: {dropped}"
    if as_named:
        actual += "; fails the article's words, matches the setting's name"
    wanted = ", ".join(f"{length:g} s" for length in shorter) or "none"
    expect.that(
        f"{whose} around a Min. Dwell Time of {limit} s",
        actual,
        f"recorded: {wanted}; longer ones are not",
        documented,
        AS_NAMED if as_named else "",
    )
