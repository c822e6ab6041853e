// Event > Heat Map: the switch, four settings, region and schedule, saved together.

import { change, get } from "./ask.js";
import { button, el, fill } from "./dom.js";
import { draft } from "./drafts.js";
import { numberField } from "./number.js";
import { regionEditor } from "./region.js";
import { scheduleEditor } from "./schedule.js";
import { texts } from "./texts.js";

const [GET, SET] = ["get.heatmap.configuration", "set.heatmap.configuration"];

export async function show(place, known) {
  const disabled = known.role === "viewer";
  const keyed = Object.fromEntries(known.settings.map((row) => [row.name, row]));
  const kept = draft(`heat map of ${known.user}`);
  let saved; // as the camera has it, by wire keys
  try {
    saved = await get(GET);
  } catch (error) {
    fill(
      place,
      el("h1", {}, texts.settings.title),
      el("p", { class: "state wrong", role: "alert" }, error.message),
    );
    return { isEmpty: () => true };
  }

  const enable = el("input", { type: "checkbox", id: "enable", disabled, onchange: changed });
  const numbers = known.settings.filter((row) => row.high > row.low && row.name !== "enable");
  const fields = numbers.map((row) => ({ key: row.key, ...numberField(row, changed, disabled) }));
  const region = regionEditor(known, changed, disabled);
  const schedule = scheduleEditor(known, changed, disabled);
  const state = el("p", { class: "state", role: "status" });
  const saveButton = button(texts.save, save, { class: "main", disabled: true });
  const undo = button(texts.unsaved.undo, discard, { disabled: true });
  const found = el(
    "div",
    { class: "notice", hidden: disabled || !kept.read() },
    el("p", {}, texts.unsaved.found),
    el(
      "div",
      { class: "buttons" },
      button(texts.unsaved.restore, restore, { class: "main" }),
      button(texts.unsaved.discard, () => {
        kept.drop();
        found.hidden = true;
      }),
    ),
  );

  fill(
    place,
    el("h1", {}, texts.settings.title),
    disabled ? el("p", { class: "notice" }, texts.readOnly) : null,
    found,
    el(
      "div",
      { class: "columns" },
      region.element,
      el(
        "section",
        { class: "card", "aria-labelledby": "settings-title" },
        el("h2", { id: "settings-title" }, texts.settings.group),
        el("label", { class: "tick switch" }, enable, keyed.enable.label),
        ...fields.map((field) => field.element),
      ),
    ),
    schedule.element,
    el("div", { class: "save-bar" }, state, undo, saveButton),
  );
  undo.hidden = disabled;

  // --- what is on the page, by wire keys; and what of it differs from the camera's --------------

  function drawn() {
    const values = Object.fromEntries(fields.map((field) => [field.key, field.value()]));
    return {
      ...values,
      [keyed.enable.key]: Number(enable.checked),
      [keyed.region.key]: region.value(),
    };
  }
  function differences() {
    const wanted = drawn();
    const body = Object.fromEntries(
      Object.entries(wanted).filter(([key, value]) => value !== saved[key]),
    );
    const days = schedule.entries();
    return days.length ? { ...body, [keyed.schedule.key]: days } : body;
  }
  function isChanged() {
    return Object.keys(differences()).length > 0 || schedule.isChanged();
  }
  function put(values, week) {
    enable.checked = values[keyed.enable.key] === 1;
    for (const field of fields) field.set(values[field.key]);
    region.set(values[keyed.region.key]);
    if (week) schedule.set(week);
  }

  function changed() {
    const isNew = isChanged();
    if (isNew) kept.keep({ values: drawn(), week: schedule.value() });
    else kept.drop();
    found.hidden = true;
    say();
  }
  function say(text = "", isWrong = false) {
    const isNew = isChanged();
    state.textContent = text || (isNew ? texts.unsaved.mark : "");
    state.classList.toggle("wrong", isWrong);
    state.classList.toggle("changed", isNew && !isWrong);
    saveButton.disabled = undo.disabled = disabled || !isNew;
  }
  function showSaved() {
    put(saved);
    schedule.load(saved[keyed.schedule.key]);
    say();
  }
  function discard() {
    kept.drop();
    showSaved();
  }
  function restore() {
    const { values, week } = kept.read();
    put(values, week);
    changed();
  }

  async function save() {
    const wrongOnes = fields.filter((field) => !field.check());
    const isTyped = schedule.check();
    if (wrongOnes.length || !isTyped) {
      if (wrongOnes.length) wrongOnes[0].focus();
      else place.querySelector(".day-editor [aria-invalid]")?.focus();
      say(texts.settings.fix, true);
      return false;
    }
    saveButton.disabled = true;
    try {
      await change(SET, differences());
      saved = await get(GET);
      discard();
      say(texts.saved);
      return true;
    } catch (error) {
      say(error.message, true);
      return false;
    }
  }

  showSaved();
  return { isChanged: () => !disabled && isChanged(), save, discard, stop: region.stop };
}
