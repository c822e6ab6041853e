// Date and Time: what the camera's clock reads, and setting it.

import { cameraTime, change } from "./ask.js";
import { card } from "./card.js";
import { el, field } from "./dom.js";
import { texts } from "./texts.js";

const { system: words } = texts;
const EVERY_MS = 1000;

export function clockCard(known) {
  const now = el("dd", { class: "figure" }, " ");
  const zone = el("dd", {}, " ");
  const isAdmin = known.role === "admin";
  const time = field(words.newTime, el("input", { type: "datetime-local", step: 1 }));
  const zoneName = field(
    words.newZone,
    el("input", { type: "text", spellcheck: "false", autocomplete: "off", maxlength: 64 }),
  );
  const { element, attempt } = card(
    words.clock,
    el("dl", {}, el("dt", {}, words.now), now, el("dt", {}, words.zone), zone),
    isAdmin
      ? el(
          "form",
          { onsubmit: set, novalidate: true },
          time.element,
          zoneName.element,
          el("div", { class: "buttons" }, el("button", { type: "submit" }, words.set)),
        )
      : null,
  );
  let timer = 0;
  let isOver = false;

  async function read() {
    const told = await cameraTime();
    now.textContent = told.text;
    zone.textContent = told.zone;
  }
  async function tick() {
    if (!document.hidden) await read().catch(() => {});
    if (!isOver) timer = setTimeout(tick, EVERY_MS);
  }
  function set(event) {
    event.preventDefault();
    const body = {};
    const [year, month, day, hour, minute, second = 0] = (
      time.control.value.match(/\d+/g) ?? []
    ).map(Number);
    if (time.control.value) Object.assign(body, { year, month, day, hour, minute, second });
    if (zoneName.control.value) body.zoneNameTz = zoneName.control.value.trim();
    if (!Object.keys(body).length) return void time.wrong(texts.report.noStart);
    time.wrong("");
    attempt(async () => {
      await change("set.system.datetime", body);
      await read();
    }, words.done);
  }
  return {
    element,
    async load() {
      await attempt(read);
      if (!isOver) timer = setTimeout(tick, EVERY_MS);
    },
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
