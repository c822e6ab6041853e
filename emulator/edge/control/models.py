"""What goes in and out of the control interface, with its limits.

Values are typed as in JSON: `"5"` and `true` are no numbers, and 5.0 is a whole one. A field
that is left out, or null, stays as it is. The models are checked at the door, so a handler gets
nothing else; what they can't say (a day that the calendar lacks) a handler refuses with
ImpossibleError.
"""

from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, RootModel, create_model

from emulator.core import faults
from emulator.core.defects import DEFECTS
from emulator.core.faults import KINDS, LARGEST_SEED, LONGEST_S, MOST_STRIKES, Choice, Number
from emulator.core.reports.history import PERCENT
from emulator.core.settings import DWELL_SEMANTICS, NAMED

LOCAL_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"
LATEST_MS = 221_845_392_000_000  # 9000-01-01T00:00:00Z
FASTEST = 1_000_000
LONGEST_DOWN_S = 600

Local = Annotated[str, Field(pattern=LOCAL_PATTERN, examples=["2026-03-04T05:00:00"])]
"""The camera's wall clock, `YYYY-MM-DDTHH:MM:SS`, without a zone."""


Text = Annotated[str, Field(min_length=1, max_length=1024)]
SourceText = Annotated[str, Field(min_length=1, max_length=32 * 1024)]


class ImpossibleError(ValueError):
    """A value that is well formed and still can't be: the field, the value, the limit.

    `limit` goes on after the value, as in "is not in the calendar".
    """

    def __init__(self, field: str, value: object, limit: str) -> None:
        shown = "" if value is None else f"={value!r:.80}"
        super().__init__(f"{field}{shown} {limit}")
        self.field, self.value, self.limit = field, value, limit


class ConflictError(ValueError):
    """What can't be done as things are now; the message says why."""


class UnknownError(ValueError):
    """A thing that is not there; the message names it and says what is."""


class Model(BaseModel):
    """A document of the control interface."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


# --- refusals ----------------------------------------------------------------------------


class Wrong(Model):
    """One thing that is wrong: which field, what stood there, and what would do."""

    field: str
    value: Any = None
    limit: str


class Refusal(Model):
    """Why nothing was done."""

    message: str
    errors: list[Wrong] = []


# --- clock -------------------------------------------------------------------------------

Mode = Literal["real", "scaled", "source", "frozen"]


class ClockReading(Model):
    """What time it is in the camera, and how time goes there.

    real: with real time; scaled: `speed` times as fast; source: as fast as the source can be
    looked at; frozen: not at all, and the source pauses.
    """

    now: Local
    utc_ms: int = Field(description="the same instant, ms since 1970-01-01T00:00:00Z")
    zone: str
    mode: Mode
    speed: float | None = Field(description="seconds a second of real time; null: mode source")


class ClockChange(Model):
    """What of the clock is to be changed; `now` or `utc_ms`, and `now` as read in `zone`."""

    now: Local | None = None
    utc_ms: int | None = Field(None, ge=0, lt=LATEST_MS)
    zone: Text | None = Field(None, description="an IANA name", examples=["Europe/Berlin"])
    mode: Mode | None = None
    speed: float | None = Field(
        None, gt=0, le=FASTEST, description="without a mode: scaled; 1 is real"
    )


class Step(Model):
    """How far the clock is to jump; back if negative. What is due in between is done."""

    by_s: float = Field(ge=-LONGEST_S * 10, le=LONGEST_S * 10)


# --- scene -------------------------------------------------------------------------------


class Scene(Model):
    """What the camera looks at.

    `position_s` is how much of it has passed, `length_s` null where nobody knows;
    `paused` goes with a frozen clock.
    """

    source: str
    position_s: float
    length_s: float | None
    ended: bool
    paused: bool
    loop: bool
    live: bool
    frames: int = Field(description="pictures looked at since the camera booted")


class SceneChange(Model):
    """What is to be changed: another source, from its start or a position; a loop; a pause."""

    source: SourceText | None = Field(
        None,
        examples=["scene:bag"],
        description="as --source takes it; scene:{...} is a scene's own document as JSON",
    )
    position_s: float | None = Field(None, ge=0, le=LONGEST_S)
    loop: bool | None = None
    paused: bool | None = Field(None, description="true freezes the clock as well")


# --- storage -----------------------------------------------------------------------------


class VolumeState(Model):
    """A card or a share, sizes in bytes. `parts`: closed hours on it, `backlog`: yet to come."""

    name: str
    kind: Literal["sd", "nas"]
    address: str
    state: str
    reason: str
    fault: str | None
    recycle: bool
    total: int | None
    used: int | None
    free: int | None
    parts: int
    backlog: int
    damaged: list[str]
    formatted: str


class StorageState(Model):
    """The flash and all volumes. `parts`: closed hours in flash, `filled`: of made-up heat."""

    recording: Literal["recording", "paused"]
    reason: str
    parts: int
    damaged: list[str]
    filled: int
    volumes: list[VolumeState]


class VolumeChange(Model):
    """What of a volume is to be changed."""

    recycle: bool | None = Field(None, description="a full card gives up its oldest day")


class Copied(Model):
    """How many hours were copied, mended or cleaned."""

    pieces: int


Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-03-04"])]
"""A local day."""


class HistoryOrder(Model):
    """The local days to be filled, both included, and how busy they are to be."""

    from_: Day = Field(alias="from")
    to: Day
    percent: int = Field(
        100, ge=PERCENT[0], le=PERCENT[-1], description="of the formula's presence"
    )


class History(Model):
    """The filled hours that can be seen, or that were taken out: how many, and of which days."""

    hours: int
    from_: Day | None = Field(None, serialization_alias="from")
    to: Day | None = None


# --- faults ------------------------------------------------------------------------------


class FaultState(Model):
    """A fault that was ordered and is not over."""

    id: int
    name: str
    parameters: dict[str, float | str]
    path: str
    count: int | None
    struck: int = Field(description="how often it has struck")
    ends_in_s: float | None
    probability: float
    seed: int


class Faults(Model):
    """The faults in force, in the order of their beginning."""

    faults: list[FaultState]


class _Order(Model):
    count: int | None = Field(None, ge=1, le=MOST_STRIKES, description="ends after so many strikes")
    duration_s: float | None = Field(
        None, gt=0, le=LONGEST_S, description="ends after so long, real time"
    )
    probability: float = Field(1.0, ge=0, le=1, description="of striking on an occasion")
    seed: int | None = Field(
        None, ge=0, le=LARGEST_SEED, description="decides on which occasions; absent: drawn"
    )


class _RequestOrder(_Order):
    path: str = Field(
        "/", pattern="^/", max_length=1024, description="requests whose path begins so"
    )


def _parameter(one: Number | Choice) -> Any:
    if isinstance(one, Choice):
        return (Literal[one.words], Field(one.words[0], description=one.about))
    is_whole = all(float(limit).is_integer() for limit in one[:3]) and one.unit != "s"
    unit = f", {one.unit}" if one.unit else ""
    told = Field(one.default, ge=one.low, le=one.high, description=one.about + unit)
    return (int if is_whole else float, told)


def _order(kind: faults.Kind) -> Any:
    fields: dict[str, Any] = {"name": (Literal[kind.name], ...)}
    fields |= {name: _parameter(one) for name, one in kind.parameters.items()}
    named = "".join(word.capitalize() for word in kind.name.split("-"))
    base = _RequestOrder if kind.occasion == "request" else _Order
    about = f"{kind.about} An occasion is {faults.OCCASIONS[kind.occasion]}."
    return create_model(f"Fault{named}", __base__=base, __doc__=about, **fields)


_ORDERS = tuple(_order(kind) for kind in KINDS.values())


class FaultOrder(RootModel[Annotated[Union[_ORDERS], Field(discriminator="name")]]):  # type: ignore[valid-type]  # noqa: UP007
    """A fault to be begun: one of the registry's, with its parameters."""


