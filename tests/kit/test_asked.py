"""What a camera was asked: which requests are found, and what is told where none is."""

import httpx
import pytest

from emulator import Camera

CSV = "/dataloader.cgi?dw=heatmapcsv&sub_type=1"


@pytest.fixture(scope="module")
def asked():
    """A camera that was asked four times: a report by Digest (two), a wrong path, a change."""
    with Camera() as camera:
        digest = httpx.DigestAuth(*camera.auth)
        with httpx.Client(base_url=camera.url, auth=digest) as client:
            client.get(CSV)
        with httpx.Client(base_url=camera.url, auth=camera.auth) as client:
            client.get("/dataloder.cgi")
            client.post("/cgi-bin/operator/operator.cgi?action=set.heatmap.configuration", json={})
        yield camera.requests


def test_a_request_is_found_by_path_and_query_and_its_challenge_is_not_counted(asked):
    (found,) = asked.got("/dataloader.cgi", dw="heatmapcsv", sub_type=1, times=1)
    assert (found.method, found.status, found.user) == ("GET", 200, "admin")
    assert found.query == {"dw": "heatmapcsv", "sub_type": "1"}
    assert len(asked.got("/dataloader.cgi", status=401)) == 1
    assert len(asked) == 4
    assert asked[-1].method == "POST"
    asked.got("/cgi-bin/operator/operator.cgi", method="post")
    asked.never("/report.png")


def test_what_did_not_come_is_told_with_what_did(asked):
    with pytest.raises(AssertionError) as told:
        asked.got("/dataloader.cgi", method="GET", dw="spaceheatmap")
    assert str(told.value).splitlines() == [
        "no GET /dataloader.cgi with dw=spaceheatmap came in; these did:",
        "  GET /dataloader.cgi?dw=heatmapcsv&sub_type=1 -> 401",
        "  GET /dataloader.cgi?dw=heatmapcsv&sub_type=1 -> 200, admin",
        "  GET /dataloder.cgi -> 404, like /dataloader.cgi",
        "  POST /cgi-bin/operator/operator.cgi?action=set.heatmap.configuration -> 200, admin",
    ]


def test_a_wrong_number_is_told(asked):
    with pytest.raises(AssertionError, match=r"^1 request for /dataloader\.cgi came in, not 2; "):
        asked.got("/dataloader.cgi", times=2)


def test_what_should_not_have_come_is_told(asked):
    with pytest.raises(AssertionError, match=r"^1 request for /dataloader\.cgi .*, not none; "):
        asked.never("/dataloader.cgi", dw="heatmapcsv")


def test_of_many_the_latest_are_shown(camera):
    with httpx.Client(base_url=camera.url, auth=camera.auth) as client:
        for _ in range(25):
            client.get("/report.png?sub_type=9")
    with pytest.raises(AssertionError) as told:
        camera.requests.got("/snapshot.cgi")
    lines = str(told.value).splitlines()
    assert lines[1] == "  (5 before these)"
    assert len(lines) == 22
    camera.requests.clear()
    with pytest.raises(AssertionError, match="nothing did"):
        camera.requests.got("/snapshot.cgi")
