"""The control interface of a real camera process: what a tester does with it, over HTTP alone."""

import csv
import io
import json
import time
from datetime import date

import pytest
import requests
from delivery_servers import PASSWORD as FTP_PASSWORD
from delivery_servers import USER, FtpServer
from requests.auth import HTTPBasicAuth
from running import PASSWORD
from told_history import told_presence

BASIC = HTTPBasicAuth("admin", PASSWORD)
SET = "/cgi-bin/operator/operator.cgi?action=set.heatmap.configuration"
GET = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration&format=json"
WHEN = "2026-03-04T05:00:00"
OWN_SCENE = {
    "name": "a block",
    "length_s": 14,
    "fps": 5,
    "rows": 360,
    "columns": 640,
    "noise_sigma": 2,
    "seed": 1,
    "backdrop": "#787878",
    "back_y": 0.3,
    "back_height": 0.2,
    "front_y": 1,
    "front_height": 0.36,
    "route": [],
    "clothes": [],
    "visit": [],
    "thing": [
        {"at_s": 6, "until_s": 11, "foot": [0.5, 0.8], "side": [0.1, 0.2], "colour": "#202020"}
    ],
}


class Camera:
    """A running camera, and its control interface."""

    def __init__(self, process):
        self.process = process

    def control(self, method, path, body=None, status=None, **options):
        content = json.dumps(body) if isinstance(body, dict) else body
        answer = requests.request(
            method, f"{self.process.control}/v1{path}", data=content, timeout=60, **options
        )
        assert answer.status_code == (status or answer.status_code), answer.text
        return answer

    def get(self, path):
        return requests.get(self.process.url + path, auth=BASIC, timeout=60)

    def heat(self, start, kind=0):
        """The rows of a time report that are not 0, by their start."""
        text = self.get(f"/dataloader.cgi?dw=heatmapcsv&time_start={start}&sub_type={kind}").text
        rows = csv.DictReader(io.StringIO(text))
        return {row["StartTime"]: int(row["Value(s)"]) for row in rows if row["Value(s)"] != "0"}

    def wait(self, is_so):
        until_s = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < until_s
            time.sleep(0.01)


@pytest.fixture(scope="module")
def camera(start_camera, clip, tmp_path_factory):
    """A camera that has seen a film of 10 s, in which somebody walks by in 7.2 s."""
    card = tmp_path_factory.mktemp("card")
    share = tmp_path_factory.mktemp("share")
    running = start_camera(
        "--source", clip, "--speed", "max", "--clock", WHEN, "--sd", f"{card}:64M", "--nas", share
    )
    return Camera(running)


@pytest.fixture
def fresh(camera):
    """The camera, its film seen once from the start, and its clock standing still."""
    camera.control("POST", "/reset", status=204)
    camera.wait(lambda: camera.control("GET", "/scene").json()["ended"])
    camera.control("PUT", "/clock", {"mode": "frozen"}, status=200)
    return camera


def post(camera, path, values):
    """Set something over the camera's own interface."""
    url = camera.process.url + path
    return requests.post(url, data=json.dumps(values), auth=BASIC, timeout=30).json()


# --- clock and scene --------------------------------------------------------------------------


def test_the_clock_is_what_it_is_set_to(fresh):
    told = fresh.control("PUT", "/clock", {"now": "2027-01-02T03:04:05"}, 200).json()
    assert told == {
        "now": "2027-01-02T03:04:05",
        "utc_ms": 1_798_859_045_000,
        "zone": "UTC",
        "mode": "frozen",
        "speed": 1.0,
    }
    assert fresh.control("GET", "/clock").json() == told
    date = fresh.get("/cgi-bin/viewer/viewer.cgi?action=get.system.datetime&format=json").json()
    assert (date["year"], date["hour"], date["second"]) == (2027, 3, 5)


def test_a_zone_keeps_the_instant_and_a_reading_is_in_it(fresh):
    before = fresh.control("GET", "/clock").json()["utc_ms"]
    told = fresh.control("PUT", "/clock", {"zone": "Asia/Kolkata"}, 200).json()
    assert told["utc_ms"] == before
    told = fresh.control("PUT", "/clock", {"zone": "UTC", "now": WHEN}, 200).json()
    assert told["utc_ms"] == 1_772_600_400_000


def test_a_step_goes_forward_and_back(fresh):
    now = fresh.control("GET", "/clock").json()["utc_ms"]
    assert (
        fresh.control("POST", "/clock/step", {"by_s": 90_000.5}).json()["utc_ms"]
        == now + 90_000_500
    )
    assert fresh.control("POST", "/clock/step", {"by_s": -90_000.5}).json()["utc_ms"] == now


