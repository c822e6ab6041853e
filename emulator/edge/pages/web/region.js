// The Heat Map Region, drawn on the picture. Its value is the wire's own: 299 digits 0 or 1, row
// by row.

import { button, el } from "./dom.js";
import { paintGrid } from "./paintgrid.js";
import { livePicture } from "./picture.js";
import { texts } from "./texts.js";

const { region: words } = texts;

export function painted(value, { top, left, bottom, right }, on, columns) {
  const digits = [...value];
  for (let row = top; row <= bottom; row++) {
    digits.fill(on ? "1" : "0", row * columns + left, row * columns + right + 1);
  }
  return digits.join("");
}

export function regionEditor(known, onchange, disabled) {
  const { rows, columns } = known.region;
  let value = "1".repeat(rows * columns);
  const set = (wanted) => {
    if (wanted === value) return;
    value = wanted;
    refresh();
    onchange();
  };
  const grid = paintGrid({
    label: words.grid,
    rows,
    columns,
    disabled,
    get: () => value,
    set,
    paint: (from, rectangle, on) => painted(from, rectangle, on, columns),
    isOn: (from, row, column) => from[row * columns + column] === "1",
    name: (from, row, column) => words.cell(row + 1, column + 1),
  });
  const count = el("p", { class: "hint", role: "status" });
  const picture = livePicture(known, { every_ms: 1000, over: grid.element });
  const fill = (digit) => set(digit.repeat(rows * columns));
  const element = el(
    "section",
    { class: "card", "aria-labelledby": "region-title" },
    el("h2", { id: "region-title" }, words.title),
    el("p", { class: "hint" }, words.hint),
    picture.element,
    el(
      "div",
      { class: "buttons" },
      button(words.selectAll, () => fill("1"), { disabled }),
      button(words.clearAll, () => fill("0"), { disabled }),
      count,
    ),
  );
  element.querySelector(".grid").classList.add("region");

  function refresh() {
    grid.refresh();
    const selected = [...value].filter((digit) => digit === "1").length;
    count.textContent = selected ? words.count(selected, value.length) : words.nothing;
  }
  refresh();
  return {
    element,
    value: () => value,
    set(wanted) {
      value = wanted;
      refresh();
    },
    stop: picture.stop,
  };
}
