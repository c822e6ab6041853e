"""Puts a run's folder on disk: results.json, what is made from it, and the evidence."""

import json
import re
from pathlib import Path

import httpx

from conformance import har
from conformance.client import LoginRefusedError
from conformance.exchange import NoAnswerError
from conformance.expect import NotCheckedError
from conformance.pace import SpentError
from conformance.report import heatmap, junit, markdown, page, results
from conformance.report.results import Results
from conformance.run import Run
from conformance.verdict import Outcome

PICTURES = (("snapshot", "snapshot", "What the camera sees"), ("picture", "space", "Its heat map"))
TYPES = {"image/png": "png", "image/jpeg": "jpg"}


def evidence(run: Run, folder: Path, tool: str) -> dict[str, str]:
    """Write a HAR for each check that asked the device something; returns their paths by check."""
    hidden = secrets(run)
    (folder / "evidence").mkdir(parents=True, exist_ok=True)
    paths: dict[str, str] = {}
    for outcome in run.outcomes:
        first, last = outcome.span
        if last > first:
            path = f"evidence/{_file_name(outcome)}.har"
            document = har.document(run.client.exchanges[first:last], hidden, tool)
            (folder / path).write_text(json.dumps(document), encoding="utf-8")
            paths[outcome.name] = path
    return paths


def secrets(run: Run) -> list[str]:
    """Return the texts that no file of a run may hold."""
    password = run.options.login.password if run.options.login else ""
    return [password, *run.client.secrets]


def replays(run: Run, folder: Path) -> dict[str, str]:
    """Write each sequence that broke a rule, for `check --replay`; returns paths by check."""
    hidden = secrets(run)
    paths: dict[str, str] = {}
    for outcome in run.outcomes:
        if outcome.replay is not None:
            (folder / "fuzz").mkdir(parents=True, exist_ok=True)
            path = f"fuzz/{outcome.replay['check']}.json"
            text = json.dumps(outcome.replay, indent=1, ensure_ascii=False)
            (folder / path).write_text(har.clean(text, hidden) + "\n", encoding="utf-8")
            paths[outcome.name] = path
    return paths


def pictures(run: Run, folder: Path) -> list[dict[str, str]]:
    """Fetch what the camera sees and its heat map, as a reader would want; returns the list.

    No verdict hangs on it: what doesn't come is left out.
    """
    camera = run.target.camera
    if camera is None or run.stopped or not run.target.claim.offered:
        return []
    found = []
    for purpose, name, title in PICTURES:
        try:
            answer = camera.ask(purpose)
        except (NoAnswerError, NotCheckedError, SpentError, LoginRefusedError):
            continue
        kind = TYPES.get(answer.header("content-type").partition(";")[0])
        if answer.status == httpx.codes.OK and kind:
            path = f"pictures/{name}.{kind}"
            (folder / "pictures").mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(answer.body)
            found.append({"title": title, "path": path})
    return found


def maps(run: Run, folder: Path) -> dict[str, list[dict[str, str]]]:
    """Write the heat maps that checks looked at; returns title and path of each, by check."""
    written: dict[str, list[dict[str, str]]] = {}
    for outcome in run.outcomes:
        for number, (title, cells) in enumerate(outcome.maps, 1):
            path = f"pictures/{_file_name(outcome)}-{number}.png"
            (folder / "pictures").mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(heatmap.png(cells))
            written.setdefault(outcome.name, []).append({"title": title, "path": path})
    return written


def folder(document: Results, where: Path) -> None:
    """Write results.json into a folder and make the other reports from it."""
    text = json.dumps(document, indent=1, ensure_ascii=False)
    where.mkdir(parents=True, exist_ok=True)
    (where / results.FILE).write_text(text + "\n", encoding="utf-8")
    (where / "report.html").write_text(page.html(document, where), encoding="utf-8")
    (where / "report.md").write_text(markdown.text(document), encoding="utf-8")
    (where / "junit.xml").write_bytes(junit.xml(document))


def _file_name(outcome: Outcome) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", outcome.name).strip("-")[:150]
