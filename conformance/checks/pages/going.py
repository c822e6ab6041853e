"""To the pages of the heat map: through the menu, as the document says, or straight there.

A check of the menu goes through it. To the others it is a page more to load, which takes a browser
a second, so they go straight where the dialect's [pages] knows the address.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from conformance.browsing import WINDOW, Pages, Window
from conformance.client import Login

T = TypeVar("T")


def to_heat_map(page: Any) -> None:
    """Go to Event, then Heat Map, and wait until it is shown."""
    page.get_by_role("button", name="Event").click()
    page.get_by_role("link", name="Heat Map", exact=True).click()
    _wait_for_heat_map(page)


def to_report(page: Any) -> None:
    """Go to Report, and wait until it is shown."""
    page.get_by_role("link", name="Report", exact=True).click()
    _wait_for_report(page)


def on_heat_map(
    pages: Pages,
    look: Callable[[Any], T],
    login: Login | None = None,
    window: Window = WINDOW,
) -> T:
    """Return look(page) of Event > Heat Map, as `login` or the run's account."""
    address = pages.words.get("heat_map")
    go = _wait_for_heat_map if address else to_heat_map
    return pages.visit(_arrived(go, look), address or "/", login, window)


def on_report(pages: Pages, look: Callable[[Any], T], window: Window = WINDOW) -> T:
    """Return look(page) of Report."""
    address = pages.words.get("report")
    go = _wait_for_report if address else to_report
    return pages.visit(_arrived(go, look), address or "/", window=window)


def _arrived(go: Callable[[Any], None], look: Callable[[Any], T]) -> Callable[[Any], T]:
    def arrived(page: Any) -> T:
        go(page)
        return look(page)

    return arrived


def _wait_for_heat_map(page: Any) -> None:
    page.get_by_role("button", name="Save", exact=True).wait_for()


def _wait_for_report(page: Any) -> None:
    page.get_by_role("button", name="Search", exact=True).wait_for()
