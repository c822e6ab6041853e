"""Who is told what happens to a camera: its subscriptions, as long as it is served."""

import asyncio
import secrets
import time
from contextlib import AsyncExitStack
from functools import partial

from emulator.app import Camera
from emulator.edge.onvif.notifying import Notifier
from emulator.edge.onvif.subscriptions import Subscriptions
from emulator.happenings import Happenings


async def telling(camera: Camera, open_now: AsyncExitStack) -> Subscriptions:
    """Return who is told what happens to the camera, from now on."""
    limits, loop = camera.setup.limits, asyncio.get_running_loop()
    subscriptions = Subscriptions(
        (limits.pull_points, limits.notified),
        lambda: time.monotonic() * 1000,
        lambda: (camera.boot_mark, camera.booted_ms),
        partial(secrets.token_urlsafe, 16),
    )
    notifier = Notifier(subscriptions)
    open_now.push_async_callback(notifier.close)
    happenings = Happenings(
        camera, lambda *event: loop.call_soon_threadsafe(subscriptions.tell, *event)
    )
    subscriptions.wanted = happenings.want_motion
    await asyncio.to_thread(happenings.start)
    open_now.push_async_callback(asyncio.to_thread, happenings.stop)
    return subscriptions
