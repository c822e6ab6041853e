// Report: what is asked for, the report that answers it, and its export, which is of the report on
// show, whatever the form says by then (REP-05).

import { cameraTime, get, getBlob, getJson, getText } from "./ask.js";
import { autoExport } from "./autoexport.js";
import { timeChart } from "./chart.js";
import { button, el, field, fill } from "./dom.js";
import { heatPicture } from "./heatpicture.js";
import { texts } from "./texts.js";

const { report: words } = texts;

export async function show(place, known) {
  const types = ["space", "time"].map((name) => ({
    name,
    control: el("input", { type: "radio", name: "type", value: name, checked: name === "space" }),
  }));
  const kind = field(
    words.reportType,
    el(
      "select",
      {},
      ...known.reports.map((name) => el("option", { value: name }, words.kinds[name])),
    ),
  );
  const start = field(
    words.start,
    el("input", { type: "datetime-local", step: 1, required: true }),
  );
  const search = el("button", { type: "submit", class: "main" }, words.search);
  const save = button(words.export, download, { disabled: true });
  const note = el("p", { class: "hint", id: "kept-note" });
  const state = el("p", { class: "state", role: "status" });
  const result = el("div", { class: "result" }, el("p", { class: "empty" }, words.begin));
  let onShow = null; // {name, blob}: what an export saves
  let visibleFrom = "";

  // Before anything is shown: what came later would move what is there.
  try {
    const [now] = await Promise.all([cameraTime(), limits()]);
    if (!start.control.value) start.control.value = `${now.text.slice(0, 10)}T00:00:00`;
  } catch (error) {
    state.textContent = error.message;
  }

  fill(
    place,
    el("h1", {}, words.title),
    el(
      "form",
      { class: "card query", novalidate: true, onsubmit: run },
      el(
        "fieldset",
        { class: "types" },
        el("legend", {}, words.mainType),
        ...types.map(({ name, control }) =>
          el("label", { class: "tick" }, control, words.types[name]),
        ),
      ),
      kind.element,
      start.element,
      el(
        "div",
        { class: "buttons" },
        search,
        save,
        known.role === "viewer" ? null : button(words.auto, () => autoExport(known)),
      ),
      el("div", { class: "told" }, note, state),
    ),
    el("section", { class: "card", "aria-label": words.title }, result),
  );

  async function limits() {
    ({ visibleFrom } = await get("get.heatmap.retention"));
    note.textContent = visibleFrom ? words.kept(known.keptDays) : "";
  }

  async function run(event) {
    event.preventDefault();
    const text = start.control.value.replace("T", " ");
    if (!text) return void start.wrong(words.noStart);
    const from = text.length === 16 ? `${text}:00` : text;
    search.disabled = true;
    try {
      const type = types.find(({ control }) => control.checked).name;
      // All at once: a report that turns out to be refused is not shown.
      const [, paint] = await Promise.all([limits(), report(type, kind.control.value, from)]);
      if (!start.wrong(isTooOld(from) ? words.tooOld(known.keptDays, visibleFrom) : "")) return;
      paint();
      state.textContent = "";
      state.classList.remove("wrong");
    } catch (error) {
      state.textContent = error.message;
      state.classList.add("wrong");
    } finally {
      search.disabled = false;
    }
  }

  // As entered, before the report floors it to its day (CONTRACT 5, retention).
  const isTooOld = (from) => visibleFrom && from < visibleFrom;

  // Fetches a report; returns what shows it.
  async function report(type, name, from) {
    const query = `time_start=${from.replace(" ", "-")}&sub_type=${known.reports.indexOf(name)}`;
    const floored =
      name === "daily" ? `${from.slice(0, 13)}:00:00` : `${from.slice(0, 10)} 00:00:00`;
    const file = `${known.device.snCode}_${type}_${name}_${floored.replace(/\D/g, "")}`;
    const title = `${words.types[type]}, ${words.kinds[name]}`;
    const csv = getText(`/dataloader.cgi?dw=heatmapcsv&${query}`);
    if (type === "time") {
      const rows = readRows(await csv);
      const blob = new Blob([await csv], { type: "text/csv" });
      return () => shown(`${file}.csv`, blob, head(title, rows), timeChart(rows, name));
    }
    const [map, png, scene, text] = await Promise.all([
      getJson(`/dataloader.cgi?dw=spaceheatmap&${query}`),
      getBlob(`/report.png?${query}`),
      getBlob("/snapshot.cgi"),
      csv,
    ]);
    const parts = head(title, readRows(text), map.max);
    const picture = await heatPicture(map, png, scene, known);
    return () => shown(`${file}.png`, png, parts, picture);
  }

  function shown(name, blob, parts, picture) {
    onShow = { name, blob };
    result.replaceChildren(...parts, picture);
    save.disabled = false;
  }

  function head(title, rows, most = Math.max(...rows.map(({ value }) => value))) {
    const parts = [el("h2", {}, title)];
    if (rows.length)
      parts.push(el("p", { class: "hint" }, words.span(rows[0].start, rows.at(-1).end)));
    if (!most) parts.push(el("p", { class: "notice" }, words.empty));
    return parts;
  }

  function download() {
    const url = URL.createObjectURL(onShow.blob);
    el("a", { href: url, download: onShow.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }
}

// The rows of the camera's CSV: {start, end, value}.
function readRows(text) {
  return text
    .split("\r\n")
    .slice(1)
    .filter(Boolean)
    .map((line) => {
      const [start, end, value] = line.split(",");
      return { start, end, value: Number(value) };
    });
}
