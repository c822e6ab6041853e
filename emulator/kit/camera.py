"""A camera for programs and tests: made of a few words, served by a thread of its own.

It has an event loop of its own, so that neither a test that blocks nor one that awaits can
keep it from answering. All that may be wrong with what it is made of is refused before
anything starts. It listens on this machine alone.
"""

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import AsyncExitStack
from datetime import datetime
from functools import cached_property
from pathlib import Path
from socket import socket
from tempfile import mkdtemp
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from emulator import app, making, serving
from emulator.core import gating
from emulator.core.accounts import Account, check_password
from emulator.core.device import DEFAULT_FIRMWARE, DEFAULT_MODEL, Identity
from emulator.core.localtime import to_instant
from emulator.core.settings import NAMED, HeatSettings, SettingError, change_by_name
from emulator.core.volumes import MOST_NAS, VolumeError
from emulator.edge import fixtures
from emulator.edge.clock import zone_of
from emulator.edge.storage import Storage, Volume, nas, sd_card
from emulator.kit import handles, people
from emulator.kit.asked import Requests
from emulator.listening import listen, url
from emulator.served import Served
from emulator.setup import Setup

if TYPE_CHECKING:
    import emulator.edge.control.models as m
    from emulator.kit.commands import Commands

LOOPBACK = "127.0.0.1"
PASSWORD = "stunt-double-1"  # noqa: S105  # for who tests; it is on this machine alone
QUIET = f"scene:{json.dumps(people.nobody())}"
"""A place where nobody is until somebody is put there (`scene.put`)."""
STORAGE = re.compile(r"(flash|sd(:[0-9]+[KMGT]?)?|nas)(\+(sd(:[0-9]+[KMGT]?)?|nas))*")


