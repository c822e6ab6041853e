"""What a check in a browser is given."""

from collections.abc import Iterator

import pytest

from conformance import judge, turns
from conformance.browsing import Browser, Pages
from conformance.camera import Camera
from conformance.expect import not_checked
from conformance.run import Run


@pytest.fixture(scope="package")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One browser for all of these; while many devices are checked, some at a time have one."""
    with turns.taken(judge.run_of(request).options.browsers):
        browser = Browser()
        yield browser
        browser.close()


@pytest.fixture
def shown_pages(run: Run, camera: Camera, browser: Browser) -> Pages:
    """The device's pages; where its dialect knows none, or there is no browser: not checked."""
    words = camera.dialect.pages
    if not words:
        not_checked(f"dialect {camera.dialect.name} names no controls of pages ([pages])")
    if run.client.login is None:
        not_checked("pages want a log-in: -u")
    if not run.client.trust.verified:
        not_checked(
            "a page's log-in sends the password, and nobody vouched for the TLS: "
            "--ca FILE or --fingerprint SHA256 would do"
        )
    return Pages(browser, run.client, words)


@pytest.fixture
def pages(shown_pages: Pages) -> Pages:
    """The same, for checks of the pages themselves."""
    return shown_pages
