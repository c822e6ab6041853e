"""Every page, and every state of one that looks different, and how to get there by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import expect


@dataclass(frozen=True)
class Shown:
    """A page as a test looks at it.

    path   its address
    ready  waits until it is there, with all that is on it
    """

    path: str
    ready: Callable[[Any], None]


def _heading(name):
    return lambda page: expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def _picture(page):
    picture = page.locator(".picture img").first
    expect(picture).to_be_visible()
    # Not by a function in the page: to poll one is to evaluate a text, which its policy forbids.
    expect(picture).not_to_have_js_property("naturalWidth", 0)


def _log_in(page):
    expect(page.get_by_role("button", name="Log in")).to_be_visible()


def _live(page):
    _heading("Live View")(page)
    _picture(page)
    page.get_by_label("Live heat").check()


def _heat_map(page):
    expect(page.get_by_role("grid", name="Weekly schedule")).to_be_visible()
    _picture(page)


def _report(main_type):
    def ready(page):
        page.get_by_label(main_type).check()
        page.get_by_role("button", name="Search").click()
        _heading(f"{main_type}, Daily Report")(page)

    return ready


def _auto_export(page):
    page.get_by_role("button", name="Auto Export").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Space Heat Map").check()
    # By its keys: what a test sets itself is no input, and what makes room for it would have moved.
    form.get_by_label("Export To").focus()
    page.keyboard.type("E-mail")
    expect(form.get_by_label("Receiver")).to_be_visible()


def _system(page):
    accounts = page.get_by_role("region", name="Accounts")
    expect(accounts.get_by_role("button", name="Add Account")).to_be_visible()
    storage = page.get_by_role("region", name="Storage")
    expect(storage.get_by_text("SD Card")).to_be_visible()
    expect(page.get_by_text("Camera time")).to_be_visible()


OUTSIDE = {"log-in": Shown("/", _log_in)}
INSIDE = {
    "live-view": Shown("/", _live),
    "heat-map": Shown("/event/heat-map", _heat_map),
    "report-space": Shown("/report", _report("Space Heat Map")),
    "report-time": Shown("/report", _report("Time Heat Map")),
    "auto-export": Shown("/report", _auto_export),
    "system": Shown("/system", _system),
}
EVERY = OUTSIDE | INSIDE
