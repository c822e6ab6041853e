// Schedule Settings: seven days by 24 hours to paint on, and each day's periods to the minute.

import { button, el } from "./dom.js";
import { dayEditor } from "./day.js";
import { paintGrid } from "./paintgrid.js";
import { texts } from "./texts.js";
import { DAY, entries, minutesIn, painted, readWeek, sameWeek, timeText } from "./week.js";

const { schedule: words } = texts;
const HOURS = 24;
const hour = (column) => [column * 60, (column + 1) * 60];

export function scheduleEditor(known, onchange, disabled) {
  const { days, slots } = known.schedule;
  let saved = days.map(() => []);
  let week = saved;
  let refused = []; // days whose last stroke was refused
  let chosen = 0;

  const heads = days.map((day, index) =>
    button(day.slice(0, 3), () => choose(index), {
      class: "day",
      "aria-label": words.edit(day.slice(0, 3), day),
    }),
  );
  const bars = days.map(() => el("div", { class: "bars", "aria-hidden": "true" }));
  const messages = days.map((day, index) =>
    el("p", { class: "message", role: "alert", id: `day-${index}-message` }),
  );
  const grid = paintGrid({
    label: words.grid,
    rows: days.length,
    columns: HOURS,
    disabled,
    get: () => week,
    set: (wanted) => change(wanted),
    paint(from, rectangle, on) {
      const result = painted(from, rectangle, on, slots);
      refused = result.refused;
      return result.week;
    },
    isOn: (from, row, column) => minutesIn(from[row], hour(column)) === 60,
    name(from, row, column) {
      const [start, end] = hour(column);
      const minutes = minutesIn(from[row], [start, end]);
      const part = minutes && minutes < 60 ? `, ${words.partly}` : "";
      return words.cell(days[row], timeText(start), timeText(end)) + part;
    },
    head: (row) => el("div", { role: "rowheader" }, heads[row]),
  });
  grid.element.classList.add("week");
  [...grid.element.children].forEach((line, index) => {
    line.querySelector(".lane").prepend(bars[index]);
    line.append(el("div", { class: "beside", role: "gridcell" }, messages[index]));
  });
  const hours = el(
    "div",
    { class: "hours", "aria-hidden": "true" },
    ...[0, 6, 12, 18, 24].map((number) => el("span", {}, String(number))),
  );
  const note = el("p", { class: "hint", role: "status" });
  const day = dayEditor(known, {
    disabled,
    remove: button(words.remove, drop, {
      disabled,
      "aria-describedby": "delete-hint",
      class: "danger",
    }),
    set(wanted) {
      refused = [];
      change(week.with(chosen, wanted));
    },
    copy(to) {
      refused = [];
      change(week.map((one, index) => (to.includes(index) ? week[chosen] : one)));
    },
    onchange,
  });
  const element = el(
    "section",
    { class: "card", "aria-labelledby": "schedule-title" },
    el("h2", { id: "schedule-title" }, words.title),
    el("p", { class: "hint" }, words.hint),
    hours,
    grid.element,
    note,
    day.element,
  );

  function change(wanted) {
    const isNew = !sameWeek(wanted, week);
    week = wanted;
    refresh();
    if (!isNew) return;
    if (!day.shows(week[chosen])) day.set(chosen, week[chosen]);
    onchange();
  }
  // The selected periods, or all of the week (SCH-01).
  function drop() {
    const selected = day.selected();
    refused = [];
    if (selected.length)
      change(
        week.with(
          chosen,
          week[chosen].filter((_, index) => !selected.includes(index)),
        ),
      );
    else change(week.map(() => []));
    day.set(chosen, week[chosen]);
  }
  function choose(index) {
    chosen = index;
    day.set(index, week[index]);
    refresh();
  }
  function refresh() {
    grid.refresh();
    week.forEach((periods, index) => {
      bars[index].replaceChildren(
        ...periods.map(([from, to]) => {
          const bar = el("i");
          bar.style.left = `${(100 * from) / DAY}%`;
          bar.style.width = `${(100 * (to - from)) / DAY}%`;
          return bar;
        }),
      );
      heads[index].setAttribute("aria-pressed", index === chosen);
      const text = refused.includes(index) ? words.tooMany(days[index], slots) : "";
      if (messages[index].textContent !== text) messages[index].textContent = text;
    });
    note.textContent = week.some((periods) => periods.length) ? "" : words.empty;
  }
  choose(0);
  return {
    element,
    check: day.check,
    value: () => week,
    isChanged: () => !sameWeek(week, saved) || !day.check(true),
    entries: () => entries(week, saved, slots),
    // What is saved, from the wire, and what is drawn over it.
    load(list) {
      saved = readWeek(list);
      this.set(saved);
    },
    set(wanted) {
      week = wanted;
      refused = [];
      choose(chosen);
    },
  };
}
