"""Rebooting the device in the middle of a check, and waiting until it is back."""

from conformance.exchange import NoAnswerError
from conformance.expect import not_checked
from conformance.run import Run

BACK_WITHIN_S, LOOKS_EVERY_S = 240.0, 2.0


def reboot(run: Run, kind: str) -> None:
    """Reboot the device: `soft` by its own request, `hard` by a power cut.

    With a control interface by that; else a power cut ends the check as not checked. Raises
    NoAnswerError when the device does not come back.
    """
    if run.control is not None:
        run.control.post("reboot", kind=kind, down_s=0, wait=True)
        return
    if kind == "hard":
        not_checked("a power cut needs control of the mains")
    camera = run.target.camera
    assert camera is not None
    answer = camera.client.get(camera.target("reboot"))
    if camera.has_failed(answer):
        not_checked(f"the device does not reboot on request: {answer.shown}")
    pace, waited_s = run.client.pace, 0.0
    pace.sleep(10 * LOOKS_EVERY_S)  # it answers until it goes down
    while waited_s < BACK_WITHIN_S:
        try:
            camera.ask("information")
        except NoAnswerError:
            pace.sleep(LOOKS_EVERY_S)
            waited_s += LOOKS_EVERY_S
            continue
        return
    raise NoAnswerError(f"the device was not back {BACK_WITHIN_S:g} s after a reboot")
