"""A scheduler that goes while it is asked something, before the client has noticed."""

import socket
import sys
from contextlib import ExitStack, closing
from subprocess import PIPE, Popen
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest

pytest.importorskip("distributed", reason="analyze --workers needs the extra `cluster`")
from emulator.edge.cluster import Cluster, ClusterError


class Forwarder:
    """Stands before a scheduler, and once told ends all connections but the first that ask.

    A client's first is its stream, by which it knows that the scheduler is there; the others are
    for questions.
    """

    def __init__(self, port):
        self.cuts = Event()
        self._port, self._first = port, None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.where = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near = self._listener.accept()[0]
            except OSError:
                return  # closed
            self._first = self._first or near
            far = socket.create_connection(("127.0.0.1", self._port))
            Thread(target=self._pass_on, args=(near, far, near), daemon=True).start()
            Thread(target=self._pass_on, args=(far, near, near), daemon=True).start()

    def _pass_on(self, source, target, near):
        with near, source, target:
            while octets := source.recv(65536):
                if self.cuts.is_set() and near is not self._first:
                    return
                target.sendall(octets)

    def close(self):
        self._listener.close()


def started(end, kind, *arguments, until):
    process = end.enter_context(
        Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments],
            stderr=PIPE,
            text=True,
        )
    )
    end.callback(process.kill)
    return next(line for line in process.stderr if until in line).split()[-1]


def test_a_question_that_is_cut_off_is_a_scheduler_gone():
    local = ("--host", "127.0.0.1", "--no-dashboard")
    with ExitStack() as end:
        where = started(end, "scheduler", *local, "--port", "0", until="Scheduler at:")
        started(end, "worker", where, *local, "--no-nanny", until="Registered")
        forwarder = end.enter_context(closing(Forwarder(urlsplit(where).port)))
        cluster = end.enter_context(closing(Cluster(forwarder.where)))
        assert cluster.free
        forwarder.cuts.set()
        with pytest.raises(ClusterError, match=f"^the scheduler at {forwarder.where} is gone$"):
            _ = cluster.free
