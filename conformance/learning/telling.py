"""What was learned, as lines for whoever recorded it."""

from collections.abc import Iterator

from conformance.dialect import SETTINGS
from conformance.har import REMOVED
from conformance.layers import shown
from conformance.learning.learned import Learned
from conformance.learning.secrecy import is_password
from conformance.wording import Field

LONGEST = 60


def lines(learned: Learned) -> Iterator[str]:
    """Yield what is known, setting by setting, and then what is not, with the reason."""
    told = learned.reading.seen
    yield f"device    {learned.site}"
    yield f"saved by  {learned.save.seen.shown}  (entry {learned.save.seen.number})"
    if told is not None:
        yield f"read by   {told.shown}  (entry {told.number})"
    yield f"log-in    {_log_in(learned)}"
    yield ""
    for name in SETTINGS:
        if name in learned.fields:
            read, save = learned.fields[name]
            yield f"{name:16} known   saved at {_where(save)}; read at {_where(read)}"
    for doubt in learned.doubts:
        yield f"{doubt.about:16} UNSURE  {doubt.why}"
    if learned.constants:
        listed = ", ".join(
            f"{shown(leaf.place)}={REMOVED if is_password(leaf.key) else leaf.value[:LONGEST]}"
            for leaf in learned.constants
        )
        yield f"\nsent as recorded, since no answer tells them: {listed}"
    if learned.blocked:
        yield f"\nnothing can be saved by this dialect: {learned.blocked}"


def _log_in(learned: Learned) -> str:
    entry = learned.entry
    if entry.sign_in is None:
        return f"HTTP's {entry.http}" if entry.http else "not in the recording"
    tokens = "; ".join(
        f"{token.name} from {shown(token.source)}" + (f" of {token.path}" if token.path else "")
        for token in entry.sign_in.tokens
    )
    sent = ", ".join(f"{name}: {text}" for name, text in entry.sign_in.session.items())
    if not entry.sign_in.method:
        return f"HTTP's {entry.http}; {tokens}" + (f"; sent as {sent}" if sent else "")
    page = f"{entry.sign_in.method} {entry.sign_in.path}, password as {entry.sign_in.password_as}"
    return f"{page}; {tokens or 'no token'}" + (f"; sent as {sent}" if sent else "")


def _where(where: Field) -> str:
    words = ", ".join(f"{key}={word}" for key, word in where.words.items())
    more = f" and {len(where.at) - 1} more" if len(where.at) > 1 else ""
    return shown(where.at[0]) + more + (f" ({words})" if words else "")
