"""docs/limits.md says what is not there: it is not there."""

import re
from pathlib import Path

import httpx
import pytest

from emulator import Camera
from emulator.kit.camera import QUIET

PAGE = Path(__file__).parents[2] / "docs/limits.md"
ADDRESSES = re.findall(r"^\| `(/[^`]+)` \|", PAGE.read_text("utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def client():
    with Camera(source=QUIET) as camera, httpx.Client(base_url=camera.url) as client:
        client.auth = httpx.DigestAuth(*camera.auth)
        yield client


def test_what_is_there_is_found(client):
    assert client.get("/dataloader.cgi?dw=heatmapcsv").status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_not_emulated_is_unknown(client, address):
    assert client.get(address).status_code == 404


def test_the_page_names_some():
    assert len(ADDRESSES) > 5
