"""Real servers on loopback, each in a thread of its own: FTP (pyftpdlib), mail (aiosmtpd)."""

import asyncio
import errno
import os
import socket
import threading
from email import message_from_bytes
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.filesystems import AbstractedFS
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

USER, PASSWORD = "camera", "Pass-word-7"
PATIENCE_S = 30


class FtpServer:
    """Serves `folder`; on port 0 any free one.

    room      bytes for each file; None: enough
    home      the folder in which who logs in finds himself
    replaces  False: nothing is renamed to a name that is taken
    verbs     what clients asked for, in order
    """

    def __init__(self, folder, port=0, *, room=None, home="/", replaces=True):
        self.folder = folder
        self.verbs = []
        users = DummyAuthorizer()
        users.add_user(USER, PASSWORD, str(folder), perm="elradfmwMT")

        class Disk(AbstractedFS):
            def open(self, filename, mode):
                file = super().open(filename, mode)
                return file if room is None or "r" in mode else _Full(file, room)

        class Handler(FTPHandler):
            authorizer, abstracted_fs, auth_failed_timeout = users, Disk, 0

            def pre_process_command(handler, line, cmd, arg):
                self.verbs.append(cmd)
                super().pre_process_command(line, cmd, arg)

            def on_login(handler, _username):
                handler.fs.cwd = home

            def ftp_RNTO(self, path):
                if replaces or not self.fs.lexists(path):
                    return super().ftp_RNTO(path)
                return self.respond("553 There is one already.")

            def respond(self, resp, *rest, **more):
                if resp.startswith("426"):  # pyftpdlib's word for a file it can't write
                    resp = f"552 {os.strerror(errno.ENOSPC)}"
                super().respond(resp, *rest, **more)

        self._loop = IOLoop()
        self._server = FTPServer(("127.0.0.1", port), Handler, ioloop=self._loop)
        self.port = self._server.address[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def files(self):
        """What lies in the folder, by path."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in found}

    def close(self):
        self._stop.set()
        self._thread.join(PATIENCE_S)
        self._server.close_all()
        self._loop.close()

    def _run(self):
        while not self._stop.is_set():
            self._loop.loop(timeout=0.02, blocking=False)


class _Full:
    """A file on a disk that has room for `room` more bytes."""

    def __init__(self, file, room):
        self._file, self._room = file, room

    def write(self, chunk):
        self._file.write(chunk[: self._room])
        self._room -= len(chunk)
        if self._room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def __getattr__(self, name):
        return getattr(self._file, name)


class MailServer:
    """Takes mail; `refuse` is what it answers to every recipient, if anything.

    mails  what came, as EmailMessage
    """

    def __init__(self, port=0, *, needs_login=False, refuse=None):
        self.mails = []
        self._refuse = refuse
        listener = socket.create_server(("127.0.0.1", port))
        self.port = listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

        def protocol():
            return SMTP(
                self,
                hostname="mail.test",
                loop=self._loop,
                auth_required=needs_login,
                auth_require_tls=not needs_login,
                authenticator=_authenticate if needs_login else None,
            )

        self._server = self._in_loop(_serve(protocol, listener))

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if self._refuse:
            return self._refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    def close(self):
        self._in_loop(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()

    async def _end(self):
        self._server.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _in_loop(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE_S)


async def _serve(protocol, listener):
    return await asyncio.get_running_loop().create_server(protocol, sock=listener)


def _authenticate(_server, _session, _envelope, _mechanism, given):
    fits = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)
