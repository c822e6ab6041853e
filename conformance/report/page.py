"""report.html: one self-contained file, pictures inside, that a manager can read.

The template is report.html.j2 beside this; jinja2 escapes whatever a device may have said.
"""

import base64
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
        headline=HEADLINES[document["exit"]],
        ending=EXIT_CODES[document["exit"]],
        classes=CLASSES,
        bars=[_bar(level, row) for level, row in document["summary"].items() if any(row.values())],
        failed=[row for row in document["requirements"] if row["verdict"] == "fail"],
        chapters=_chapters(document),
        pictures=[_inlined(one, folder) for one in document["pictures"]],
    )


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


def _inlined(picture: dict[str, str], folder: Path) -> dict[str, str]:
    content = base64.b64encode((folder / picture["path"]).read_bytes()).decode()
    kind = "png" if picture["path"].endswith(".png") else "jpeg"
    return {"title": picture["title"], "source": f"data:image/{kind};base64,{content}"}
