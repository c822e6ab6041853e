// A card with a title, and a line that says what went wrong or was done.

import { el } from "./dom.js";

export function card(title, ...children) {
  const state = el("p", { class: "state", role: "status" });
  const element = el(
    "section",
    { class: "card", "aria-label": title },
    el("h2", {}, title),
    ...children,
    state,
  );
  return {
    element,
    // Does something, and says how it went; gives whether it went well.
    async attempt(what, done = "") {
      let error = null;
      try {
        await what();
      } catch (caught) {
        error = caught;
      }
      state.textContent = error ? error.message : done;
      state.classList.toggle("wrong", Boolean(error));
      return !error;
    },
  };
}
