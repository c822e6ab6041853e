"""The command in processes of its own: run to its end, or serving until it is stopped."""

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

PASSWORD = "stunt-double-1"


def run_stuntcam(*arguments, env=None, cwd=None, within_s=300, before=()):
    """Run the command to its end, as a user would; `before`: what it is run by."""
    return subprocess.run(
        [*before, sys.executable, "-P", "-m", "stuntcam", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=within_s,
        cwd=cwd,
        check=False,
        env={**os.environ, "STUNTCAM_PASSWORD": PASSWORD, **(env or {})},
    )


class RunningCamera:
    """A `stuntcam serve` in a process of its own: its ready-file's values and its output."""

    def __init__(self, folder, *arguments, env=None):
        self.ready_file = folder / "ready.json"
        # The command's own word that it is ready: it prints once everything answers.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "stuntcam", "serve", "--http-port", "0"]
            + [
                "--control-port",
                "0",
                "--rtsp-port",
                "0",
                "--state",
                str(folder / "state"),
                "--ready-file",
                str(self.ready_file),
            ]
            + [str(argument) for argument in arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,  # what is read here must not swallow what comes after it
            env={**os.environ, "STUNTCAM_PASSWORD": PASSWORD, **(env or {})},
        )
        readable, _, _ = select.select([self.process.stdout], [], [], 60)
        self.greeting = self.process.stdout.read(65536).decode() if readable else ""
        if not self.ready_file.exists():
            self.process.kill()
            raise AssertionError(f"no camera: {self.greeting} {self.process.communicate()[1]}")
        self.ready = json.loads(self.ready_file.read_text())
        self.url, self.control = self.ready["http"], self.ready["control"]

    def stop(self, signal_number=15):
        """End it as an operator would; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        output, errors = self.process.communicate(timeout=60)
        self.output, self.errors = output.decode(), errors.decode()
        return self.process.returncode


class RunningFleet:
    """A `stuntcam fleet`, its ready-file's values, and its processes."""

    def __init__(self, folder, *arguments, env=None, before=()):
        self.ready_file, self.state = folder / "ready.json", folder / "state"
        self.process = subprocess.Popen(
            [
                *(*before, sys.executable, "-P", "-m", "stuntcam", "fleet", "--control-port", "0"),
                *("--state", str(self.state), "--ready-file", str(self.ready_file)),
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, "STUNTCAM_PASSWORD": PASSWORD, **(env or {})},
        )
        readable, _, _ = select.select([self.process.stdout], [], [], 60)
        self.greeting = self.process.stdout.read(65536).decode() if readable else ""
        if not self.ready_file.exists():
            self.process.kill()
            raise AssertionError(f"no fleet: {self.process.communicate()}")
        self.ready = json.loads(self.ready_file.read_text())
        self.cameras, self.control = self.ready["cameras"], self.ready["control"]
        self.children = children(self.process.pid)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.output, self.errors = self.process.communicate(timeout=60)
        return self.process.returncode


def children(pid):
    """Return the numbers of the processes that one has started, in order."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            if stat.read_text().rpartition(")")[2].split()[1] == str(pid):
                found.append(int(stat.parent.name))
    return sorted(found)


def wait_for_end(handles):
    """Wait until the processes behind pidfd_open's handles have ended; close the handles."""
    for one in handles:
        ended, _, _ = select.select([one], [], [], 60)
        os.close(one)
        assert ended
