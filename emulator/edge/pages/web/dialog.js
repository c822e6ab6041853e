// Questions in a window of their own. The browser's <dialog> keeps the focus inside, and Escape
// closes.

import { button, el, newId } from "./dom.js";

// Ask, with buttons [{label, value, main}]; gives the value of the one that was pressed, "" for
// Escape.
export function ask(title, text, choices) {
  return new Promise((resolve) => {
    const id = newId("dialog");
    const dialog = el(
      "dialog",
      { "aria-labelledby": id },
      el("h2", { id }, title),
      el("p", {}, text),
    );
    const row = el("div", { class: "buttons" });
    for (const { label, value, main } of choices) {
      row.append(button(label, () => dialog.close(value), { class: main ? "main" : null }));
    }
    dialog.append(row);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
