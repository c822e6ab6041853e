"""junit.xml: a suite a chapter, a case a check, as build servers read it.

What was not checked, not offered or waived is skipped there, with the reason. A failed SHOULD
is a failure of its case, too: junit knows no levels, so its name says it.
"""

import re
import xml.etree.ElementTree as ET
from typing import Any

from conformance.report.results import Results

_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(document: Results) -> bytes:
    """Return results as JUnit's XML."""
    root = ET.Element("testsuites", name=fit(f"stuntcam check {document['target']['model']}"))
    suites: dict[str, ET.Element] = {}
    for row in document["requirements"]:
        suite = suites.get(row["chapter"])
        if suite is None:
            suite = suites[row["chapter"]] = ET.SubElement(root, "testsuite", name=row["chapter"])
        for check in row["checks"] or [_instead(row)]:
            _case(suite, row, check)
    count(root)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _instead(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "(no check)",
        "verdict": row["verdict"],
        "reason": row["reason"],
        "seconds": 0,
    }


def _case(suite: ET.Element, row: dict[str, Any], check: dict[str, Any]) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"{row['chapter']}.{row['id']}.{row['level']}",
        name=fit(check["name"]),
        time=str(check["seconds"]),
    )
    verdict = check["verdict"]
    if verdict == "fail":
        failure = ET.SubElement(case, "failure", message=fit(check["reason"]))
        failure.text = fit(
            f"{row['id']} ({row['level']}): {row['rule']}\n\nsent: {check['sent']}\n"
            f"expected: {check['expected']}\nactual: {check['actual']}\n"
            f"evidence: {check['evidence']}"
        )
    elif verdict != "pass" or row["verdict"] == "not offered":
        told = verdict if verdict != "pass" else row["verdict"]
        reason = check["reason"] or row["reason"]
        ET.SubElement(case, "skipped", message=fit(f"{told}: {reason}"))


def count(root: ET.Element) -> None:
    """Tell of all suites, and of each, how many cases there are and what came of them."""
    for suite in [*root.iter("testsuite"), root]:
        cases = list(suite.iter("testcase"))
        suite.set("tests", str(len(cases)))
        suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
        suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
        suite.set("errors", "0")


def fit(text: str) -> str:
    """Return a text without what XML can't hold."""
    return _UNFIT.sub("�", text)
