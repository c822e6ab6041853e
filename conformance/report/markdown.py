"""report.md: the same as report.html for whoever reads it in a merge request."""

from typing import Any

from conformance.report.results import Results
from conformance.verdict import EXIT_CODES


def text(document: Results) -> str:
    """Return results as Markdown."""
    target = document["target"]
    about = [target["url"], f"serial {plain(target['serial'] or 'unknown')}", document["started"]]
    about += [f"stuntcam {document['tool']}", document["run"]["safety"]]
    lines = [
        f"# {plain(target['model'] or 'a device')} {plain(target['firmware'])}",
        "",
        ", ".join(about) + ".",
        "",
        f"**Exit {document['exit']}**: {EXIT_CODES[document['exit']]}.",
        f"Heat map: {plain(document['claims']['reason'])}.",
        "",
    ]
    lines += [f"* {plain(note)}" for note in document["notes"]]
    lines += [f"* not put back: {plain(one)}" for one in document["not_restored"]]
    lines += [f"* waiver: {plain(one)}" for one in document["waivers"]]
    lines += ["", "| level | " + " | ".join(_columns(document)) + " |"]
    lines += ["|---" * (1 + len(_columns(document))) + "|"]
    for level, row in document["summary"].items():
        lines.append(f"| {level} | " + " | ".join(str(row[name]) for name in row) + " |")
    failed = [row for row in document["requirements"] if row["verdict"] == "fail"]
    if failed:
        lines += ["", "## Failures"]
    for row in failed:
        lines += ["", f"### {row['id']} ({row['level']})", "", f"> {plain(row['rule'])}", ""]
        for check in row["checks"]:
            if check["verdict"] == "fail":
                lines += _failure(check)
    lines += [
        "",
        "## All requirements",
        "",
        "| id | level | verdict | reason |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {row['id']} | {row['level']} | {row['verdict']} | {plain(row['reason'])} |"
        for row in document["requirements"]
    ]
    return "\n".join(lines) + "\n"


def _columns(document: Results) -> list[str]:
    return list(next(iter(document["summary"].values())))


def _failure(check: dict[str, Any]) -> list[str]:
    lines = [
        f"* {plain(check['name'])} ([evidence]({check['evidence']}))",
        f"  * sent: {plain(check['sent'])}",
        f"  * expected: {plain(check['expected'])}",
        f"  * actual: {plain(check['actual'])}",
    ]
    if check.get("steps"):
        lines += [f"  * again: `stuntcam check URL --replay {check['replay']}`, which is", ""]
        lines += ["    ```sh", *(f"    {_on_a_line(step)}" for step in check["steps"]), "    ```"]
    return lines


def _on_a_line(step: str) -> str:
    return " ".join(step.replace("```", "` ` `").split())


def plain(told: str) -> str:
    """Return what a device may have said as text that Markdown leaves alone."""
    told = " ".join(told.split())
    for mark in "\\`*_|[]<>#":
        told = told.replace(
            mark, f"\\{mark}" if mark not in "<>" else {"<": "&lt;", ">": "&gt;"}[mark]
        )
    return told
