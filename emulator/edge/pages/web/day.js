// One day's periods, to be typed to the minute, selected, and copied to other days.

import { button, el, wrong } from "./dom.js";
import { texts } from "./texts.js";
import { DAY, inOrder, readTime, sameDay, spanText, timeText } from "./week.js";

const { schedule: words } = texts;

// set(day)    takes the day as it was typed, once all of it is right
// copy(to)    copies it to the days of these indexes
// remove      the button that deletes
export function dayEditor(known, { set, copy, onchange, disabled, remove }) {
  const { days, slots } = known.schedule;
  const title = el("h3", { id: "day-title" });
  const rows = el("ul", { class: "periods" });
  const message = el("p", { class: "message", role: "alert", id: "periods-message" });
  const add = button(words.add, addPeriod, { disabled });
  const targets = days.map((day) => el("input", { type: "checkbox", disabled }));
  const all = el("input", {
    type: "checkbox",
    disabled,
    onchange: () =>
      targets.forEach((one) => {
        one.checked = all.checked && !one.disabled;
      }),
  });
  const copyButton = button(
    words.copy,
    () => copy(targets.flatMap((one, index) => (one.checked ? [index] : []))),
    { disabled },
  );
  let shown = null;
  let inputs = []; // [{select, from, to}]

  const element = el(
    "div",
    { class: "day-editor", role: "group", "aria-labelledby": "day-title" },
    title,
    rows,
    message,
    el(
      "div",
      { class: "buttons" },
      add,
      remove,
      el("p", { class: "hint", id: "delete-hint" }, words.removeHint),
    ),
    el(
      "fieldset",
      { class: "copy" },
      el("legend", {}, words.copyTo),
      el(
        "div",
        { class: "checks" },
        tick(all, words.copyAll),
        ...targets.map((one, index) => tick(one, days[index])),
      ),
      copyButton,
    ),
  );

  function tick(box, label) {
    return el("label", { class: "tick" }, box, label);
  }

  function row([from, to], index) {
    const time = (value, label) =>
      el("input", {
        type: "text",
        inputmode: "numeric",
        maxlength: 5,
        size: 5,
        value,
        disabled,
        autocomplete: "off",
        "aria-label": label,
        "aria-describedby": "periods-message",
        placeholder: "00:00",
        oninput: typed,
      });
    const one = {
      select: el("input", { type: "checkbox", disabled, "aria-label": words.select(index + 1) }),
      from: time(from, words.from(index + 1)),
      to: time(to, words.to(index + 1)),
    };
    inputs.push(one);
    rows.append(el("li", {}, one.select, one.from, "–", one.to));
    return one;
  }

  function show(periods) {
    inputs = [];
    rows.replaceChildren();
    periods.forEach(row);
    if (!periods.length) rows.append(el("li", { class: "hint" }, words.none));
    message.textContent = "";
  }

  function addPeriod() {
    if (inputs.length >= slots)
      return void (message.textContent = words.tooMany(days[chosen], slots));
    if (!inputs.length) rows.replaceChildren();
    row(["", ""], inputs.length).from.focus();
    check();
  }

  // The periods as typed, or why not, beside the field that is wrong.
  function typedDay(quiet) {
    const say = (input, text) => (quiet ? false : (wrong(input, message, text), false));
    const spans = [];
    for (const { from, to } of inputs) {
      for (const input of [from, to]) if (!quiet) input.removeAttribute("aria-invalid");
      for (const input of [from, to]) {
        if (readTime(input.value) === null) return say(input, words.form(input.value));
      }
      spans.push([readTime(from.value), readTime(to.value)]);
      if (readTime(from.value) >= readTime(to.value)) return say(to, words.backwards);
    }
    const ordered = inOrder(spans);
    for (let index = 1; index < ordered.length; index++) {
      const [before, after] = [ordered[index - 1], ordered[index]];
      if (after[0] < before[1]) {
        return say(
          inputs[spans.indexOf(after)].from,
          words.overlap(spanText(before), spanText(after)),
        );
      }
    }
    if (!quiet) message.textContent = "";
    return ordered;
  }
  function check(quiet = false) {
    return Boolean(typedDay(quiet));
  }
  function typed() {
    const day = typedDay(false);
    if (day) {
      shown = day;
      set(day);
    } else onchange();
  }

  let chosen = 0;
  return {
    element,
    check,
    // Whether it shows this day already, so that typing is not disturbed.
    shows: (day) => sameDay(day, shown),
    selected() {
      const order = inOrder(inputs.map(({ from }, index) => [readTime(from.value) ?? DAY, index]));
      return order.flatMap(([, index], position) =>
        inputs[index].select.checked ? [position] : [],
      );
    },
    set(index, day) {
      chosen = index;
      shown = day;
      title.textContent = words.periods(days[index]);
      targets.forEach((one, other) => {
        one.disabled = disabled || other === index;
        one.checked = false;
      });
      all.checked = false;
      show(day.map((span) => span.map(timeText)));
    },
    focusWrong: () => element.querySelector("[aria-invalid]")?.focus(),
  };
}
