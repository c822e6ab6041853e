"""A real Samba server in a process group of its own, with one share and one user."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time

USER, PASSWORD = "root", "stunt-double-1"
MISSING = "no smbd here, or not root: apt-get install samba"

CONF = """
[global]
  server role = standalone server
  passdb backend = tdbsam:{base}/passdb.tdb
  private dir = {base}
  lock directory = {base}
  state directory = {base}
  cache directory = {base}
  pid directory = {base}
  ncalrpc dir = {base}/ncalrpc
  log file = {base}/log
  interfaces = lo
  bind interfaces only = yes
  smb ports = {port}
  load printers = no
  disable spoolss = yes
  map to guest = never
[heat]
  path = {share}
  read only = no
"""


def is_there():
    return shutil.which("smbd") is not None and os.geteuid() == 0


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Samba:
    """Serves `folder`; may be stopped, made to hang, and started again on the same port."""

    def __init__(self, base, folder):
        self.port = free_port()
        self.conf = base / "smb.conf"
        self.conf.write_text(CONF.format(base=base, port=self.port, share=folder))
        subprocess.run(
            ["smbpasswd", "-c", str(self.conf), "-a", "-s", USER],
            input=f"{PASSWORD}\n{PASSWORD}\n",
            text=True,
            check=True,
            capture_output=True,
        )
        self.process = None
        self.start()

    @property
    def address(self):
        return f"smb://{USER}@127.0.0.1:{self.port}/heat/cameras"

    def start(self):
        self.process = subprocess.Popen(
            ["smbd", "--foreground", "--no-process-group", "-s", str(self.conf)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until_s = time.monotonic() + 30
        while time.monotonic() < until_s:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        raise AssertionError("smbd does not answer")

    def signal(self, number):
        """To it and to all of its children."""
        os.killpg(self.process.pid, number)

    def stop(self):
        if self.process is not None:
            self.signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
