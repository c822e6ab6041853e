// A week of periods as values, and as the wire's text. Pure: nothing here is shown or asked for.
//
//   day     a list of [from, to] in minutes of the day, to at most 1440, in order
//   week    seven days, Monday first

export const DAY = 1440;
const HOUR = 60;

const two = (number) => String(number).padStart(2, "0");
export const timeText = (minute) => `${two(Math.floor(minute / HOUR))}:${two(minute % HOUR)}`;
export const spanText = ([from, to]) => `${timeText(from)}–${timeText(to)}`;

// Minutes of "8:30" or "24:00"; null for what is no time.
export function readTime(text) {
  const found = /^\s*(\d{1,2}):(\d{2})\s*$/.exec(text);
  if (!found) return null;
  const minute = Number(found[1]) * HOUR + Number(found[2]);
  return Number(found[2]) < HOUR && minute <= DAY ? minute : null;
}

export const inOrder = (day) => [...day].sort((one, other) => one[0] - other[0]);

// The week that scheduleList spells.
export function readWeek(list) {
  const week = Array.from({ length: 7 }, () => []);
  for (const { scheduleIndex, schedule } of list) {
    const spans = schedule
      .split(";")
      .filter(Boolean)
      .map((span) => {
        const [hour, minute, endHour, endMinute] = span.split(":").map(Number);
        return [hour * HOUR + minute, endHour * HOUR + endMinute];
      });
    week[scheduleIndex] = inOrder(spans.filter(([from, to]) => from !== to));
  }
  return week;
}

// The entries of scheduleList for the days that differ from `before`: days left out stay as they
// are.
export function entries(week, before, slots) {
  const changed = week
    .map((day, index) => index)
    .filter((index) => !sameDay(week[index], before[index]));
  return changed.map((index) => ({ scheduleIndex: index, schedule: dayText(week[index], slots) }));
}

function dayText(day, slots) {
  const filled = [...day, ...Array(slots - day.length).fill([0, 0])];
  return filled.map(([from, to]) => `${timeText(from)}:${timeText(to)};`).join("");
}

export const sameDay = (one, other) => JSON.stringify(one) === JSON.stringify(other);
export const sameWeek = sameDay;

// The day with from..to in it, joined with the periods that it touches.
function added(day, [from, to]) {
  const apart = day.filter(([start, end]) => end < from || start > to);
  const near = day.filter(([start, end]) => end >= from && start <= to);
  const joined = [
    Math.min(from, ...near.map(([start]) => start)),
    Math.max(to, ...near.map(([, end]) => end)),
  ];
  return inOrder([...apart, joined]);
}

// The day without from..to.
export function without(day, [from, to]) {
  return day.flatMap(([start, end]) =>
    [
      [start, Math.min(end, from)],
      [Math.max(start, to), end],
    ].filter(([one, other]) => one < other),
  );
}

// How many minutes of from..to are in the day's periods.
export function minutesIn(day, [from, to]) {
  return day.reduce(
    (sum, [start, end]) => sum + Math.max(0, Math.min(end, to) - Math.max(start, from)),
    0,
  );
}

// Paint whole hours of several days; a day that would get more than `slots` periods stays as it was
// and is named in `refused`.
export function painted(week, { top, left, bottom, right }, on, slots) {
  const span = [left * HOUR, (right + 1) * HOUR];
  const refused = [];
  const after = week.map((day, index) => {
    if (index < top || index > bottom) return day;
    const changed = on ? added(day, span) : without(day, span);
    if (changed.length <= slots) return changed;
    refused.push(index);
    return day;
  });
  return { week: after, refused };
}
