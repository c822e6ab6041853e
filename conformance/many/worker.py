"""One device in a process of its own, which tells the crew how it goes.

It ends by itself when the crew is gone, and gives its device back before that, as for Ctrl-C.
"""

import os
import signal
import threading
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

from conformance import interrupting, single
from conformance.client import LoginRefusedError
from conformance.run import Run
from conformance.single import Wanted
from conformance.target import UnreachableError
from conformance.verdict import Outcome

USAGE, UNREACHABLE, INTERRUPTED = 2, 3, 130


class SameDeviceError(ValueError):
    """The device is not to be checked: it is another target's, or another than the file says."""


@dataclass(frozen=True, slots=True)
class Job:
    """One device's run. serial: who it has to be, empty: anybody; folder: of its reports."""

    name: str
    wanted: Wanted
    serial: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Introduced:
    """Who the device is. The worker waits for a text: why it may not go on, or nothing."""

    model: str
    firmware: str
    serial: str


@dataclass(frozen=True, slots=True)
class Going:
    """How many checks have ended so far, by verdict, and which was the last."""

    counts: dict[str, int]
    last: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something that a user must see at once."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The last message: the exit code, and why there is no report; empty: there is one."""

    code: int
    why: str = ""


@dataclass(slots=True)
class _Telling:
    link: Connection
    job: Job
    counts: Counter[str] = field(default_factory=Counter)

    def introduced(self, run: Run) -> None:
        found = run.target
        if self.job.serial and found.serial != self.job.serial:
            raise SameDeviceError(
                f"the device at {run.client.address.url} is {found.serial or 'unknown'}, "
                f"not {self.job.serial}"
            )
        self.link.send(Introduced(found.model, found.firmware, found.serial))
        if why_not := self.link.recv():
            raise SameDeviceError(why_not)

    def told(self, outcome: Outcome) -> None:
        self.counts[outcome.verdict.value] += 1
        self.link.send(Going(dict(self.counts), outcome.name))

    def says(self, text: str) -> None:
        self.link.send(Said(text))


def work(link: Connection, job: Job) -> None:
    """Check the device of `job`, and tell the crew; the process ends with it."""
    for number in (signal.SIGINT, signal.SIGTERM):  # outside of the run there is nothing to end
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_crew, daemon=True).start()
    ended = _ended(link, job)
    try:
        link.send(ended)
    except OSError:  # the crew is gone; the device was given back all the same
        return


def _checked(link: Connection, job: Job) -> Ended:
    telling = _Telling(link, job)
    document = single.check(
        job.wanted,
        lambda: job.folder,
        tell=telling.says,
        told=telling.told,
        introduced=telling.introduced,
    )
    return Ended(int(document["exit"]))


def _ended(link: Connection, job: Job) -> Ended:
    try:
        with interrupting.once():
            return _checked(link, job)
    except KeyboardInterrupt:
        return Ended(INTERRUPTED, "interrupted before its first check")
    except (LoginRefusedError, UnreachableError) as error:
        return Ended(UNREACHABLE, str(error))
    except (EOFError, OSError) as error:
        return Ended(UNREACHABLE, f"the run broke off: {str(error) or type(error).__name__}")
    except ValueError as error:
        if type(error).__module__.split(".")[0] != "conformance":
            raise
        return Ended(USAGE, str(error))


def _end_with_the_crew() -> None:
    crew = parent_process()
    if crew is not None:
        wait([crew.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
