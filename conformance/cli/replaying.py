"""`stuntcam check URL --replay FILE`: one saved sequence on one device, told step by step."""

from rich.console import Console

from conformance.cli.options import UsageError
from conformance.fuzz.finding import Finding
from conformance.fuzz.playing import Player
from conformance.run import Run
from conformance.safety import REVERSIBLE, allows

FINE, BROKEN, NOTHING = 0, 1, 5


def play(console: Console, run: Run, saved: Finding) -> int:
    """Play it and tell what came of it; returns the exit code. The run puts the device back.

    Raises UsageError where the run may not save, NotCheckedError where nothing can be said.
    """
    if run.target.camera is None or not run.target.claim.offered:
        console.print(f"nothing to play: {run.target.claim.reason}", soft_wrap=True)
        return NOTHING
    if saved.writes and not allows(run.safety, REVERSIBLE):
        raise UsageError(f"--replay of saves needs --safety {REVERSIBLE}; they are put back")
    player = Player(run.target.camera)
    for line in player.lines(saved.sequence):
        console.print(line, soft_wrap=True)
    failed = player.play(saved.sequence, saved.requirements)
    rules = ", ".join(saved.requirements)
    if failed is None:
        console.print(f"\nkept: {rules}")
        return FINE
    broken = failed[1]
    told = f"{broken.what}: expected {broken.expected}, got {broken.actual}"
    console.print(f"\nbroken: {rules}\n{told}", soft_wrap=True)
    return BROKEN
