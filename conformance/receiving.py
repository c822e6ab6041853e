"""Where a device may deliver exported reports: a mailbox and an FTP server on this machine.

Both listen on loopback, on a port of their own, for one check; the FTP server takes anybody. The
libraries are loaded only here, when somebody wants to receive.
"""

import asyncio
import logging
import socket
import threading
import warnings
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

Result = TypeVar("Result")

HOST = "127.0.0.1"
PATIENCE_S = 30.0

Files = dict[str, bytes]


class Mailbox:
    """What came by mail: `mails` holds each mail's subject, and its attachments by name."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[tuple[str, Files]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail: aiosmtpd's word for it."""
        mail = message_from_bytes(envelope.content, policy=default)
        files: Files = {}
        for part in mail.iter_attachments():
            content = part.get_payload(decode=True)
            files[str(part.get_filename())] = content if isinstance(content, bytes) else b""
        self.mails.append((str(mail["Subject"]), files))
        return "250 taken"


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """Serve SMTP; takes every mail, for whomever it is."""
    from aiosmtpd.smtp import SMTP  # noqa: PLC0415  # only who receives waits for it

    listener = socket.create_server((HOST, 0))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="mailbox", daemon=True)
    thread.start()

    def done(coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(PATIENCE_S)

    box = Mailbox(listener.getsockname()[1])

    async def serve() -> asyncio.Server:
        def protocol() -> Any:
            return SMTP(box, hostname="stuntcam", loop=loop)

        return await loop.create_server(protocol, sock=listener)

    async def end() -> None:
        server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    try:
        server = done(serve())
        yield box
        done(end())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_S)
        loop.close()


class FtpFolder:
    """What came by FTP."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self._folder = port, folder

    def files(self) -> Files:
        """Return the files by path."""
        found = (path for path in self._folder.rglob("*") if path.is_file())
        return {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in found}


@contextmanager
def ftp_folder() -> Iterator[FtpFolder]:
    """Serve FTP without a log-in, into a folder that is gone afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of asyncore, which Python 3.11 calls deprecated
        from pyftpdlib.authorizers import DummyAuthorizer  # noqa: PLC0415
        from pyftpdlib.handlers import FTPHandler  # noqa: PLC0415
        from pyftpdlib.ioloop import IOLoop  # noqa: PLC0415
        from pyftpdlib.servers import FTPServer  # noqa: PLC0415

        with TemporaryDirectory() as name:
            anybody = DummyAuthorizer()
            anybody.add_anonymous(name, perm="elradfmwMT")

            class Handler(FTPHandler):  # type: ignore[misc]  # comes without types
                authorizer = anybody

            logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
            loop, stop = IOLoop(), threading.Event()
            server = FTPServer((HOST, 0), Handler, ioloop=loop)

            def run() -> None:  # its serve_forever does not end from another thread
                while not stop.is_set():
                    loop.loop(timeout=0.02, blocking=False)

            thread = threading.Thread(target=run, name="ftp", daemon=True)
            thread.start()
            try:
                yield FtpFolder(server.address[1], Path(name))
            finally:
                stop.set()
                thread.join(PATIENCE_S)
                server.close_all()
                loop.close()
