"""A real browser before a device's pages, for the checks of chapter `pages`.

Wants the extra `pages` (Playwright) and a Chromium; without them those checks are not checked,
and say what is missing. Playwright's event loop can't share a thread with the client's, so the
browser lives on a thread of its own: a check hands it a function, and gets what that returns.

The browser can reach nobody. What a page asks for comes back to the check's thread, whose
session with the device carries it (carrying.py).
"""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any, TypedDict, TypeVar

from conformance.carrying import Asked, Carrier, headers_for_a_browser
from conformance.client import Client, Login
from conformance.exchange import Answer
from conformance.expect import MismatchError, NotCheckedError

T = TypeVar("T")
WAIT_MS = 10_000
"""How long a control may take to come: devices are slow, and this is no measure of speed."""


class Window(TypedDict):
    """A window's size in pixels, as Playwright spells it."""

    width: int
    height: int


WINDOW: Window = {"width": 1280, "height": 720}
PHONE: Window = {"width": 375, "height": 812}

NOBODY = ("--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>")
"""Whom the browser reaches by itself, WebSockets and all: a port on which nobody answers."""

CHROMIUMS = ("chromium-headless-shell", "chromium")
"""Debian's, the lightest first: without a desktop around it, a page takes half as long."""


def chromium() -> str | None:
    """Return the Chromium of this machine to be taken; None: there is none."""
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


HEARS_S = 0.5
"""So soon Ctrl-C is heard while a page asks for nothing."""

NOT_INSTALLED = "Playwright is not installed: pip install 'stuntcam[pages]'"


class Line:
    """What a page asks for, from the browser's thread to the session's, and the answers back.

    The browser's thread waits for each answer, so there is one request at a time.
    """

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[Asked, Future[Answer | None]] | None] = SimpleQueue()
        self._lock = Lock()
        self._reply: Future[Answer | None] = Future()
        self._is_over = False

    def ask(self, asked: Asked) -> Answer | None:
        """Return the answer to a request; None: there is none, or will be none any more."""
        reply: Future[Answer | None] = Future()
        with self._lock:
            if self._is_over:
                return None
            self._reply = reply
        self._asked.put((asked, reply))
        try:
            return reply.result()
        except CancelledError:
            return None

    def answer(self, carry: Callable[[Asked], Answer | None]) -> None:
        """Answer requests until the end. Broken off, by Ctrl-C too, nobody waits for an answer."""
        try:
            while (one := self._next()) is not None:
                one[1].set_result(carry(one[0]))
        except BaseException:
            with self._lock:
                self._is_over = True
                self._reply.cancel()  # which does nothing to one that is there
            raise

    def _next(self) -> tuple[Asked, Future[Answer | None]] | None:
        # Not one long wait: a signal that comes just before it would be heard only at its end.
        while True:
            with suppress(Empty):
                return self._asked.get(timeout=HEARS_S)

    def end(self) -> None:
        """Tell that nothing more will be asked for."""
        self._asked.put(None)


