"""Putting a device back as its journal says, part by part, and comparing afterwards.

Every part is tried, whatever became of the others; what could not be put back is told.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from conformance.camera import JSON_TYPE, Camera
from conformance.control import Control
from conformance.dialect import Beside, path_and_query
from conformance.exchange import NoAnswerError
from conformance.journal import Entry

LAST_TRIES = 3
"""How often each part is tried at a run's end: a device may answer only now and then."""


def put_back(camera: Camera, entry: Entry, *, whole: bool) -> list[str]:
    """Put settings and accounts of a journal back, and compare; returns what could not be.

    whole  besides, the groups that enabling the heat map may have changed
    """
    pace = camera.client.pace
    was_exempt, pace.exempt = pace.exempt, True  # a spent budget is no reason to leave a mess
    times = LAST_TRIES if whole else 1
    try:
        troubles = tried("settings", partial(_put_back_settings, camera, entry), times)
        for name in entry.users:
            troubles += tried(f"account {name}", partial(_drop_user, camera, name), times)
        if whole:
            for group in camera.dialect.beside:
                if group.name in entry.beside:
                    wanted = entry.beside[group.name]
                    part = partial(_put_back_group, camera, group, wanted)
                    troubles += tried(group.name, part, times)
    finally:
        pace.exempt = was_exempt
    return troubles


def put_back_control(control: Control, entry: Entry, now: datetime) -> list[str]:
    """Put clock, scene, cards and shares back, and end all faults."""
    if entry.control is None:
        return []
    kept = entry.control
    clock, scene = kept["clock"], kept["scene"]
    elapsed = max(now - datetime.fromisoformat(kept["read"]), timedelta(0))

    def faults() -> None:
        control.delete("faults")

    def looks() -> None:
        now_shown = control.get("scene")
        if now_shown["source"] != scene["source"] or now_shown["loop"] != scene["loop"]:
            control.put("scene", source=scene["source"], loop=scene["loop"])

    def time() -> None:
        speed = {"real": 1.0, "scaled": clock["speed"] or 1.0}.get(clock["mode"], 0.0)
        passed_ms = int(elapsed / timedelta(milliseconds=1) * speed)
        control.put("clock", utc_ms=clock["utc_ms"] + passed_ms)
        control.put("clock", zone=clock["zone"], mode=clock["mode"])
        if clock["mode"] == "scaled":
            control.put("clock", speed=clock["speed"])

    def volumes() -> None:
        for name in set(kept.get("volumes", ())) & set(control.volumes("absent")):
            control.post(f"storage/{name}/insert")

    parts = {"faults": faults, "volumes": volumes, "scene": looks, "clock": time}
    return [trouble for name, part in parts.items() for trouble in tried(name, part)]


def _put_back_settings(camera: Camera, entry: Entry) -> None:
    wanted = entry.settings
    if wanted is None:
        return
    with suppress(NoAnswerError):  # what can't be read now may still be put right
        if _differing(camera, wanted) == []:
            return
    saved = camera.overwrite(wanted)
    if not saved.accepted:
        raise NoAnswerError(f"refused: {saved.message or saved.answer.shown}")
    if differing := _differing(camera, wanted):
        raise NoAnswerError(f"still different after they were put back: {', '.join(differing)}")


def _differing(camera: Camera, wanted: dict[str, Any]) -> list[str]:
    fields = camera.kept()
    return [key for key, value in wanted.items() if fields.get(key) != value]


def _drop_user(camera: Camera, name: str) -> None:
    # The account may never have come to be: whether it is there is what counts.
    camera.delete_user(name)
    listed = camera.ask("users")
    if name in listed.text:
        raise NoAnswerError("it is still there")


def _put_back_group(camera: Camera, group: Beside, wanted: dict[str, Any]) -> None:
    for path in group.paths:
        asked = path_and_query(path, [("action", group.get), ("format", "json")])
        if camera.client.get(asked).json() == wanted:
            return
        changed = path_and_query(path, [("action", group.set), ("format", "json")])
        camera.client.send("POST", changed, body=_json(wanted), headers=JSON_TYPE)
        if camera.client.get(asked).json() == wanted:
            return
    raise NoAnswerError("still different after it was put back")


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()


def tried(what: str, action: Callable[[], None], times: int = 1) -> list[str]:
    """Do it, again if it fails; returns what went wrong at last, named."""
    failure = ""
    for _ in range(times):
        try:
            action()
        except ValueError as error:  # no answer, a log-in refused, no control: each names the thing
            failure = f"{what}: {error}"
        else:
            return []
    return [failure]
