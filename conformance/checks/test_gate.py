"""The gate: what the documents claim of a model and firmware is what the device does."""

import re

import pytest

from conformance import gate
from conformance.camera import NOT_FOUND, Camera
from conformance.exchange import Answer
from conformance.expect import Expectations, does_not_apply, not_checked
from conformance.run import Run
from conformance.safety import REVERSIBLE, allows

RULES = [
    pytest.param(rule, marks=pytest.mark.requirement(rule))
    for rule in ("GATE-01", "GATE-02", "GATE-03", "GATE-04", "GATE-05")
]
OK = 200
PLAIN_VERSION = re.compile(r"[0-9]+(\.[0-9]+){3}(-r[0-9]+)?")


def applies(run: Run, rule: str) -> bool:
    """End the check unless `rule` speaks of this device; returns what it claims."""
    claim = run.target.claim
    speaking = set(claim.requirements)
    if speaking & {"GATE-02", "GATE-03"}:  # GATE-05 speaks of these series, too
        speaking.add("GATE-05")
    if rule not in speaking:
        does_not_apply(f"not about this device: {claim.reason}")
    assert claim.offered is not None  # else no check is collected
    return claim.offered


@pytest.mark.parametrize("rule", RULES)
def test_the_settings_are_there_if_and_only_if_they_are_claimed(
    run: Run, camera: Camera, expect: Expectations, rule: str
) -> None:
    expect_settings(camera, expect, offered=applies(run, rule))


def expect_settings(camera: Camera, expect: Expectations, *, offered: bool) -> None:
    """The settings can be read, or that fails."""
    answer = camera.ask("settings")
    if offered:
        spelling = camera.dialect.requests["settings"]
        expect.that(
            "reading the settings of a device that has the heat map",
            answer.shown,
            f"200 with {', '.join(spelling.fits)}",
            camera.fits(answer, spelling.fits),
        )
    else:
        expect.that(
            "reading the settings of a device without the heat map",
            answer.shown,
            '200 {"setState":"failed"}',
            answer.status == OK and camera.has_failed(answer),
        )


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("purpose", ["time", "space"])
def test_a_report_is_there_if_and_only_if_it_is_claimed(
    run: Run, camera: Camera, expect: Expectations, rule: str, purpose: str
) -> None:
    offered = applies(run, rule)
    answer: Answer = camera.ask(purpose)
    expect(f"the status of the {purpose} report", answer.status, OK if offered else NOT_FOUND)


@pytest.mark.parametrize("rule", RULES)
def test_a_device_without_the_function_refuses_its_settings(
    run: Run, camera: Camera, expect: Expectations, rule: str
) -> None:
    if applies(run, rule):
        does_not_apply("the device has the heat map")
    if not allows(run.safety, REVERSIBLE):  # not a marker: where it does not apply, nobody asks
        not_checked(f"needs --safety {REVERSIBLE}; this run is {run.safety}")
    # An empty change: should it be accepted after all, nothing has changed.
    saved = camera.post("save", b"{}")
    expect.that(
        "changing the settings of a device without the heat map",
        saved.answer.shown,
        '200 {"setState":"failed"}',
        saved.answer.status == OK and camera.has_failed(saved.answer),
    )


@pytest.mark.requirement("GATE-06")
def test_the_firmware_is_a_version_that_can_be_compared(run: Run, expect: Expectations) -> None:
    firmware = run.target.firmware
    expect.that(
        "the firmware's text",
        firmware,
        "a version such as 61.8.0.3-r8",
        gate.version(firmware) is not None,
    )


@pytest.mark.requirement("GATE-06")
def test_what_does_not_count_in_a_version_takes_nothing_away(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    if not run.target.claim.offered or PLAIN_VERSION.fullmatch(run.target.firmware):
        does_not_apply("a version of numbers alone, or of a device that has no heat map")
    expect_settings(camera, expect, offered=True)