def test_time_goes_as_fast_as_it_is_told(fresh):
    began = fresh.control("PUT", "/clock", {"speed": 3600}, 200).json()
    assert (began["mode"], began["speed"]) == ("scaled", 3600.0)
    fresh.wait(
        lambda: fresh.control("GET", "/clock").json()["utc_ms"] > began["utc_ms"] + 3_600_000
    )


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"zone": "Mars/X"}, 422, "zone"),
        ({"now": "2026-02-30T00:00:00"}, 422, "now"),
        ({"now": WHEN, "utc_ms": 5}, 422, "utc_ms"),
        ({"mode": "scaled"}, 422, "speed"),
        ({"mode": "real", "speed": 2}, 422, "speed"),
        ({"now": "9000-01-01T00:00:00"}, 422, "now"),
        ({"mode": "fast"}, 400, "mode"),
    ],
)
def test_a_clock_that_can_not_be_changes_nothing(fresh, body, status, field):
    before = fresh.control("GET", "/clock").json()
    told = fresh.control("PUT", "/clock", body, status).json()
    assert told["errors"][0]["field"] == field
    assert fresh.control("GET", "/clock").json() == before


def test_hours_out_of_sight_come_back_with_the_clock(fresh):
    fresh.control("POST", "/storage/sd/pull", status=200)
    fresh.control("POST", "/storage/nas1/pull", status=200)
    counted = fresh.heat("2026-03-04-00:00:00")
    assert list(counted) == ["2026-03-04 05:00:00"]
    fresh.control("POST", "/clock/step", {"by_s": 6 * 86_400})
    assert fresh.heat("2026-03-04-00:00:00") == counted
    fresh.control("POST", "/storage/sd/insert", status=200)
    fresh.control("POST", "/storage/nas1/insert", status=200)


def test_a_scene_is_exchanged_and_its_position_told(fresh):
    told = fresh.control("PUT", "/scene", {"source": "scene:bag", "position_s": 30}, 200).json()
    assert (told["source"], told["length_s"], told["paused"]) == ("scene:bag", 160.0, True)
    assert fresh.control("GET", "/scene").json()["position_s"] == pytest.approx(30, abs=0.2)
    assert fresh.get("/snapshot.cgi").content.startswith(b"\xff\xd8")


def test_a_scene_of_the_callers_own_is_shown_counted_and_kept_in_a_state(fresh):
    own = "scene:" + json.dumps(OWN_SCENE)
    assert post(fresh, SET, {"mintime": 300}) == {"setState": "succeed"}
    fresh.control("PUT", "/clock", {"now": "2026-03-05T05:00:00", "mode": "frozen"}, 200)
    assert fresh.control("PUT", "/scene", {"source": own}, 200).json()["length_s"] == 14
    fresh.control("PUT", "/clock", {"mode": "source"}, 200)
    fresh.wait(lambda: fresh.control("GET", "/scene").json()["ended"])
    assert sum(fresh.heat("2026-03-05-00:00:00").values()) == pytest.approx(5, abs=1)
    state = fresh.control("GET", "/state").content
    fresh.control("PUT", "/scene", {"source": "scene:bag"}, 200)
    fresh.control("PUT", "/state", state, 200)
    assert fresh.control("GET", "/scene").json()["source"] == own


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ("{", "Expecting"),
        (json.dumps({"name": "lacking"}), "length_s is missing"),
        (json.dumps({"name": "deep"})[:-1] + ', "a": ' + "[" * 20_000, "recursion"),
    ],
)
def test_a_document_that_is_no_scene_is_refused_with_what_is_wrong_with_it(fresh, document, word):
    told = fresh.control("PUT", "/scene", {"source": f"scene:{document}"}, 422).json()
    assert word in told["message"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"source": "scene:nowhere"}, 422, "source"),
        ({"source": "/no/such.mp4"}, 422, "source"),
        ({"position_s": 10}, 422, "position_s"),
        ({"position_s": -1}, 400, "position_s"),
    ],
)
def test_a_scene_that_can_not_be_shown_changes_nothing(fresh, body, status, field):
    before = fresh.control("GET", "/scene").json()
    told = fresh.control("PUT", "/scene", body, status).json()
    assert told["errors"][0]["field"] == field
    assert fresh.control("GET", "/scene").json() == before


