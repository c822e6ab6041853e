"""The vendor's document, "How to Set Heat Map" and "Report", steps 1 to 4, by mouse."""

import base64

import pytest
import requests
from playwright.sync_api import expect
from running import PASSWORD

BASIC = ("admin", PASSWORD)
GET = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration&format=json"
START = "2026-03-04T05:00:00"
REPORT = "time_start=2026-03-04-05:00:00&sub_type=0"


@pytest.fixture(scope="module")
def camera(start_camera, clip):
    return start_camera("--source", clip, "--speed", "max", "--clock", START, "--set", "enable=0")


def settings(camera):
    return requests.get(camera.url + GET, auth=BASIC, timeout=30).json()


def report(camera, path):
    return requests.get(camera.url + path + REPORT, auth=BASIC, timeout=30).content


def drag(page, grid, first, last):
    """Draw from the middle of one cell to the middle of another, by their names."""
    for name, act in ((first, page.mouse.down), (last, page.mouse.up)):
        cell = grid.get_by_role("gridcell", name=name, exact=True)
        cell.scroll_into_view_if_needed()
        box = cell.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
        act()


def test_step_1_to_3_the_settings_the_region_and_the_schedule(page, camera, log_in):
    # Step1: After log in the web, go to "Event" -> "Heat Map". Check "Enable Heat Map", then set.
    log_in(camera)
    page.get_by_role("button", name="Event").click()
    page.get_by_role("link", name="Heat Map").click()
    page.get_by_label("Enable Heat Map").click()
    page.get_by_label("Sensitivity", exact=True).fill("7")
    page.get_by_label("Min. Object Size", exact=True).fill("3")
    page.get_by_label("Min. Dwell Time", exact=True).fill("300")
    page.get_by_label("Scene Change Adaptability", exact=True).fill("2")
    # Step2: Draw the screen to set the detection area. "Select All" ... "Clear All" ...
    region = page.get_by_role("grid", name="Heat map region")
    page.get_by_role("button", name="Select All").click()
    expect(region.locator("[aria-selected=true]")).to_have_count(299)
    page.get_by_role("button", name="Clear All").click()
    expect(region.locator("[aria-selected=true]")).to_have_count(0)
    drag(page, region, "Row 2, column 3", "Row 4, column 6")
    # Step3: You can draw the schedule by clicking it. And then click "Save" or "Delete".
    week = page.get_by_role("grid", name="Weekly schedule")
    page.get_by_role("button", name="Delete", exact=True).click()
    week.get_by_role("gridcell", name="Monday 08:00 to 09:00", exact=True).click()
    drag(page, week, "Tuesday 12:00 to 13:00", "Wednesday 14:00 to 15:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    kept = settings(camera)
    numbers = {key: kept[key] for key in ("enable", "sensitivity", "minsize", "mintime")}
    assert numbers == {"enable": 1, "sensitivity": 7, "minsize": 3, "mintime": 300}
    assert kept["adaptability"] == 2
    drawn = [(k // 23 + 1, k % 23 + 1) for k, digit in enumerate(kept["map_mask"]) if digit == "1"]
    assert drawn == [(row, column) for row in (2, 3, 4) for column in (3, 4, 5, 6)]
    days = [entry["schedule"].replace("00:00:00:00;", "") for entry in kept["scheduleList"]]
    assert days == ["08:00:09:00;", "12:00:15:00;", "12:00:15:00;", "", "", "", ""]


@pytest.mark.parametrize(
    ("main_type", "path", "name"),
    [
        ("Space Heat Map", "/report.png?", "space_daily_20260304050000.png"),
        ("Time Heat Map", "/dataloader.cgi?dw=heatmapcsv&", "time_daily_20260304050000.csv"),
    ],
)
def test_the_report_is_searched_and_exported_to_local(
    page, start_camera, clip, log_in, main_type, path, name
):
    camera = start_camera("--source", clip, "--speed", "max", "--clock", START)
    while not requests.get(f"{camera.control}/v1/scene", timeout=30).json()["ended"]:
        pass  # or what is exported now is less than what is read afterwards
    log_in(camera)
    page.get_by_role("link", name="Report").click()
    # Step1: Select Main Heat Map Type. Step2: Select Report Type.
    page.get_by_label(main_type).click()
    page.get_by_label("Report Type").select_option("Daily Report")
    # Step3: Select Start Time, then click the "Search" button.
    page.get_by_label("Start Time").fill(START)
    expect(page.get_by_role("button", name="Report Export")).to_be_disabled()
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name=f"{main_type}, Daily Report")).to_be_visible()
    # Step4: Click the "Report Export" button to export the report to local.
    with page.expect_download() as download:
        page.get_by_role("button", name="Report Export").click()
    serial = requests.get(
        camera.url + "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json",
        auth=BASIC,
        timeout=30,
    ).json()["snCode"]
    assert download.value.suggested_filename == f"{serial}_{name}"
    saved = download.value.path().read_bytes()
    assert base64.b64encode(saved) == base64.b64encode(report(camera, path))