class Camera:
    """An emulated camera. Use it in a `with` or an `async with`, or call `start` and `stop`.

    source    FILE, rtsp://..., scene:NAME, scene:{...} or camera:0; scene:shop, in a loop
    settings  as --set takes them (CONTRACT 2): {"min_dwell": 300, "region": "all"}
    storage   flash; with a card and shares: sd, sd:64M, nas, sd+nas. What it keeps is gone with it
    clock     what its clock reads at the start: always the same, so that tests are, too
    timezone  an IANA name
    speed     how fast source and clock go, times real; None: as fast as it can be looked at
    http_port, rtsp_port  0: any free one
    Raises a ValueError that names what is wrong when made, and PortError or SourceError when
    started.
    """

    def __init__(
        self,
        *,
        model: str = DEFAULT_MODEL,
        firmware: str = DEFAULT_FIRMWARE,
        source: str | None = None,
        settings: Mapping[str, Any] | None = None,
        storage: str = "flash",
        clock: datetime = making.FRESH,
        timezone: str = "UTC",
        speed: float | None = 1.0,
        loop: bool | None = None,
        password: str = PASSWORD,
        http_port: int = 0,
        rtsp_port: int = 0,
    ) -> None:
        families = gating.series_table(fixtures.models())
        gating.decide(model, firmware, families)
        check_password(password)
        self._settings = changed(HeatSettings(enable=1), settings or {})
        self._volumes = _volume_words(storage)
        zone = zone_of(timezone)
        if speed is not None and not speed > 0:
            raise making.MakingError(f"speed={speed!r} is not above 0")
        if clock.tzinfo is not None or not 1970 <= clock.year <= 9000:
            raise making.MakingError(f"clock={clock} is not a zoneless reading of 1970..9000")
        for name, port in (("http_port", http_port), ("rtsp_port", rtsp_port)):
            if not 0 <= port <= 65535:
                raise making.MakingError(f"{name}={port} is outside 0..65535")
        loops = source is None if loop is None else loop

        def source_of(text: str) -> Any:
            return making.check_live(making.source(text), speed, loops)

        found = source_of(source or making.DEFAULT_SCENE)
        self._ports = http_port, rtsp_port
        self._store = Storage(None, era=making.era(), is_ring=True)
        self._setup = Setup(
            identity=Identity(model, firmware, *making.numbers(self._store, zone)),
            families=families,
            admin=Account("admin", "admin", password),
            source=found,
            speed=speed,
            loop=loops,
            begins_ms=to_instant(clock, zone),
            zone=zone,
            zone_name=timezone,
            source_of=source_of,
        )
        self._folder: Path | None = None
        self._thread: threading.Thread | None = None
        self._served: Served | None = None

    # --- start and end -------------------------------------------------------------------

    def start(self) -> Self:
        """Start; returns once everything answers. A camera starts once."""
        assert self._thread is None, "this camera was started before"
        taken: list[socket] = []
        try:
            taken += [listen(LOOPBACK, port) for port in self._ports]
            self._listeners = serving.Listeners(taken[0], rtsp=taken[1])
            self.url = url(taken[0])
            self.rtsp = f"{url(taken[1], 'rtsp')}/main"
            if self._volumes:
                self._folder = Path(mkdtemp(prefix="stuntcam-"))
                serial = self._setup.identity.serial
                self._store.attach(serial, _volumes(self._volumes, self._folder))
            camera = app.Camera(self._setup, self._store, self._settings)
            ready: Future[Served] = Future()
            self._thread = threading.Thread(
                target=asyncio.run, args=(self._run(camera, ready),), name="camera", daemon=True
            )
            self._thread.start()
            self._served = ready.result()
        except BaseException:
            for one in taken:
                one.close()
            self._forget()
            raise
        return self

    def stop(self) -> None:
        """End it, and all that it kept."""
        if self._thread is None or self._served is None:
            return
        self._loop.call_soon_threadsafe(self._over.set)
        self._served = None
        self._forget()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.stop)

    def _forget(self) -> None:
        if self._thread is not None:
            self._thread.join()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def _run(self, camera: app.Camera, ready: "Future[Served]") -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with AsyncExitStack() as open_now:
                ready.set_result(await serving.running(camera, self._listeners, open_now))
                await self._over.wait()
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    # --- what a client needs -------------------------------------------------------------

    @property
    def auth(self) -> tuple[str, str]:
        """The administrator's name and password, as requests, httpx and others take them."""
        return self._setup.admin.name, self._setup.admin.password

    @property
    def serial(self) -> str:
        """Its serial number."""
        return self._setup.identity.serial

    # --- what can be done to it ----------------------------------------------------------

    def reset(self) -> None:
        """Go back to how it started: no heat, no faults, no requests; what was pulled is back."""
        for volume in self.served.camera.storage.volumes:
            volume.put_back()
        self.served.reset()

    def rest(self) -> None:
        """Stand still until a reset, and cost next to nothing."""
        self.served.time.freeze()

    @property
    def served(self) -> Served:
        """The running camera's insides, for who needs more than the handles."""
        if self._served is None:
            raise RuntimeError("the camera does not run; use it in a `with` or an `async with`")
        return self._served

    @cached_property
    def _commands(self) -> "Commands":
        from emulator.kit.commands import Commands  # noqa: PLC0415  # its models take a while

        return Commands(self.served)

    @cached_property
    def clock(self) -> handles.Clock:
        """What time it is in there: set it, let it jump, freeze it."""
        return handles.Clock(self._commands)

    @cached_property
    def scene(self) -> handles.Scene:
        """What it looks at: show another scene, put people there, play it to its end."""
        return handles.Scene(self._commands)

    @cached_property
    def storage(self) -> handles.Storage:
        """Its card and shares: pull, insert, fill, format."""
        return handles.Storage(self._commands)

    @cached_property
    def faults(self) -> handles.Faults:
        """What goes wrong on purpose."""
        return handles.Faults(self._commands)

    @cached_property
    def history(self) -> handles.History:
        """Heat of days that never were."""
        return handles.History(self._commands)

    @cached_property
    def requests(self) -> Requests:
        """What it was asked over HTTP."""
        return Requests(self.served.journal)

    def truth(self, **settings: Any) -> "m.Truth":
        """Return the exact heat of the drawn scene that plays, were it played once from its start.

        settings  those that rule it, by their names; the camera's own for the rest
        Raises a ValueError for a wrong one, and where nobody knows the truth of a source.
        """
        return self._commands.do("truth", settings)  # type: ignore[no-any-return]


def changed(settings: HeatSettings, values: Mapping[str, Any]) -> HeatSettings:
    """Return `settings` with `values`, by the names of --set. Raises SettingError."""
    for name in values:
        if name not in NAMED:
            raise SettingError(f"{name!r:.60} is not a setting; there are {', '.join(NAMED)}")
    return change_by_name(settings, values.items())


def _volume_words(storage: str) -> list[str]:
    words = storage.split("+")
    shares = words.count("nas")
    cards = sum(word.startswith("sd") for word in words)
    if not STORAGE.fullmatch(storage):
        raise VolumeError(
            f"storage={storage!r:.60} is unknown; it takes flash, sd, sd:64M, nas, and sd+nas"
        )
    if cards > 1 or shares > MOST_NAS:
        raise VolumeError(f"storage={storage!r:.60}: a camera takes 1 sd and {MOST_NAS} nas")
    return [word for word in words if word != "flash"]


def _volumes(words: list[str], folder: Path) -> list[Volume]:
    found, shares = [], 0
    for word in sorted(words, reverse=True):  # the card first
        name, colon, size = word.partition(":")
        if name == "sd":
            found.append(sd_card(f"{folder}/sd{colon}{size}"))
        else:
            shares += 1
            share = folder / f"nas{shares}"
            share.mkdir()
            found.append(nas(shares, str(share), None))
    return found