def test_the_truth_is_near_what_the_camera_counted(fresh):
    assert fresh.control("POST", "/truth", {}, 409).json()["message"].endswith("truth of it")
    assert post(fresh, SET, {"mintime": 300}) == {"setState": "succeed"}
    fresh.control("PUT", "/clock", {"now": "2026-03-05T05:00:00", "mode": "source"}, 200)
    fresh.control("PUT", "/scene", {"source": "scene:crossing-2"}, 200)
    fresh.wait(lambda: fresh.control("GET", "/scene").json()["ended"])
    truth = fresh.control("POST", "/truth", {}, 200).json()
    counted = sum(fresh.heat("2026-03-05-00:00:00").values())
    assert truth["presence_ms"] / 1000 == pytest.approx(counted, rel=0.1)
    shorter = fresh.control("POST", "/truth", {"min_dwell": 1}, 200).json()
    assert shorter["presence_ms"] < truth["presence_ms"]
    assert "longer" in {stay["recorded"] for stay in shorter["stays"]}
    assert truth["space"]["map_w"] == 192


# --- storage and history ----------------------------------------------------------------------


def test_closed_hours_go_to_the_volumes(fresh):
    fresh.control("POST", "/clock/step", {"by_s": 7200})
    fresh.control("POST", "/storage/copy", status=200)
    told = fresh.control("GET", "/storage").json()
    assert {one["name"]: (one["parts"], one["backlog"]) for one in told["volumes"]} == {
        "sd": (1, 0),
        "nas1": (1, 0),
    }


def test_with_a_card_old_heat_stays_in_sight_and_goes_with_it(fresh):
    counted = fresh.heat("2026-03-04-00:00:00")
    fresh.control("POST", "/clock/step", {"by_s": 7200})
    fresh.control("POST", "/storage/copy", status=200)
    fresh.control("POST", "/clock/step", {"by_s": 30 * 86_400})
    assert fresh.heat("2026-03-04-00:00:00") == counted
    for volume in ("sd", "nas1"):
        fresh.control("POST", f"/storage/{volume}/pull", status=200)
    assert fresh.heat("2026-03-04-00:00:00") == {}
    fresh.control("POST", "/storage/sd/insert", status=200)
    assert fresh.heat("2026-03-04-00:00:00") == counted
    fresh.control("POST", "/storage/nas1/insert", status=200)


def test_a_fault_of_the_card_is_its_state_until_it_ends(fresh):
    fault = fresh.control("POST", "/faults", {"name": "sd", "state": "read-only"}, 201).json()
    assert {
        one["name"]: one["state"] for one in fresh.control("GET", "/storage").json()["volumes"]
    } == {
        "sd": "read-only",
        "nas1": "mounted",
    }
    fresh.control("DELETE", f"/faults/{fault['id']}", status=204)
    assert {one["state"] for one in fresh.control("GET", "/storage").json()["volumes"]} == {
        "mounted"
    }


def test_an_unknown_volume_is_refused_by_name(fresh):
    told = fresh.control("POST", "/storage/nas2/pull", status=404).json()
    assert told["message"] == "no volume 'nas2'; there are: sd, nas1"
    told = fresh.control("POST", "/faults", {"name": "nas", "number": 2}, 409).json()
    assert "no volume 'nas2'" in told["message"]


def test_history_is_filled_by_the_page_and_taken_out_again(fresh):
    before = fresh.heat("2026-03-02-00:00:00")
    told = fresh.control("POST", "/history", {"from": "2026-03-01", "to": "2026-03-03"}, 200).json()
    assert (told["from"], told["to"]) == ("2026-03-01", "2026-03-03")
    rows = fresh.heat("2026-03-02-00:00:00")
    assert rows["2026-03-02 12:00:00"] == told_presence(date(2026, 3, 2), 12, 100)
    # Asked for again, and for a day more, what is there stays as it is.
    more = {"from": "2026-02-28", "to": "2026-03-03", "percent": 200}
    again = fresh.control("POST", "/history", more, 200).json()
    assert again["hours"] > told["hours"]
    assert fresh.heat("2026-03-02-00:00:00") == rows
    assert fresh.control("DELETE", "/history", status=200).json()["hours"] == again["hours"]
    assert fresh.control("GET", "/history").json() == {"hours": 0, "from": None, "to": None}
    assert fresh.heat("2026-03-02-00:00:00") == before


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, 422, "from"),
        ({"from": "2026-02-30", "to": "2026-03-01"}, 422, "from"),
        ({"from": "1990-01-01", "to": "2026-03-01"}, 422, "from"),
        ({"from": "2026-03-01", "to": "2026-03-01", "percent": 0}, 400, "percent"),
    ],
)
def test_history_that_can_not_be_is_refused_by_field(fresh, body, status, field):
    told = fresh.control("POST", "/history", body, status).json()
    assert told["errors"][0]["field"] == field
    assert fresh.control("GET", "/history").json()["hours"] == 0