# --- defects -----------------------------------------------------------------------------


class DefectState(Model):
    """A deviation from the requirements that the camera can have."""

    name: str
    description: str
    breaks: list[str] = Field(description="the requirements that it breaks")
    on: bool


class Defects(Model):
    """All defects; a camera as it should be has none on."""

    defects: list[DefectState]


class DefectsChange(Model):
    """The defects that are to be on; all others are off."""

    on: list[Literal[tuple(DEFECTS)]]  # type: ignore[valid-type]


# --- the camera's mains, and its state -----------------------------------------------------


class Reboot(Model):
    """How the camera is to start again."""

    kind: Literal["soft", "hard"] = Field(
        "soft", description="soft: what was seen is committed first; hard: a power cut"
    )
    down_s: float = Field(1.0, ge=0, le=LONGEST_DOWN_S, description="refuses connections so long")
    wait: bool = Field(False, description="answer only once it is up again")


class Power(Model):
    """Whether the camera is up, and since when."""

    up: bool
    booted: Local
    boots: int = Field(description="how often it has started in this process")


class Restored(Model):
    """What a restored state holds."""

    clock: Local
    source: str


# --- truth -------------------------------------------------------------------------------


def _setting(name: str) -> Any:
    return Field(None, ge=NAMED[name].low, le=NAMED[name].high)


class TruthQuery(Model):
    """Settings, by the names of `--set`; those left out are the camera's own now."""

    min_object_size: int | None = _setting("min_object_size")
    min_dwell: int | None = _setting("min_dwell")
    adaptability: int | None = _setting("adaptability")
    region: str | None = Field(None, pattern="^([01]{299}|all|none)$")
    dwell_semantics: Literal[DWELL_SEMANTICS] | None = None  # type: ignore[valid-type]


class TrueStay(Model):
    """Somebody's presence in the region; `recorded`: yes, or longer or shorter than min_dwell."""

    start_s: float
    end_s: float
    who: str
    recorded: Literal["yes", "longer", "shorter"]


class Truth(Model):
    """What a faultless camera reports of the scene, played once from its start."""

    source: str
    length_s: float
    presence_ms: int
    objects: int
    stays: list[TrueStay]
    space: dict[str, Any] = Field(description="as the camera's own space report has it")


# --- the journal of requests -----------------------------------------------------------------


class Request(Model):
    """A request to the camera, and how it was answered.

    `status` is null where the connection was broken instead; `near` names known paths that an
    unknown one is like; `faults` those that struck.
    """

    at: Local
    utc_ms: int
    method: str
    path: str
    query: str
    status: int | None
    took_ms: float
    user: str | None
    near: list[str]
    faults: list[str]


class Requests(Model):
    """The latest requests to the camera, the oldest first."""

    requests: list[Request]
    dropped: int = Field(description="older ones that are not kept any more")
