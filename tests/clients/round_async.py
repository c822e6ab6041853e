"""A round with onvif-zeep-async, in an environment of its own: prints what it saw, as JSON."""

import asyncio
import json
import os
import sys

from onvif import ONVIFCamera
from zeep.exceptions import Fault


async def main(host, port):
    camera = ONVIFCamera(host, int(port), "admin", os.environ["CAMERA_PASSWORD"], adjust_time=True)
    await camera.update_xaddrs()
    device = await camera.create_devicemgmt_service()
    media = await camera.create_media_service()
    imaging = await camera.create_imaging_service()
    profiles = await media.GetProfiles()
    source = {"VideoSourceToken": profiles[0].VideoSourceConfiguration.SourceToken}
    before = (await imaging.GetImagingSettings(source)).Brightness
    await imaging.SetImagingSettings({**source, "ImagingSettings": {"Brightness": before + 5}})
    picture = await camera.get_snapshot(profiles[0].token)
    said = {
        "model": (await device.GetDeviceInformation()).Model,
        "profiles": [profile.token for profile in profiles],
        "brightness": (await imaging.GetImagingSettings(source)).Brightness - before,
        "picture": picture[:2].hex(),
        "stream": await stream(media, profiles[0].token),
        "services": sorted(name.split("/")[-2] for name in camera.xaddrs),
    }
    await camera.close()
    sys.stdout.write(json.dumps(said))


async def stream(media, token):
    setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    try:
        return (await media.GetStreamUri({"StreamSetup": setup, "ProfileToken": token})).Uri
    except Fault:
        return None


asyncio.run(main(*sys.argv[1:]))
