"""What can't be saved is told beside its field, and nothing is sent."""

import pytest
import requests
from playwright.sync_api import expect
from running import PASSWORD

BASIC = ("admin", PASSWORD)
GET = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration&format=json"
RANGES = [
    ("Sensitivity", "sensitivity", 1, 10),
    ("Min. Object Size", "minsize", 1, 100),
    ("Min. Dwell Time", "mintime", 1, 300),
    ("Scene Change Adaptability", "adaptability", 1, 10),
]


@pytest.fixture(scope="module")
def camera(start_camera, clip):
    return start_camera("--source", clip, "--clock", "2026-03-04T05:00:00")


@pytest.fixture
def sent(page):
    """The bodies of all requests that set something."""
    bodies = []
    page.on("request", lambda one: bodies.append(one.post_data) if "set." in one.url else None)
    return bodies


def settings(camera):
    return requests.get(camera.url + GET, auth=BASIC, timeout=30).json()


@pytest.mark.parametrize(("label", "key", "low", "high"), RANGES)
def test_both_ends_are_saved_and_what_lies_beyond_is_not_sent(
    page, camera, log_in, sent, label, key, low, high
):
    log_in(camera, "/event/heat-map")
    field = page.get_by_label(label, exact=True)
    save = page.get_by_role("button", name="Save")
    expect(page.get_by_role("slider", name=label)).to_be_enabled()
    for value in (low, high):
        field.fill(str(value))
        save.click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        assert settings(camera)[key] == value
    sent.clear()
    for text in (str(low - 1), str(high + 1), "", "5.5", "five", "-"):
        field.fill(text)
        told = page.get_by_text(f"{label} must be a whole number from {low} to {high}")
        expect(told).to_be_visible()
        expect(field).to_have_attribute("aria-invalid", "true")
        save.click()
        expect(field).to_be_focused()
    assert sent == []
    assert settings(camera)[key] == high


def test_an_eleventh_period_is_refused_beside_its_day(page, camera, log_in):
    log_in(camera, "/event/heat-map")
    page.get_by_role("button", name="Delete", exact=True).click()
    week = page.get_by_role("grid", name="Weekly schedule")

    def click(hour):
        name = f"Friday {hour:02}:00 to {hour + 1:02}:00"
        week.get_by_role("gridcell", name=name, exact=True).click()

    for hour in range(0, 20, 2):
        click(hour)
    friday = week.get_by_role("row").nth(4)
    expect(friday.locator("[aria-selected=true]")).to_have_count(10)
    click(20)
    expect(friday.get_by_role("alert")).to_have_text("Friday can have no more than 10 periods.")
    expect(friday.locator("[aria-selected=true]")).to_have_count(10)
    click(1)  # joins two periods, so there is room again
    expect(friday.get_by_role("alert")).to_have_text("")
    click(20)
    expect(friday.locator("[aria-selected=true]")).to_have_count(12)


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        ("08:00", "25:00", "“25:00” is not a time like 08:30"),
        ("8", "09:00", "“8” is not a time like 08:30"),
        ("09:00", "09:00", "A period must end after it begins."),
        ("<b>x", "09:00", "“<b>x” is not a time like 08:30"),
    ],
)
def test_a_period_that_is_none_is_not_sent(page, camera, log_in, sent, start, end, why):
    log_in(camera, "/event/heat-map")
    page.get_by_label("From, period 1").fill(start)
    page.get_by_label("To, period 1").fill(end)
    expect(page.get_by_text(why)).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("nothing was sent")).to_be_visible()
    assert sent == []


def test_a_start_that_no_report_shows_any_more_is_refused_and_said_why(page, camera, log_in):
    # CONTRACT 5: visible are hours from 168 h ago on, to the hour, as it is entered.
    log_in(camera, "/report")
    expect(page.get_by_text("Only the last 7 days can be viewed without")).to_be_visible()
    search, start = page.get_by_role("button", name="Search"), page.get_by_label("Start Time")
    page.get_by_label("Report Type").select_option("Weekly Report")
    start.fill("2026-02-25T04:59:59")
    search.click()
    expect(page.get_by_role("alert").filter(has_text="from 2026-02-25 05:00:00 on")).to_be_visible()
    expect(page.get_by_role("button", name="Report Export")).to_be_disabled()
    start.fill("2026-02-25T05:00:00")
    search.click()
    expect(page.get_by_role("heading", name="Space Heat Map, Weekly Report")).to_be_visible()


def test_markup_in_a_name_is_text(page, camera, log_in):
    log_in(camera, "/system")
    accounts = page.get_by_role("region", name="Accounts")
    accounts.get_by_label("User name").fill("<img src=x onerror=alert(1)>")
    accounts.get_by_label("Password").fill("stunt-double-2")
    accounts.get_by_role("button", name="Add Account").click()
    expect(accounts.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    assert page.locator("img").count() == 0
