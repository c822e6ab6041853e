"""What is wrong with a body that its model refuses, in words: field, value and limit."""

import json
from typing import Any

from pydantic import ValidationError

from emulator.core.faults import KINDS
from emulator.edge.control.models import Wrong
from emulator.edge.control.routes import Route


def told(error: ValidationError, route: Route) -> tuple[str, list[Wrong]]:
    """Return what is wrong with a request's body: the first thing in a line, and all of them."""
    wrongs = []
    for one in error.errors(include_url=False):
        # A fault's order stands under its name, which is no field.
        path = [str(part) for part in one["loc"]]
        field = ".".join(path[1:] if route.name == "begin_fault" and len(path) > 1 else path)
        value, limit = one["input"] if one["type"] != "missing" else None, one["msg"]
        if one["type"] == "union_tag_invalid":
            field, value = "name", one["ctx"]["tag"]
            limit = f"is unknown; there are {', '.join(KINDS)}"
        elif one["type"] == "union_tag_not_found":
            field, value, limit = "name", None, f"is missing; there are {', '.join(KINDS)}"
        value = _short(value) if field else None
        wrongs.append(Wrong(field=field or "the body", value=value, limit=limit))
    first = wrongs[0]
    shown = "" if first.value is None else f"={json.dumps(first.value)}"
    return f"{first.field}{shown}: {first.limit}", wrongs


def _short(value: Any) -> Any:
    if isinstance(value, bool | int | float) and abs(value) < 10**18:
        return value
    if value is None:
        return None
    text = value if isinstance(value, str) else repr(value)
    text = text.encode(errors="replace").decode()
    return text if len(text) <= 80 else text[:80] + "..."
