"""A real browser before a real camera: `tox -e browser`, or `pytest tests/browser` with the extra.

Its own run, since Playwright's event loop and asyncio tests can't share one (dependencies.md).
Each test has a page of its own; whatever the browser's console has to complain of fails it.
"""

import shutil
from pathlib import Path

import pytest
from running import PASSWORD

CHROMIUM = shutil.which("chromium")
FORGIVEN = "Failed to load resource"  # the console's word for every status above 399


def pytest_addoption(parser):
    about = "keep a picture of every page here, to be looked at"
    parser.addoption("--screenshots", metavar="FOLDER", type=Path, help=about)


def pytest_collection_modifyitems(items):
    if CHROMIUM is None:
        skip = pytest.mark.skip(reason="no chromium: apt-get install chromium")
        for item in items:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def screenshots(request, tmp_path_factory):
    """The folder for pictures of the pages: pytest keeps those of its last three runs."""
    folder = request.config.getoption("--screenshots") or tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def page(page):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            if said.type in {"error", "warning"} and FORGIVEN not in said.text
            else None
        ),
    )
    yield page
    assert complaints == []


@pytest.fixture
def log_in(page):
    """Opens an address of a camera, and logs in there."""

    def log_in(camera, path="/", user="admin", password=PASSWORD):
        page.goto(camera.url + path)
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("button", name="Log out").wait_for()

    return log_in
