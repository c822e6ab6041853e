// A grid of cells to paint on: by mouse or finger (a rectangle, from where it begins to where it
// is), and by keys. What a cell means is the caller's: values are never changed, but replaced.

import { el } from "./dom.js";

// rows, columns   how many
// get(), set(v)   the value that is painted on
// paint(v, rectangle, on)  gives v with {top, left, bottom, right}, all inclusive, on or off
// isOn(v, row, column), name(v, row, column)  what a cell is, and is called
// head(row)       what stands at the left of a row, if anything
export function paintGrid(about) {
  const { label, rows, columns, get, set, paint, isOn, name, head, disabled } = about;
  const element = el("div", {
    class: "grid",
    role: "grid",
    "aria-label": label,
    "aria-multiselectable": "true",
    "aria-readonly": disabled ? "true" : null,
  });
  const cells = [];
  for (let row = 0; row < rows; row++) {
    const line = el("div", { class: "line", role: "row" }, head ? head(row) : null);
    const lane = el("div", { class: "lane", role: "presentation" });
    for (let column = 0; column < columns; column++) {
      const cell = el("div", { class: "cell", role: "gridcell", tabindex: "-1" });
      cells.push(cell);
      lane.append(cell);
    }
    line.append(lane);
    element.append(line);
  }
  cells[0].tabIndex = 0;

  let stroke = null; // {base, on, row, column}: what is being drawn, and where it began
  let focus = 0; // index of the cell that Tab comes to

  const at = (index) => ({ row: Math.floor(index / columns), column: index % columns });

  function begin(index) {
    const { row, column } = at(index);
    stroke = { base: get(), on: !isOn(get(), row, column), row, column };
    draw(index);
  }
  function draw(index) {
    const { row, column } = at(index);
    const rectangle = {
      top: Math.min(row, stroke.row),
      bottom: Math.max(row, stroke.row),
      left: Math.min(column, stroke.column),
      right: Math.max(column, stroke.column),
    };
    set(paint(stroke.base, rectangle, stroke.on));
  }
  function move(index) {
    cells[focus].tabIndex = -1;
    focus = index;
    cells[focus].tabIndex = 0;
    cells[focus].focus({ preventScroll: true });
  }

  // The cell under a finger that may have left the grid: the nearest one.
  function under(event) {
    const nearest = (place, ends) => {
      const index = ends.findIndex((end) => place < end);
      return index < 0 ? ends.length - 1 : index;
    };
    const right = cells.slice(0, columns).map((cell) => cell.getBoundingClientRect().right);
    const bottom = [...Array(rows).keys()].map(
      (row) => cells[row * columns].getBoundingClientRect().bottom,
    );
    return nearest(event.clientY, bottom) * columns + nearest(event.clientX, right);
  }

  function refresh() {
    cells.forEach((cell, index) => {
      const { row, column } = at(index);
      cell.setAttribute("aria-selected", isOn(get(), row, column));
      cell.setAttribute("aria-label", name(get(), row, column));
    });
  }

  if (!disabled) {
    element.addEventListener("pointerdown", (event) => {
      const index = cells.indexOf(event.target.closest(".cell"));
      if (index < 0 || event.button) return;
      event.preventDefault();
      event.target.setPointerCapture(event.pointerId);
      move(index);
      begin(index);
    });
    element.addEventListener("pointermove", (event) => {
      if (stroke && event.target.hasPointerCapture?.(event.pointerId)) draw(under(event));
    });
    for (const end of ["pointerup", "pointercancel"]) {
      element.addEventListener(end, () => (stroke = null));
    }
  }

  element.addEventListener("keydown", (event) => {
    if (!event.target.classList.contains("cell")) return;
    const { row, column } = at(focus);
    const isAll = event.ctrlKey || event.metaKey;
    const to = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [isAll ? 0 : row, 0],
      End: [isAll ? rows - 1 : row, columns - 1],
    }[event.key];
    if (to) {
      event.preventDefault();
      const index =
        Math.min(Math.max(to[0], 0), rows - 1) * columns +
        Math.min(Math.max(to[1], 0), columns - 1);
      if (event.shiftKey && !disabled) {
        if (!stroke) begin(focus);
        draw(index);
      } else stroke = null;
      move(index);
    } else if ((event.key === " " || event.key === "Enter") && !disabled) {
      event.preventDefault();
      begin(focus); // arrows with Shift go on from here
    }
  });
  // What is changed elsewhere meanwhile is not drawn over by a stroke that goes on afterwards.
  element.addEventListener("focusout", (event) => {
    if (!element.contains(event.relatedTarget)) stroke = null;
  });
  element.addEventListener("focusin", (event) => {
    const index = cells.indexOf(event.target);
    if (index >= 0 && index !== focus) move(index);
  });
  return { element, refresh };
}
