// Storage: the SD card and the shares, their state, and mounting and formatting them.

import { change, get } from "./ask.js";
import { card } from "./card.js";
import { ask } from "./dialog.js";
import { button, el } from "./dom.js";
import { texts } from "./texts.js";

const { system: words } = texts;

export function storageCard(known) {
  const list = el("ul", { class: "list" }, el("li", {}, texts.loading));
  const { element, attempt } = card(words.storage, list);
  const mayChange = known.role !== "viewer";

  const load = () =>
    attempt(async () => {
      const told = await get("get.storage.settings");
      const { nasList } = mayChange ? await get("get.storage.nas") : { nasList: [] };
      const rows = [
        row("sd", words.sd, cardState(told), told.sdcardFreeSize, told.sdcardTotalSize),
      ];
      for (const nas of nasList) {
        rows.push(
          row(
            `nas${nas.index}`,
            `${words.nas(nas.index)}: ${nas.address}`,
            nas.status,
            nas.freeSize,
            nas.totalSize,
          ),
        );
      }
      if (!nasList.length && mayChange) rows.push(el("li", { class: "hint" }, words.noNas));
      list.replaceChildren(...rows);
    });

  function row(volume, name, state, free, total) {
    const size = Number(total) ? words.free(kilobytes(free), kilobytes(total)) : "";
    const act = (action) =>
      attempt(() => change(`set.storage.${action}`, { volume }), words.done).then(
        (isDone) => isDone && load(),
      );
    async function format() {
      const choices = [
        { label: words.format, value: "yes", main: true },
        { label: texts.cancel, value: "" },
      ];
      if (await ask(words.format, words.formatAsk(name), choices)) act("format");
    }
    const named = (label) => ({ "aria-label": `${label} ${name}` });
    const buttons =
      state === "absent" || !mayChange
        ? null
        : el(
            "div",
            { class: "buttons" },
            state === "unmounted"
              ? button(words.mount, () => act("mount"), named(words.mount))
              : button(words.unmount, () => act("unmount"), named(words.unmount)),
            button(words.format, format, { class: "danger", ...named(words.format) }),
          );
    return el(
      "li",
      {},
      el(
        "p",
        {},
        el("b", {}, name),
        " ",
        el("span", { class: "tag" }, words.state[state] ?? state),
      ),
      size ? el("p", { class: "hint" }, size) : null,
      buttons,
    );
  }
  return { element, load };
}

// The card's codes of get.storage.settings as one of the states that shares have (facts 2.3).
function cardState({ sdcardStatus, sdcardDiskStatus, sdcardFullStatus }) {
  if (sdcardStatus === 0) return "absent";
  if (sdcardStatus === 1) return sdcardDiskStatus === 0 ? "unformatted" : "unmounted";
  if (sdcardDiskStatus === 4) return "failing";
  return sdcardFullStatus ? "full" : "mounted";
}

function kilobytes(text) {
  const size = Number(text);
  if (size >= 2 ** 20) return `${(size / 2 ** 20).toFixed(1)} GB`;
  return size >= 2 ** 10 ? `${Math.round(size / 2 ** 10)} MB` : `${size} KB`;
}
