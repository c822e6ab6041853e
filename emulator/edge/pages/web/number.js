// A whole number in a range, as a slider and a field that follow each other.

import { el, newId, wrong } from "./dom.js";
import { texts } from "./texts.js";

const { settings } = texts;

// row: {name, key, label, low, high, default, unit}. onchange() is called after each change;
// value() is what the field says, a number where it can be read as one, else the text.
export function numberField(row, onchange, disabled) {
  const { low, high, label } = row;
  const unit = settings.units[row.unit];
  const id = newId("number");
  const slider = el("input", {
    type: "range",
    min: low,
    max: high,
    value: row.default,
    disabled,
    "aria-label": settings.slider(label),
    oninput: () => follow(number, slider),
  });
  const number = el("input", {
    id,
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: 12,
    disabled,
    "aria-describedby": `${id}-help ${id}-range ${id}-message`,
    oninput: () => follow(slider, number),
  });
  const message = el("p", { class: "message", id: `${id}-message`, role: "alert" });
  const element = el(
    "div",
    { class: "field number" },
    el("label", { for: id }, label),
    el("div", { class: "pair" }, slider, number),
    el("p", { class: "hint", id: `${id}-range` }, settings.range(low, high, unit, row.default)),
    el("p", { class: "hint", id: `${id}-help` }, settings.help[row.name]),
    message,
  );

  function value() {
    return /^-?\d+$/.test(number.value.trim()) ? Number(number.value) : number.value;
  }
  function check() {
    const isFine = Number.isInteger(value()) && value() >= low && value() <= high;
    return wrong(number, message, isFine ? "" : settings.wrong(label, low, high, unit));
  }
  function follow(other, changed) {
    other.value = changed.value;
    check();
    onchange();
  }
  function set(wanted) {
    number.value = wanted;
    slider.value = wanted;
    check();
  }
  return { element, value, set, check, focus: () => number.focus() };
}
