"""Having films shown: by a player that does as it is told, or by a video that runs on its own.

A player is asked over HTTP. Of a video everything is learned through the camera's picture: the
code above the stage tells which film is on.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

import httpx

from conformance.expect import NotCheckedError
from conformance.stimulus import code, films, plan
from conformance.stimulus.code import Code
from conformance.stimulus.films import Film

ANSWERS_WITHIN_S = 10.0
VIDEO = "video"
LIMIT_OF_VIDEO_S = 30
"""The Min. Dwell Time that a video's stays are made for: the article's default."""
UNREAD_S = 60.0
"""Who follows a video and can't read its code for so long has lost it."""
LONGEST_PAUSE_S = plan.PAUSE_S + plan.FORGETS_S


class DriveError(NotCheckedError):
    """No player answers, or it refuses; the message names it."""


class Screen(Protocol):
    """What shows films.

    can_wait  whether it begins a film when it is told to
    limit_s   the dwell limit that its stays are made for; None: any
    """

    can_wait: ClassVar[bool]
    limit_s: ClassVar[int | None]

    def tell_time(self) -> None:
        """Have the strip tell the time."""

    def wait_for(self, film: Film, look: Callable[[], Code | None]) -> None:
        """Wait until it is a film's turn: nothing else will come between.

        look  what the strip says in the camera's picture now; None: it can't be read

        Raises NotCheckedError where its turn does not come.
        """

    def begin(self, film: Film) -> int:
        """Begin the film whose turn it is; returns its number above the stage."""

    def late_s(self, told: Code, taken_s: float) -> float:
        """Return how late a picture was that showed this time; taken_s: by time.monotonic."""


class PlayerScreen:
    """A player that `stuntcam stimulus --play` has begun. Raises DriveError wherever asked."""

    can_wait: ClassVar[bool] = True
    limit_s: ClassVar[int | None] = None

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(trust_env=False, timeout=ANSWERS_WITHIN_S)
        self._number = 0
        self._ahead_s = 0.0
        self._learn_clock()

    def close(self) -> None:
        """End the session."""
        self._http.close()

    def watching(self) -> int:
        """Return how many screens show it."""
        return int(self._asked("GET", "player")["watching"])

    def tell_time(self) -> None:
        """Have the strip tell the time."""
        self._asked("PUT", "time", {})

    def wait_for(self, film: Film, look: Callable[[], Code | None]) -> None:
        """Do nothing: it begins what it is told to."""

    def begin(self, film: Film) -> int:
        """Begin a film."""
        self._number = self._number % code.LARGEST + 1
        self._asked("PUT", "film", {"number": self._number, "film": films.document(film)})
        return self._number

    def late_s(self, told: Code, taken_s: float) -> float:
        """Return how late a picture was."""
        return code.late_s(told.seconds, taken_s + self._ahead_s)

    def _learn_clock(self) -> None:
        # The quickest of some answers tells best how far its clock is ahead of ours.
        found = []
        for _ in range(5):
            asked_s = time.monotonic()
            its_s = float(self._asked("GET", "player")["now_s"])
            took_s = time.monotonic() - asked_s
            found.append((took_s, its_s - asked_s - took_s / 2))
        self._ahead_s = min(found)[1]

    def _asked(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        url = f"{self.url}/v1/{path}"
        try:
            answer = self._http.request(method, url, json=body)
            document = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            why = "it is no player" if isinstance(error, ValueError) else str(error)
            raise DriveError(
                f"no player answers at {self.url} ({why}); `stuntcam stimulus --play` begins one"
            ) from None
        if not answer.is_success or not isinstance(document, dict):
            raise DriveError(f"{method} {url}: {answer.status_code} {str(document)[:200]}")
        return document


class VideoScreen:
    """A video (video.py) that is played somewhere, from its beginning to its end."""

    can_wait: ClassVar[bool] = False
    limit_s: ClassVar[int | None] = LIMIT_OF_VIDEO_S

    def __init__(
        self, sleep: Callable[[float], None], numbers: Mapping[str, range] | None = None
    ) -> None:
        """numbers: what each film has above the stage, each time; None: in video.whole()."""
        self._sleep = sleep
        self._numbers = numbers or plan.numbers(LIMIT_OF_VIDEO_S)
        self._shown: dict[str, int] = {}
        self._number = 0

    def tell_time(self) -> None:
        """Do nothing: it tells the time where it begins."""

    def wait_for(self, film: Film, look: Callable[[], Code | None]) -> None:
        """Wait until its number is above the stage, some seconds before the film."""
        times = self._shown.get(film.name, 0)
        self._shown[film.name] = times + 1
        numbers = self._numbers[film.name]
        if times >= len(numbers):
            raise NotCheckedError(f"the video has {film.name!r} no more than {times} times")
        self._number = numbers[times]
        which = f"film {self._number}, {film.name!r}"
        began_s = read_s = now_s = time.monotonic()
        while now_s - began_s < plan.video_s(LIMIT_OF_VIDEO_S) and now_s - read_s < UNREAD_S:
            told = look()
            if told is not None:
                read_s = now_s
            if told is not None and told.is_film and told.value >= self._number:
                if told.value > self._number:
                    raise NotCheckedError(f"the video is past {which}")
                return
            self._sleep(1.0)
            now_s = time.monotonic()
        raise NotCheckedError(
            f"the video did not come to {which}"
            if now_s - read_s < UNREAD_S
            else f"waiting for {which}, the code above the stage was not read for {UNREAD_S:g} s"
        )

    def begin(self, film: Film) -> int:
        """Return its number: it begins on its own."""
        return self._number

    def late_s(self, told: Code, taken_s: float) -> float:
        """Return 0: nobody knows the video's clock."""
        return 0.0
