"""Worker processes, here or on other machines: Dask distributed, loaded only when asked for.

Who hands out no more tasks than there are workers `free` has only what a worker was doing
done again when it dies; a task that kills its worker `KILLS` times is given up.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

KILLS = 3
ANSWER_S = 5
"""How long a scheduler may take to answer, and workers to be there."""


class ClusterError(ValueError):
    """No cluster to work on; the message says why."""


class Cluster:
    """Workers: a number of processes here on loopback, or the address of a scheduler.

    Raises ClusterError if Dask is not installed or nobody answers. To be closed.
    """

    def __init__(self, workers: int | str) -> None:
        try:
            import dask  # noqa: PLC0415  # an extra, and heavy
            from distributed import Client, LocalCluster, as_completed  # noqa: PLC0415
        except ImportError as error:
            raise ClusterError(
                "--workers needs Dask: pip install 'stuntcam[cluster]' (distributed)"
            ) from error
        for name in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        dask.config.set({"distributed.scheduler.allowed-failures": KILLS - 1})
        self._local: Any = None
        if isinstance(workers, int):
            self._local = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
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
        self._done = as_completed(loop=self._client.loop)

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
            self._done.add(future)

    def finished(self) -> tuple[Any, Any]:
        """Wait for one; return its tag and what it made, or the exception that it ended with.

        Raises ClusterError if the scheduler is gone.
        """
        with self._there():
            future = next(self._done)
            if future.cancelled():
                raise ClusterError(f"the scheduler at {self._where} is gone")
            error = future.exception()
            result = error if error is not None else future.result()
            future.release()
        return self._tags.pop(future), result

    @contextmanager
    def _there(self) -> Iterator[None]:
        # A client that has lost its scheduler for good refuses in ways of its own.
        try:
            yield
        except Exception as error:
            if self._client.status == "running":
                raise
            raise ClusterError(f"the scheduler at {self._where} is gone") from error

    def close(self) -> None:
        """Let go of the scheduler; end all processes that were started here."""
        client = getattr(self, "_client", None)
        for one in (client, self._local):
            if one is not None:
                with suppress(Exception):  # whatever is wrong with it: it is being left
                    one.close(timeout=3)
