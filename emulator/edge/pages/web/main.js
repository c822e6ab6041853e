// The frame around all pages: head, menu, which page is shown, and what happens when the camera
// or the session is gone. A page is a module whose show(place, facts) fills its place, and returns
// {isChanged, save, stop}, each of which it may leave out.

import { askAs, send } from "./ask.js";
import { ask } from "./dialog.js";
import { button, el, facts } from "./dom.js";
import { texts } from "./texts.js";

const known = facts();
askAs(known);

const PAGES = {
  "/": { name: "live", load: () => import("./live.js") },
  "/event/heat-map": { name: "heatMap", load: () => import("./heatmap.js") },
  "/report": { name: "report", load: () => import("./report.js") },
  "/system": { name: "system", load: () => import("./system.js") },
};

const place = el("main", { id: "main", tabindex: "-1" });
const banner = el("p", { class: "banner", role: "status", "aria-live": "polite" });
const links = [];
let openEventMenu = () => {}; // there is none without the function
let shown = {};
let path = location.pathname;

function link(to) {
  const element = el(
    "a",
    { href: to, onclick: (event) => follow(event, to) },
    texts.menu[PAGES[to].name],
  );
  links.push(element);
  return element;
}

function follow(event, to) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return; // to another tab
  event.preventDefault();
  go(to, true);
}

function eventMenu() {
  const inner = el("ul", { id: "event-menu" }, el("li", {}, link("/event/heat-map")));
  const head = button(texts.menu.event, () => open(head.getAttribute("aria-expanded") !== "true"), {
    class: "group",
    "aria-controls": "event-menu",
  });
  const open = (isOpen) => {
    head.setAttribute("aria-expanded", isOpen);
    inner.hidden = !isOpen;
  };
  openEventMenu = open;
  return el("li", {}, head, inner);
}

function frame() {
  const { model, firmwareVersion } = known.device;
  const items = [el("li", {}, link("/"))];
  if (known.heatMap) items.push(eventMenu(), el("li", {}, link("/report")));
  items.push(el("li", {}, link("/system")));
  document.body.append(
    el("a", { class: "skip", href: "#main" }, texts.skip),
    el(
      "header",
      {},
      el("p", { class: "brand" }, model, " ", el("small", {}, firmwareVersion)),
      el("p", { class: "user" }, known.user, " ", el("small", {}, texts.roles[known.role])),
      button(texts.logOut, logOut, { class: "quiet" }),
    ),
    el("nav", { "aria-label": texts.mainMenu }, el("ul", {}, ...items)),
    banner,
    place,
  );
}

// Whether the page may be left; asks about changes that are not saved.
async function mayLeave() {
  if (!shown.isChanged?.()) return true;
  const { save, unsaved } = texts;
  const answer = await ask(unsaved.title, unsaved.text, [
    { label: save, value: "save", main: true },
    { label: unsaved.discard, value: "discard" },
    { label: unsaved.stay, value: "" },
  ]);
  if (answer === "save") return shown.save();
  if (answer === "discard") shown.discard();
  return answer === "discard";
}

async function go(to, isNew) {
  if (!(await mayLeave())) {
    if (!isNew) history.pushState(null, "", path);
    return;
  }
  shown.stop?.();
  shown = {};
  path = to;
  if (isNew) history.pushState(null, "", to);
  await show();
  place.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

async function show() {
  const page = PAGES[path];
  for (const one of links) {
    if (one.pathname === path) one.setAttribute("aria-current", "page");
    else one.removeAttribute("aria-current");
  }
  openEventMenu(path.startsWith("/event/"));
  document.title = `${texts.menu[page.name]} – ${known.device.model}`;
  // A page that comes late, when another was chosen meanwhile, is not shown.
  const here = el("div");
  place.replaceChildren(here);
  const come = (await (await page.load()).show(here, known)) || {};
  if (here.isConnected) shown = come;
  else come.stop?.();
}

async function logOut() {
  if (!(await mayLeave())) return;
  shown = {};
  await send("/logout", { method: "POST" }).catch(() => {});
  location.assign("/");
}

// --- when the camera does not answer, or knows us no more ------------------------------------

let isDown = false;

function say(text) {
  banner.textContent = text;
  banner.classList.toggle("shown", Boolean(text));
}

async function waitForCamera() {
  if (isDown) return;
  isDown = true;
  say(texts.camera.down);
  let user = null;
  for (let pause = 500; ; pause = Math.min(2 * pause, 4000)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      const answer = await fetch("/session", { cache: "no-store" });
      if (!answer.ok) continue;
      ({ user } = await answer.json());
      break;
    } catch {
      continue;
    }
  }
  isDown = false;
  if (user !== known.user) return logInAgain();
  say(texts.camera.back);
  if (shown.isEmpty?.()) show();
  window.dispatchEvent(new CustomEvent("camera", { detail: "up" }));
  setTimeout(() => isDown || say(""), 4000);
}

// The log-in page is what this very address answers with now. Changes are kept (drafts.js).
function logInAgain() {
  window.removeEventListener("beforeunload", warn);
  sessionStorage.setItem("session-ended", "yes");
  location.reload();
}

function warn(event) {
  if (shown.isChanged?.()) event.preventDefault();
}

window.addEventListener("camera", ({ detail }) => {
  if (detail === "down") waitForCamera();
  if (detail === "expired") logInAgain();
});
window.addEventListener("popstate", () => go(location.pathname, false));
window.addEventListener("beforeunload", warn);

frame();
show();
