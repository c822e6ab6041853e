"""What holds of every page: at every width, in light and dark, for keys and for a screen reader.

`--screenshots FOLDER` keeps a picture of each page, width and scheme, to be looked at.
"""

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from every_page import EVERY, INSIDE, OUTSIDE
from running import PASSWORD

WIDTHS = {375: 812, 768: 1024, 1440: 900}
FIRST_PAGE_BYTES = 100_000
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}
# The other scheme differs by its colours alone.
OF_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}} | {
    "resultTypes": ["violations"]
}

# Everything that moves while a page loads, but for what somebody has just done to it.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const moved = (entry.sources || []).map((one) => one.node?.outerHTML?.slice(0, 80));
    if (!entry.hadRecentInput) shifts.push([entry.value, ...moved]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""

# What reaches over the right edge, unless it lies in something that scrolls by itself.
SIDEWAYS = """() => {
  const most = document.documentElement.clientWidth;
  const scrolls = (one) => one && one !== document.documentElement &&
    (one.scrollWidth > one.clientWidth && getComputedStyle(one).overflowX !== "visible" ||
     scrolls(one.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > most + 1)
    .filter((one) => !scrolls(one.parentElement))
    .map((one) => one.outerHTML.slice(0, 80));
}"""

# Controls that share a place: one of them can't be clicked there.
OVERLAPS = """() => {
  const top = document.querySelector("dialog[open]") || document;
  const all = [...top.querySelectorAll("button, input, select, a, summary, label, h1, h2, h3")]
    .filter((one) => one.checkVisibility() && !one.closest(".save-bar, .skip, .picture"));
  const boxes = all.map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 2 && box.height > 2);
  const found = [];
  boxes.forEach(([one, a], k) => {
    for (const [other, b] of boxes.slice(k + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1)
        found.push([one, other].map((each) => each.outerHTML.slice(0, 80)));
    }
  });
  return found;
}"""

# What Tab must come to: every control that is not disabled; of radios and grids, one of each.
CONTROLS = """() => {
  const top = document.querySelector("dialog[open]") || document;
  const all = [...top.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => !one.disabled && !one.matches("[tabindex='-1']") && one.checkVisibility());
  const lone = (one) => one.type !== "radio" || one.checked;
  all.filter(lone).forEach((one, k) => { one.dataset.number = k; });
  return all.filter(lone).map((one) => [one.dataset.number, one.outerHTML.slice(0, 100)]);
}"""

# Which of them has the focus, and looks so. (Parts of a date have it by turns.)
FOCUSED = """() => {
  const style = getComputedStyle(document.activeElement);
  const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return isSeen ? document.activeElement.dataset.number ?? null : null;
}"""


@pytest.fixture(scope="module")
def camera(start_camera, tmp_path_factory):
    card = tmp_path_factory.mktemp("card")
    camera = start_camera(
        *("--source", "scene:crossing-2", "--loop"),
        *("--clock", "2026-03-04T05:00:00", "--sd", f"{card}:8G"),
    )
    filled = {"from": "2026-03-01", "to": "2026-03-03", "percent": 100}
    requests.post(f"{camera.control}/v1/history", json=filled, timeout=60).raise_for_status()
    return camera


@pytest.fixture(scope="module")
def cookies(camera):
    """Of one session for all these tests."""
    body = {"username": "admin", "password": PASSWORD}
    own = {"X-Requested-With": "XMLHttpRequest"}
    answer = requests.post(f"{camera.url}/login", json=body, headers=own, timeout=30)
    return [
        {"name": name, "value": value, "url": camera.url} for name, value in answer.cookies.items()
    ]


@pytest.fixture
def show(page, camera, cookies):
    """Opens a page, or one of its states, and waits until all of it is there."""
    page.add_init_script(WATCH_SHIFTS)

    def show(name):
        if name in INSIDE:
            page.context.add_cookies(cookies)
        page.goto(camera.url + EVERY[name].path)
        EVERY[name].ready(page)

    return show


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", EVERY)
def test_nothing_moves_overlaps_or_scrolls_sideways_and_everybody_can_read_it(
    page, show, name, width, screenshots
):
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    show(name)
    for scheme, rules in {"light": RULES, "dark": OF_COLOURS}.items():
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=screenshots / f"{name}-{width}-{scheme}.png", full_page=True)
        found = Axe().run(page, options=rules)
        assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(SIDEWAYS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("shifts") == []


@pytest.mark.parametrize("name", EVERY)
def test_tab_comes_to_every_control_and_each_is_seen_to_have_the_focus(page, show, name):
    show(name)
    controls = dict(page.evaluate(CONTROLS))
    assert controls
    seen = set()
    for _ in range(len(controls) + 40):  # grids and the page itself take some, too
        page.keyboard.press("Tab")
        seen.add(page.evaluate(FOCUSED))
        if seen.issuperset(controls):
            break
    assert [text for number, text in controls.items() if number not in seen] == []


@pytest.mark.parametrize("name", [*OUTSIDE, "live-view"])
def test_a_first_page_is_light_and_nothing_comes_from_elsewhere(page, camera, show, name):
    sizes, elsewhere = [], []

    def finished(request):
        if not request.url.startswith((camera.url, f"blob:{camera.url}")):
            elsewhere.append(request.url)
        elif "/web/" in request.url or request.is_navigation_request():
            sizes.append(len(request.response().body()))

    page.on("requestfinished", finished)
    show(name)
    assert elsewhere == []
    assert len(sizes) > 3  # the page, its style and its scripts have come
    assert sum(sizes) < FIRST_PAGE_BYTES
