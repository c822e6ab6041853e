"""The document's steps again, without a mouse: Tab reaches every control, and keys work it."""

import pytest
import requests
from playwright.sync_api import expect
from running import PASSWORD

BASIC = ("admin", PASSWORD)
GET = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration&format=json"
START = "2026-03-04T05:00:00"


@pytest.fixture(scope="module")
def camera(start_camera, clip):
    return start_camera("--source", clip, "--speed", "max", "--clock", START, "--set", "enable=0")


@pytest.fixture
def keys(page):
    """Presses keys: `keys("Tab", "Shift+ArrowDown*3")`."""

    def press(*names):
        for name in names:
            key, _, times = name.partition("*")
            for _ in range(int(times or 1)):
                page.keyboard.press(key)

    return press


@pytest.fixture
def tab_to(page):
    """Goes by Tab until a control has the focus."""

    def tab_to(control, most=60):
        for _ in range(most):
            if control.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{most} Tabs do not reach {control}")

    return tab_to


def test_settings_region_and_schedule_are_set_by_keys_alone(page, camera, keys, tab_to):
    page.goto(camera.url)
    page.keyboard.type("admin")  # the first field has the focus
    keys("Tab")
    page.keyboard.type(PASSWORD)
    keys("Enter")
    tab_to(page.get_by_role("button", name="Event"))
    keys("Enter", "Tab", "Enter")
    expect(page.get_by_role("heading", name="Heat Map", exact=True)).to_be_visible()

    region = page.get_by_role("grid", name="Heat map region")
    tab_to(page.get_by_role("button", name="Clear All"))
    keys("Enter", "Shift+Tab*2")
    # From the first cell: two down and three right, then a rectangle of 2 rows and 4 columns.
    keys("ArrowDown*2", "ArrowRight*3", "Space", "Shift+ArrowDown", "Shift+ArrowRight*3")
    # A stroke that begins on a selected cell clears.
    keys("ArrowLeft", "Shift+ArrowRight")
    # One that was left is over: what was cleared meanwhile stays clear.
    keys("ArrowDown", "Space", "Tab*2", "Enter", "Shift+Tab*2", "Shift+ArrowDown")
    expect(region.locator("[aria-selected=true]")).to_have_count(2)
    tab_to(page.get_by_role("button", name="Clear All"))
    keys("Enter", "Shift+Tab*2", "Control+Home", "ArrowDown*2", "ArrowRight*3")
    keys("Space", "Shift+ArrowDown", "Shift+ArrowRight*3", "ArrowLeft", "Shift+ArrowRight")
    tab_to(page.get_by_label("Enable Heat Map"))
    keys("Space")
    tab_to(page.get_by_role("slider", name="Sensitivity"))
    keys("ArrowRight*3")
    tab_to(page.get_by_label("Min. Dwell Time", exact=True))
    keys("Control+a")
    page.keyboard.type("120")
    week = page.get_by_role("grid", name="Weekly schedule")
    tab_to(week.get_by_role("gridcell", name="Monday 00:00 to 01:00", exact=True))
    keys("Space", "Shift+ArrowRight*22", "Shift+ArrowDown*6")  # clears all but the last hour
    tab_to(page.get_by_label("To, period 1"))
    keys("Control+a")
    page.keyboard.type("23:30")
    tab_to(page.get_by_role("button", name="Save"))
    keys("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()

    kept = requests.get(camera.url + GET, auth=BASIC, timeout=30).json()
    assert (kept["enable"], kept["sensitivity"], kept["mintime"]) == (1, 8, 120)
    selected = [divmod(k, 23) for k, digit in enumerate(kept["map_mask"]) if digit == "1"]
    assert selected == [(2, 3), (2, 4), (2, 5), (2, 6), (3, 3), (3, 4)]
    days = [entry["schedule"].replace("00:00:00:00;", "") for entry in kept["scheduleList"]]
    assert days == ["23:00:23:30;"] + ["23:00:24:00;"] * 6


def test_a_report_is_searched_read_and_exported_by_keys_alone(page, camera, log_in, keys, tab_to):
    log_in(camera, "/report")
    tab_to(page.get_by_label("Space Heat Map"))
    keys("ArrowDown")
    tab_to(page.get_by_label("Report Type"))
    page.keyboard.type("Weekly")
    tab_to(page.get_by_role("button", name="Search"))
    keys("Enter")
    expect(page.get_by_role("heading", name="Time Heat Map, Weekly Report")).to_be_visible()
    first = page.get_by_role("img", name="2026-03-04 00:00:00 to 2026-03-04 23:59:59")
    tab_to(first)
    keys("ArrowRight")
    expect(page.locator(".tip")).to_have_text("2026-03-05 00:00:00 to 2026-03-05 23:59:59: 0 s")
    tab_to(page.get_by_text("Show as a table"))
    keys("Enter")
    expect(page.get_by_role("row")).to_have_count(8)
    page.get_by_role("button", name="Report Export").focus()
    with page.expect_download() as download:
        keys("Enter")
    assert download.value.suggested_filename.endswith("_time_weekly_20260304000000.csv")
