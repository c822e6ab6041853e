"""What is at the other end: which dialect fits, and the device's model, firmware and serial."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from conformance import gate, layers
from conformance.camera import Camera
from conformance.client import Client
from conformance.dialect import Dialect
from conformance.exchange import Answer, NoAnswerError
from conformance.layers import LayerError
from conformance.signing import SignInError
from conformance.verdict import Claim

REDIRECTS = range(300, 400)
UNAUTHORIZED = 401


class UnreachableError(ValueError):
    """The target gives nothing that could be judged; the message says what it did instead."""


@dataclass(frozen=True, slots=True)
class Target:
    """A device as it introduced itself.

    camera    speaks the dialect that fits; None: none does (another make, or no camera at all)
    dialect   that one, or else the first that was tried: it still tells where ONVIF is asked for
    model, firmware, serial   empty where unknown
    claim     what the documents say of that model and firmware
    """

    camera: Camera | None
    dialect: Dialect
    model: str
    firmware: str
    serial: str
    claim: Claim


def probe(client: Client, dialects: Sequence[Dialect]) -> Target:
    """Ask the device who it is, in each dialect until one fits.

    Raises UnreachableError when there is no usable answer at all, LoginRefusedError.
    """
    answers: list[Answer] = []
    for dialect in dialects:
        camera = Camera(client, dialect)
        try:
            answer = camera.ask("information")
        except (NoAnswerError, SignInError) as error:
            raise UnreachableError(str(error)) from None
        if answer.status in REDIRECTS:
            raise UnreachableError(
                f"{answer.request} is redirected to {answer.header('location')!r}; redirects are "
                "not followed: check that address if it is the camera's"
            )
        if answer.status == UNAUTHORIZED:
            if client.login is None:
                raise UnreachableError(f"{client.address.url} wants a log-in: -u USER")
            answer = camera.ask("information")  # refused twice, this raises LoginRefusedError
        found = _identity(camera, answer)
        if found is not None:
            return found
        answers.append(answer)
    return Target(None, dialects[0], "", "", "", _stranger(answers[-1]))


def _identity(camera: Camera, answer: Answer) -> Target | None:
    words = camera.dialect.identity
    model, firmware, serial = (
        _told(answer, words.get(name)) for name in ("model", "firmware", "serial")
    )
    if not model:
        return None
    if not re.match(camera.dialect.models, model):
        why = f"{model!r} is of another make than {camera.dialect.about}"
        return Target(None, camera.dialect, model, firmware, serial, Claim(False, why))
    return Target(camera, camera.dialect, model, firmware, serial, gate.decide(model, firmware))


def _told(answer: Answer, word: Any) -> str:
    """Return a text of an answer, by a JSON object's key or by a place; empty where it has none."""
    if isinstance(word, list):
        try:
            return layers.pick(answer.text, tuple(word))
        except LayerError:
            return ""
    try:
        document = answer.json()
    except NoAnswerError:
        return ""
    text = document.get(word) if isinstance(document, dict) else ""
    return text if isinstance(text, str) else ""


def _stranger(answer: Answer) -> Claim:
    return Claim(
        False, f"it does not introduce itself as a camera of a known make ({answer.shown[:80]})"
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """How one request of a dialect was answered: whether it fits, and what came if not."""

    purpose: str
    fits: bool
    shown: str
    evidence: str


def fits(camera: Camera) -> list[Fit]:
    """Ask every reading request of the dialect and return how each was answered (--probe)."""
    found = []
    for purpose, spelling in camera.dialect.requests.items():
        if not spelling.fits:  # changes something, or is no text
            continue
        try:
            answer = camera.ask(purpose)
        except NoAnswerError as error:
            found.append(Fit(purpose, False, str(error), spelling.evidence))
            continue
        fit = camera.fits(answer, spelling.fits)
        found.append(Fit(purpose, fit, answer.shown[:100], spelling.evidence))
    return found
