"""The control interface of an emulated camera (`--control URL`): its time, scene and mains.

Only what is behind /v1 there, as its OpenAPI document tells; a physical camera has none, and
then what needs it is "not checked: no control of the scene". Whatever changes something is told
to `before_change` first, so that it can be put back.
"""

import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import httpx

from conformance import interrupting

NO_CONTROL = "no control of the scene"
ANSWERS_WITHIN_S, SILENT_S = 120.0, 5.0
"""How long an answer is waited for; and each further one, once none has come."""
LOOKS_EVERY_S = 0.05
READING = {("POST", "/v1/truth")}


class ControlError(ValueError):
    """The control interface can't be used; the message names it, the request and its words."""


class ControlLostError(ControlError):
    """It does not answer, or never gets done: nothing more can be checked by it."""


class Control:
    """One control interface. `url` is its /v1, as the ready-file gives it."""

    def __init__(
        self, url: str, token: str | None = None, before_change: Callable[[], None] = lambda: None
    ) -> None:
        self.url = url.rstrip("/").removesuffix("/v1")
        self.before_change = before_change
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(
            headers=headers, trust_env=False, follow_redirects=False, timeout=ANSWERS_WITHIN_S
        )

    def close(self) -> None:
        """End the session."""
        self._http.close()

    def get(self, path: str) -> dict[str, Any]:
        """Return what GET /v1/PATH tells."""
        return self._asked("GET", path)

    def put(self, path: str, **body: Any) -> dict[str, Any]:
        """PUT a document; returns the answer."""
        return self._asked("PUT", path, body)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """POST a document; returns the answer."""
        return self._asked("POST", path, body)

    def delete(self, path: str) -> None:
        """DELETE."""
        self._asked("DELETE", path)

    def check_is_of(self, camera_url: str, path: str) -> None:
        """Refuse the control interface of another camera. Raises ControlError.

        path  of a request that this camera alone has just been sent
        """
        if not any(one["path"] == path for one in self.get("requests")["requests"]):
            raise ControlError(
                f"{self.url} controls another camera than {camera_url}: "
                f"it was told nothing of {path}, which was asked for there"
            )

    def state(self) -> bytes:
        """Return the camera's state as one file. It holds accounts: for memory, not for disk."""
        return self._sent("GET", "state").content

    def put_state(self, content: bytes) -> None:
        """Restore a state."""
        self.before_change()
        self._sent("PUT", "state", content=content)

    def volumes(self, state: str = "") -> list[str]:
        """Return the names of the camera's card and shares; those in a state, if one is given."""
        listed = self.get("storage")["volumes"]
        return [one["name"] for one in listed if state in {"", one["state"]}]

    def clear_volumes(self) -> None:
        """Take all heat off cards and shares, so that none of ours comes back with a state."""
        if self.volumes():
            self.post("reset")
            self.post("storage/copy")

    def play(
        self, source: str, within_s: float = 300.0, position_s: float = 0.0, **clock: Any
    ) -> dict[str, Any]:
        """Show the camera a drawn scene up to its end, as fast as it can look.

        position_s  where in the scene to begin
        clock       what else of the clock to set first, such as now="2026-03-04T05:00:00"
        Returns what GET /v1/scene then tells. Raises ControlError when it takes too long.
        """
        self.put("clock", mode="frozen", **clock)
        self.put("scene", source=source, loop=False, position_s=position_s)
        self.put("clock", mode="source")
        until_s = time.monotonic() + within_s
        while not (scene := self.get("scene"))["ended"]:
            if time.monotonic() > until_s:
                raise ControlLostError(f"{source[:80]} was not over after {within_s:g} s")
            time.sleep(LOOKS_EVERY_S)
        return scene

    def _asked(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        if _changes(method, path):
            self.before_change()
        answer = self._sent(method, path, json=body)
        if not answer.content:
            return {}
        try:
            document = answer.json()
        except ValueError:
            raise ControlError(f"{method} {self.url}/v1/{path}: the answer is not JSON") from None
        return document if isinstance(document, dict) else {}

    def _sent(self, method: str, path: str, **how: Any) -> httpx.Response:
        url = f"{self.url}/v1/{path}"
        waits = interrupting.answered() if _changes(method, path) else nullcontext()
        how = {name: value for name, value in how.items() if value is not None}
        try:
            with waits:
                answer = self._http.request(method, url, **how)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._http.timeout = httpx.Timeout(SILENT_S)
            raise ControlLostError(f"{method} {url}: {error}") from None
        if not answer.is_success:
            raise ControlError(f"{method} {url}: {answer.status_code} {answer.text[:300]}")
        return answer


def _changes(method: str, path: str) -> bool:
    return method != "GET" and (method, f"/v1/{path}") not in READING
