"""To the pages of the heat map: through the menu, as the document says, or straight there.

A check of the menu goes through it. To the others it is a page more to load, which takes a browser
a second, so they go straight where the dialect's [pages] knows the address.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from conformance.browsing import WINDOW, Pages, Window
from conformance.client import Login
from conformance.expect import not_checked

T = TypeVar("T")


def to_heat_map(pages: Pages, page: Any) -> None:
    """Go to Event, then Heat Map, and wait until it is shown."""
    page.get_by_role("button", name="Event").click()
    page.get_by_role("link", name="Heat Map", exact=True).click()
    _wait_for_heat_map(pages, page)


def to_report(pages: Pages, page: Any) -> None:
    """Go to Report, and wait until it is shown."""
    page.get_by_role("link", name="Report", exact=True).click()
    _wait_for_report(pages, page)


def on_heat_map(
    pages: Pages,
    look: Callable[[Any], T],
    login: Login | None = None,
    window: Window = WINDOW,
) -> T:
    """Return look(page) of Event > Heat Map, as `login` or the run's account."""
    address = pages.words.get("heat_map")
    go = _wait_for_heat_map if address else to_heat_map
    return pages.visit(_arrived(pages, go, look), address or "/", login, window)


def on_report(pages: Pages, look: Callable[[Any], T], window: Window = WINDOW) -> T:
    """Return look(page) of Report."""
    address = pages.words.get("report")
    go = _wait_for_report if address else to_report
    return pages.visit(_arrived(pages, go, look), address or "/", window=window)


def named(page: Any, role: str, name: str) -> Any:
    """Return a control that the document names, once it is there.

    Raises NotCheckedError where it is not: that it is called so is WEB-04's to judge, and of what
    it does nothing can be said.
    """
    control = page.get_by_role(role, name=name, exact=True)
    if not comes(control):
        not_checked(f"there is no {role} {name!r} on the page: WEB-04")
    return control


def comes(control: Any) -> bool:
    """Return whether a control is there, or comes soon."""
    from playwright.sync_api import TimeoutError as LateError  # noqa: PLC0415

    try:
        control.first.wait_for(state="attached")  # a closed list's options are never visible
    except LateError:
        return False
    return True


def _arrived(
    pages: Pages, go: Callable[[Pages, Any], None], look: Callable[[Any], T]
) -> Callable[[Any], T]:
    def arrived(page: Any) -> T:
        go(pages, page)
        return look(page)

    return arrived


# By either of two controls, so that one that is called otherwise is blamed where words are judged.


def _wait_for_heat_map(pages: Pages, page: Any) -> None:
    save = page.get_by_role("button", name="Save", exact=True)
    either = save.or_(page.get_by_role("grid", name=pages.words["region"]))
    either.first.wait_for(state="attached")


def _wait_for_report(pages: Pages, page: Any) -> None:
    search = page.get_by_role("button", name="Search", exact=True)
    either = search.or_(page.get_by_role("radio", name="Space Heat Map"))
    either.first.wait_for(state="attached")
