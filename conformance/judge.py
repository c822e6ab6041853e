"""The checks' judge: a pytest plugin that belongs to one run.

Leaves out what is not selected or not allowed, and makes an Outcome of each check: passed,
failed, or not checked and why. A device that no longer answers ends the run.
"""

from collections.abc import Callable, Generator
from dataclasses import replace
from functools import cached_property
from typing import Any

import pytest

from conformance.client import LoginRefusedError
from conformance.control import NO_CONTROL, ControlError, ControlLostError
from conformance.exchange import NoAnswerError
from conformance.expect import (
    DoesNotApplyError,
    Expectations,
    MismatchError,
    NotCheckedError,
    shown,
)
from conformance.forms import FormError
from conformance.har import without_secrets
from conformance.journal import JournalError
from conformance.pace import SpentError
from conformance.run import Run
from conformance.safety import READ_ONLY, allows
from conformance.verdict import Outcome, Verdict

FUZZING = "test_fuzz"
SHOWN_BY = {
    **dict.fromkeys(("test_behaviour", "test_behaviour_quiet"), "control"),
    "test_behaviour_shown": "stimulus",
}
"""The same rules twice: on scenes of an emulated camera, and on a screen. A run has one of them."""

RUN = pytest.StashKey[Run]()
EXPECTATIONS = pytest.StashKey[Expectations]()
_FIRST = pytest.StashKey[int]()


