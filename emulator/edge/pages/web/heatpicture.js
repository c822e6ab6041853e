// The Space Heat Map: the camera's own picture of it over the scene, with an opacity, a colour bar
// in seconds, and the value under the pointer or the keys.

import { gradient } from "./colours.js";
import { el, field } from "./dom.js";
import { texts } from "./texts.js";

const { report: words } = texts;

// map: the spaceheatmap answer; png: the report's picture; scene: what it lies over
export async function heatPicture(map, png, scene, known) {
  const heat = el("img", { alt: "", class: "over" });
  const below = el("img", { alt: words.types.space });
  const values = new Map(map.data.map(({ x, y, value }) => [y * map.map_w + x, value]));
  const mark = el("i", { class: "mark", hidden: true });
  const told = el("output", { class: "under", "aria-live": "polite" }, words.pointer);
  const picture = el(
    "div",
    { class: "picture readable", tabindex: "0", role: "group", "aria-label": words.picture },
    below,
    heat,
    mark,
  );
  let column = Math.floor(map.map_w / 2);
  let row = Math.floor(map.map_h / 2);

  function read(nextColumn, nextRow) {
    column = Math.min(Math.max(nextColumn, 0), map.map_w - 1);
    row = Math.min(Math.max(nextRow, 0), map.map_h - 1);
    mark.hidden = false;
    mark.style.left = `${(100 * (column + 0.5)) / map.map_w}%`;
    mark.style.top = `${(100 * (row + 0.5)) / map.map_h}%`;
    told.textContent = words.under(values.get(row * map.map_w + column) ?? 0, column, row);
  }
  picture.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect();
    read(
      Math.floor(((event.clientX - box.left) / box.width) * map.map_w),
      Math.floor(((event.clientY - box.top) / box.height) * map.map_h),
    );
  });
  picture.addEventListener("keydown", (event) => {
    const pace = event.shiftKey ? 10 : 1;
    const by = {
      ArrowLeft: [-pace, 0],
      ArrowRight: [pace, 0],
      ArrowUp: [0, -pace],
      ArrowDown: [0, pace],
    }[event.key];
    if (!by) return;
    event.preventDefault();
    read(column + by[0], row + by[1]);
  });

  const opacity = field(
    words.opacity,
    el("input", {
      type: "range",
      min: 0,
      max: 100,
      value: 100,
      oninput: ({ target }) => (heat.style.opacity = target.value / 100),
    }),
  );
  const bar = el("div", { class: "bar" });
  bar.style.background = gradient(known.colours);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    el("span", {}, words.seconds(Number((share * map.max).toFixed(map.max < 10 ? 1 : 0)))),
  );

  await Promise.all(
    [
      [below, scene],
      [heat, png],
    ].map(async ([image, blob]) => {
      const url = URL.createObjectURL(blob);
      image.src = url;
      await image.decode();
      URL.revokeObjectURL(url);
    }),
  );
  picture.style.aspectRatio = `${below.naturalWidth} / ${below.naturalHeight}`;
  return el(
    "div",
    {},
    picture,
    told,
    el(
      "div",
      { class: "legend" },
      el(
        "div",
        {
          role: "img",
          "aria-label": `${words.bar}: ${words.seconds(0)} – ${words.seconds(map.max)}`,
        },
        bar,
        el("div", { class: "ticks", "aria-hidden": "true" }, ...ticks),
      ),
      opacity.element,
    ),
  );
}
