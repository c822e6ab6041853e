"""One run: a device, what may be done to it, and what came out so far.

Made by the command or by the pytest plugin from Options; knows neither of them.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from conformance import address, catalogue, dialect, interrupting, target, trust
from conformance.address import TargetError
from conformance.catalogue import Requirement
from conformance.client import Client, Login
from conformance.control import Control
from conformance.exchange import Exchange, NoAnswerError
from conformance.habits import Habits
from conformance.journal import Entry
from conformance.keeper import Keeper
from conformance.known import Known
from conformance.pace import GAP_S, Pace
from conformance.safety import DESTRUCTIVE, READ_ONLY, REVERSIBLE, allows
from conformance.target import Target, UnreachableError
from conformance.turns import Turns
from conformance.verdict import Outcome

if TYPE_CHECKING:  # it draws and looks at pictures: only who has a screen waits for that
    from conformance.stimulus.projecting import Projector

LOOKS_AGAIN_S = (0.0, 1.0, 3.0)
"""After a request without an answer: when to look whether the device is still there."""

IN_VAIN_S = 300.0
"""So long a run waits for answers that do not come, in all, before it stops."""


class SafetyError(ValueError):
    """The run would do more than it was allowed to; the message says what would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run is told.

    safety     None: reversible with a control interface, else read-only
    stimulus   scenes are shown on a screen before the lens: by this player, or "video"; None: not
    fuzz       requests of each fuzzing check, 0: none; None: few (fuzz/hunting.py)
    seed       of everything that is drawn; None: one is drawn, and told
    keep       is shown every exchange, whole
    journals   the folder of journals
    browsers   how many runs on this machine have one at a time; None: nobody waits for one
    """

    url: str
    login: Login | None
    journals: Path
    dialect: str | None = None
    only: tuple[str, ...] = ()
    safety: str | None = None
    confirm_serial: str | None = None
    i_own_this_device: bool = False
    wish: trust.Wish = field(default_factory=trust.Wish)
    control: str | None = None
    control_token: str | None = None
    stimulus: str | None = None
    accept: tuple[str, ...] = ()
    seed: int | None = None
    budget: int | None = None
    max_seconds: float | None = None
    fuzz: int | None = None
    keep: Callable[[Exchange], None] | None = None
    browsers: Turns | None = None


@dataclass(slots=True)
class Run:
    """One run under way.

    selected   the requirements that are judged; outcomes: of the checks so far
    stopped    why no further check is to run, or empty; unreachable: the device was given up
    habits     how it counts (showing.py), once known
    projector  shows it scenes on a screen (stimulus/), where it is to be judged by those
    known      what ONVIF has told of it that does not change in a run
    troubles   what could not be put back
    notes      what the reader has to know besides the verdicts
    """

    options: Options
    client: Client
    target: Target
    selected: dict[str, Requirement]
    safety: str
    seed: int
    keeper: Keeper | None
    control: Control | None
    started: datetime
    outcomes: list[Outcome] = field(default_factory=list)
    stopped: str = ""
    unreachable: str = ""
    habits: Habits | None = None
    projector: "Projector | None" = None
    known: Known = field(default_factory=Known)
    troubles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def is_alive(self) -> bool:
        """Return whether the device still answers, after looking a few times."""
        pace = self.client.pace
        was_exempt, pace.exempt = pace.exempt, True
        try:
            for pause_s in LOOKS_AGAIN_S:
                pace.sleep(pause_s)
                try:
                    if self.target.camera is None:
                        self.client.get("/", anonymous=True)
                    else:
                        self.target.camera.ask("information", anonymous=True)
                except NoAnswerError:
                    continue
                return True
            return False
        finally:
            pace.exempt = was_exempt

    def is_for_any_camera(self, requirements: Iterable[str]) -> bool:
        """Return whether a check of these requirements is one for cameras of every make."""
        return any(
            self.selected[one].chapter in catalogue.ANY_MAKE
            for one in requirements
            if one in self.selected
        )

    def give_up(self, why: str) -> None:
        """Let no further check run: the device can't be reached, or let in."""
        self.stopped = self.unreachable = why

    def tell_once(self, notes: Iterable[str]) -> None:
        """Take notes, each once however often it comes."""
        self.notes += [one for one in notes if one not in self.notes]

    def stop_if_silent(self) -> None:
        """Let no further check run after too many requests that the device left unanswered."""
        waited_s = sum(one.seconds for one in self.client.exchanges if one.failure)
        if waited_s > IN_VAIN_S and not self.stopped:
            self.stopped = f"{waited_s:.0f} s were spent on waiting for answers that did not come"

    def put_back(self) -> None:
        """Give the device back as it was found; what can't be stands in `troubles`."""
        keeper, self.keeper = self.keeper, None
        if keeper is None:
            return
        self.troubles += keeper.close()
        if keeper.began is not None:
            span = f"{keeper.began:%Y-%m-%d %H:%M:%S} to {datetime.now(UTC):%H:%M:%S} UTC"
            self.notes.append(
                f"changed from {span}: heat recorded meanwhile can't be taken out again"
                if self.control is None
                else f"changed from {span}, and given its state of before"
            )
        if self.troubles and keeper.open_journal is not None:
            self.notes.append(f"journal kept: stuntcam restore {keeper.open_journal.path}")


