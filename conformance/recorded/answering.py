"""Which of the recorded answers a question gets.

The n-th time that one party asks a question, what it was answered the n-th time; asked more often
than that, the last answer again. Another order of other questions changes nothing in that. Where
somebody asks who did not then, he is let in as the account was, or asked to log in as it was.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from conformance.exchange import Headers
from conformance.recorded import questions
from conformance.recorded.folder import Recording, Reply
from conformance.recorded.questions import ACCOUNT, NOBODY, SESSION, STRANGER, Asker, Question

UNAUTHORIZED = 401


@dataclass(slots=True)
class _Row:
    """What one asker was answered to one question: where it stands, and how often it was told."""

    asker: Asker
    ats: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    told: int = 0


class Answers:
    """The answers of one recording, told in their order. Raises RecordingError at the start."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._rows: dict[bytes, list[_Row]] = defaultdict(list)
        self._like: dict[bytes, list[tuple[str, bytes]]] = defaultdict(list)
        self._challenge: int | None = None
        self.count = 0
        for asked in recording.asked():
            self._take(asked.question, asked.asker, asked.status, asked.at)

    def _take(self, question: Question, asker: Asker, status: int, at: int) -> None:
        self.count += 1
        rows = self._rows[question.key]
        if not rows:
            self._like[question.place].append((question.body, question.key))
        row = next((one for one in rows if one.asker == asker), None)
        if row is None:
            row = _Row(asker)
            rows.append(row)
        row.ats.append(at)
        row.statuses.append(status)
        if self._challenge is None and status == UNAUTHORIZED:
            self._challenge = at

    def answer(self, question: Question, asker: Asker, origin: str) -> Reply | None:
        """Return the answer to a question; None: it was never asked.

        origin  where the device is said to be now
        """
        rows = self._found(question)
        row = _chosen(rows, asker)
        if row is None:
            wants_log_in = asker.party in {NOBODY, STRANGER} and any(
                one.asker.party in {ACCOUNT, SESSION} for one in rows
            )
            return self._log_in_first() if wants_log_in else None
        at = row.ats[min(row.told, len(row.ats) - 1)]
        row.told += 1
        return self._moved(self._recording.reply(at), question, origin)

    def _found(self, question: Question) -> list[_Row]:
        if question.key in self._rows:
            return self._rows[question.key]
        for body, key in self._like.get(question.place, ()):
            if questions.fits(body, question.body):
                return self._rows[key]
        return []

    def _log_in_first(self) -> Reply | None:
        if self._challenge is None:
            return None
        kept = self._recording.reply(self._challenge)
        return replace(kept, headers=_challenges(kept.headers))

    def _moved(self, reply: Reply, question: Question, origin: str) -> Reply:
        """Return an answer in which the device is where it is now."""
        was = self._recording.origin
        headers = tuple(
            (name, questions.moved(value, was, origin)) for name, value in reply.headers
        )
        body = reply.body
        if reply.is_text:
            text = questions.moved(body.decode(), was, origin)
            body = questions.echoed(text, reply.uuids, question.uuids).encode()
        return replace(reply, headers=headers, body=body)


def _chosen(rows: list[_Row], asker: Asker) -> _Row | None:
    """Return what was answered to this asker, or to whom else he may stand for."""
    for one in rows:
        if one.asker == asker:
            return one
    alike = {asker.party}
    if asker.party in {ACCOUNT, SESSION}:  # any credentials do
        alike = {ACCOUNT, SESSION}
    found = [one for one in rows if one.asker.party in alike]
    if not found and asker.party in {ACCOUNT, SESSION}:
        # What nobody was refused, nobody needs to log in for.
        found = [one for one in rows if one.asker.party == NOBODY]
        found = [one for one in found if UNAUTHORIZED not in one.statuses]
    return found[0] if found else None


def _challenges(headers: Headers) -> Headers:
    kept = {"www-authenticate", "content-type"}
    return tuple(pair for pair in headers if pair[0].lower() in kept)
