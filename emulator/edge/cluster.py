"""Worker processes, here or on other machines: Dask distributed, loaded only when asked for.

No more tasks are handed out than there are threads to do them, so that of a worker that dies
only what it was doing is done again; a task that kills its worker `KILLS` times is given up.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

KILLS = 3
ANSWER_S = 5
"""How long a scheduler may take to answer, and workers to be there."""


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

    def each(
        self, task: Callable[..., Any], orders: Sequence[tuple[Any, ...]]
    ) -> Iterator[tuple[int, Any]]:
        """Yield each order's number and what `task` made of it, or the exception it ended with."""
        from distributed import as_completed  # noqa: PLC0415

        waiting = list(enumerate(orders))[::-1]
        numbers: dict[Any, int] = {}
        done = as_completed(loop=self._client.loop)
        while waiting or numbers:
            threads = max(1, sum(self._client.nthreads().values()))
            while waiting and len(numbers) < threads:
                number, order = waiting.pop()
                future = self._client.submit(task, *order, pure=False)
                numbers[future] = number
                done.add(future)
            future = next(done)
            error = future.exception()
            yield numbers.pop(future), error if error is not None else future.result()
            future.release()

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
