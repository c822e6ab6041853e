"""What goes wrong while a page is open is told, and nothing typed or drawn is lost."""

import re

import pytest
import requests
from playwright.sync_api import expect
from running import PASSWORD

BASIC = ("admin", PASSWORD)
GET = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration&format=json"
DOWN = "The camera does not answer. Trying again…"


@pytest.fixture(scope="module")
def camera(start_camera, clip):
    return start_camera("--source", clip, "--clock", "2026-03-04T05:00:00")


def settings(camera):
    return requests.get(camera.url + GET, auth=BASIC, timeout=30).json()


def log_in_again(page, user="admin", password=PASSWORD):
    page.get_by_label("User name").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def edit(page):
    """Make changes to a number, the region and the schedule, and save nothing."""
    page.get_by_label("Min. Dwell Time", exact=True).fill("123")
    page.get_by_role("button", name="Clear All").click()
    cell = "Monday 08:00 to 09:00"
    week = page.get_by_role("grid", name="Weekly schedule")
    week.get_by_role("gridcell", name=cell, exact=True).click()
    expect(page.get_by_text("Unsaved changes", exact=True)).to_be_visible()


def expect_edits(page):
    expect(page.get_by_label("Min. Dwell Time", exact=True)).to_have_value("123")
    region = page.get_by_role("grid", name="Heat map region")
    expect(region.locator("[aria-selected=true]")).to_have_count(0)
    monday = page.get_by_role("grid", name="Weekly schedule").get_by_role("row").first
    expect(monday.locator("[aria-selected=true]")).to_have_count(23)
    expect(page.get_by_text("Unsaved changes", exact=True)).to_be_visible()


@pytest.mark.parametrize("noticed_by", ["the save", "the next picture"])
def test_a_session_that_ends_in_mid_edit_keeps_the_edit_and_offers_it_again(
    page, start_camera, clip, log_in, noticed_by
):
    camera = start_camera("--source", clip, "--clock", "2026-03-04T05:00:00")
    log_in(camera, "/event/heat-map")
    before = settings(camera)
    edit(page)
    if noticed_by == "the save":
        # No picture may come first: the page asks for five a second.
        page.route("**/snapshot.cgi*", lambda route: None)
    page.context.clear_cookies()
    if noticed_by == "the save":
        page.get_by_role("button", name="Save").click()
        page.unroute("**/snapshot.cgi*")
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    log_in_again(page)
    expect(page.get_by_text("There are unsaved changes from before.")).to_be_visible()
    assert settings(camera) == before
    page.get_by_role("button", name="Restore them").click()
    expect_edits(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    kept = settings(camera)
    assert (kept["mintime"], set(kept["map_mask"])) == (123, {"0"})
    assert kept["scheduleList"][0]["schedule"].startswith("00:00:08:00;09:00:24:00;")


def test_a_camera_that_starts_again_says_so_and_the_edit_is_offered_after_log_in(
    page, start_camera, clip, log_in
):
    camera = start_camera("--source", clip, "--clock", "2026-03-04T05:00:00")
    log_in(camera, "/event/heat-map")
    edit(page)
    down = {"kind": "soft", "down_s": 2, "wait": False}
    requests.post(f"{camera.control}/v1/reboot", json=down, timeout=30).raise_for_status()
    expect(page.get_by_text(DOWN)).to_be_visible()
    # Sessions do not outlast a start, so the log-in is what comes back.
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=30_000)
    log_in_again(page)
    page.get_by_role("button", name="Restore them").click()
    expect_edits(page)


def test_a_network_that_is_gone_for_a_while_costs_nothing(page, camera, log_in):
    log_in(camera, "/event/heat-map")
    page.get_by_label("Sensitivity", exact=True).fill("9")
    page.context.set_offline(True)
    expect(page.get_by_text(DOWN)).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("The camera is back.")).to_be_visible(timeout=30_000)
    expect(page.get_by_label("Sensitivity", exact=True)).to_have_value("9")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert settings(camera)["sensitivity"] == 9


def test_a_picture_that_fails_is_told_in_its_place_and_comes_back(page, camera, log_in):
    log_in(camera)
    page.route("**/snapshot.cgi", lambda route: route.fulfill(body="no picture", status=200))
    expect(page.get_by_text("The picture could not be loaded.")).to_be_visible()
    page.unroute("**/snapshot.cgi")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The picture could not be loaded.")).to_be_hidden()


@pytest.mark.parametrize("token", ["", "0" * 32, "<script>"])
def test_a_change_without_the_pages_token_is_refused_and_changes_nothing(
    page, camera, log_in, token
):
    log_in(camera, "/event/heat-map")
    before = settings(camera)
    page.route(
        "**/*action=set.*",
        lambda route: route.continue_(headers=route.request.headers | {"x-csrf-token": token}),
    )
    page.get_by_label("Min. Object Size", exact=True).fill("77")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your account may not do that.")).to_be_visible()
    assert settings(camera) == before


def test_leaving_with_changes_asks_and_staying_keeps_them(page, camera, log_in):
    log_in(camera, "/event/heat-map")
    before = settings(camera)["minsize"]
    field = page.get_by_label("Min. Object Size", exact=True)
    field.fill("55")
    page.get_by_role("link", name="Report").click()
    page.get_by_role("button", name="Stay here").click()
    expect(field).to_have_value("55")
    page.get_by_role("link", name="Report").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard").click()
    expect(page.get_by_role("heading", name="Report", level=1)).to_be_visible()
    assert settings(camera)["minsize"] == before
    page.get_by_role("button", name="Event").click()
    page.get_by_role("link", name="Heat Map").click()
    field.fill("56")
    page.get_by_role("link", name="Report").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Report", level=1)).to_be_visible()
    assert settings(camera)["minsize"] == 56


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>"])
def test_markup_as_a_name_or_password_is_a_wrong_one_and_nothing_runs(page, camera, text):
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    page.goto(camera.url)
    log_in_again(page, text, text)
    expect(page.get_by_text("The user name or the password is wrong.")).to_be_visible()
    assert page.locator("img, script:not([src]):not([type])").count() == 0


def test_five_wrong_passwords_lock_the_account_and_the_clock_releases_it(page, start_camera, clip):
    camera = start_camera("--source", clip, "--clock", "2026-03-04T05:00:00")
    requests.put(f"{camera.control}/v1/clock", json={"mode": "frozen"}, timeout=30)
    page.goto(camera.url)
    for left in (4, 3, 2, 1):
        log_in_again(page, password="wrong-1")
        expect(page.get_by_text(re.compile(f"{left} (tries|try) left"))).to_be_visible()
    log_in_again(page, password="wrong-1")
    expect(page.get_by_text("this account is locked for 5 min 0 s")).to_be_visible()
    log_in_again(page)
    expect(page.get_by_text("this account is locked for 5 min 0 s")).to_be_visible()
    requests.post(f"{camera.control}/v1/clock/step", json={"by_s": 300}, timeout=30)
    log_in_again(page)
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
