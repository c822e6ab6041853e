// The Time Heat Map as a line chart: axes, a value at each point for mouse and keyboard, and a
// table.

import { el, svg } from "./dom.js";
import { texts } from "./texts.js";

const { report: words } = texts;

const UNITS = [
  ["d", 86400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];
const HEIGHT = 320;
const EDGE = { left: 56, right: 12, top: 16, bottom: 44 };
const LINES = 5; // or a few more: their distance is a round number

// rows: [{start, end, value}], value in seconds; kind: "daily", "weekly", "monthly", "annual"
export function timeChart(rows, kind) {
  const most = Math.max(0, ...rows.map(({ value }) => value));
  const [unit, seconds] = UNITS.find(([, size]) => most > 10 * size) ?? UNITS.at(-1);
  const step = roundUp(Math.max(most / seconds, 10) / LINES);
  const lines = Math.ceil(Math.max(most / seconds, 10) / step);
  const top = step * lines;
  const place = el("div", { class: "chart" });
  place.style.height = `${HEIGHT}px`;
  const tip = el("p", { class: "tip", role: "status" }, " ");
  const say = (row) => {
    tip.textContent = row
      ? `${words.span(row.start, row.end)}: ${amount(row.value / seconds)} ${unit}`
      : " ";
  };
  const amount = (value) => value.toFixed(unit === "s" ? 0 : 2);
  const draw = () => place.replaceChildren(drawing(place.clientWidth || 640));
  new ResizeObserver(draw).observe(place);

  function drawing(width) {
    const inner = {
      width: width - EDGE.left - EDGE.right,
      height: HEIGHT - EDGE.top - EDGE.bottom,
    };
    const x = (index) => EDGE.left + ((2 * index + 1) * inner.width) / (2 * rows.length);
    const y = (value) => EDGE.top + inner.height * (1 - value / seconds / top);
    const points = rows.map(({ value }, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
    const every = Math.ceil((rows.length * 30) / inner.width); // labels don't run into one another
    return svg(
      "svg",
      {
        viewBox: `0 0 ${width} ${HEIGHT}`,
        width,
        height: HEIGHT,
        role: "group",
        "aria-label": words.chart,
      },
      ...Array.from({ length: lines + 1 }, (_, line) => {
        const at = EDGE.top + (inner.height * (lines - line)) / lines;
        return svg(
          "g",
          { class: line ? "line" : "line base" },
          svg("path", { d: `M${EDGE.left} ${at}H${width - EDGE.right}` }),
          svg("text", { x: EDGE.left - 8, y: at + 4, "text-anchor": "end" }, String(step * line)),
        );
      }),
      svg(
        "text",
        {
          class: "name",
          x: -(EDGE.top + inner.height / 2),
          y: 14,
          transform: "rotate(-90)",
          "text-anchor": "middle",
        },
        `${words.value} (${unit})`,
      ),
      svg(
        "text",
        { class: "name", x: EDGE.left + inner.width / 2, y: HEIGHT - 4, "text-anchor": "middle" },
        words.axis[kind],
      ),
      ...rows.map((row, index) =>
        index % every
          ? null
          : svg(
              "text",
              { x: x(index), y: HEIGHT - 24, "text-anchor": "middle" },
              label(row.start, kind),
            ),
      ),
      svg("polyline", { points: points.join(" ") }),
      ...rows.map((row, index) =>
        svg(
          "circle",
          {
            cx: x(index),
            cy: y(row.value),
            r: 4,
            tabindex: index ? "-1" : "0",
            role: "img",
            "aria-label": `${words.span(row.start, row.end)}: ${words.seconds(row.value)}`,
            onpointerenter: () => say(row),
            onpointerleave: () => say(null),
            onfocus: () => say(row),
            onblur: () => say(null),
            onkeydown: walk,
          },
          svg("title", {}, `${words.span(row.start, row.end)}\n${words.seconds(row.value)}`),
        ),
      ),
    );
  }

  // Left and right go from point to point; Tab comes to the one looked at last.
  function walk(event) {
    const dots = [...place.querySelectorAll("circle")];
    const now = dots.indexOf(event.currentTarget);
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: dots.length - 1 }[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    const next = dots[Math.min(Math.max(to, 0), dots.length - 1)];
    dots[now].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  return el("div", {}, place, tip, table(rows));
}

// The next of 1, 2, 5, 10, 20 ...
function roundUp(number) {
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= number);
}

function label(start, kind) {
  const [year, month, day, hour] = start.match(/\d+/g).map(Number);
  if (kind === "daily") return String(hour || 24); // facts 5.6
  if (kind === "weekly") return words.days[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  return kind === "monthly" ? String(day) : words.months[month - 1];
}

function table(rows) {
  return el(
    "details",
    {},
    el("summary", {}, words.table),
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": words.table },
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el("tr", {}, ...words.columns.map((name) => el("th", { scope: "col" }, name))),
        ),
        el(
          "tbody",
          {},
          ...rows.map((row) =>
            el(
              "tr",
              {},
              el("td", {}, row.start),
              el("td", {}, row.end),
              el("td", { class: "figure" }, String(row.value)),
            ),
          ),
        ),
      ),
    ),
  );
}
