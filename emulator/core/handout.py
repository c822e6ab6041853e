"""Which video of an archive is examined next, and from when, where many are at once.

When a video begins is known only once all before it were examined; until then it is foreseen.
A piece whose begin was foreseen wrongly (a damaged file, say) is examined again from the right
one, as soon as that is known. Lengths do not hang on the begin, so that happens once at most.
Pieces are finished in any order and gathered in the videos' own.
"""

from collections import deque
from collections.abc import Callable, Iterator


class Handout:
    """Videos by number, from 0, of which the first begins at an instant.

    foresee  tells how long a video lasts, in ms, as well as can be told beforehand
    """

    def __init__(self, begins_ms: int, count: int, foresee: Callable[[int], int]) -> None:
        self._foresee = foresee
        self._lengths: list[int | None] = [None] * count
        # One longer than the lengths that are known without a gap: these are certain.
        self._begins = [begins_ms]
        self._found: dict[int, int] = {}  # finished pieces' begins, by number
        self._lost: set[int] = set()
        self._again: deque[int] = deque()
        self._fresh = self._gathered = 0

    def next(self) -> tuple[int, int] | None:
        """Return a video's number and from when to examine it; None: none, as yet."""
        if self._again:
            number = self._again.popleft()
            return number, self._begins[number]
        if self._fresh == len(self._lengths):
            return None
        number, self._fresh = self._fresh, self._fresh + 1
        certain = min(len(self._begins) - 1, number)
        begins_ms = self._begins[certain]
        for before in range(certain, number):
            length_ms = self._lengths[before]
            begins_ms += self._foresee(before) if length_ms is None else length_ms
        return number, begins_ms

    def done(self, number: int, begins_ms: int, length_ms: int) -> None:
        """Take note of a piece, examined from `begins_ms`."""
        self._found[number] = begins_ms
        self._known(number, length_ms)

    def lose(self, number: int) -> None:
        """Leave a video out: it takes no time."""
        self._lost.add(number)
        self._found.pop(number, None)
        self._known(number, 0)

    def gathered(self) -> Iterator[int]:
        """Yield the numbers of pieces that are certain by now, each once, in order."""
        while self._gathered < len(self._begins) - 1:
            number = self._gathered
            if number not in self._lost and number not in self._found:
                return
            self._gathered += 1
            if number in self._found:
                yield number

    def _known(self, number: int, length_ms: int) -> None:
        if self._lengths[number] != length_ms:
            self._lengths[number] = length_ms
            del self._begins[number + 1 :]  # lost when it was examined again, or changed meanwhile
        self._check(number)
        while len(self._begins) <= len(self._lengths):
            last_ms = self._lengths[len(self._begins) - 1]
            if last_ms is None:
                return
            self._begins.append(self._begins[-1] + last_ms)
            self._check(len(self._begins) - 1)

    def _check(self, number: int) -> None:
        if number < len(self._begins) and self._found.get(number) not in {
            None,
            self._begins[number],
        }:
            del self._found[number]
            self._again.append(number)