def test_exports_that_are_due_within_a_step_arrive_in_order(fresh, tmp_path):
    server = FtpServer(tmp_path)
    try:
        export = {"exportTime": 1, "exportHour": 7, "exportTo": 0, "ftpServer": "127.0.0.1"}
        export |= {"ftpPort": server.port, "ftpUser": USER, "ftpPassword": FTP_PASSWORD}
        path = "/cgi-bin/operator/operator.cgi?action=set.heatmap.export"
        assert post(fresh, path, export) == {"setState": "succeed"}
        fresh.control("POST", "/clock/step", {"by_s": 3 * 86_400}, 200)
        first, *others = (text.decode() for _, text in sorted(server.files().items()))
        assert len(others) == 2
        assert max(int(row["Value(s)"]) for row in csv.DictReader(io.StringIO(first))) > 5
    finally:
        server.close()


# --- faults -----------------------------------------------------------------------------------


def test_a_fault_strikes_as_often_as_it_was_ordered(fresh):
    order = {"name": "status", "status": 503, "count": 2, "path": "/dataloader.cgi"}
    told = fresh.control("POST", "/faults", order, 201).json()
    assert (told["count"], told["struck"], told["path"]) == (2, 0, "/dataloader.cgi")
    path = "/dataloader.cgi?dw=heatmapcsv"
    assert fresh.get("/snapshot.cgi").status_code == 200
    assert [fresh.get(path).status_code for _ in range(3)] == [503, 503, 200]
    assert fresh.control("GET", "/faults").json() == {"faults": []}


def test_the_same_seed_strikes_the_same_requests(fresh):
    order = {"name": "unauthorized", "probability": 0.5, "seed": 5}
    seen = []
    for _ in range(2):
        fault = fresh.control("POST", "/faults", order, 201).json()
        seen.append([fresh.get("/snapshot.cgi").status_code for _ in range(12)])
        fresh.control("DELETE", f"/faults/{fault['id']}", status=204)
    assert seen[0] == seen[1]
    assert set(seen[0]) == {200, 401}


def test_connections_are_refused_until_the_fault_ends(fresh):
    fresh.control("POST", "/faults", {"name": "refuse"}, 201)
    with pytest.raises(requests.ConnectionError):
        fresh.get("/snapshot.cgi")
    fresh.control("DELETE", "/faults", status=204)
    assert fresh.get("/snapshot.cgi").status_code == 200


def test_a_clock_jumps_and_a_reset_ends_it_all(fresh):
    before = fresh.control("GET", "/clock").json()["utc_ms"]
    fresh.control("POST", "/faults", {"name": "clock-jump", "by_s": 3600, "count": 1}, 201)
    assert fresh.control("GET", "/clock").json()["utc_ms"] == before + 3_600_000
    fresh.control("POST", "/faults", {"name": "latency"}, 201)
    fresh.control("POST", "/reset", status=204)
    assert fresh.control("GET", "/faults").json() == {"faults": []}


def test_what_the_camera_does_not_see_leaves_no_heat(fresh):
    fresh.control("POST", "/faults", {"name": "video-lost"}, 201)
    once = fresh.heat("2026-03-04-00:00:00")
    fresh.control("PUT", "/scene", {"position_s": 0}, 200)
    fresh.control("PUT", "/clock", {"mode": "source"}, 200)
    fresh.wait(lambda: fresh.control("GET", "/scene").json()["ended"])
    assert fresh.heat("2026-03-04-00:00:00") == once


def test_nothing_can_be_set_while_the_flash_is_full(fresh):
    fresh.control("POST", "/faults", {"name": "flash-full"}, 201)
    assert post(fresh, SET, {"mintime": 9})["setState"] == "failed"
    fresh.control("DELETE", "/faults", status=204)
    assert post(fresh, SET, {"mintime": 9}) == {"setState": "succeed"}


def test_unknown_faults_are_refused_with_those_there_are(fresh):
    told = fresh.control("POST", "/faults", {"name": "lag"}, 400).json()
    assert "there are latency, status" in told["message"]
    told = fresh.control("DELETE", "/faults/999", status=404).json()
    assert told["message"] == "no fault 999; in force: none"


