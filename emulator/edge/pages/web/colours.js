// The heat's colours, by the camera's own table: share of the maximum and the colour there.

export function colourAt(stops, share) {
  const next = stops.findIndex((stop) => share <= stop.share);
  if (next === 0) return stops[0].rgb;
  if (next < 0) return stops.at(-1).rgb;
  const [before, after] = [stops[next - 1], stops[next]];
  const part = (share - before.share) / (after.share - before.share);
  return before.rgb.map((one, index) => Math.round(one + part * (after.rgb[index] - one)));
}

export function gradient(stops) {
  return `linear-gradient(to right, ${stops
    .map(({ share, rgb }) => `rgb(${rgb.join(" ")}) ${100 * share}%`)
    .join(", ")})`;
}
