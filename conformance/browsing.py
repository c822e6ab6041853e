"""A real browser before a device's pages, for the checks of chapter `pages`.

Wants the extra `pages` (Playwright) and a Chromium; without them those checks are not checked,
and say what is missing. Playwright's event loop can't share a thread with the client's, so the
browser lives on a thread of its own: a check hands it a function, and gets what that returns.
"""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from conformance.client import Login
from conformance.expect import MismatchError, NotCheckedError

T = TypeVar("T")

WAIT_MS = 10_000
"""How long a control may take to come: devices are slow, and this is no measure of speed."""

NOT_INSTALLED = "Playwright is not installed: pip install 'stuntcam[pages]'"


class Browser:
    """A headless Chromium on a thread of its own. Raises NotCheckedError where there is none."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="browser")
        try:
            self._thread.submit(self._start).result()
        except NotCheckedError:
            self._thread.shutdown()
            raise

    def _start(self) -> None:
        try:
            from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415
        except ImportError:
            raise NotCheckedError(NOT_INSTALLED) from None
        self._playwright = sync_playwright().start()
        # Chromium's sandbox refuses to work for root.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        try:
            self._chromium = self._playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=arguments
            )
        except Error as error:
            self._playwright.stop()
            why = str(error).splitlines()[0]
            raise NotCheckedError(f"no Chromium (apt-get install chromium): {why}") from None

    def close(self) -> None:
        """End the browser and its thread."""
        self._thread.submit(self._stop).result()
        self._thread.shutdown()

    def _stop(self) -> None:
        self._chromium.close()
        self._playwright.stop()

    def visit(self, look: Callable[[Any], T], **context: Any) -> T:
        """Return look(page) of a page without a past; context as for Playwright's new_context.

        Raises MismatchError where a control does not come or can't be worked.
        """
        return self._thread.submit(self._visit, look, context).result()

    def _visit(self, look: Callable[[Any], T], context: dict[str, Any]) -> T:
        from playwright.sync_api import TimeoutError as LateError  # noqa: PLC0415

        opened = self._chromium.new_context(**context)
        try:
            opened.set_default_timeout(WAIT_MS)
            return look(opened.new_page())
        except LateError as error:
            raise MismatchError("the page", "a control that can be worked", _told(error)) from None
        finally:
            opened.close()


def _told(error: Exception) -> str:
    """Return what Playwright waited for in vain, without its colours and calls."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    waited = re.search(r"waiting for (.*)", text)
    return f"in vain waited for {waited[1]}" if waited else text.splitlines()[0]


class Pages:
    """A device's pages as a dialect names their controls; what a check does is done by hand.

    words  the dialect's [pages]
    """

    def __init__(self, browser: Browser, url: str, login: Login, words: Mapping[str, Any]) -> None:
        self.browser, self.url, self.login, self.words = browser, url.rstrip("/"), login, words

    def visit(self, look: Callable[[Any], T], path: str = "/", login: Login | None = None) -> T:
        """Log in at `path`, as `login` or the run's account, and return look(page)."""
        who = login or self.login

        def logged_in(page: Any) -> T:
            page.goto(self.url + path)
            self.log_in(page, who)
            page.get_by_role("button", name=self.words["log_out"]).wait_for()
            return look(page)

        return self.browser.visit(logged_in, accept_downloads=True)

    def log_in(self, page: Any, who: Login) -> None:
        """Fill in the log-in page, and send it."""
        page.get_by_label(self.words["user"], exact=True).fill(who.user)
        page.get_by_label(self.words["password"], exact=True).fill(who.password)
        page.get_by_role("button", name=self.words["log_in"]).click()
