"""So many workers at a time, one device each, until all targets are done.

A device that is slow or dead keeps its own worker busy and nobody else. Two targets that turn out
to be one device are not both checked: the second to introduce itself is sent away.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess

from conformance import interrupting
from conformance.many.worker import (
    INTERRUPTED,
    UNREACHABLE,
    Ended,
    Going,
    Introduced,
    Job,
    Said,
    work,
)

PRELOADED = "conformance.many.preload"
LOOKS_S = 0.5


@dataclass(slots=True)
class State:
    """How it stands with one device. ended: None while it is waited for or under way."""

    job: Job
    device: Introduced | None = None
    going: Going | None = None
    is_begun: bool = False
    ended: Ended | None = None


@dataclass(slots=True)
class Crew:
    """The workers of one run.

    seen  is shown a device's state whenever it has changed, and what is to be seen at once
    """

    jobs: Sequence[Job]
    parallel: int
    seen: Callable[[State, str], None] = lambda state, text: None
    is_interrupted: bool = False
    _serials: dict[str, str] = field(default_factory=dict)
    _at_work: dict[Connection, tuple[State, ForkServerProcess]] = field(default_factory=dict)

    def run(self) -> list[State]:
        """Work through all jobs; returns how each ended, in their order.

        Ctrl-C ends the run: what is under way gives its device back first, the rest is not begun.
        """
        states = [State(job) for job in self.jobs]
        waiting = deque(states)
        context = get_context("forkserver")
        context.set_forkserver_preload([PRELOADED])
        with interrupting.once_calling(self._interrupt):
            while waiting or self._at_work:
                while waiting and len(self._at_work) < self.parallel and not self.is_interrupted:
                    self._begin(waiting.popleft(), context)
                if self.is_interrupted:
                    for state in waiting:
                        self._end(state, Ended(INTERRUPTED, "interrupted before it was begun"))
                    waiting.clear()
                self._listen()
        return states

    def _begin(self, state: State, context: ForkServerContext) -> None:
        ours, theirs = context.Pipe()
        worker = context.Process(target=work, args=(theirs, state.job), name=state.job.name)
        worker.start()
        theirs.close()
        self._at_work[ours] = state, worker
        state.is_begun = True
        self.seen(state, "")

    def _listen(self) -> None:
        for link in wait(list(self._at_work), LOOKS_S):
            assert isinstance(link, Connection)
            state, worker = self._at_work[link]
            try:
                self._hear(link, state, link.recv())
            except (EOFError, OSError):
                del self._at_work[link]
                link.close()
                worker.join()
                if state.ended is None:
                    why = f"its process ended with {worker.exitcode}"
                    self._end(state, Ended(UNREACHABLE, why))

    def _hear(self, link: Connection, state: State, message: object) -> None:
        match message:
            case Introduced():
                state.device = message
                other = self._serials.setdefault(message.serial or state.job.name, state.job.name)
                is_other = bool(message.serial) and other != state.job.name
                link.send(
                    f"{state.job.name} and {other} are one device, serial {message.serial}"
                    if is_other
                    else ""
                )
                self.seen(state, "")
            case Going():
                state.going = message
                self.seen(state, "")
            case Said():
                self.seen(state, message.text)
            case Ended():
                self._end(state, message)

    def _end(self, state: State, ended: Ended) -> None:
        state.ended = ended
        self.seen(state, "")

    def _interrupt(self) -> None:
        self.is_interrupted = True
        for _, worker in self._at_work.values():
            worker.terminate()
