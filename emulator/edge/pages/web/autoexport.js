// Auto Export, in a window of its own (facts 5.7).

import { change, get } from "./ask.js";
import { button, el, field } from "./dom.js";
import { texts } from "./texts.js";

const { auto: words, report } = texts;
// What the fields of a destination are called; storage has none.
const STEMS = ["ftp_", "mail_"];

export async function autoExport(known) {
  const rows = Object.fromEntries(
    [...known.export.numbers, ...known.export.texts].map((row) => [row.name, row]),
  );
  const state = el("p", { class: "state", role: "status" });
  const ticks = ["export_space", "export_time"].map((name) => ({
    name,
    box: el("input", { type: "checkbox", onchange: enable }),
  }));
  const options = (list) => list.map((text, value) => el("option", { value }, text));
  const everyDay = known.export.everyDay;
  const controls = {
    weekday: field(
      rows.weekday.label,
      el(
        "select",
        { onchange: fitRange },
        el("option", { value: everyDay }, words.everyDay),
        ...options(words.days),
      ),
    ),
    range: field(rows.range.label, el("select", {}, ...options(words.ranges))),
    destination: field(
      rows.destination.label,
      el("select", { onchange: enable }, ...options(words.to)),
    ),
  };
  const time = field(words.time, el("input", { type: "time", step: 1, required: true }));
  const others = Object.keys(words.fields).map((name) => ({
    name,
    row: rows[name],
    ...field(
      words.fields[name],
      el("input", {
        type: rows[name].secret ? "password" : "text",
        maxlength: rows[name].most ?? 5,
        spellcheck: "false",
        autocomplete: rows[name].secret ? "new-password" : "off",
      }),
      { hint: rows[name].secret ? words.secret : "" },
    ),
  }));
  const rest = el(
    "fieldset",
    { class: "plain" },
    controls.weekday.element,
    time.element,
    controls.range.element,
    controls.destination.element,
    ...others.map(({ element }) => element),
  );
  const dialog = el(
    "dialog",
    { class: "wide", "aria-labelledby": "auto-title" },
    el("h2", { id: "auto-title" }, words.title),
    el(
      "form",
      { novalidate: true, onsubmit: save },
      el(
        "fieldset",
        {},
        el("legend", {}, words.type),
        ...ticks.map(({ name, box }) => el("label", { class: "tick" }, box, rows[name].label)),
      ),
      rest,
      state,
      el(
        "div",
        { class: "buttons" },
        el("button", { type: "submit", class: "main" }, texts.save),
        button(texts.close, () => dialog.close()),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());

  // All else is grey until a report is ticked.
  function enable() {
    rest.disabled = !ticks.some(({ box }) => box.checked);
    const stem = STEMS[controls.destination.control.value];
    for (const { name, element } of others) element.hidden = !stem || !name.startsWith(stem);
  }
  function fitRange() {
    const isDaily = Number(controls.weekday.control.value) === everyDay;
    const { control } = controls.range;
    [...control.options].forEach((option, value) => (option.disabled = isDaily !== (value === 0)));
    if (control.selectedOptions[0].disabled) control.value = isDaily ? 0 : 1;
  }
  function wanted() {
    const [hour, minute, second = 0] = time.control.value.split(":").map(Number);
    const values = { hour, minute, second };
    for (const { name, box } of ticks) values[name] = Number(box.checked);
    for (const [name, { control }] of Object.entries(controls))
      values[name] = Number(control.value);
    for (const { name, row, control, element } of others) {
      if (element.hidden || (row.secret && !control.value)) continue;
      values[name] = row.high === undefined ? control.value : Number(control.value);
    }
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [rows[name].key, value]),
    );
  }
  function isRight() {
    const checks = [time.wrong(time.control.value ? "" : words.timeWrong)];
    for (const { row, control, element, wrong } of others) {
      if (row.high === undefined || element.hidden) continue;
      const value = /^\d+$/.test(control.value) ? Number(control.value) : NaN;
      checks.push(
        wrong(value >= row.low && value <= row.high ? "" : words.portWrong(row.low, row.high)),
      );
    }
    return checks.every(Boolean);
  }
  async function save(event) {
    event.preventDefault();
    if (!isRight()) return;
    try {
      await change("set.heatmap.export", wanted());
      state.textContent = texts.saved;
      state.classList.remove("wrong");
    } catch (error) {
      state.textContent = error.message;
      state.classList.add("wrong");
    }
  }

  const saved = await get("get.heatmap.export");
  for (const { name, box } of ticks) box.checked = saved[rows[name].key] === 1;
  for (const [name, { control }] of Object.entries(controls)) control.value = saved[rows[name].key];
  for (const { name, row, control } of others)
    control.value = row.secret ? "" : saved[rows[name].key];
  time.control.value = ["hour", "minute", "second"]
    .map((name) => String(saved[rows[name].key]).padStart(2, "0"))
    .join(":");
  fitRange();
  enable();
  document.body.append(dialog);
  dialog.showModal();
}