class Judge:
    """Hooks for pytest; each check's outcome goes to `run.outcomes`, and to `told`."""

    def __init__(self, run: Run, told: Callable[[Outcome], None] = lambda outcome: None) -> None:
        self.run, self._told = run, told

    # --- which checks --------------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        """Hand the run to the fixtures."""
        config.stash[RUN] = self.run
        if not config.pluginmanager.hasplugin("terminal"):
            # Nobody reads pytest's own words then, and to draw sources takes a tenth of a run.
            config.option.tbstyle = "native"

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the checks of what is selected; of a device without the function, the gate's.

        Fuzzing comes last: the others shall have their share of a budget, and a device that
        does not survive it has been judged by then.
        """
        kept: list[pytest.Item] = []
        out: list[pytest.Item] = []
        for item in items:
            (kept if self._is_wanted(item) else out).append(item)
        if out:
            config.hook.pytest_deselected(items=out)
        items[:] = sorted(kept, key=lambda item: item.path.stem == FUZZING)

    def _is_wanted(self, item: pytest.Item) -> bool:
        marker = item.get_closest_marker("requirement")
        if marker is None or not set(marker.args) & set(self.run.selected):
            return False
        if (only_with := _shown_by(item)) and only_with != self._shows_by:
            return False
        target = self.run.target
        if self.run.is_for_any_camera(marker.args):
            return True
        if target.camera is None or target.claim.offered is None:
            return False
        return self._has_it or any(name.startswith("GATE") for name in marker.args)

    @cached_property
    def _has_it(self) -> bool:
        """Whether it has the function in fact; where it only should, GATE alone is judged."""
        target = self.run.target
        if not target.claim.offered or target.camera is None:
            return False
        try:
            return not target.camera.has_failed(target.camera.ask("settings"))
        except (NoAnswerError, LoginRefusedError, SpentError):
            return True  # the checks will tell

    @property
    def _shows_by(self) -> str:
        return "control" if self.run.options.stimulus is None else "stimulus"

    # --- one check -----------------------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Begin a check, unless it may not run.

        That is pytest's own skip, whose report costs a third of an error's: in a read-only run
        most checks end so.
        """
        item.stash[_FIRST] = len(self.run.client.exchanges)
        item.stash[EXPECTATIONS] = Expectations()
        self.run.stop_if_silent()
        if self.run.stopped:
            pytest.skip(self.run.stopped)
        marker = item.get_closest_marker("needs")
        needed = marker.args[0] if marker else READ_ONLY
        if not allows(self.run.safety, needed):
            pytest.skip(f"needs --safety {needed}; this run is {self.run.safety}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Make the outcome where a check is decided, and let pytest show it likewise."""
        report = yield
        if call.when == "teardown" or (call.when == "setup" and call.excinfo is None):
            return report
        outcome = self._outcome(item, call)
        self.run.outcomes.append(outcome)
        self._told(outcome)
        if outcome.verdict in {Verdict.NOT_CHECKED, Verdict.WAIVED}:
            report.outcome = "skipped"
            report.longrepr = (str(item.path), item.location[1] or 0, outcome.reason)
        elif outcome.verdict is Verdict.FAIL:
            report.outcome = "failed"
            report.longrepr = outcome.reason
        return report

    def _outcome(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Outcome:
        marker = item.get_closest_marker("requirement")
        assert marker is not None
        made = item.stash[EXPECTATIONS]
        first = item.stash[_FIRST]
        outcome = Outcome(
            name=_name(item),
            requirements=tuple(marker.args),
            level=marker.kwargs.get("level"),
            verdict=Verdict.PASS,
            expected=made.last[0],
            actual=made.last[1],
            sent=_sent(self.run, first),
            span=(first, len(self.run.client.exchanges)),
            seconds=call.duration,
            maps=tuple(made.maps),
        )
        if call.excinfo is not None:
            return self._ended_early(outcome, call.excinfo.value)
        if made.made == 0:
            return _unchecked(outcome, "the check looked at nothing")
        return outcome

    def _ended_early(self, outcome: Outcome, error: BaseException) -> Outcome:
        match error:
            case MismatchError():
                return self._failed(outcome, error)
            case NoAnswerError() if self.run.is_alive():
                return self._failed(
                    outcome, MismatchError("the answer", "a usable one", str(error))
                )
            case NoAnswerError():
                self.run.give_up(f"the device no longer answers: {error}")
                reason = self.run.stopped
            case LoginRefusedError():
                self.run.give_up(str(error))
                reason = self.run.stopped
            case ControlLostError():  # of the device this says nothing
                self.run.stopped = reason = str(error)
            case pytest.skip.Exception():  # it was not begun
                reason = str(error)
            # Of a report that is not of its form nothing can be told; WIRE-02 judges forms.
            case NotCheckedError() | SpentError() | JournalError() | ControlError() | FormError():
                reason = str(error)
            case _:  # the check's own fault: nothing is said of the device
                reason = f"the check broke: {type(error).__name__}: {error}"
        applies = not isinstance(error, DoesNotApplyError)
        return replace(_unchecked(outcome, reason), applies=applies)

    def _failed(self, outcome: Outcome, error: MismatchError) -> Outcome:
        is_accepted = error.symptom and error.symptom in self.run.options.accept
        reason = str(error) + (f" (accepted: {error.symptom})" if is_accepted else "")
        return replace(
            outcome,
            verdict=Verdict.WAIVED if is_accepted else Verdict.FAIL,
            reason=reason,
            expected=f"{error.what}: {error.expected}",
            actual=error.actual,
            symptom=error.symptom,
            steps=error.steps,
            replay=error.replay,
        )


def _shown_by(item: pytest.Item) -> str:
    """Return how a check of behaviour shows its scenes; empty: it shows none, or is no such."""
    return SHOWN_BY.get(item.path.stem, "")


def _unchecked(outcome: Outcome, reason: str) -> Outcome:
    return replace(outcome, verdict=Verdict.NOT_CHECKED, reason=reason)


def _name(item: pytest.Item) -> str:
    return f"{item.path.stem.removeprefix('test_')}/{item.name.removeprefix('test_')}"


def _sent(run: Run, first: int) -> str:
    """Return the last request of the check."""
    if len(run.client.exchanges) == first:
        return ""
    exchange = run.client.exchanges[-1]
    body = exchange.request_body.decode("utf-8", "replace")
    return shown(f"{exchange.method} {exchange.url} {without_secrets(body)}".rstrip())


# --- what the fixtures of checks/conftest.py are made of ----------------------------------------


def run_of(request: pytest.FixtureRequest) -> Run:
    """Return the run that a check belongs to."""
    run = request.config.stash.get(RUN, None)
    if run is None:
        pytest.exit("which camera? --target URL", pytest.ExitCode.USAGE_ERROR)
    return run


def expectations_of(request: pytest.FixtureRequest) -> Expectations:
    """Return the check's own expectations."""
    made: Expectations = request.node.stash[EXPECTATIONS]
    return made


def control_of(request: pytest.FixtureRequest) -> Any:
    """Return the run's control interface; without one the check ends here."""
    control = run_of(request).control
    if control is None:
        raise NotCheckedError(NO_CONTROL)
    return control


def projector_of(request: pytest.FixtureRequest) -> Any:
    """Return what shows films to the run's device; without one the check ends here."""
    projector = run_of(request).projector
    if projector is None:
        raise NotCheckedError(NO_CONTROL)
    return projector
