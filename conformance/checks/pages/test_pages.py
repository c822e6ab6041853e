"""The pages: what the document does at a mouse, done in a real browser and compared with the CGI.

The document's own words are typed out here; everything else that pages need is named by the
dialect's [pages].
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from conformance import invented
from conformance.browsing import PHONE, Pages
from conformance.camera import Camera
from conformance.checks.pages.going import (
    comes,
    named,
    on_heat_map,
    on_report,
    to_heat_map,
    to_report,
)
from conformance.client import Login
from conformance.control import Control
from conformance.expect import Expectations, not_checked

SETTINGS_WORDS = {
    "button": ("Select All", "Clear All", "Save", "Delete"),
    "checkbox": ("Enable Heat Map",),
    "textbox": (
        *("Sensitivity", "Min. Object Size"),
        *("Min. Dwell Time", "Scene Change Adaptability"),
    ),
}
MENU_WORDS = {"link": ("Heat Map", "Report")}
"""Below Event, and beside it."""
REPORT_WORDS = {
    "radio": ("Space Heat Map", "Time Heat Map"),
    "option": ("Daily Report", "Weekly Report", "Monthly Report", "Annual Report"),
    "button": ("Search", "Report Export"),
}


def missing(page: Any, words: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return which controls are not on a page, letter by letter."""
    controls = {
        f"{role} {name!r}": page.get_by_role(role, name=name, exact=True)
        for role, names in words.items()
        for name in names
    }
    all(comes(control) for control in controls.values())  # waits for one that is lacking, not each
    return [told for told, control in controls.items() if control.count() != 1]


def a_viewer(camera: Camera) -> Login:
    """Return an account that was made for the check."""
    somebody = invented.login()
    made = camera.add_user(somebody, "viewer")
    if not made.accepted:
        not_checked(f"no viewer could be made: {made.message or made.answer.shown}")
    return somebody


# --- WEB-01: what leads where --------------------------------------------------------------------


@pytest.mark.requirement("WEB-01")
def test_event_and_heat_map_lead_to_the_settings(pages: Pages, expect: Expectations) -> None:
    def look(page: Any) -> tuple[int, int, list[int]]:
        to_heat_map(pages, page)
        grids = [page.get_by_role("grid", name=pages.words[one]) for one in ("region", "schedule")]
        for control in (*grids, page.get_by_role("textbox").nth(3)):
            comes(control)
        boxes, fields = (page.get_by_role(role).count() for role in ("checkbox", "textbox"))
        return boxes, fields, [grid.count() for grid in grids]

    boxes, fields, grids = pages.visit(look)
    expect.that("check boxes on Event > Heat Map", boxes, "1 or more", boxes >= 1)
    expect.that("fields there", fields, "4 or more: its numbers", fields >= 4)
    expect("the drawings of region and schedule there", grids, [1, 1])


@pytest.mark.requirement("WEB-01")
def test_report_shows_both_kinds(pages: Pages, expect: Expectations) -> None:
    def look(page: Any) -> list[str]:
        to_report(pages, page)
        shown = []
        for kind in REPORT_WORDS["radio"]:
            named(page, "radio", kind).check()
            named(page, "button", "Search").click()
            shown += [kind] * comes(page.get_by_role("heading", name=kind))
        return shown

    expect("kinds of report that are shown", pages.visit(look), list(REPORT_WORDS["radio"]))


# --- WEB-04: what it is called -------------------------------------------------------------------


@pytest.mark.requirement("WEB-04")
def test_the_settings_are_called_by_the_documents_words(pages: Pages, expect: Expectations) -> None:
    def look(page: Any) -> list[str]:
        return missing(page, SETTINGS_WORDS)

    expect("controls that are not on Event > Heat Map", on_heat_map(pages, look), [])


@pytest.mark.requirement("WEB-04")
def test_menu_and_report_are_called_by_the_documents_words(
    pages: Pages, expect: Expectations
) -> None:
    def look(page: Any) -> tuple[list[str], list[str]]:
        page.get_by_role("button", name="Event").click()
        in_menu = missing(page, MENU_WORDS)
        on_page = missing(page, REPORT_WORDS)
        start = page.get_by_label("Start Time")
        if not comes(start) or start.count() != 1:
            on_page.append("field 'Start Time'")
        return in_menu, on_page

    in_menu, on_page = on_report(pages, look)
    expect("what is not in the menu", in_menu, [])
    expect("controls that are not on Report", on_page, [])


# --- WEB-02: who is let in, and who changes nothing -----------------------------------------------


