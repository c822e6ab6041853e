"""Run by tests/e2e/test_discovery.py in a network of its own: cameras, and who looks for them.

Writes one line of JSON: what PyPI's WSDiscovery found. Its first argument is a folder, the
second a clip for the cameras to look at.
"""

import json
import sys
from pathlib import Path

from running import RunningCamera
from wsdiscovery import QName, Scope
from wsdiscovery.discovery import ThreadedWSDiscovery

TRANSMITTER = QName("http://www.onvif.org/ver10/network/wsdl", "NetworkVideoTransmitter")
SEARCHES = {
    "cameras": {"types": [TRANSMITTER]},
    "named": {"scopes": [Scope("onvif://www.onvif.org/name/Camera")]},
    "elsewhere": {"scopes": [Scope("onvif://www.onvif.org/location/hall")]},
}
CAMERAS = {
    "everywhere": ("--host", "0.0.0.0"),
    "loopback": (),
    "shy": ("--host", "192.0.2.7", "--no-discovery"),
}


def main(folder, clip):
    cameras = {}
    for name, arguments in CAMERAS.items():
        (folder / name).mkdir()
        cameras[name] = RunningCamera(folder / name, "--source", clip, *arguments)
    looks = ThreadedWSDiscovery()
    looks.start()
    try:
        found = {
            name: [
                [service.getEPR(), service.getXAddrs(), [str(s) for s in service.getScopes()]]
                for service in looks.searchServices(**wanted, timeout=2)
            ]
            for name, wanted in SEARCHES.items()
        }
    finally:
        looks.stop()
        ends = [[camera.stop(), camera.errors] for camera in cameras.values()]
    told = {"http": cameras["everywhere"].url, "found": found, "ends": ends}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
