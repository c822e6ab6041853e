"""Near misses: which of the known words a wrong one was probably meant to be."""

import difflib
from collections.abc import Iterable

MOST = 3
LIKENESS = 0.6
LONGEST = 200
"""Longer words are compared by their beginning: comparing costs their length squared."""


def near(word: str, known: Iterable[str]) -> list[str]:
    """Return the known words that `word` is like, the likest first.

    >>> near("/snapshot.jpg", ["/snapshot.cgi", "/report.png"])
    ['/snapshot.cgi']
    """
    spelled = {one.casefold(): one for one in known}
    alike = difflib.get_close_matches(word[:LONGEST].casefold(), spelled, MOST, LIKENESS)
    return [spelled[one] for one in alike]
