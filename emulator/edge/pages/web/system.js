// System: what the camera is, its clock, its storage and who may log in. Each card asks and tells
// by itself; they are shown together, so that none pushes another about.

import { el, fill } from "./dom.js";
import { accountsCard } from "./accounts.js";
import { card } from "./card.js";
import { clockCard } from "./clock.js";
import { storageCard } from "./storage.js";
import { get } from "./ask.js";
import { texts } from "./texts.js";

const { system: words } = texts;

export async function show(place, known) {
  const cards = [information(), clockCard(known), storageCard(known)];
  cards.push(accountsCard(known));
  await Promise.all(cards.map(({ load }) => load()));
  fill(
    place,
    el("h1", {}, words.title),
    known.role === "viewer" ? el("p", { class: "notice" }, texts.readOnly) : null,
    el("div", { class: "cards" }, ...cards.map(({ element }) => element)),
  );
  return { stop: () => cards.forEach((card) => card.stop?.()) };
}

function information() {
  const list = el(
    "dl",
    {},
    ...Object.values(words.fields).flatMap((label) => [el("dt", {}, label), el("dd", {}, " ")]),
  );
  const { element, attempt } = card(words.information, list);
  return {
    element,
    load: () =>
      attempt(async () => {
        const told = await get("get.system.information");
        list.querySelectorAll("dd").forEach((place, index) => {
          place.textContent = told[Object.keys(words.fields)[index]] || "–";
        });
      }),
  };
}
