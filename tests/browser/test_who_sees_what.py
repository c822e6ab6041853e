"""Two people at once, a viewer, and a camera that has no heat map."""

import pytest
import requests
from playwright.sync_api import expect
from running import PASSWORD

BASIC = ("admin", PASSWORD)
GET = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration&format=json"
ADD = "/cgi-bin/admin/admin.cgi?action=add.system.user&format=json"
VIEWERS = "viewers-word-1"


@pytest.fixture(scope="module")
def camera(start_camera, clip):
    camera = start_camera("--source", clip, "--clock", "2026-03-04T05:00:00")
    viewer = {"username": "vera", "password": VIEWERS, "userLevel": 2}
    answer = requests.post(camera.url + ADD, json=viewer, auth=BASIC, timeout=30)
    assert answer.json()["setState"] == "succeed", answer.text
    return camera


def settings(camera):
    return requests.get(camera.url + GET, auth=BASIC, timeout=30).json()


def test_two_browsers_at_once_save_what_each_changed_and_nothing_else(
    page, browser, camera, log_in
):
    log_in(camera, "/event/heat-map")
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(camera.url + "/event/heat-map")
        other.get_by_label("User name").fill("admin")
        other.get_by_label("Password").fill(PASSWORD)
        other.get_by_role("button", name="Log in").click()
        other.get_by_label("Sensitivity", exact=True).fill("9")
        page.get_by_label("Min. Dwell Time", exact=True).fill("200")
        other.get_by_role("button", name="Save").click()
        expect(other.get_by_text("Saved.")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        kept = settings(camera)
        assert (kept["sensitivity"], kept["mintime"]) == (9, 200)
        # Each sees what the other saved, once it has saved or is loaded anew.
        expect(page.get_by_label("Sensitivity", exact=True)).to_have_value("9")
        # One logs out; the other's session goes on.
        other.get_by_role("button", name="Log out").click()
        expect(other.get_by_role("button", name="Log in")).to_be_visible()
    page.get_by_label("Sensitivity", exact=True).fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert settings(camera)["sensitivity"] == 2


def test_a_viewer_sees_everything_and_can_change_nothing(page, camera, log_in):
    before = settings(camera)
    log_in(camera, "/event/heat-map", "vera", VIEWERS)
    expect(page.get_by_text("You are logged in as a viewer")).to_be_visible()
    dwell = page.get_by_label("Min. Dwell Time", exact=True)
    expect(dwell).to_have_value(str(before["mintime"]))
    for role in ("textbox", "slider", "checkbox"):
        for control in page.get_by_role("main").get_by_role(role).all():
            expect(control).to_be_disabled()
    for name in ("Save", "Select All", "Clear All", "Delete", "Add Period"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    region = page.get_by_role("grid", name="Heat map region")
    cell = region.get_by_role("gridcell", name="Row 7, column 12", exact=True)
    cell.click(force=True)
    expect(cell).to_have_attribute("aria-selected", "true")
    page.get_by_role("link", name="Report").click()
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Space Heat Map, Daily Report")).to_be_visible()
    expect(page.get_by_role("button", name="Report Export")).to_be_enabled()
    expect(page.get_by_role("button", name="Auto Export")).to_have_count(0)
    # What his page would send, sent all the same.
    status = page.evaluate(
        """async () => {
          const { token } = JSON.parse(document.getElementById("facts").textContent);
          const action = "set.heatmap.configuration&format=json";
          const path = `/cgi-bin/operator/operator.cgi?action=${action}`;
          const headers = { "X-CSRF-Token": token, "X-Requested-With": "XMLHttpRequest" };
          const body = JSON.stringify({ sensitivity: 1 });
          return (await fetch(path, { method: "POST", headers, body })).status;
        }"""
    )
    assert status == 403
    assert settings(camera) == before


def test_a_camera_without_the_function_has_no_entry_and_no_page(page, start_camera, clip, log_in):
    camera = start_camera(
        *("--source", clip, "--model", "MS-C5374-PB", "--firmware", "43.7.0.68"),
        *("--clock", "2026-03-04T05:00:00"),
    )
    log_in(camera)
    menu = page.get_by_role("navigation", name="Main menu")
    assert menu.get_by_role("link").all_inner_texts() == ["Live View", "System"]
    expect(menu.get_by_role("button")).to_have_count(0)
    for path in ("/event/heat-map", "/report", "/no/such/page"):
        assert page.goto(camera.url + path).status == 404
    expect(page.get_by_role("grid")).to_have_count(0)
