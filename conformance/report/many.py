"""The reports of many devices: devices.json, and from it report.html, report.md and junit.xml."""

import json
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from conformance.many.grid import Grid
from conformance.report import junit, markdown
from conformance.report.page import CLASSES

FILE = "devices.json"
MARKS = {
    "pass": "✓",
    "fail": "✗",
    "not checked": "–",
    "not offered": "·",
    "waived": "w",
    "does not apply": "·",
}
SAID = {
    0: ("conforms", "conform"),
    1: ("does not conform", "do not conform"),
    2: ("was not checked", "were not checked"),
    3: ("could not be judged", "could not be judged"),
    4: ("was not given back as found", "were not given back as found"),
    5: ("has nothing to judge", "have nothing to judge"),
    130: ("was interrupted", "were interrupted"),
}
"""What came of one device, and of several."""
ORDER = (4, 1, 3, 2, 130, 5, 0)
"""What a reader has to see first."""
TONES = {0: "pass", 1: "fail", 4: "fail"}


def folder(grid: Grid, where: Path) -> None:
    """Write a run's common reports beside the devices' own folders."""
    text = json.dumps(grid, indent=1, ensure_ascii=False)
    (where / FILE).write_text(text + "\n", encoding="utf-8")
    (where / "report.html").write_text(html(grid), encoding="utf-8")
    (where / "report.md").write_text(text_of(grid), encoding="utf-8")
    (where / "junit.xml").write_bytes(xml(grid))


def sentences(grid: Grid) -> list[str]:
    """Return what came of the devices in words: "2 of 50 devices do not conform."."""
    codes = Counter(one["exit"] for one in grid["devices"])
    total = len(grid["devices"])
    return [
        f"{codes[code]} of {total} {'device' if total == 1 else 'devices'} "
        f"{SAID[code][codes[code] != 1]}."
        for code in ORDER
        if codes[code]
    ]


def html(grid: Grid) -> str:
    """Return the report as one self-contained page."""
    environment = Environment(
        loader=PackageLoader("conformance.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("many.html.j2").render(
        grid=grid,
        sentences=sentences(grid),
        tone=TONES.get(grid["exit"], ""),
        devices=_worst_first(grid),
        said={code: one for code, (one, _) in SAID.items()},
        tones=TONES,
        marks=MARKS,
        classes=CLASSES,
        failures=_failures(grid),
    )


def text_of(grid: Grid) -> str:
    """Return the report as Markdown."""
    plain = markdown.plain
    lines = ["# " + " ".join(sentences(grid)), ""]
    lines += [f"{grid['started']} to {grid['finished']}, stuntcam {grid['tool']}.", ""]
    lines += ["| device | model | firmware | serial | exit | what came of it |", "|---" * 6 + "|"]
    for one in _worst_first(grid):
        name = f"[{plain(one['name'])}]({one['report']})" if one["report"] else plain(one["name"])
        about = [plain(one[key]) for key in ("model", "firmware", "serial")]
        told = plain(one["why"]) or SAID[one["exit"]][0]
        lines.append("| " + " | ".join([name, *about, str(one["exit"]), told]) + " |")
    lines += ["", "## Requirements", ""]
    lines += ["| | " + " | ".join(plain(one["name"]) for one in grid["devices"]) + " |"]
    lines += ["|---" * (1 + len(grid["devices"])) + "|"]
    for row in grid["requirements"]:
        marks = [MARKS.get(one["verdicts"].get(row["key"], ""), "") for one in grid["devices"]]
        lines.append(f"| {row['key']} | " + " | ".join(marks) + " |")
    lines += ["", ", ".join(f"{mark} {name}" for name, mark in MARKS.items()) + "."]
    return "\n".join(lines) + "\n"


def xml(grid: Grid) -> bytes:
    """Return the report as JUnit's XML: a suite a device, a case a requirement."""
    root = ET.Element("testsuites", name="stuntcam check")
    for one in grid["devices"]:
        suite = ET.SubElement(root, "testsuite", name=junit.fit(one["name"]))
        verdicts = one["verdicts"] or {"the run": "fail" if one["exit"] in {1, 2, 3, 4} else ""}
        for key, verdict in verdicts.items():
            case = ET.SubElement(
                suite, "testcase", classname=junit.fit(one["name"]), name=key, time="0"
            )
            reason = junit.fit(one["failures"].get(key) or one["why"] or verdict)
            if verdict == "fail":
                ET.SubElement(case, "failure", message=reason)
            elif verdict != "pass":
                ET.SubElement(case, "skipped", message=reason)
    junit.count(root)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _worst_first(grid: Grid) -> list[dict[str, Any]]:
    return sorted(grid["devices"], key=lambda one: ORDER.index(one["exit"]))


def _failures(grid: Grid) -> list[tuple[dict[str, Any], dict[str, list[str]]]]:
    """Return each requirement that fails somewhere: the names of devices by the reason."""
    found = []
    for row in grid["requirements"]:
        by_reason: dict[str, list[str]] = {}
        for one in grid["devices"]:
            if row["key"] in one["failures"]:
                by_reason.setdefault(one["failures"][row["key"]], []).append(one["name"])
        if by_reason:
            found.append((row, by_reason))
    return found
