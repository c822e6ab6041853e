// Accounts: who may log in. Only an administrator sees them.

import { change, get } from "./ask.js";
import { card } from "./card.js";
import { ask } from "./dialog.js";
import { button, el, field } from "./dom.js";
import { texts } from "./texts.js";

const { system: words } = texts;

export function accountsCard(known) {
  const { levels, longestName, shortest, longest } = known.accounts;
  if (known.role !== "admin") {
    return { ...card(words.accounts, el("p", { class: "hint" }, words.onlyAdmin)), load() {} };
  }
  const rule = texts.activate.rule(shortest, longest);
  const list = el("ul", { class: "list" }, el("li", {}, texts.loading));
  const name = field(
    words.user,
    el("input", { type: "text", autocomplete: "off", maxlength: longestName, spellcheck: "false" }),
  );
  const password = field(
    words.password,
    el("input", { type: "password", autocomplete: "new-password", maxlength: longest }),
    { hint: rule },
  );
  const role = field(
    words.role,
    el("select", {}, ...levels.map((level, value) => el("option", { value }, texts.roles[level]))),
  );
  role.control.value = levels.indexOf("viewer");
  const form = el(
    "form",
    { onsubmit: add, novalidate: true },
    name.element,
    password.element,
    role.element,
    el("div", { class: "buttons" }, el("button", { type: "submit" }, words.add)),
  );
  const { element, attempt } = card(words.accounts, list, form);

  const show = async () => {
    const { userList } = await get("get.system.user");
    list.replaceChildren(
      ...userList.map(({ username, userLevel }) =>
        el(
          "li",
          { class: "row" },
          el(
            "p",
            {},
            el("b", {}, username),
            " ",
            el("span", { class: "tag" }, texts.roles[levels[userLevel]]),
          ),
          username === known.user
            ? null
            : button(words.remove, () => remove(username), {
                class: "danger",
                "aria-label": words.removeLabel(username),
              }),
        ),
      ),
    );
  };
  async function add(event) {
    event.preventDefault();
    const isNamed = name.wrong(name.control.value ? "" : texts.logIn.empty);
    const isLong = password.wrong([...password.control.value].length >= shortest ? "" : rule);
    if (!isNamed || !isLong) return;
    const body = {
      username: name.control.value,
      password: password.control.value,
      userLevel: Number(role.control.value),
    };
    if (await attempt(() => change("add.system.user", body), words.done)) {
      name.control.value = password.control.value = "";
      await show();
    }
  }
  async function remove(username) {
    const choices = [
      { label: words.remove, value: "yes", main: true },
      { label: texts.cancel, value: "" },
    ];
    if (!(await ask(words.remove, words.removeAsk(username), choices))) return;
    if (await attempt(() => change("del.system.user", { username }), words.done)) await show();
  }
  return { element, load: () => attempt(show) };
}
