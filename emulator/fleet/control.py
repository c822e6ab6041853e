"""A fleet's one control interface: lists the cameras, and passes requests on to theirs."""

import asyncio
import json
from collections.abc import Mapping, Sequence

import aiohttp
from aiohttp import web

from emulator.edge.control import LARGEST_STATE, bearing, spelling
from emulator.fleet.crew import Worker
from emulator.fleet.worker import CAMERA, STATES

LOST = "lost"
"""The state of a camera whose process has died."""


class Control:
    """The one control interface.

    workers  all processes
    cameras  what is told of each camera: serial, url, model, firmware
    token    what requests must bear; None: nothing
    client   bears what the processes want
    """

    def __init__(
        self,
        workers: Sequence[Worker],
        cameras: Sequence[Mapping[str, object]],
        token: str | None,
        client: aiohttp.ClientSession,
    ) -> None:
        self._workers, self._cameras, self._token = workers, cameras, token
        self._client = client
        self._by_serial = {serial: worker for worker in workers for serial in worker.serials}
        self._lost: set[str] = set()

    def application(self) -> web.Application:
        """Return it as a web application."""
        inside = [spelling, bearing(self._token)]
        app = web.Application(middlewares=inside, client_max_size=LARGEST_STATE)
        app.router.add_get("/v1/cameras", self._listed)
        app.router.add_route("*", "/v1/cameras/{serial}/{rest:v1/.*}", self._passed_on)
        app.router.add_route("*", "/{elsewhere:.*}", self._refused)
        return app

    def lose(self, worker: Worker) -> None:
        """Ask it no more: it has died."""
        self._lost |= worker.serials

    async def _listed(self, _: web.Request) -> web.Response:
        states: dict[str, str] = {}
        for some in await asyncio.gather(*map(self._states, self._workers)):
            states |= some
        told = [{**camera, "state": states[str(camera["serial"])]} for camera in self._cameras]
        return web.json_response(told)

    async def _states(self, worker: Worker) -> dict[str, str]:
        if not worker.serials & self._lost:
            try:
                async with self._client.get(worker.control + STATES) as answer:
                    told: dict[str, str] = await answer.json()
                    return told
            except aiohttp.ClientError:
                pass
        return dict.fromkeys(worker.serials, LOST)

    async def _passed_on(self, request: web.Request) -> web.StreamResponse:
        serial = request.match_info["serial"]
        worker = self._by_serial.get(serial)
        if worker is None:
            return _refusal(404, f"no camera {serial[:40]!r}; /v1/cameras lists them")
        if serial in self._lost:
            return _refusal(409, f"the process of camera {serial} has died")
        headers = {CAMERA: serial}
        if "Content-Type" in request.headers:
            headers["Content-Type"] = request.headers["Content-Type"]
        try:
            async with self._client.request(
                request.method,
                f"{worker.control}/{request.match_info['rest']}",
                params=request.query,
                data=await request.read() if request.can_read_body else None,
                headers=headers,
            ) as answer:
                passed = {
                    name: answer.headers[name]
                    for name in ("Content-Type", "Allow")
                    if name in answer.headers
                }
                return web.Response(status=answer.status, body=await answer.read(), headers=passed)
        except aiohttp.ClientError:
            return _refusal(409, f"the process of camera {serial} has died")

    async def _refused(self, request: web.Request) -> web.Response:
        there = "/v1/cameras, /v1/cameras/SERIAL/v1/..."
        return _refusal(404, f"no path {request.path[:200]}; there is {there}")


def _refusal(status: int, message: str) -> web.Response:
    text = json.dumps({"message": message, "errors": []})
    return web.Response(status=status, text=text, content_type="application/json")