@contextmanager
def connected(
    options: Options, tell: Callable[[str], None] = lambda text: None
) -> Iterator[Client]:
    """Open a session with the device; nothing has been asked yet.

    tell  is told what a user must see at once, such as a certificate that nobody vouched for

    Raises TargetError, TrustError (wrong usage), UnreachableError.
    """
    where = address.read(options.url)
    is_private = address.is_private(where.host)
    if not is_private and not options.i_own_this_device:
        raise TargetError(
            f"{where.host} is not a private or loopback address; "
            "--i-own-this-device says that you may test it"
        )
    trusted = trust.PLAIN
    if where.is_tls:
        try:
            trusted = trust.establish(where.host, where.port, options.wish, is_private)
        except OSError as error:
            raise UnreachableError(f"{where.url}: no TLS connection ({error})") from None
    if trusted.shown:
        tell(trusted.shown)
    pace = Pace(
        time.monotonic,
        time.sleep,
        options.budget,
        options.max_seconds,
        0.0 if address.is_loopback(where.host) else GAP_S,
    )
    with Client(where, pace, _now, options.login, trusted) as client:
        if options.keep is not None:
            client.keep = options.keep
        yield client


@contextmanager
def opened(options: Options, tell: Callable[[str], None] = lambda text: None) -> Iterator[Run]:
    """Reach the device, learn who it is, and give it back at the end, however that comes.

    Raises besides what `connected` does: CatalogueError, DialectError, SafetyError, JournalError,
    ControlError (wrong usage), LoginRefusedError.
    """
    selected = catalogue.select(catalogue.load(), options.only)
    names = [options.dialect] if options.dialect else dialect.names()
    dialects = [dialect.load(name) for name in names]
    with connected(options, tell) as client, ExitStack() as stack:
        control = None
        if options.control:
            control = Control(options.control, options.control_token)
            stack.callback(control.close)
        run = _introduced(options, client, dialects, selected, control)
        run.notes += [client.trust.shown] if client.trust.shown else []
        try:
            yield run
        finally:
            with interrupting.undisturbed():  # each request has its bound
                run.put_back()


def _introduced(
    options: Options,
    client: Client,
    dialects: list[dialect.Dialect],
    selected: dict[str, Requirement],
    control: Control | None,
) -> Run:
    started = _now()
    found = target.probe(client, dialects)
    safety = options.safety or (READ_ONLY if control is None else REVERSIBLE)
    if allows(safety, DESTRUCTIVE) and options.confirm_serial != found.serial:
        raise SafetyError(
            f"--safety {DESTRUCTIVE} wants --confirm-serial with the device's serial number; "
            f"{options.confirm_serial!r} is not it"
        )
    keeper = None
    if found.camera is not None:
        entry = Entry(
            serial=found.serial,
            model=found.model,
            firmware=found.firmware,
            url=client.address.url,
            dialect=dialect.located(options.dialect or found.camera.dialect.name),
            started=started.isoformat(),
            pid=os.getpid(),
        )
        keeper = Keeper(found.camera, control, safety, options.journals, entry, _now)
        keeper.check_free()
        found.camera.keeper = keeper
        if control is not None:
            _check_control(control, client)
    seed = secrets.randbelow(2**32) if options.seed is None else options.seed
    return Run(options, client, found, selected, safety, seed, keeper, control, started)


def _check_control(control: Control, client: Client) -> None:
    path = f"/stuntcam-check-{secrets.token_hex(8)}"
    with suppress(NoAnswerError):  # a camera may answer so badly and yet list it
        client.get(path, anonymous=True)
    control.check_is_of(client.address.url, path)


def _now() -> datetime:
    return datetime.now(UTC)
