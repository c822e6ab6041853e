"""What ONVIF costs a camera: CPU of its process for one GetDeviceInformation, and for others.

Asked over HTTP by one client that keeps its connection, with Basic, so that each is one request.
CPU is the process' own, user and system, read from /proc; the camera's clock is frozen, so that
nothing but requests is worked on. A bare action of the CGI is asked the same way, to tell what
HTTP alone costs.
"""

import http.client
import json
import os
import shutil
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from bench.table import Bound, Outcome, Row

ROOT = Path(__file__).parents[2]
PASSWORD = "stunt-double-1"
TICKS = os.sysconf("SC_CLK_TCK")
ROUNDS = 1000
SOAP = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    '<t:{1} xmlns:t="{0}"/></s:Body></s:Envelope>'
)
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
MEDIA = "http://www.onvif.org/ver10/media/wsdl"
CASES = (
    ("GetDeviceInformation", "/onvif/device_service", DEVICE, Bound("at most", 1.0)),
    ("GetSystemDateAndTime", "/onvif/device_service", DEVICE, None),
    ("GetProfiles", "/onvif/media_service", MEDIA, None),
)
CGI = "/cgi-bin/viewer/viewer.cgi?action=get.system.information"


def run(options) -> Outcome:
    """Return the rows."""
    folder = Path(mkdtemp(prefix="onvif-", dir=options.cache))
    camera, url = _camera(folder)
    try:
        plain_ms = _cpu_ms(camera.pid, url, "GET", CGI, None)
        rows = []
        for operation, path, namespace, bound in CASES:
            options.say(f"onvif: {operation}")
            cpu_ms = _cpu_ms(camera.pid, url, "POST", path, SOAP.format(namespace, operation))
            note = f"an action of the CGI: {plain_ms:.2f} ms"
            name = f"CPU of {operation}"
            rows.append(Row("onvif", name, "ms", {"ours": cpu_ms}, bound, note))
        return Outcome(rows)
    finally:
        camera.terminate()
        camera.wait(60)
        shutil.rmtree(folder)


def _camera(folder):
    ready = folder / "ready.json"
    arguments = ["--http-port", "0", "--control-port", "0", "--rtsp-port", "0"]
    arguments += ["--state", f"{folder}/state", "--ready-file", str(ready)]
    camera = subprocess.Popen(
        [sys.executable, "-m", "stuntcam", "serve", *arguments],
        env={**os.environ, "STUNTCAM_PASSWORD": PASSWORD, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    while not ready.exists():
        if camera.poll() is not None:
            sys.exit("the camera did not start")
        time.sleep(0.05)
    told = json.loads(ready.read_text())
    freeze = Request(f"{told['control']}/v1/clock", b'{"mode": "frozen"}', method="PUT")
    urlopen(freeze, timeout=60).close()
    return camera, told["http"]


def _cpu_ms(pid, url, method, path, body):
    """CPU of the process for one request, in ms; the first hundred load what has to be."""
    login = b64encode(f"admin:{PASSWORD}".encode()).decode()
    head = {"Authorization": f"Basic {login}", "Content-Type": "application/soap+xml"}
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        for number in range(100 + ROUNDS):
            if number == 100:
                began = _ticks(pid)
            connection.request(method, path, body, head)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
        return 1000 * (_ticks(pid) - began) / TICKS / ROUNDS
    finally:
        connection.close()


def _ticks(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
