"""Worker processes, here or on other machines: Dask distributed, loaded only when asked for.

Who hands out no more tasks than there are workers `free` has only what a worker was doing
done again when it dies; a task that kills its worker `KILLS` times is given up.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.resource_tracker import ensure_running
from queue import Empty, SimpleQueue
from signal import SIG_BLOCK, SIGINT, pthread_sigmask
from typing import Any
from urllib.parse import urlsplit

KILLS = 3
FAST = {
    # Dask has its workers give memory back whenever 64 KiB are free. Pictures are larger.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
    # It looks a hundred times a second at what they do.
    "distributed.worker.profile.enabled": False,
}
"""Settings of Dask: with its own, a worker needs half as long again for a video."""

ANSWER_S = 5
"""How long a scheduler may take to answer, and workers to be there."""
LEFT_S = 30
"""No worker twice in such a time, and none is waited for any longer."""


class ClusterError(ValueError):
    """No cluster to work on; the message says why."""


def unloadable(error: ImportError) -> ClusterError:
    """Return the refusal of a worker that lacks stuntcam, or has another."""
    return ClusterError(f"a worker can't load stuntcam: {error}")


class Cluster:
    """Workers: a number of processes here on loopback, or the address of a scheduler.

    Raises ClusterError if Dask is not installed or nobody answers. To be closed.
    """

    def __init__(self, workers: int | str) -> None:
        try:
            import dask  # noqa: PLC0415  # an extra, and heavy
            from distributed import Client, LocalCluster  # noqa: PLC0415
        except ImportError as error:
            raise ClusterError(
                "--workers needs Dask: pip install 'stuntcam[cluster]' (distributed)"
            ) from error
        # What is to be said we say. Dask has given some of its loggers levels of their own.
        for name in [*logging.root.manager.loggerDict]:
            if name.partition(".")[0] in {"distributed", "tornado", "asyncio"}:
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        dask.config.set({"distributed.scheduler.allowed-failures": KILLS - 1, **FAST})
        self._local: Any = None
        if isinstance(workers, int):
            self._local = LocalCluster(
                n_workers=0,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                # Without a dashboard there still is a server, at a port that may be taken.
                scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
                silence_logs=logging.CRITICAL,
            )
            # Ctrl-C reaches all processes of a terminal. It is the command's to hear: a thread's
            # processes have blocked what it has. (Where it is started, multiprocessing's tracker
            # unblocks it: hence beforehand.)
            ensure_running()
            self._local.loop.add_callback(pthread_sigmask, SIG_BLOCK, {SIGINT})
            self._local.scale(workers)
        try:
            self._client = Client(self._local or workers, timeout=ANSWER_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            self.close()
            raise ClusterError(f"no scheduler answers at {workers}") from error
        try:
            self._client.wait_for_workers(1, timeout=ANSWER_S if not self._local else 60)
        except TimeoutError as error:
            self.close()
            raise ClusterError(f"the scheduler at {workers} has no workers") from error
        self._where = workers
        self._tags: dict[Any, Any] = {}
        self._done: SimpleQueue[Any] = SimpleQueue()

    @property
    def free(self) -> bool:
        """Tell whether a worker has nothing to do. Raises ClusterError."""
        with self._there():
            threads: int = sum(self._client.nthreads().values())
        return len(self._tags) < max(1, threads)

    @property
    def busy(self) -> bool:
        """Tell whether anything that was begun is yet to be told by `finished`."""
        return bool(self._tags)

    def begin(self, tag: Any, task: Callable[..., Any], *arguments: Any) -> None:
        """Have a worker do `task`; `tag` is what `finished` calls it. Raises ClusterError."""
        with self._there():
            future = self._client.submit(task, *arguments, pure=False)
            self._tags[future] = tag
            future.add_done_callback(self._done.put)

    def finished(self) -> tuple[Any, Any]:
        """Wait for one; return its tag and what it made, or the exception that it ended with.

        Raises ClusterError if the scheduler is gone, or no worker is left.
        """
        with self._there():
            future = self._next()
            if future.cancelled():
                raise ClusterError(f"the scheduler at {self._where} is gone")
            error = future.exception()
            result = error if error is not None else future.result()
            future.release()
        return self._tags.pop(future), result

    def _next(self) -> Any:
        were_there = True
        while True:
            try:
                return self._done.get(timeout=LEFT_S)
            except Empty:  # a long piece, or nobody is at it
                are_there = bool(self._client.nthreads())
                if not (were_there or are_there):
                    raise ClusterError(f"no worker is left of {self._where}") from None
                were_there = are_there

    @contextmanager
    def _there(self) -> Iterator[None]:
        # A client that has lost its scheduler for good refuses in ways of its own; one that is
        # about to notice says that the connection ended.
        try:
            yield
        except Exception as error:
            if self._client.status == "running" and not isinstance(error, OSError):
                raise
            raise ClusterError(f"the scheduler at {self._where} is gone") from error

    def hosts(self) -> dict[str, str]:
        """Return the machine of each worker, by the worker's address; in the machines' order."""
        found = {address: urlsplit(address).hostname or "" for address in self._client.nthreads()}
        return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))

    def on_each(
        self, task: Callable[..., Any], orders: Mapping[str, tuple[Any, ...]], within_s: float
    ) -> dict[str, Any]:
        """Return what `task` made of each worker's order, by the worker's address.

        An order is carried out by its own worker only. Raises ClusterError if one can't, or the
        task's own refusal (a ValueError of ours).
        """
        futures = {
            address: self._client.submit(task, *order, workers=[address], pure=False)
            for address, order in orders.items()
        }
        ends_s, made = time.monotonic() + within_s, {}
        for address, future in futures.items():
            try:
                made[address] = future.result(timeout=max(0.1, ends_s - time.monotonic()))
            except TimeoutError as error:
                raise ClusterError(f"the worker at {address} does not answer") from error
            except ImportError as error:
                raise unloadable(error) from error
            except Exception as error:
                if isinstance(error, ValueError) and type(error).__module__.startswith("emulator."):
                    raise
                why = f"{type(error).__name__}: {error}"
                raise ClusterError(f"the worker at {address} failed: {why}") from error
        return made

    def close(self) -> None:
        """Let go of the scheduler; end all processes that were started here."""
        client = getattr(self, "_client", None)
        for one in (client, self._local):
            if one is not None:
                with suppress(Exception):  # whatever is wrong with it: it is being left
                    one.close(timeout=3)
