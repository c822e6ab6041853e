"""A running camera over HTTP, asked by the clients that are in the field."""

import csv
import io
import json
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
import requests
from requests.auth import HTTPBasicAuth, HTTPDigestAuth
from running import PASSWORD

BASIC = HTTPBasicAuth("admin", PASSWORD)
EMPTY_MAP = '{"max":0,"min":0,"map_w":192,"map_h":192,"data":[]}'
SET = "/cgi-bin/operator/operator.cgi?action=set.heatmap.configuration"
GET = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration"


def wait_until_over(camera, seconds=10):
    """Wait until the camera's clock has passed the end of its clip."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        now = get(
            camera, "/cgi-bin/viewer/viewer.cgi?action=get.system.datetime&format=json"
        ).json()
        if now["minute"] > 0 or now["second"] >= seconds:
            return
    pytest.fail("the clip did not end")


def get(camera, path, auth=BASIC, **options):
    return requests.get(camera.url + path, auth=auth, timeout=30, **options)


def post(camera, path, document, auth=BASIC):
    body = document if isinstance(document, bytes | str) else json.dumps(document)
    return requests.post(camera.url + path, data=body, auth=auth, timeout=30)


@pytest.fixture(scope="module")
def camera(start_camera, clip):
    camera = start_camera("--source", clip, "--speed", "max", "--clock", "2026-03-04T05:00:00")
    wait_until_over(camera)
    return camera


def test_https_is_off_unless_it_is_asked_for(camera):
    assert camera.ready["https"] is None
    assert "https" not in camera.greeting


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


# --- both reports, by the clients in the field --------------------------------------------------


def test_curl_with_digest_reads_the_time_report(camera):
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed: apt-get install curl")
    url = f"{camera.url}/dataloader.cgi?dw=heatmapcsv&time_start=2026-03-04-00:00:00"
    command = [curl, "-sS", "--digest", "-u", f"admin:{PASSWORD}", url]
    said = subprocess.run(command, capture_output=True, check=True, timeout=30).stdout
    lines = said.decode().split("\r\n")
    assert lines[0] == "StartTime,EndTime,Value(s)"
    assert lines[1] == "2026-03-04 00:00:00,2026-03-04 00:59:59,0"
    assert len(lines) == 26  # the header, 24 hours, and what follows the last line end
    assert lines[-1] == ""
    hours = {line.split(",")[0]: int(line.split(",")[2]) for line in lines[1:-1]}
    # One object crosses 320 + 40 columns at 2 a picture, 25 pictures a second: 7.2 s.
    assert 6 <= hours["2026-03-04 05:00:00"] <= 8
    assert sum(hours.values()) == hours["2026-03-04 05:00:00"]


def test_a_session_with_basic_reads_the_space_report(camera):
    with requests.Session() as session:
        session.auth = BASIC
        answer = session.get(
            f"{camera.url}/dataloader.cgi?dw=spaceheatmap&time_start=2026-03-04-05:00:00"
        )
    assert answer.headers["Content-Type"].startswith("application/json")
    text = answer.text
    assert text.startswith('{"max":1,"min":0,"map_w":192,"map_h":192,"data":[{"x":')
    assert " " not in text
    points = json.loads(text)["data"]
    assert all(list(point) == ["x", "y", "value"] for point in points)
    # The object is 60 of 180 rows high from row 60 on: cells 64..127, and nothing far off.
    assert {point["y"] for point in points} >= set(range(70, 120))
    assert {point["y"] for point in points} <= set(range(58, 134))


@pytest.mark.parametrize("algorithm", ["SHA-256", "MD5"])
def test_digest_works_in_both_algorithms(camera, algorithm):
    class One(HTTPDigestAuth):
        def handle_401(self, r, **kwargs):
            offered = r.raw.headers.getlist("WWW-Authenticate")
            chosen = next(c for c in offered if f"algorithm={algorithm}" in c)
            r.headers["www-authenticate"] = chosen
            return super().handle_401(r, **kwargs)

    answer = get(camera, "/dataloader.cgi?dw=heatmapcsv", One("admin", PASSWORD))
    assert answer.status_code == 200
    assert f'algorithm="{algorithm}"' in answer.request.headers["Authorization"]


def test_all_three_ways_in_are_offered_in_the_agreed_order(camera):
    answer = get(camera, "/dataloader.cgi?dw=heatmapcsv", auth=None)
    assert answer.status_code == 401
    offered = answer.raw.headers.getlist("WWW-Authenticate")
    assert [offer.split(" ")[0] for offer in offered] == ["Digest", "Digest", "Basic"]
    assert "algorithm=SHA-256" in offered[0]
    assert "algorithm=MD5" in offered[1]


def test_a_digest_request_that_was_overheard_cannot_be_sent_again(camera):
    first = get(camera, "/snapshot.cgi", HTTPDigestAuth("admin", PASSWORD))
    assert first.status_code == 200
    overheard = {"Authorization": first.request.headers["Authorization"]}
    again = get(camera, "/snapshot.cgi", auth=None, headers=overheard)
    assert again.status_code == 401
    assert "stale=true" in again.headers["WWW-Authenticate"]


def test_the_rows_are_those_of_the_period(camera):
    def asked(sub_type, start="2026-01-31-13:14:15"):
        path = f"/dataloader.cgi?dw=heatmapcsv&sub_type={sub_type}&time_start={start}"
        return rows(get(camera, path).text)

    daily, weekly, monthly, annual, hour = (asked(sub_type) for sub_type in range(5))
    assert [len(found) for found in (daily, weekly, monthly, annual, hour)] == [24, 7, 31, 12, 1]
    assert daily[0]["StartTime"] == "2026-01-31 13:00:00"
    assert daily[-1]["EndTime"] == "2026-02-01 12:59:59"
    assert weekly[-1]["StartTime"] == "2026-02-06 00:00:00"
    assert monthly[-1]["EndTime"] == "2026-03-02 23:59:59"
    assert (annual[0]["StartTime"], annual[0]["EndTime"]) == (
        "2026-01-31 00:00:00",
        "2026-01-31 23:59:59",
    )
    assert annual[1]["StartTime"] == "2026-02-01 00:00:00"
    assert annual[-1]["EndTime"] == "2026-12-31 23:59:59"
    assert hour[0]["StartTime"] == "2026-01-31 13:00:00"


def test_every_period_holds_the_same_heat(camera):
    totals = []
    for sub_type in range(4):
        path = f"/dataloader.cgi?dw=heatmapcsv&sub_type={sub_type}&time_start=2026-03-04-00:00:00"
        totals.append(sum(int(row["Value(s)"]) for row in rows(get(camera, path).text)))
    assert totals[0] > 0
    assert totals == [totals[0]] * 4


def test_without_a_start_it_is_today(camera):
    report = rows(get(camera, "/dataloader.cgi?dw=heatmapcsv").text)
    assert report[0]["StartTime"] == "2026-03-04 00:00:00"


@pytest.mark.parametrize(
    "query",
    ["time_start=yesterday", "time_start=2026-02-30-00:00:00", "sub_type=5", "sub_type=-1",
     "time_start=2026-03-04-00:00:00&time_start=2026-03-05-00:00:00", "time_start="],
)  # fmt: skip
def test_a_query_that_cannot_be_read_gives_an_empty_report(camera, query):
    time_report = get(camera, f"/dataloader.cgi?dw=heatmapcsv&{query}")
    assert (time_report.status_code, time_report.text) == (200, "StartTime,EndTime,Value(s)\r\n")
    assert get(camera, f"/dataloader.cgi?dw=spaceheatmap&{query}").text == EMPTY_MAP


@pytest.mark.parametrize(
    "start", ["2030-01-01-00:00:00", "2026-01-01-00:00:00", "1971-01-01-00:00:00"]
)
def test_future_and_past_without_data_are_rows_of_zero(camera, start):
    report = rows(get(camera, f"/dataloader.cgi?dw=heatmapcsv&time_start={start}").text)
    assert len(report) == 24
    assert {row["Value(s)"] for row in report} == {"0"}
    assert get(camera, f"/dataloader.cgi?dw=spaceheatmap&time_start={start}").text == EMPTY_MAP


def test_another_kind_of_data_is_not_found(camera):
    assert get(camera, "/dataloader.cgi?dw=vcalogcsv").status_code == 404
    assert get(camera, "/dataloader.cgi").status_code == 404


def picture(answer):
    return cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)


def test_pictures_are_of_the_scene(camera):
    shot = get(camera, "/snapshot.cgi")
    assert shot.headers["Content-Type"] == "image/jpeg"
    assert picture(shot).shape == (180, 320, 3)
    for path in ("/cgi-bin/snapshot.cgi", "/cgi-bin/operator/snapshot.cgi"):
        assert get(camera, path).content == shot.content
    report = get(camera, "/report.png?time_start=2026-03-04-05:00:00")
    blue, _, red = picture(report)[90, 160].astype(int)
    assert red > blue  # the path through the middle is warm
    blue, _, red = picture(report)[10, 160].astype(int)
    assert blue > red


def test_many_may_look_at_once_while_a_film_plays(start_camera, clip):
    camera = start_camera("--source", clip, "--speed", "max", "--loop")
    with ThreadPoolExecutor(12) as pool:
        paths = ["/snapshot.cgi", "/report.png"] * 30
        shots = list(pool.map(lambda path: get(camera, path), paths))
    assert {shot.status_code for shot in shots} == {200}
    assert {picture(shot).shape for shot in shots} == {(180, 320, 3)}
    assert camera.stop() == 0


# --- settings -----------------------------------------------------------------------------------


@pytest.fixture
def settings(camera):
    """Reads the settings; puts them back at the end."""

    def read():
        return get(camera, GET + "&format=json").json()

    before = read()
    yield read
    assert post(camera, SET, before).text == '{"setState":"succeed"}'


def test_settings_are_told_by_their_keys(settings):
    assert settings() == {
        "enable": 1,
        "sensitivity": 5,
        "minsize": 10,
        "mintime": 30,
        "adaptability": 5,
        "map_mask": "1" * 299,
        "scheduleList": [
            {"scheduleIndex": day, "schedule": "00:00:24:00;" + 9 * "00:00:00:00;"}
            for day in range(7)
        ],
    }


def test_what_is_set_is_read_back(camera, settings):
    week = [{"scheduleIndex": 6, "schedule": "08:00:12:30;13:00:24:00;" + 8 * "00:00:00:00;"}]
    wanted = {"sensitivity": 10, "map_mask": "10" * 149 + "1", "scheduleList": week}
    before = settings()
    answer = post(camera, SET + "&format=json", wanted)
    assert (answer.status_code, answer.text) == (200, '{"setState":"succeed"}')
    expected = before | wanted | {"scheduleList": before["scheduleList"][:6] + week}
    assert settings() == expected
    assert get(camera, SET + "&mintime=300&enable=0").text == '{"setState":"succeed"}'
    assert settings() == expected | {"mintime": 300, "enable": 0}


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"sensitivity": 7, "mintime": 301}, "min_dwell (mintime)=301 is outside 1..300 s"),
        ({"sensitivity": 0}, "sensitivity (sensitivity)=0 is outside 1..10"),
        ({"minsize": 101}, "min_object_size (minsize)=101 is outside 1..100"),
        ({"sensitivity": 7, "dwell_semantics": "as-named"}, "'dwell_semantics' is not a heat-map"),
        ({"sensitivity": "5"}, "sensitivity"),
        ({"sensitivity": 5.0}, "sensitivity"),
        ({"sensitivity": True}, "sensitivity"),
        ({"enable": 2}, "enable (enable)=2 is outside 0..1"),
        ({"map_mask": "1" * 298}, "region (map_mask) has 298 cells, not 299"),
        ({"map_mask": "all"}, "region (map_mask)"),
        ({"sensitivity": 7, "scheduleList": [{"scheduleIndex": 7, "schedule": ""}]}, "schedule"),
        ('{"sensitivity":7,"sensitivity":8}', "'sensitivity' is given twice"),
        ("[1]", "the body is not a JSON object"),
        ("{", "the body is not readable JSON"),
        ("[" * 50_000, "the body is not readable JSON"),
        ('{"mintime":' + "9" * 5_000 + "}", "not readable JSON"),
        ('{"mintime":NaN}', "NaN is not a number"),
        (b"\xff\xfe", "the body is not UTF-8"),
    ],
)
def test_a_wrong_setting_is_named_and_nothing_changes(camera, settings, wanted, message):
    before = settings()
    answer = post(camera, SET, wanted)
    assert answer.status_code == 200
    said = answer.json()
    assert said["setState"] == "failed"
    assert message in said["message"]
    assert settings() == before


def test_the_answer_comes_in_three_forms(camera):
    path = "/cgi-bin/viewer/viewer.cgi?action=get.system.information"
    as_json = get(camera, path + "&format=json").json()
    assert as_json["model"] == "MS-C8165-PE"
    assert as_json["firmwareVersion"] == "61.8.0.3-r8"
    assert len(as_json["snCode"]) == 17
    assert list(as_json)[:5] == ["deviceName", "model", "snCode", "firmwareVersion", "mac"]
    assert "model=MS-C8165-PE\n" in get(camera, path + "&format=inf").text
    assert "var model='MS-C8165-PE';\n" in get(camera, path).text


def test_storage_and_alarms_are_those_of_a_camera_without_card(camera):
    path = "/cgi-bin/operator/operator.cgi?format=json&action="
    assert get(camera, path + "get.storage.settings").json()["sdcardStatus"] == 0
    alarms = get(camera, "/cgi-bin/viewer/viewer.cgi?action=get.vca.alarmstatus").text
    assert "var current_in_count=0;\n" in alarms


# --- who may what -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def accounts(camera):
    path = "/cgi-bin/admin/admin.cgi?action=add.system.user"
    for name, level in (("olga", 1), ("vera", 2)):
        account = {"username": name, "password": name + "-secret-1", "userLevel": level}
        assert post(camera, path, account).text == '{"setState":"succeed"}'
    return {
        "admin": BASIC,
        "operator": HTTPBasicAuth("olga", "olga-secret-1"),
        "viewer": HTTPDigestAuth("vera", "vera-secret-1"),
        "stranger": HTTPBasicAuth("olga", "wrong"),
    }


@pytest.mark.parametrize(
    ("path", "admin", "operator", "viewer"),
    [
        ("/cgi-bin/admin/admin.cgi?action=get.system.user&format=json", 200, 403, 403),
        (GET, 200, 200, 403),
        ("/cgi-bin/operator/snapshot.cgi", 200, 200, 403),
        ("/cgi-bin/viewer/viewer.cgi?action=get.system.datetime", 200, 200, 200),
        ("/dataloader.cgi?dw=heatmapcsv", 200, 200, 200),
        ("/snapshot.cgi", 200, 200, 200),
    ],
)
def test_a_role_may_use_its_paths_and_those_below(camera, accounts, path, admin, operator, viewer):
    wanted = {"admin": admin, "operator": operator, "viewer": viewer, "stranger": 401}
    found = {who: get(camera, path, auth).status_code for who, auth in accounts.items()}
    assert found == wanted
    assert get(camera, path, auth=None).status_code == 401


def test_a_viewer_sees_the_settings_and_changes_none_on_the_viewers_path(camera):
    path = "/cgi-bin/viewer/viewer.cgi?action=get.heatmap.configuration"
    seen = get(camera, path, HTTPBasicAuth("vera", "vera-secret-1"))
    assert "var mintime=30;" in seen.text
    for action in ("set.heatmap.configuration&mintime=77", "get.heatmap.export"):
        path = f"/cgi-bin/viewer/viewer.cgi?action={action}"
        assert get(camera, path).text == '{"setState":"failed"}'


def test_an_account_can_be_taken_out_again(camera):
    path = "/cgi-bin/admin/admin.cgi?action="
    asked = "add.system.user&username=otto&password=otto-secret-1&userLevel=1"
    assert get(camera, path + asked).text == '{"setState":"succeed"}'
    otto = HTTPBasicAuth("otto", "otto-secret-1")
    assert get(camera, GET, otto).status_code == 200
    assert "otto-secret-1" not in get(camera, path + "get.system.user").text
    assert get(camera, path + "del.system.user&username=otto").text == '{"setState":"succeed"}'
    assert get(camera, GET, otto).status_code == 401


def test_the_administrator_can_neither_be_deleted_nor_replaced(camera):
    path = "/cgi-bin/admin/admin.cgi?action="
    for asked in (
        "del.system.user&username=admin",
        "add.system.user&username=admin&password=another-1&userLevel=2",
    ):
        assert get(camera, path + asked).json()["setState"] == "failed"
    assert get(camera, path + "get.system.user").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("POST", "/dataloader.cgi?dw=heatmapcsv", 405), ("PUT", GET, 405)],
)
def test_unknown_paths_and_methods(camera, method, path, status):
    assert requests.request(method, camera.url + path, auth=BASIC, timeout=30).status_code == status


def test_a_huge_body_is_refused_and_nothing_changes(camera, settings):
    before = settings()
    assert post(camera, SET, '{"sensitivity":' + " " * 100_000 + "7}").status_code == 413
    assert settings() == before


def test_an_unknown_action_fails_softly(camera):
    for action in ("get.nothing", "set.nothing", ""):
        answer = get(camera, f"/cgi-bin/admin/admin.cgi?action={action}")
        assert (answer.status_code, answer.text) == (200, '{"setState":"failed"}')


# --- other personalities, and the end -----------------------------------------------------------


def test_a_model_without_the_function_answers_as_one(start_camera, clip):
    camera = start_camera("--model", "MS-C2966-RFLPE", "--source", clip)
    for kind in ("heatmapcsv", "spaceheatmap"):
        assert get(camera, f"/dataloader.cgi?dw={kind}").status_code == 404
    assert get(camera, "/report.png").status_code == 404
    assert get(camera, GET + "&format=json").text == '{"setState":"failed"}'
    assert post(camera, SET, {"sensitivity": 7}).text == '{"setState":"failed"}'
    assert get(camera, "/snapshot.cgi").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_on_both_signals(start_camera, clip, number):
    camera = start_camera("--source", clip, "--speed", "max", "--loop")
    assert set(camera.ready) == {
        "http", "https", "rtsp", "control", "pid", "model", "firmware"
    }  # fmt: skip
    assert camera.ready["pid"] == camera.process.pid
    assert camera.ready["https"] is None  # it is off
    assert camera.stop(number) == 0
    assert not camera.ready_file.exists()
    assert "Traceback" not in camera.errors


def test_settings_and_heat_are_there_again_after_a_restart(start_camera, clip, tmp_path):
    heat = "/dataloader.cgi?dw=spaceheatmap&time_start=2026-01-01-00:00:00"
    about = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
    first = start_camera("--source", clip, "--speed", "max", folder=tmp_path)
    wait_until_over(first)
    assert post(first, SET, {"mintime": 77}).json()["setState"] == "succeed"
    before, serial = get(first, heat).text, get(first, about).json()["snCode"]
    first.stop()
    assert before != EMPTY_MAP
    again = ("--source", clip, "--speed", "0.001", "--set", "sensitivity=9")
    second = start_camera(*again, folder=tmp_path)
    assert get(second, heat).text == before
    assert get(second, about).json()["snCode"] == serial
    now = get(second, GET + "&format=json").json()
    assert (now["mintime"], now["sensitivity"]) == (77, 9)


def test_a_power_cut_costs_no_committed_heat(start_camera, clip, tmp_path):
    heat = "/dataloader.cgi?dw=heatmapcsv&time_start=2026-01-01-00:00:00"
    first = start_camera("--source", clip, "--speed", "max", "--loop", folder=tmp_path)
    wait_until_over(first, seconds=60)
    before = [int(row["Value(s)"]) for row in rows(get(first, heat).text)]
    first.stop(signal.SIGKILL)
    assert before[0] >= 6
    second = start_camera("--source", clip, "--speed", "0.001", folder=tmp_path)
    after = [int(row["Value(s)"]) for row in rows(get(second, heat).text)]
    now = get(second, "/cgi-bin/viewer/viewer.cgi?action=get.system.datetime&format=json").json()
    assert all(a >= b for a, b in zip(after, before, strict=True))
    # One object at a time is in the picture: nobody was counted twice.
    assert sum(after) <= 3600 * now["hour"] + 60 * now["minute"] + now["second"]
