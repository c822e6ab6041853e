"""A round of onvif-zeep-async, in an environment of its own; tells what it got as JSON.

Arguments: host, port, password, the control interface's URL, a film in which somebody walks by.
"""

import asyncio
import datetime as dt
import json
import sys
import urllib.request

from onvif import ONVIFCamera

MOTION = "tns1:RuleEngine/CellMotionDetector/Motion"
MINUTE = dt.timedelta(seconds=60)


async def main(host, port, password, control, film):
    camera = ONVIFCamera(host, int(port), "admin", password, adjust_time=True)
    await camera.update_xaddrs()
    device = await camera.create_devicemgmt_service()
    told = {"model": (await device.GetDeviceInformation()).Model}
    media = await camera.create_media_service()
    profile, *_ = await media.GetProfiles()
    told["profile"] = profile.token
    source = profile.VideoSourceConfiguration.SourceToken
    imaging = await camera.create_imaging_service()
    wanted = {"VideoSourceToken": source, "ImagingSettings": {"Brightness": 61.0}}
    await imaging.SetImagingSettings(wanted)
    settings = await imaging.GetImagingSettings({"VideoSourceToken": source})
    told["brightness"] = settings.Brightness
    told["jpeg"] = (await camera.get_snapshot(profile.token))[:2].hex()
    manager = await camera.create_pullpoint_manager(MINUTE, lambda: None)
    pullpoint = manager.get_service()
    states, topics = [], set()
    play = urllib.request.Request(
        f"{control}/v1/scene", data=json.dumps({"source": film}).encode(), method="PUT"
    )
    await asyncio.to_thread(urllib.request.urlopen, play)
    while states[-2:] != ["true", "false"]:
        answer = await pullpoint.PullMessages({"MessageLimit": 100, "Timeout": MINUTE})
        for notice in answer.NotificationMessage:
            topics.add(notice.Topic._value_1)
            if notice.Topic._value_1 == MOTION:
                states.append(notice.Message._value_1.Data.SimpleItem[0].Value)
    await manager.shutdown()
    await camera.close()
    sys.stdout.write(json.dumps(told | {"states": states, "topics": sorted(topics)}))


asyncio.run(main(*sys.argv[1:]))
