"""Searches for a sequence that breaks a rule, and shrinks it: Hypothesis, within a budget.

The same seed and the same device give the same requests.
"""

import math
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from random import Random

import hypothesis
from hypothesis import Phase, Verbosity
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from conformance.expect import Expectations, MismatchError, not_checked
from conformance.fuzz import finding, steps
from conformance.fuzz.laws import Broken
from conformance.fuzz.playing import STARTING, Player
from conformance.fuzz.steps import Sequence
from conformance.pace import SpentError
from conformance.run import Run

WRITING, READING = 100, 10
"""Requests of a check that saves, and of one that only reads, unless --fuzz says otherwise."""

SHARE = 10
"""A check takes at most a tenth of what --budget and --max-seconds have left."""

SHRINKING = 1000, 60.0
"""Requests and seconds that shrinking one failure may take, the next's share of them included."""

LEAVING_OUT = 10
"""A tenth of these is kept for leaving out whole steps, which shrinking may not come to."""

MOST_DRAWN = 10_000
"""Sequences that are drawn at most: many are the same again, and cost no request."""

LEAST = 4
"""Requests below which fuzzing says nothing."""


class _Enough(BaseException):
    """Gets past Hypothesis, which takes an Exception for a failure. cause: why, or None."""

    def __init__(self, cause: Exception | None = None) -> None:
        super().__init__()
        self.cause = cause


class Hunt:
    """One search. `run` knows the device, the seed and the budgets.

    name       of the file that a failure is saved in; together with the seed it says what is drawn
    shrinking  requests and seconds for shrinking a failure
    """

    def __init__(
        self,
        run: Run,
        name: str,
        rules: Collection[str],
        shrinking: tuple[int, float] = SHRINKING,
    ) -> None:
        assert run.target.camera is not None
        self._run, self._name, self._rules = run, name, rules
        self._shrinking = shrinking
        self._player = Player(run.target.camera)
        self._played: dict[Sequence, tuple[Sequence, Broken] | None] = {}
        self._smallest: tuple[Sequence, Broken] | None = None  # Hypothesis only goes down

    def search(
        self, expect: Expectations, sequences: SearchStrategy[Sequence], *, writes: bool
    ) -> None:
        """Play sequences until the share is spent; raises MismatchError for the smallest failure.

        Raises NotCheckedError where nothing could be said, and what the session raises.
        """
        share = _share(self._run, WRITING if writes else READING)
        if writes:  # the journal is not at the fuzzing's expense
            assert self._run.keeper is not None
            self._run.keeper.before_settings()
        with self._run.client.pace.share(*share):
            self._find(sequences, (Phase.generate,))
        if self._smallest is not None:
            self._fail(sequences)
        count = len(self._played)
        what = f"{count} sequences of requests drawn by seed {self._run.seed}"
        expect.that(what, "none breaks the rule", "none breaks the rule", count > 0)

    def _fail(self, sequences: SearchStrategy[Sequence]) -> None:
        assert self._smallest is not None
        again = "the device no longer answers"
        if self._is_alive():
            requests, seconds = self._shrinking
            last = requests // LEAVING_OUT
            with self._run.client.pace.share(requests - last, seconds - seconds / LEAVING_OUT):
                self._find(sequences, (Phase.generate, Phase.shrink))
            with self._run.client.pace.share(last, seconds / LEAVING_OUT):
                self._leave_out()
            again = self._once_more(self._smallest[0])
        sequence, broken = self._smallest
        raise MismatchError(
            broken.what,
            broken.expected,
            f"{broken.actual} ({again})" if again else broken.actual,
            steps=self._player.lines(sequence),
            replay=finding.document(self._run, self._name, self._rules, sequence, broken),
        )

    def _leave_out(self) -> None:
        """Leave out each step that the failure does not need, the last ones first."""
        assert self._smallest is not None
        for index in reversed(range(len(self._smallest[0]))):
            kept = self._smallest
            shorter = kept[0][:index] + kept[0][index + 1 :]
            try:  # Twice: the first may fail for what was sent before it.
                fails = bool(shorter) and all(self._fails(shorter) for _ in range(2))
            except _Enough:
                fails = False
            if not fails:
                self._smallest = kept

    def _fails(self, sequence: Sequence) -> bool:
        self._played.pop(sequence, None)
        return self._breaks(sequence, shrinks=True)

    def _is_alive(self) -> bool:
        """Return whether the device is there to shrink on; a dead one ends the run."""
        assert self._smallest is not None
        _, broken = self._smallest
        if broken.law != "answered" or self._run.is_alive():
            return True
        self._run.give_up(f"the device no longer answers: {broken.actual}")
        return False

    def _once_more(self, sequence: Sequence) -> str:
        """Send the shrunken sequence as the last thing, so that the evidence ends with it."""
        try:
            with self._run.client.pace.share(_cost(sequence), self._shrinking[1]):
                failed = self._player.play(sequence, self._rules)
        except SpentError:
            return ""
        return "" if failed else "not so when it was sent once more"

    # --- Hypothesis ------------------------------------------------------------------------------

    def _find(self, sequences: SearchStrategy[Sequence], phases: tuple[Phase, ...]) -> None:
        settings = hypothesis.settings(
            max_examples=MOST_DRAWN,
            phases=phases,
            database=None,
            deadline=None,
            derandomize=False,
            verbosity=Verbosity.quiet,
        )
        random = Random(f"{self._run.seed} {self._name}")  # noqa: S311  # to be drawn again
        shrinks = Phase.shrink in phases
        try:
            with _nothing_left_on_disk():
                hypothesis.find(
                    sequences,
                    lambda sequence: self._breaks(sequence, shrinks),
                    settings=settings,
                    random=random,
                )
        except NoSuchExample:
            pass  # all that there is to draw has been played
        except _Enough as end:
            if end.cause is not None and self._smallest is None:
                raise end.cause from None

    def _breaks(self, sequence: Sequence, shrinks: bool) -> bool:
        if sequence not in self._played:
            pace = self._run.client.pace
            if pace.left() < _cost(sequence):
                raise _Enough
            try:
                self._played[sequence] = self._player.play(sequence, self._rules)
            except SpentError:
                raise _Enough from None
            except Exception as error:
                raise _Enough(error) from error
        failed = self._played[sequence]
        if failed is None or not self._is_alike(failed[1]):
            return False
        self._smallest = failed
        if not shrinks:
            raise _Enough
        return True

    def _is_alike(self, broken: Broken) -> bool:
        """Return whether it is the failure that is being shrunk, and no other."""
        return self._smallest is None or self._smallest[1].law == broken.law


def _cost(sequence: Sequence) -> int:
    return steps.requests(sequence) + STARTING * steps.writes(sequence)


def _share(run: Run, default: int) -> tuple[int, float]:
    """Return requests and seconds that one check may take; ends it where that is too little."""
    wanted = default if run.options.fuzz is None else run.options.fuzz
    if wanted == 0:
        not_checked("no fuzzing was wanted (--fuzz 0)")
    left, left_s = run.client.pace.left(), run.client.pace.left_s()
    requests = int(min(wanted, left // SHARE)) if left < math.inf else wanted
    if requests < LEAST:
        not_checked(f"{requests} requests are too few to fuzz with (--fuzz, --budget)")
    return requests, left_s / SHARE


@contextmanager
def _nothing_left_on_disk() -> Iterator[None]:
    """Keep Hypothesis from making its folder where the user happens to stand."""
    with tempfile.TemporaryDirectory(prefix="stuntcam-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
