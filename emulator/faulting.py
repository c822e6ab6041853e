"""The faults that were ordered for one camera: kept, asked, and those that last applied.

Requests and pictures ask whether a fault strikes them. The others last: the port is shut, a
volume is not what it seems, the clock goes wrong; a thread sees to it that they take hold and
end in time. Knows what they do only as functions.
"""

import threading
import time
from collections.abc import Callable, Mapping

from emulator.core import faults
from emulator.core.faults import KINDS, Fault

Ordered = Mapping[str, float | str]


class Desk:
    """The faults in force. Safe to use from any thread.

    monotonic  seconds of real time; film_ms: of the camera's film axis
    """

    def __init__(
        self, film_ms: Callable[[], int], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._monotonic, self._film_ms = monotonic, film_ms
        self._changing = threading.Lock()
        self._active: tuple[Fault, ...] = ()
        self._number = 0

    def begin(
        self, kind: str, parameters: Ordered, duration_s: float | None, **when: object
    ) -> Fault:
        """Begin a fault; `when` as in faults.Fault. Raises FaultError."""
        with self._changing:
            now_s = self._monotonic()
            until_s = None if duration_s is None else now_s + duration_s
            began = {"until_s": until_s, "began_s": now_s, "began_ms": self._film_ms()}
            fault = faults.order(self._number + 1, kind, parameters, **began, **when)
            self._number = fault.number
            self._active += (fault,)
            return fault

    def end(self, number: int | None = None) -> bool:
        """End one fault, or all; tell whether there was one."""
        with self._changing:
            self._forget()
            left = () if number is None else tuple(f for f in self._active if f.number != number)
            found, self._active = len(left) < len(self._active), left
            return found

    def active(self) -> list[tuple[Fault, float | None]]:
        """Return the faults that are not over, and in how many seconds each ends at the latest."""
        with self._changing:
            self._forget()
            now_s = self._monotonic()
            return [(f, None if f.until_s is None else f.until_s - now_s) for f in self._active]

    def strikes(self, occasion: str, path: str = "/") -> tuple[Fault, ...]:
        """Return the faults that strike on this occasion: a request or a picture."""
        if not self._active:
            return ()  # without waiting for anybody: pictures and requests are many
        with self._changing:
            self._active, struck = faults.decide(self._active, occasion, self._monotonic(), path)
            return struck

    def lasting(self) -> list[Fault]:
        """Return the faults that strike in this second of theirs."""
        return [fault for fault, _ in self._caught_up("second") if fault.holds]

    def minutes(self) -> list[Fault]:
        """Return the faults that struck in minutes that have begun since this was asked last."""
        return [fault for fault, strikes in self._caught_up("minute") for _ in range(strikes)]

    def _caught_up(self, occasion: str) -> list[tuple[Fault, int]]:
        if not self._active:
            return []
        with self._changing:
            self._forget()
            now_s, film_ms = self._monotonic(), self._film_ms()
            asked = {
                fault.number: faults.caught_up(fault, now_s, film_ms)
                for fault in self._active
                if KINDS[fault.kind].occasion == occasion
            }
            self._active = tuple(
                asked[f.number][0] if f.number in asked else f for f in self._active
            )
            return list(asked.values())

    def _forget(self) -> None:
        now_s = self._monotonic()
        self._active = tuple(fault for fault in self._active if not fault.is_over(now_s))
