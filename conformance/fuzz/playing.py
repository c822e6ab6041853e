"""Plays a sequence on a device: sends each step, looks at what came of it, applies the laws."""

import json
from collections.abc import Collection

from conformance.camera import Camera
from conformance.dialect import path_and_query
from conformance.exchange import NoAnswerError
from conformance.expect import NotCheckedError
from conformance.fuzz import laws, meaning
from conformance.fuzz.laws import Broken, Said
from conformance.fuzz.meaning import Settings
from conformance.fuzz.steps import Report, Save, Sequence, curl, writes
from conformance.weeks import SHOP, week

UNAVAILABLE = 503

START: Settings = {  # nobody's defaults, so that a setting that is forgotten shows
    "enable": 0,
    "sensitivity": 4,
    "min_object_size": 40,
    "min_dwell": 120,
    "adaptability": 6,
    "region": "1" * 150 + "0" * 149,
    "schedule": week(SHOP),
}
RETURN = Save(tuple((name, json.dumps(value)) for name, value in START.items()))
NO_START = "the settings can't be brought to a start"
STARTING = 2
"""Requests that it takes to be at the start again."""


class Player:
    """Plays sequences, each from the same START, on one device.

    at  the settings as they were read last; None: not read yet
    """

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._at: Settings | None = None

    def play(self, sequence: Sequence, rules: Collection[str]) -> tuple[Sequence, Broken] | None:
        """Send a sequence, and after saves go back to the start, which is a save like another.

        Returns the steps up to the first that broke a law that is among `rules`, and that law.
        Raises NotCheckedError when the start can't be reached or the device is busy, and
        whatever the session raises (SpentError, LoginRefusedError).
        """
        if writes(sequence):
            self._begin()
            sequence = (*sequence, RETURN)
        for number, step in enumerate(sequence, 1):
            if step == RETURN and self._at == START:
                continue
            try:
                broken = self._save(step) if isinstance(step, Save) else self._report(step)
            except NoAnswerError as error:
                self._at = None
                mute = Broken(
                    "answered", frozenset(rules), "the answer", "a usable one", str(error)
                )
                return sequence[:number], mute
            mine = [one for one in broken if one.rules & set(rules)]
            if mine:
                return sequence[:number], mine[0]
        return None

    def _begin(self) -> None:
        # Twice: the first may be what an earlier sequence has spoilt, and another rule's matter.
        for _ in range(2):
            if self._at == START:
                return
            try:
                saved = self._camera.save(**START)
                self._at = self._camera.settings()
            except NoAnswerError as error:
                raise NotCheckedError(f"{NO_START}: {error}") from None
        if self._at != START:
            raise NotCheckedError(f"{NO_START}: {saved.answer.shown}")

    def _save(self, step: Save) -> list[Broken]:
        assert self._at is not None
        camera, keys, before = self._camera, self._camera.dialect.settings, self._at
        self._at = None  # unknown until it is read again
        body = step.body(keys)
        saved = camera.save_body(body) if step.by == "json" else camera.save_query(step.pairs(keys))
        answer = saved.answer
        if answer.status == UNAVAILABLE:
            raise NotCheckedError(f"the device has too much to do: {answer.shown}")
        is_refused = answer.status == laws.OK and camera.has_failed(answer)
        said = Said(answer.status, saved.accepted, is_refused, saved.message, answer.shown)
        self._at = after = camera.settings()
        return laws.of_save(step, meaning.of(step, before), before, said, after, len(body))

    def _report(self, step: Report) -> list[Broken]:
        answer = self._camera.ask(step.of, self._query(step))
        if answer.status == UNAVAILABLE:
            raise NotCheckedError(f"the device has too much to do: {answer.shown}")
        return laws.of_report(step, answer.status, answer.text)

    def _query(self, step: Report) -> list[tuple[str, str]]:
        words = self._camera.dialect.report
        kinds = words["kinds"]
        return [
            (name, kinds.get(text, text) if name == words["kind"] else text)
            for name, text in step.pairs(words)
        ]

    # --- for a reader ----------------------------------------------------------------------------

    def lines(self, sequence: Sequence) -> list[str]:
        """Return a sequence, from the start on, as lines for a shell."""
        camera, keys = self._camera, self._camera.dialect.settings
        base = camera.client.address.url
        found = []
        if writes(sequence):
            start = json.dumps({keys[name]: value for name, value in START.items()})
            found.append(curl(base + camera.target("save"), start.encode()))
        for step in sequence:
            if isinstance(step, Report):
                spelling = camera.dialect.requests[step.of]
                query = [*spelling.query, *self._query(step)]
                found.append(curl(base + path_and_query(spelling.paths[0], query)))
            elif step.by == "query":
                found.append(curl(base + camera.target("save", step.pairs(keys))))
            else:
                body = step.body(keys)
                found.append(curl(base + camera.target("save"), body, step.encoding))
        return found
