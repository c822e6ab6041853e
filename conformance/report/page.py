"""report.html: one self-contained file, pictures inside, that a manager can read.

The template is report.html.j2 beside this; jinja2 escapes whatever a device may have said.
"""

import base64
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from conformance.report.results import Results
from conformance.verdict import EXIT_CODES

CLASSES = {
    "pass": "pass",
    "fail": "fail",
    "not checked": "unchecked",
    "not offered": "unoffered",
    "waived": "waived",
    "does not apply": "unoffered",
}
HEADLINES = {
    0: "Conforms",
    1: "Does not conform",
    3: "Could not be judged",
    4: "Was not given back as found",
    5: "Nothing to judge",
    130: "Interrupted",
}
IN_PART = "No fault found"
"""Instead of "Conforms", where not every MUST that applies was looked at."""

TONES = {0: "pass", 1: "fail", 4: "fail"}
COUNTED = {  # of verdicts besides these a level's sentence says nothing; of many, of one
    "pass": ("pass", "passes"),
    "fail": ("fail", "fails"),
    "not checked": ("not checked", "not checked"),
    "waived": ("waived", "waived"),
}


def html(document: Results, folder: Path) -> str:
    """Return results as a page; `folder` is where their pictures lie."""
    environment = Environment(
        loader=PackageLoader("conformance.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        results=document,
        headline=_headline(document),
        tone=TONES.get(document["exit"], ""),
        sentences=_sentences(document),
        ending=EXIT_CODES[document["exit"]],
        classes=CLASSES,
        bars=[_bar(level, row) for level, row in document["summary"].items() if any(row.values())],
        failed=_with_verdict(document, "fail"),
        waived=_with_verdict(document, "waived"),
        unchecked=_unchecked(document),
        chapters=_chapters(document),
        pictures=document["pictures"],
        inlined=partial(_inlined, folder=folder),
    )


def _sentences(document: Results) -> list[str]:
    sentences = [text for level in document["summary"].items() if (text := _sentence(*level))]
    if only := document["run"]["only"]:
        sentences.append(f"Looked at was a selection: {', '.join(only)}.")
    return sentences


def _sentence(level: str, row: dict[str, int]) -> str:
    """Return what came of a level in words: "MUST: 3 of 5 pass, 1 fails, 1 not checked."."""
    counted = {name: n for name, n in row.items() if n and name in COUNTED}
    total = sum(counted.values())
    if not total:
        return ""
    passed = counted.pop("pass", 0)
    parts = [f"{passed} of {total} pass" if passed < total else f"all {total} pass"]
    parts += [f"{n} {COUNTED[name][n == 1]}" for name, n in counted.items()]
    return f"{level}: {', '.join(parts)}."


def _headline(document: Results) -> str:
    in_part = document["run"]["only"] or document["summary"]["MUST"]["not checked"]
    return IN_PART if document["exit"] == 0 and in_part else HEADLINES[document["exit"]]


def _with_verdict(document: Results, verdict: str) -> list[dict[str, Any]]:
    return [row for row in document["requirements"] if row["verdict"] == verdict]


def _unchecked(document: Results) -> dict[str, list[str]]:
    """Return the requirements that were not checked by the reason, so that each is told once."""
    by_reason: dict[str, list[str]] = {}
    for row in _with_verdict(document, "not checked"):
        if row["applies"]:
            by_reason.setdefault(row["reason"], []).append(f"{row['id']} {row['level']}")
    return by_reason


def _bar(level: str, row: dict[str, int]) -> dict[str, Any]:
    total = sum(row.values())
    parts = [
        {"name": name, "count": count, "class": CLASSES[name], "percent": 100 * count / total}
        for name, count in row.items()
        if count
    ]
    return {"level": level, "total": total, "parts": parts}


def _chapters(document: Results) -> dict[str, list[dict[str, Any]]]:
    chapters: dict[str, list[dict[str, Any]]] = {}
    for row in document["requirements"]:
        chapters.setdefault(row["chapter"], []).append(row)
    return chapters


def _inlined(picture: dict[str, str], folder: Path) -> str:
    content = base64.b64encode((folder / picture["path"]).read_bytes()).decode()
    kind = "png" if picture["path"].endswith(".png") else "jpeg"
    return f"data:image/{kind};base64,{content}"
