"""Documents of ours on disk: JSON objects that tell the number of their schema."""

import json
from pathlib import Path
from typing import Any


def read(path: Path, schema: int, what: str, error: type[ValueError]) -> dict[str, Any]:
    """Return the document in a file.

    Raises `error`, which names the file and `what` was looked for.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise error(f"{path}: {fault.strerror}") from None
    except (ValueError, RecursionError):
        raise error(f"{path} is not JSON") from None
    if not isinstance(document, dict) or document.get("schema") != schema:
        raise error(f"{path} is no {what} of schema {schema}")
    return document