@pytest.mark.requirement("WEB-02")
def test_without_a_log_in_there_is_nothing_but_the_log_in(
    pages: Pages, expect: Expectations
) -> None:
    def look(page: Any) -> list[str]:
        open_ones = []
        for path in pages.words["paths"]:
            page.goto(pages.url + path)
            page.get_by_label(pages.words["password"], exact=True).wait_for()
            names = ("Save", "Search", pages.words["log_out"])
            found = [page.get_by_role("button", name=name, exact=True).count() for name in names]
            open_ones += [path] if any(found) else []
        pages.log_in(page, invented.login())
        page.get_by_role("alert").filter(has_text=pages.words["refused"]).wait_for()
        return open_ones

    expect("pages shown without a log-in", pages.without_log_in(look), [])


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WEB-02")
def test_a_viewer_saves_nothing(pages: Pages, camera: Camera, expect: Expectations) -> None:
    somebody = a_viewer(camera)
    before = camera.settings()

    def look(page: Any) -> None:
        save = page.get_by_role("button", name="Save", exact=True)
        if not comes(save):
            return  # to show a viewer no button is as good
        field = page.get_by_role("textbox", name="Sensitivity", exact=True)
        if comes(field) and field.is_enabled():
            field.fill("4" if before["sensitivity"] != 4 else "6")
        if save.is_enabled():
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                save.click()

    assert camera.keeper is not None
    camera.keeper.before_settings()
    on_heat_map(pages, look, login=somebody)
    expect("the settings after a viewer was at the page", camera.settings(), before)


# --- WEB-03: told before it is sent, and on a phone -----------------------------------------------


@pytest.mark.needs("reversible")  # a device that does not tell, saves
@pytest.mark.requirement("WEB-03")
@pytest.mark.parametrize("text", ["0", "301", "5.5", "", "five"])
def test_a_wrong_value_is_told_before_it_is_sent(
    pages: Pages, camera: Camera, expect: Expectations, text: str
) -> None:
    before = camera.settings()
    assert camera.keeper is not None
    camera.keeper.before_settings()

    def look(page: Any) -> tuple[str | None, list[str]]:
        sent: list[str] = []
        page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
        field = named(page, "textbox", "Min. Dwell Time")
        field.fill(text)
        save = named(page, "button", "Save")
        if save.is_enabled():
            save.click()
        return field.get_attribute("aria-invalid"), sent

    invalid, sent = on_heat_map(pages, look)
    expect(f"aria-invalid of Min. Dwell Time with {text!r}", invalid, "true")
    expect(f"requests that {text!r} caused", sent, [])
    expect("the settings after that", camera.settings(), before)


@pytest.mark.requirement("WEB-03")
@pytest.mark.parametrize(
    "visit",
    [pytest.param(on_heat_map, id="to_heat_map"), pytest.param(on_report, id="to_report")],
)
def test_nothing_scrolls_sideways_on_a_phone(
    pages: Pages, expect: Expectations, visit: Callable[..., int]
) -> None:
    def look(page: Any) -> int:
        width: int = page.evaluate("document.documentElement.scrollWidth")
        return width

    expect("the width of what is shown at 375 px", visit(pages, look, window=PHONE), PHONE["width"])


# --- WEB-05: the lock -----------------------------------------------------------------------------

LOCKED_S = 300


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WEB-05")
def test_five_wrong_passwords_lock_that_account_and_no_other(
    pages: Pages, camera: Camera, expect: Expectations
) -> None:
    somebody = a_viewer(camera)
    wrong = Login(somebody.user, invented.login().password)

    def look(page: Any) -> bool:
        page.goto(pages.url)
        for who in (*[wrong] * 5, somebody):
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                pages.log_in(page, who)
        page.get_by_label(pages.words["password"], exact=True).wait_for()
        is_in: bool = page.get_by_role("button", name=pages.words["log_out"]).is_visible()
        return is_in

    expect("the right password lets in after five wrong ones", pages.without_log_in(look), False)

    def enter(page: Any) -> bool:
        page.goto(pages.url)
        pages.log_in(page, pages.login)
        page.get_by_role("button", name=pages.words["log_out"]).wait_for()
        return True

    expect("another account is let in meanwhile", pages.without_log_in(enter), True)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("WEB-05")
def test_a_lock_ends_after_five_minutes_of_the_cameras_clock(
    pages: Pages, camera: Camera, control: Control, expect: Expectations
) -> None:
    somebody = a_viewer(camera)
    wrong = Login(somebody.user, invented.login().password)

    def look(page: Any) -> bool:
        page.goto(pages.url)
        for who in [wrong] * 5:
            with page.expect_response(lambda answer: answer.request.method == "POST"):
                pages.log_in(page, who)
        control.post("clock/step", by_s=LOCKED_S + 1)
        pages.log_in(page, somebody)
        page.get_by_role("button", name=pages.words["log_out"]).wait_for()
        return True

    expect("the right password lets in after the lock", pages.without_log_in(look), True)
