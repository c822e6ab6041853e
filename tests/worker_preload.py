"""What a test has Dask's workers do, as their `preload`: tell what they begin, and die of it.

Told in lines to the named pipe $STUNTCAM_TOLD: `begins NAME PID`, and `dies at NAME PID` by a
worker that has worked on it for a while and still does.

$STUNTCAM_ENDS  the video that ends every worker that has worked on it for BUSY_S of the
                processor's time
$STUNTCAM_BUSY  the one that ends the first such worker
"""

import os
import select
import signal
from pathlib import Path
from weakref import finalize

from distributed import WorkerPlugin

BUSY_S = 0.1


class Ear:
    """Hears what the workers of a command tell that is run in the surroundings `env`."""

    def __init__(self, folder, **more):
        pipe = folder / "told"
        os.mkfifo(pipe)
        # Both ways, so that nobody waits for anybody.
        self._ear = end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        self._close = finalize(self, os.close, end)
        self._rest = ""
        self.told = []
        self.env = {
            **os.environ,
            "STUNTCAM_TOLD": str(pipe),
            "DASK_DISTRIBUTED__WORKER__PRELOAD": str([str(Path(__file__).resolve())]),
            **more,
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.hear(within_s=0)
        self._close()
        self._ear = None

    def hear(self, within_s=60):
        """Add to `told` what is told, all there is; wait for some if there is none.

        Raises AssertionError if none comes within a time other than 0.
        """
        before, may_be_none = len(self.told), within_s == 0
        while self._ear is not None and select.select([self._ear], [], [], within_s)[0]:
            *lines, self._rest = (self._rest + os.read(self._ear, 65536).decode()).split("\n")
            self.told += lines
            within_s = 0
        assert may_be_none or len(self.told) > before, "nothing was told"

    def told_of(self, what):
        """Return the processes that told something, as often as they did."""
        self.hear(within_s=0)
        return [line.split()[-1] for line in self.told if line.startswith(f"{what} ")]

    def pids(self):
        """Return all workers' processes that told anything."""
        self.hear(within_s=0)
        return {line.split()[-1] for line in self.told}


class Teller(WorkerPlugin):
    def setup(self, worker):
        self.worker = worker
        self.key = self.name = None
        signal.signal(signal.SIGPROF, self.die_if_busy)

    def transition(self, key, start, finish, **_):
        if finish != "executing":
            return
        self.key, path = key, self.worker.state.tasks[key].run_spec.args[1]
        self.name = Path(path).name
        tell(f"begins {self.name}")
        if self.name in {os.environ.get("STUNTCAM_ENDS"), os.environ.get("STUNTCAM_BUSY")}:
            signal.setitimer(signal.ITIMER_PROF, BUSY_S)

    def die_if_busy(self, *_):
        if self.key not in {task.key for task in self.worker.state.executing}:
            return
        once = Path(os.environ["STUNTCAM_TOLD"] + ".once")
        if self.name == os.environ.get("STUNTCAM_BUSY"):
            if once.exists():
                return
            once.touch()
        tell(f"dies at {self.name}")
        os.kill(os.getpid(), signal.SIGKILL)


def tell(text):
    with open(os.environ["STUNTCAM_TOLD"], "w") as pipe:
        pipe.write(f"{text} {os.getpid()}\n")


async def dask_setup(worker):
    await worker.plugin_add(Teller())
