"""results.json: a run as one document (CONTRACT 5). Everything else is made from this.

What is added to a schema later is optional; what changes its meaning gets another number.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from conformance import har, saved
from conformance.run import Run
from conformance.verdict import Outcome, Row, counts

SCHEMA = 1
FILE = "results.json"

Results = dict[str, Any]


class ResultsError(ValueError):
    """A file that is no results.json of a schema that is known; the message names it."""


@dataclass(frozen=True, slots=True)
class Files:
    """What a run's folder holds of single checks, by their names: paths below the folder.

    evidence  the HAR; replays: what --replay takes; maps: heat maps, each a title and a path
    """

    evidence: Mapping[str, str]
    maps: Mapping[str, Sequence[Mapping[str, str]]]
    replays: Mapping[str, str]


def document(
    run: Run,
    rows: Sequence[Row],
    *,
    tool: str,
    finished: datetime,
    exit_code: int,
    files: Files,
    pictures: Sequence[Mapping[str, str]],
    waiver_problems: Sequence[str],
) -> Results:
    """Return a run as a document."""
    options, target = run.options, run.target
    result = {
        "schema": SCHEMA,
        "tool": tool,
        "target": {
            "model": target.model,
            "firmware": target.firmware,
            "serial": target.serial,
            "url": run.client.address.url,
            "fingerprint": run.client.trust.fingerprint,
        },
        "started": run.started.isoformat(),
        "finished": finished.isoformat(),
        "claims": {
            "heat map": target.claim.offered,
            "reason": target.claim.reason,
            "requirements": list(target.claim.requirements),
        },
        "run": {
            "safety": run.safety,
            "seed": run.seed,
            "dialect": target.camera.dialect.name if target.camera else None,
            "control": options.control is not None,
            "only": list(options.only),
            "accept": list(options.accept),
            "requests": run.client.pace.requests,
        },
        "requirements": [_row(row, files) for row in rows],
        "summary": counts(rows),
        "notes": run.notes,
        "stopped": run.stopped,
        "not_restored": run.troubles,
        "waivers": list(waiver_problems),
        "pictures": list(pictures),
        "exit": exit_code,
    }
    password = options.login.password if options.login else ""
    # A device might say the password, and a reason quotes what a device says.
    cleaned: Results = json.loads(har.clean(json.dumps(result, ensure_ascii=False), [password]))
    return cleaned


def read(path: Path) -> Results:
    """Return the results in a file, or in the folder of a run. Raises ResultsError."""
    file = path / FILE if path.is_dir() else path
    found = saved.read(file, SCHEMA, "results.json", ResultsError)
    missing = {"target", "claims", "requirements", "summary", "exit"} - set(found)
    if missing:
        raise ResultsError(f"{file} lacks {', '.join(sorted(missing))}")
    return found


def _row(row: Row, files: Files) -> dict[str, Any]:
    return {
        "id": row.requirement.id,
        "level": row.level,
        "verdict": row.verdict.value,
        "reason": row.reason,
        "applies": row.applies,
        "chapter": row.requirement.chapter,
        "rule": row.requirement.rule,
        "source": row.requirement.source,
        "checks": [_check(one, files) for one in row.checks],
    }


def _check(outcome: Outcome, files: Files) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": outcome.name,
        "verdict": outcome.verdict.value,
        "reason": outcome.reason,
        "sent": outcome.sent,
        "expected": outcome.expected,
        "actual": outcome.actual,
        "symptom": outcome.symptom,
        "seconds": round(outcome.seconds, 3),
        "evidence": files.evidence.get(outcome.name, ""),
        "maps": list(files.maps.get(outcome.name, ())),
    }
    if outcome.steps:
        row |= {"steps": list(outcome.steps), "replay": files.replays.get(outcome.name, "")}
    return row
