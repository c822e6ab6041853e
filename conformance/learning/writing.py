"""What was learned as a dialect file: of the form that `check --dialect FILE` reads.

What a session of saving settings does not show (reports, accounts, storage ...) stands there as
the dialect that it was begun from has it, and says so.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from conformance import layers
from conformance.learning.learned import Learned
from conformance.learning.recording import Seen
from conformance.signing import SignIn
from conformance.wire import Sent
from conformance.wording import Field

SEEN = "OBS: in the recording"


def document(learned: Learned, base: Mapping[str, Any], name: str, recording: str) -> str:
    """Return a dialect as TOML.

    base       the dialect that everything else is taken from, as its file has it
    name       the new one's; recording: the file's name, for whoever reads it
    """
    taken = f"as {base['name']}: not in the recording"
    requests = {purpose: {**row, "evidence": taken} for purpose, row in base["request"].items()}
    made = {
        "name": name,
        "about": f"learned from {recording}",
        "makers_models": base["makers_models"],
        "request": requests,
        "settings": _settings(learned),
        **{key: base[key] for key in ("report", "export", "volumes", "user", "identity", "beside")},
        "answer": dict(base["answer"]),
    }
    if learned.identity is not None:
        who = learned.identity
        requests["information"] = _request(learned, who.seen, [who.places["model"]])
        made["identity"] = {
            "serial": base["identity"]["serial"],
            **{key: list(place) for key, place in who.places.items()},
        }
    told = learned.reading.seen
    if told is not None:
        places = [where.at[0] for where, _ in learned.fields.values()]
        requests["settings"] = _request(learned, told, places)
    requests["save"] = _save(learned)
    if learned.succeeded is not None:
        place, text = learned.succeeded
        made["answer"] |= {"at": list(place), "succeeded": text}
    if learned.entry.sign_in is not None:
        made["login"] = _login(learned.entry.sign_in)
    return _head(learned, recording) + toml(made)


def _settings(learned: Learned) -> dict[str, Any]:
    return {
        name: {
            "key": learned.save.fields[name].key if name in learned.save.fields else name,
            "evidence": SEEN,
            "read": _field(read),
            "save": _field(save),
        }
        for name, (read, save) in learned.fields.items()
    }


def _field(where: Field) -> dict[str, Any]:
    row: dict[str, Any] = {"at": [list(place) for place in where.at]}
    return {**row, "as": dict(where.words)} if where.words else row


def _request(learned: Learned, seen: Seen, places: Sequence[layers.Place]) -> dict[str, Any]:
    return {
        **_spelling(learned, seen, learned.entry.sent(seen)),
        "fits": _fits(seen, places),
        "evidence": SEEN,
    }


def _save(learned: Learned) -> dict[str, Any]:
    row = _spelling(learned, learned.save.seen, learned.template)
    row["carried"] = [
        {"save": list(save), "read": list(read)} for save, read in learned.reading.carried
    ]
    return {**row, "blocked": learned.blocked, "evidence": SEEN}


def _spelling(learned: Learned, seen: Seen, sent: Sent) -> dict[str, Any]:
    return {
        "method": seen.method,
        "paths": [seen.path],
        "query": dict(parse_qsl(sent.query, keep_blank_values=True)),
        "headers": learned.entry.headers(seen),
        "body": sent.body,
    }


def _fits(seen: Seen, places: Sequence[layers.Place]) -> list[str] | str:
    """Return what an answer must hold for the request to be understood: outermost names."""
    step = places[0][0] if places and places[0] else ""
    layer, _, rest = step.partition(" ")
    if layer == "json" and rest.startswith("/") and seen.answer.lstrip().startswith("{"):
        return sorted({place[0].split("/")[1] for place in places if place[0].startswith("json /")})
    outermost = rest.split("/")[1].partition("#")[0] if rest.startswith("/") else rest
    return outermost if outermost in seen.answer[:1000] else ""


def _login(sign_in: SignIn) -> dict[str, Any]:
    return {
        "method": sign_in.method,
        "path": sign_in.path,
        "query": sign_in.query,
        "headers": dict(sign_in.headers),
        "body": sign_in.body,
        "password_as": sign_in.password_as,
        "session": dict(sign_in.session),
        "token": [
            {"name": one.name, "from": list(one.source), "path": one.path} for one in sign_in.tokens
        ],
    }


def _head(learned: Learned, recording: str) -> str:
    lines = [f"Learned by `stuntcam dialect learn` from {recording}, of {learned.site}."]
    lines += [f"Not known: {doubt.about}: {doubt.why}" for doubt in learned.doubts]
    return "".join(f"# {_one_line(line)}\n" for line in lines) + "\n"


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


# --- TOML ----------------------------------------------------------------------------------------


def toml(table: Mapping[str, Any], above: str = "") -> str:
    """Return a table of texts, numbers, lists and tables as TOML."""
    lines, later = [], []
    for key, value in table.items():
        name = f"{above}{_key(key)}"
        if isinstance(value, Mapping) and _is_large(value):
            later.append(f"\n[{name}]\n{toml(value, name + '.')}")
        elif _is_tables(value):
            later += [f"\n[[{name}]]\n{toml(one, name + '.')}" for one in value]
        else:
            lines.append(f"{_key(key)} = {_value(value)}\n")
    return "".join([*lines, *later])


def _is_large(value: Mapping[str, Any]) -> bool:
    return any(isinstance(one, Mapping) for one in value.values()) or len(value) > 2


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            # A TOML text is a JSON text, but for one character (TOML 1.0, basic strings).
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case _:
            return f"[{', '.join(_value(one) for one in value)}]"


def _key(key: str) -> str:
    return key if re.fullmatch("[A-Za-z0-9_-]+", key) else str(_value(key))
