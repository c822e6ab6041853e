// Live View: what the camera sees, with boxes around what it has detected, and the heat so far.

import { cameraTime, get, getJson } from "./ask.js";
import { colourAt } from "./colours.js";
import { el, fill } from "./dom.js";
import { livePicture } from "./picture.js";
import { texts } from "./texts.js";

const { live: words } = texts;
const HEAT_EVERY_MS = 5000;
const MOST_ALPHA = 128;

export function show(place, known) {
  const boxes = el("canvas", { class: "over" });
  const heat = el("canvas", {
    class: "over heat",
    width: known.map.columns,
    height: known.map.rows,
  });
  const count = el("p", { class: "hint", role: "status" });
  const showBoxes = el("input", {
    type: "checkbox",
    checked: known.heatMap,
    onchange: () => draw({}),
  });
  const showHeat = el("input", { type: "checkbox", onchange: newHeat });
  heat.hidden = true;
  let heatDue = 0;

  const picture = livePicture(known, {
    over: el("div", { class: "over" }, heat, boxes),
    async beside() {
      if (showHeat.checked && performance.now() > heatDue) await newHeat();
      return showBoxes.checked ? get("get.heatmap.objects") : {};
    },
    shown: draw,
  });

  fill(
    place,
    el("h1", {}, words.title),
    el(
      "section",
      { class: "card", "aria-label": words.title },
      picture.element,
      known.heatMap
        ? el(
            "div",
            { class: "buttons" },
            el("label", { class: "tick" }, showBoxes, words.boxes),
            el("label", { class: "tick" }, showHeat, words.heat),
            count,
          )
        : null,
      known.heatMap ? el("p", { class: "hint" }, words.heatHint) : null,
    ),
  );

  function draw({ maxWidth = 0, maxHeight = 0, objectList = [] }) {
    const box = picture.element.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    boxes.width = box.width * ratio;
    boxes.height = box.height * ratio;
    const to = boxes.getContext("2d");
    to.scale(boxes.width / (maxWidth || 1), boxes.height / (maxHeight || 1));
    const pixel = maxWidth / box.width;
    for (const { left, top, right, bottom, stay } of objectList) {
      to.lineWidth = 2 * pixel;
      to.strokeStyle = stay < 0 ? "#ffffff" : "#ffd23f";
      to.strokeRect(left, top, right - left, bottom - top);
      if (stay >= 0) tag(to, words.stay(stay), left, top, pixel);
    }
    count.textContent = showBoxes.checked && maxWidth ? words.objects(objectList.length) : "";
  }

  function tag(to, text, left, top, pixel) {
    const size = 13 * pixel;
    to.font = `600 ${size}px sans-serif`;
    const width = to.measureText(text).width + 0.8 * size;
    const y = Math.max(top - 1.4 * size, 0);
    to.fillStyle = "#ffd23f";
    to.fillRect(left - pixel, y, width, 1.4 * size);
    to.fillStyle = "#1c2430";
    to.fillText(text, left + 0.4 * size - pixel, y + 1.05 * size);
  }

  async function newHeat() {
    heatDue = performance.now() + HEAT_EVERY_MS;
    heat.hidden = !showHeat.checked;
    if (heat.hidden) return;
    const { text } = await cameraTime();
    const map = await getJson(
      `/dataloader.cgi?dw=spaceheatmap&time_start=${text.replace(" ", "-")}&sub_type=4`,
    );
    const to = heat.getContext("2d");
    const pixels = to.createImageData(heat.width, heat.height);
    for (const { x, y, value } of map.data) {
      const share = value / map.max;
      pixels.data.set(
        [...colourAt(known.colours, share), MOST_ALPHA * (0.5 + share / 2)],
        4 * (y * heat.width + x),
      );
    }
    to.putImageData(pixels, 0, 0);
  }

  return { stop: picture.stop };
}