class Browser:
    """A headless Chromium on a thread of its own. Raises NotCheckedError where there is none."""

    def __init__(self) -> None:
        self._kept: dict[Login, Any] = {}  # pages, on the browser's thread alone
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
        arguments = [*NOBODY, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        try:
            self._chromium = self._playwright.chromium.launch(
                executable_path=chromium(), args=arguments
            )
        except Error as error:
            self._playwright.stop()
            why = str(error).splitlines()[0]
            raise NotCheckedError(f"no Chromium (apt-get install {CHROMIUMS[0]}): {why}") from None

    def close(self) -> None:
        """End the browser and its thread."""
        self._thread.submit(self._stop).result()
        self._thread.shutdown()

    def _stop(self) -> None:
        self._chromium.close()
        self._playwright.stop()

    def visit(
        self,
        look: Callable[[Any], T],
        client: Client,
        whose: Login | None = None,
        window: Window = WINDOW,
    ) -> T:
        """Return look(page) of a page on which nothing is open.

        client  the session that what the page asks for is sent in
        whose   the page was this account's before, if anybody's: to log in anew, in a new page,
                is half of what a visit takes; None: a page without a past
        window  its size, in pixels

        Raises MismatchError where a control does not come or can't be worked; and where that is
        because a request got no answer, NoAnswerError, SpentError or NotCheckedError.
        """
        line, carrier = Line(), Carrier(client)
        visit = self._thread.submit(self._visit, look, line, whose, window)
        visit.add_done_callback(lambda _: line.end())
        try:
            line.answer(carrier.carry)
        except BaseException:  # the page gets nothing more, so the visit ends
            wait([visit])
            raise
        try:
            return visit.result()
        except Exception as error:
            raise carrier.trouble or error from None

    def _visit(
        self, look: Callable[[Any], T], line: Line, whose: Login | None, window: Window
    ) -> T:
        from playwright.sync_api import TimeoutError as LateError  # noqa: PLC0415

        page = self._kept.pop(whose, None) if whose is not None else None
        if page is None:
            opened = self._chromium.new_context(service_workers="block", viewport=window)
            opened.set_default_timeout(WAIT_MS)
            page = opened.new_page()
        try:
            if page.viewport_size != window:
                page.set_viewport_size(window)
            page.context.route("**/*", partial(_pass_on, line))
            seen = look(page)
            if whose is not None:
                _leave(page)
                self._kept[whose] = page
        except LateError as error:
            raise MismatchError("the page", "a control that can be worked", _told(error)) from None
        finally:
            if page not in self._kept.values():  # of what went wrong nothing is kept
                page.context.unroute_all(behavior="ignoreErrors")
                page.context.close()
        return seen


def _leave(page: Any) -> None:
    """End all that a page does."""
    page.context.unroute_all(behavior="ignoreErrors")
    page.goto("about:blank")


def _pass_on(line: Line, route: Any) -> None:
    """Have a request of a page carried to the device; wait for the answer, and hand it on."""
    from playwright.sync_api import Error  # noqa: PLC0415

    request = route.request
    is_page = request.resource_type == "document"
    headers = tuple(request.headers.items())
    asked = Asked(request.method, request.url, headers, request.post_data_buffer, is_page)
    answer = line.ask(asked)
    with suppress(Error):  # the page has gone on meanwhile
        if answer is None:
            route.abort()
        else:
            headers_ = headers_for_a_browser(answer)
            route.fulfill(status=answer.status, headers=headers_, body=answer.body)


def _told(error: Exception) -> str:
    """Return what Playwright waited for in vain, without its colours and calls."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    waited = re.search(r"waiting for (.*)", text)
    return f"in vain waited for {waited[1]}" if waited else text.splitlines()[0]


class Pages:
    """A device's pages as a dialect names their controls; what a check does is done by hand.

    client  the session with the device, of an account that may log in: `login`
    words   the dialect's [pages]
    """

    def __init__(self, browser: Browser, client: Client, words: Mapping[str, Any]) -> None:
        assert client.login is not None
        self._browser, self._client, self.login = browser, client, client.login
        self.url, self.words = client.address.url, words

    def visit(
        self,
        look: Callable[[Any], T],
        path: str = "/",
        login: Login | None = None,
        window: Window = WINDOW,
    ) -> T:
        """Be logged in at `path`, as `login` or the run's account, and return look(page).

        Whoever has logged in before still is, if the device takes him for it.
        """
        who = login or self.login

        def logged_in(page: Any) -> T:
            page.goto(self.url + path)
            log_out = page.get_by_role("button", name=self.words["log_out"])
            user = page.get_by_label(self.words["user"], exact=True)
            log_out.or_(user).first.wait_for()
            if not log_out.is_visible():
                self.log_in(page, who)
                log_out.wait_for()
                if page.url != self.url + path:  # some lead to their first page
                    page.goto(self.url + path)
                    log_out.wait_for()
            return look(page)

        kept = who if who == self.login else None  # others are made for a check or two
        return self._browser.visit(logged_in, self._client, kept, window)

    def without_log_in(self, look: Callable[[Any], T]) -> T:
        """Return look(page) of a page on which nothing was opened yet."""
        return self._browser.visit(look, self._client)

    def log_in(self, page: Any, who: Login) -> None:
        """Fill in the log-in page, and send it."""
        page.get_by_label(self.words["user"], exact=True).fill(who.user)
        page.get_by_label(self.words["password"], exact=True).fill(who.password)
        page.get_by_role("button", name=self.words["log_in"]).click()
