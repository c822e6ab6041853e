"""Does `stuntcam check` find each defect, and blame what it breaks and nothing else?

The fullest run that there is for each, of every chapter that is built; tests/e2e/test_defects.py
judges only what is near the defect. A run of a right camera comes first.
"""

import base64
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from running import PASSWORD, RunningCamera, run_stuntcam

from bench.table import Bound, Outcome, Row
from emulator.core.defects import DEFECTS

NOTHING = Bound("at most", 0.0)
TOO_OLD = ("--model", "MS-C9674-PB", "--firmware", "43.7.0.72-r6")


def run(options) -> Outcome:
    """Return a row for each defect: how many requirements were blamed wrongly, or not at all."""
    rows = []
    for name in ("none", *filter(options.wants, DEFECTS)):
        options.say(f"defects: {name}")
        with TemporaryDirectory(prefix="defect-", dir=options.cache) as folder:
            blamed = _blamed(Path(folder), name)
        breaks = set(DEFECTS[name].breaks) if name in DEFECTS else set()
        strange, missed = sorted(blamed - breaks), sorted(breaks - blamed)
        note = f"blamed: {', '.join(sorted(blamed)) or 'nothing'}"
        note += f"; missed: {', '.join(missed)}" * bool(missed)
        values = {"ours": float(len(strange) + len(missed))}
        rows.append(Row("defects", name, "requirements", values, NOTHING, note))
    return Outcome(rows)


def _serial(url):
    """A camera's serial number, as any client reads it."""
    path = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
    login = base64.b64encode(f"admin:{PASSWORD}".encode()).decode()
    asked = Request(url + path, headers={"Authorization": f"Basic {login}"})
    with urlopen(asked, timeout=30) as answer:
        return json.load(answer)["snCode"]


def _blamed(folder, name):
    """The requirements that a camera with a defect fails."""
    camera = RunningCamera(
        folder, "--source", "scene:crossing-2", *(TOO_OLD if name == "gating-r6" else ())
    )
    try:
        if name in DEFECTS:
            body = json.dumps({"on": [name]}).encode()
            urlopen(Request(f"{camera.control}/v1/defects", body, method="PUT"), timeout=30).close()
        run_stuntcam(
            *("check", camera.url, "-u", "admin", "--control", camera.control),
            *("--safety", "destructive", "--confirm-serial", _serial(camera.url)),
            *("--out", folder / "out"),
            env={"XDG_STATE_HOME": str(folder)},
            within_s=1800,
        )
    finally:
        camera.stop()
    found = json.loads((folder / "out" / "results.json").read_text())["requirements"]
    return {row["id"] for row in found if row["verdict"] == "fail"}