# --- mains and memory -------------------------------------------------------------------------


def test_a_reboot_refuses_for_a_while_and_is_over(fresh):
    boots = fresh.control("GET", "/reboot").json()["boots"]
    told = fresh.control("POST", "/reboot", {"kind": "hard", "down_s": 0.5}, 202).json()
    assert told["up"] is False
    with pytest.raises(requests.ConnectionError):
        fresh.get("/snapshot.cgi")
    assert fresh.control("POST", "/clock/step", {"by_s": 1}).status_code == 409
    fresh.wait(lambda: fresh.control("GET", "/reboot").json()["up"])
    assert fresh.get("/snapshot.cgi").status_code == 200
    assert fresh.control("GET", "/reboot").json()["boots"] == boots + 1


def test_a_reset_waits_for_no_reboot(fresh):
    fresh.control("POST", "/reboot", {"down_s": 600}, 202)
    fresh.control("POST", "/reset", status=204)
    assert fresh.control("GET", "/reboot").json()["up"] is True
    assert fresh.get("/snapshot.cgi").status_code == 200


def test_a_soft_reboot_can_be_waited_for_and_keeps_all(fresh):
    counted = fresh.heat("2026-03-04-00:00:00")
    told = fresh.control("POST", "/reboot", {"down_s": 0, "wait": True}, 202).json()
    assert told["up"] is True
    assert fresh.heat("2026-03-04-00:00:00") == counted


def test_a_camera_that_loses_power_in_mid_answer_comes_back(fresh):
    boots = fresh.control("GET", "/reboot").json()["boots"]
    fresh.control("POST", "/faults", {"name": "reboot", "count": 1, "down_s": 0.1}, 201)
    with pytest.raises(requests.RequestException):
        fresh.get("/snapshot.cgi")
    fresh.wait(lambda: fresh.control("GET", "/reboot").json()["boots"] == boots + 1)
    fresh.wait(lambda: fresh.control("GET", "/reboot").json()["up"])
    assert fresh.get("/snapshot.cgi").status_code == 200


def test_a_state_that_is_put_back_is_what_it_was(fresh):
    file = fresh.control("GET", "/state", status=200).content
    counted = fresh.heat("2026-03-04-00:00:00")
    post(fresh, SET, {"mintime": 9})
    fresh.control("POST", "/clock/step", {"by_s": 86_400})
    told = fresh.control("PUT", "/state", file, 200).json()
    assert told["source"].endswith("walk.mp4")
    assert fresh.heat("2026-03-04-00:00:00") == counted
    assert fresh.get(GET).json()["mintime"] == 30
    for spoilt in (file[:-1], b"", file[:60] + b"\0" + file[61:]):
        assert (
            fresh.control("PUT", "/state", spoilt, 422).json()["errors"][0]["field"] == "the body"
        )
    assert fresh.heat("2026-03-04-00:00:00") == counted


def test_a_factory_reset_is_the_devices_own(fresh):
    fresh.control("POST", "/factory-reset", status=204)
    assert fresh.get(GET).json()["enable"] == 0
    assert fresh.heat("2026-03-04-00:00:00") == {}
    fresh.control("POST", "/reset", status=204)
    assert fresh.get(GET).json()["enable"] == 1


# --- the journal ------------------------------------------------------------------------------


def test_the_journal_tells_what_a_client_got_wrong(fresh):
    fresh.control("DELETE", "/requests", status=204)
    fresh.get("/snapshot.jpg?x=1")
    fresh.wait(lambda: fresh.control("GET", "/requests").json()["requests"])
    (entry,) = fresh.control("GET", "/requests").json()["requests"]
    assert (entry["method"], entry["path"], entry["query"]) == ("GET", "/snapshot.jpg", "x=1")
    assert (entry["status"], entry["user"], entry["near"][0]) == (404, None, "/snapshot.cgi")


# --- who may ----------------------------------------------------------------------------------


def test_with_a_token_nobody_else_comes_in(start_camera, clip):
    running = start_camera("--source", clip, "--control-token-env", "T", env={"T": "s3cret"})
    url = running.control + "/v1/clock"
    assert requests.get(url, timeout=30).status_code == 401
    right = {"Authorization": "Bearer s3cret"}
    assert requests.get(url, headers=right, timeout=30).status_code == 200
    assert running.stop() == 0


def test_the_control_interface_can_be_off(start_camera, clip):
    running = start_camera("--source", clip, "--control-port", "off")
    assert running.ready["control"] is None
    assert "control at" not in running.greeting
    assert running.stop() == 0
