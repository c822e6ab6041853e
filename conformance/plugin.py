"""`pytest --pyargs conformance.checks --target URL`: the checks as plain pytest runs them.

Loaded by every pytest of the environment that stuntcam is installed in, so it imports nothing
heavy, and does nothing without --target. The password comes from $STUNTCAM_PASSWORD.
"""

from typing import Any

import pytest

MARKERS = (
    "requirement(*ids, level=None): which rules of the catalogue a check speaks for",
    "needs(level): the safety level that a run must have for a check",
)
_ENTERED = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the target and what may be done to it."""
    group = parser.getgroup("stuntcam", "stuntcam: checks of a camera's heat map")
    group.addoption("--target", metavar="URL", help="the camera to check")
    group.addoption("--target-user", metavar="USER", help="its account")
    group.addoption("--target-control", metavar="URL", help="an emulated camera's control")
    group.addoption("--target-safety", metavar="LEVEL", help="read-only, reversible, ...")
    group.addoption("--target-serial", metavar="SN", help="its serial, for destructive checks")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known; with --target, reach the device."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getoption("--target") is not None:
        _begin(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the device back."""
    entered = config.stash.get(_ENTERED, None)
    if entered is None:
        return
    context, run = entered
    context.__exit__(None, None, None)
    if run.troubles:
        raise pytest.UsageError(f"could not give the device back: {'; '.join(run.troubles)}")


def _begin(config: pytest.Config) -> None:
    from conformance import run as runs  # noqa: PLC0415
    from conformance.cli import options  # noqa: PLC0415
    from conformance.judge import Judge  # noqa: PLC0415

    try:
        # Writes of several workers would undo one another.
        is_worker = hasattr(config, "workerinput")
        context = runs.opened(
            runs.Options(
                url=config.getoption("--target"),
                login=options.login(config.getoption("--target-user"), None, ask=False),
                journals=options.journals(),
                control=config.getoption("--target-control"),
                safety="read-only" if is_worker else config.getoption("--target-safety"),
                confirm_serial=config.getoption("--target-serial"),
            )
        )
        run = context.__enter__()
    except ValueError as error:
        raise pytest.UsageError(f"--target: {error}") from None
    config.stash[_ENTERED] = context, run
    config.pluginmanager.register(Judge(run), "stuntcam-judge")
