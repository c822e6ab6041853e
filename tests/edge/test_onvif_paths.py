"""ONVIF's rooms are loaded at the first request; where they answer is known before."""

import subprocess
import sys
from types import SimpleNamespace

from emulator.core.limits import Limits
from emulator.core.onvif.paths import PATHS
from emulator.onvif_facts import services

ASKED = """
import sys, urllib.request
from emulator import Camera
from emulator.kit.camera import QUIET

def loaded():
    return sorted({"emulator.onvif_facts", "zeep", "lxml"} & set(sys.modules))

body = (
    b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
    b'<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></e:Body></e:Envelope>'
)
with Camera(source=QUIET) as camera:
    print(loaded())
    with urllib.request.urlopen(camera.url + "/onvif/device_service", body) as answer:
        print(answer.status)
    print(loaded())
"""


def test_the_paths_are_those_of_the_services():
    facts = SimpleNamespace(limits=Limits())
    made = services(facts, subscriptions=None)
    paths = [path for service in made for path in (service.path, *service.also_paths)]
    assert paths == list(PATHS)


def test_what_onvif_takes_is_loaded_at_its_first_request():
    asked = subprocess.run(
        [sys.executable, "-c", ASKED], capture_output=True, text=True, check=True, timeout=60
    )
    assert asked.stdout.splitlines() == ["[]", "200", "['emulator.onvif_facts', 'lxml', 'zeep']"]
