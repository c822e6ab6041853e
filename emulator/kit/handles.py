"""What can be done to a camera, in words for programs: thin, over the control interface's own.

Answers are the models that docs/control.md describes. Every refusal is a ValueError of one
line, and then nothing has changed. All of it may block for some milliseconds, in a coroutine too:
the camera answers meanwhile, since its event loop is its own.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from emulator.kit import people

if TYPE_CHECKING:
    import emulator.edge.control.models as m
    from emulator.kit.commands import Commands

LONGEST_PLAY_S = 300.0


class _Handle:
    def __init__(self, commands: "Commands") -> None:
        self._commands = commands
        self._do = commands.do


class Clock(_Handle):
    """The camera's clock. Setting it ends no stay (docs/control.md)."""

    @property
    def now(self) -> datetime:
        """What it reads: local, without a zone."""
        return datetime.fromisoformat(self._do("clock").now)

    def set(self, now: datetime | str | None = None, *, zone: str | None = None) -> None:
        """Read `now` from now on, in another `zone` if one is given."""
        text = now.replace(microsecond=0).isoformat() if isinstance(now, datetime) else now
        self._do("set_clock", {"now": text, "zone": zone})

    def advance(self, by: timedelta | float) -> None:
        """Jump ahead (back, if negative) by seconds or a timedelta; what is due is done."""
        by_s = by.total_seconds() if isinstance(by, timedelta) else by
        self._do("step_clock", {"by_s": by_s})

    def freeze(self) -> None:
        """Stand still, and the scene with it."""
        self._do("set_clock", {"mode": "frozen"})

    def run(self, speed: float | None = 1.0) -> None:
        """Go on at `speed` times real time; None: as fast as the source can be looked at."""
        self._do("set_clock", {"mode": "source"} if speed is None else {"speed": speed})


class Scene(_Handle):
    """What the camera looks at."""

    @property
    def state(self) -> "m.Scene":
        """What it looks at, and how much of it has passed."""
        return self._do("scene")  # type: ignore[no-any-return]

    def show(
        self, source: str, *, loop: bool = False, position_s: float | None = None
    ) -> "m.Scene":
        """Show `source` (as Camera takes it) from its start or a position."""
        change = {"source": source, "loop": loop, "position_s": position_s}
        return self._do("set_scene", change)  # type: ignore[no-any-return]

    def put(self, count: int = 1, *, for_s: float = 20.0) -> "m.Scene":
        """Show an empty place into which `count` people walk, each in view for `for_s`.

        count  1..8; for_s  5..600 s. Who stays longer than min_dwell leaves no heat (30 s).
        """
        return self.show(f"scene:{json.dumps(people.walking(count, for_s))}")

    def pause(self) -> None:
        """Stand still, and the clock with it."""
        self._do("set_scene", {"paused": True})

    def resume(self) -> None:
        """Go on."""
        self._do("set_scene", {"paused": False})

    def play_to_end(self, within_s: float = LONGEST_PLAY_S) -> None:
        """Play what is left of it as fast as it can be looked at; all its heat is there then.

        Raises TimeoutError if it takes longer than `within_s` of real time.
        """
        served = self._commands.served
        before = served.time.speed
        self._do("set_scene", {"loop": False})
        self._do("set_clock", {"mode": "source"})
        is_over = served.camera.wait_for_end(within_s)
        served.time.go(before)
        if not is_over:
            name = served.camera.player.source.name
            raise TimeoutError(f"{name:.80} has not ended within {within_s:g} s")


class Storage(_Handle):
    """Flash, card and shares: `flash`, `sd`, `nas1` .. `nas5`."""

    @property
    def state(self) -> "m.StorageState":
        """What is known of them."""
        return self._do("storage")  # type: ignore[no-any-return]

    def pull(self, volume: str = "sd") -> "m.VolumeState":
        """Pull the card, or cut a share off, whatever is going on."""
        return self._do("pull_volume", volume=volume)  # type: ignore[no-any-return]

    def insert(self, volume: str = "sd") -> "m.VolumeState":
        """Put it back."""
        return self._do("insert_volume", volume=volume)  # type: ignore[no-any-return]

    def mount(self, volume: str = "sd") -> "m.VolumeState":
        """Use what is there."""
        return self._do("mount_volume", volume=volume)  # type: ignore[no-any-return]

    def unmount(self, volume: str = "sd") -> "m.VolumeState":
        """Stop using it, in good order."""
        return self._do("unmount_volume", volume=volume)  # type: ignore[no-any-return]

    def format(self, volume: str = "sd") -> "m.VolumeState":
        """Erase the card."""
        return self._do("format_volume", volume=volume)  # type: ignore[no-any-return]

    def fill(self, volume: str = "sd") -> "m.FaultState":
        """Have no room left on it, until the fault is ended (`camera.faults`)."""
        order: dict[str, Any] = {"name": "flash-full"}
        if volume != "flash":
            kind = volume.rstrip("12345")
            order = {"name": kind, "state": "full"}
            if kind == "nas":
                order["number"] = int(volume.removeprefix("nas") or 1)
        return self._do("begin_fault", order)  # type: ignore[no-any-return]

    def copy(self) -> int:
        """Give card and shares all that they lack, at once; return how many hours that were."""
        return int(self._do("copy").pieces)


class Faults(_Handle):
    """What goes wrong on purpose (docs/control.md, Faults)."""

    def __iter__(self) -> Iterator["m.FaultState"]:
        return iter(self._do("faults").faults)

    def add(self, name: str, **parameters: Any) -> "m.FaultState":
        """Begin a fault: `add("status", status=503, path="/dataloader.cgi", count=3)`."""
        return self._do("begin_fault", {"name": name, **parameters})  # type: ignore[no-any-return]

    def end(self, number: int) -> None:
        """End the fault of that `id`."""
        self._do("end_fault", id=str(number))

    def clear(self) -> None:
        """End all."""
        self._do("end_faults")


class History(_Handle):
    """Shop life by formula (docs/history.md), so that reports have something to show."""

    @property
    def hours(self) -> int:
        """How many filled hours can be seen."""
        return int(self._do("history").hours)

    def fill(self, first: date | str, last: date | str, *, percent: int = 100) -> "m.History":
        """Fill local days, both included, up to the clock's now; `percent` as busy."""
        order = {"from": str(first), "to": str(last), "percent": percent}
        return self._do("fill_history", order)  # type: ignore[no-any-return]

    def clear(self) -> None:
        """Take it all out again."""
        self._do("empty_history")
