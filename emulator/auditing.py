"""The audit at work: a camera with each defect, judged by the harness, several at once.

Both are commands in processes of their own, and all that is known of them is a ready-file, URLs
and a results.json: neither half of stuntcam knows the other. A camera that does not start or a
judge that dies costs its defect alone.
"""

import base64
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from emulator.core.audit import CLEAN, Found, wanted
from emulator.core.defects import Defect

STUNTCAM = (sys.executable, "-P", "-m", "stuntcam")
SCENE = "scene:crossing-2"
"""What a camera sees until the harness shows it something else."""

OUT = "out"
READY_S, ANSWER_S, END_S = 180.0, 60.0, 60.0
LOOK_EVERY_S = 0.2
LONGEST_S = 3600
"""For one defect."""


class AuditError(ValueError):
    """Why a camera could not be judged."""


class Auditor:
    """Judges cameras, `parallel` at once.

    every   the defects that are to be judged, besides a camera without one
    scope   how much of the suite: "requirements", "chapters" or "whole" (core/audit.py)
    fuzz    requests of each fuzzing check
    keep    a folder for the harness's reports, by defect, where its verdict is not as it should be
    """

    def __init__(
        self,
        every: Sequence[Defect],
        scope: str,
        fuzz: int,
        parallel: int,
        keep: Path | None = None,
    ) -> None:
        self._every, self._scope, self._fuzz, self._keep = every, scope, fuzz, keep
        self._parallel = parallel
        self._running: set[subprocess.Popen[bytes]] = set()
        self._changing = threading.Lock()
        self._is_over = False

    def run(self, told: Callable[[Found], None]) -> list[Found]:
        """Return what was found of each, the camera without a defect first; `told` as it comes."""
        jobs = [None, *self._every]
        found: dict[int, Found] = {}
        with ThreadPoolExecutor(self._parallel) as pool:
            at_work: dict[Future[Found], int] = {
                pool.submit(self._judged, job): number for number, job in enumerate(jobs)
            }
            try:
                while at_work:
                    done, _ = wait(at_work, return_when=FIRST_COMPLETED)
                    for one in done:
                        found[at_work.pop(one)] = one.result()
                        told(one.result())
            except BaseException:
                self._end(pool)
                raise
        return [found[number] for number in range(len(jobs))]

    def _end(self, pool: ThreadPoolExecutor) -> None:
        pool.shutdown(wait=False, cancel_futures=True)
        with self._changing:
            self._is_over = True
            for process in self._running:
                process.terminate()

    def _judged(self, defect: Defect | None) -> Found:
        name, breaks = (defect.name, defect.breaks) if defect else (CLEAN, ())
        judged = wanted(defect, self._scope, self._every)
        try:
            with tempfile.TemporaryDirectory(prefix="stuntcam-audit-") as folder:
                rows = self._rows(Path(folder), defect, judged)
                failed = [row for row in rows if row["verdict"] == "fail"]
                strange_first = sorted(failed, key=lambda row: row["id"] in breaks)
                found = Found(
                    name,
                    breaks,
                    failed=tuple(dict.fromkeys(row["id"] for row in failed)),
                    by=tuple(dict.fromkeys(_failing(strange_first))),
                    judged=judged,
                )
                self._keep_report(Path(folder) / OUT, found)
                return found
        except (OSError, ValueError, LookupError, HTTPException) as error:
            why = " ".join(str(error).split())[:200]
            return Found(name, breaks, judged=judged, trouble=why)

    def _keep_report(self, out: Path, found: Found) -> None:
        """Keep what the harness wrote of a camera that was not judged as it should be."""
        if self._keep is None:
            return
        shutil.rmtree(self._keep / found.name, ignore_errors=True)  # of an earlier audit
        if not found.is_fine:
            shutil.copytree(out, self._keep / found.name)

    def _rows(
        self, folder: Path, defect: Defect | None, judged: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Have one camera judged; return what is said of each requirement."""
        env = os.environ | {
            "STUNTCAM_PASSWORD": f"audit-{secrets.token_hex(6)}1",
            "XDG_STATE_HOME": str(folder / "judge"),
        }
        ready_file, out = folder / "ready.json", folder / OUT
        serve = ["serve", "--source", SCENE, "--loop"]
        serve += ["--http-port", "0", "--control-port", "0", "--rtsp-port", "0"]
        serve += ["--state", str(folder / "state"), "--sd", str(folder / "card")]
        serve += ["--ready-file", str(ready_file)]
        if defect is not None and defect.shows is not None:
            serve += ["--model", defect.shows.model, "--firmware", defect.shows.firmware]
        with self._process(serve, env, folder / "camera.txt") as camera:
            ready = _wait_for(ready_file, camera, folder / "camera.txt")
            _ask(f"{ready['control']}/v1/defects", {"on": [defect.name] if defect else []})
            check = ["check", ready["http"], "-u", "admin", "--control", ready["control"]]
            check += ["--safety", "destructive"]
            check += ["--confirm-serial", _serial(ready["http"], env["STUNTCAM_PASSWORD"])]
            check += ["--fuzz", str(self._fuzz), "--max-seconds", str(LONGEST_S)]
            check += ["--out", str(out)] + ["--only", ",".join(judged)] * bool(judged)
            with self._process(check, env, folder / "judge.txt") as judge:
                try:
                    code = judge.wait(LONGEST_S + END_S)
                except subprocess.TimeoutExpired:
                    raise AuditError(f"the harness took over {LONGEST_S} s") from None
        if not (out / "results.json").exists():
            said = (folder / "judge.txt").read_text("utf-8", "replace")
            raise AuditError(f"the harness ended with {code}: {said[-150:]}")
        document = json.loads((out / "results.json").read_text("utf-8"))
        if document["stopped"]:
            raise AuditError(f"the harness stopped: {document['stopped']}")
        return list(document["requirements"])

    @contextmanager
    def _process(
        self, command: Sequence[str], env: Mapping[str, str], said: Path
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """Run one of our own commands; it is gone at the end. What it says goes to a file."""
        with said.open("wb") as file:
            with self._changing:
                if self._is_over:
                    raise AuditError("the audit is over")
                process = subprocess.Popen(  # noqa: S603  # our own command
                    [*STUNTCAM, *command],
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=file,
                )
                self._running.add(process)
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(END_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                with self._changing:
                    self._running.discard(process)


def _failing(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield from (check["name"] for check in row["checks"] if check["verdict"] == "fail")


def _wait_for(ready_file: Path, camera: "subprocess.Popen[bytes]", said: Path) -> Mapping[str, str]:
    until_s = time.monotonic() + READY_S
    while not ready_file.exists():
        if camera.poll() is not None:
            words = said.read_text("utf-8", "replace")
            raise AuditError(f"the camera did not start: {words[-150:] or camera.returncode}")
        if time.monotonic() > until_s:
            raise AuditError(f"the camera was not ready within {READY_S:.0f} s")
        time.sleep(LOOK_EVERY_S)
    return dict(json.loads(ready_file.read_text("utf-8")))


def _ask(url: str, body: object) -> None:
    """PUT JSON."""
    asked = Request(url, json.dumps(body).encode(), method="PUT")  # noqa: S310  # our own
    with urlopen(asked, timeout=ANSWER_S):  # noqa: S310
        pass


def _serial(url: str, password: str) -> str:
    path = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
    login = base64.b64encode(f"admin:{password}".encode()).decode()
    asked = Request(url + path, headers={"Authorization": f"Basic {login}"})  # noqa: S310
    with urlopen(asked, timeout=ANSWER_S) as answer:  # noqa: S310
        return str(json.load(answer)["snCode"])
