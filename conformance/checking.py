"""Runs the checks for the command: pytest in this process, and nothing of the user's own pytest."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conformance.judge import Judge
from conformance.run import Run
from conformance.verdict import Outcome

CHECKS = Path(__file__).parent / "checks"

# Plugins and options of the surroundings have no say in a verdict.
_SURROUNDINGS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")
_ALONE = "PYTEST_DISABLE_PLUGIN_AUTOLOAD"


def run_checks(run: Run, told: Callable[[Outcome], None]) -> None:
    """Run the selected checks; outcomes go to the run as they come.

    Raises KeyboardInterrupt when the user interrupts.
    """
    arguments = [
        str(CHECKS),
        f"--rootdir={CHECKS}",
        "--config-file=/dev/null",
        "--import-mode=importlib",
        "--strict-markers",
        "--assert=plain",  # checks say what they expect by themselves (expect.py)
        *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:faulthandler"),
        *("-p", "conformance.plugin", "-W", "ignore"),
    ]
    with _alone():
        code = pytest.main(arguments, plugins=[Judge(run, told), _Plain()])
    if code == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if code in {pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}:
        raise RuntimeError(f"pytest ended with {code!r}")


class _Plain:
    """Python's own tracebacks: nobody is shown one, and pytest's spell out every argument."""

    def pytest_configure(self, config: pytest.Config) -> None:
        """Do what --tb=native does, which goes with the terminal."""
        config.option.tbstyle = "native"


@contextmanager
def _alone() -> Iterator[None]:
    kept = {name: os.environ.pop(name) for name in _SURROUNDINGS if name in os.environ}
    was_alone = os.environ.get(_ALONE)
    os.environ[_ALONE] = "1"
    try:
        yield
    finally:
        os.environ.update(kept)
        if was_alone is None:
            del os.environ[_ALONE]
        else:
            os.environ[_ALONE] = was_alone
