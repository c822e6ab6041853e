// The log-in page, and the page of the first use.

import { Expired, send } from "./ask.js";
import { el, facts, field } from "./dom.js";
import { texts } from "./texts.js";

const known = facts();
const EXPIRED = "session-ended"; // left by the page whose session has ended

function textField(label, type, autocomplete, hint = "") {
  const control = el("input", {
    type,
    autocomplete,
    required: true,
    maxlength: 128,
    spellcheck: "false",
  });
  return field(label, control, { hint });
}

function page(title, form) {
  document.title = `${title} – ${texts.product}`;
  document.body.append(
    el(
      "main",
      { class: "card outside-card" },
      el("p", { class: "brand" }, texts.product),
      el("h1", {}, title),
      form,
    ),
  );
  form.querySelector("input").focus();
}

function logIn() {
  const name = textField(texts.logIn.user, "text", "username");
  const password = textField(texts.logIn.password, "password", "current-password");
  const button = el("button", { class: "main", type: "submit" }, texts.logIn.button);
  const notice = sessionStorage.getItem(EXPIRED) ? texts.logIn.expired : "";
  sessionStorage.removeItem(EXPIRED);
  const submit = async (event) => {
    event.preventDefault();
    if (!name.control.value || !password.control.value) return password.wrong(texts.logIn.empty);
    button.disabled = true;
    password.wrong(await refusal(name.control.value, password.control.value));
    button.disabled = false;
    password.control.select();
  };
  page(
    texts.logIn.title,
    el(
      "form",
      { onsubmit: submit, novalidate: true },
      notice ? el("p", { class: "notice", role: "status" }, notice) : null,
      name.element,
      password.element,
      button,
    ),
  );
}

// Logs in and opens the page that was asked for; returns why not.
async function refusal(username, password) {
  try {
    await send("/login", { method: "POST", body: JSON.stringify({ username, password }) });
    location.reload();
    return "";
  } catch (error) {
    if (!(error instanceof Expired)) return error.message;
    const { triesLeft, lockedFor } = await error.response.json().catch(() => ({}));
    if (triesLeft === undefined) return texts.camera.failed;
    return lockedFor ? texts.logIn.locked(lockedFor) : texts.logIn.wrong(triesLeft);
  }
}

function activate() {
  const { shortest, longest } = known.passwords;
  const rule = texts.activate.rule(shortest, longest);
  const password = textField(texts.activate.password, "password", "new-password", rule);
  const again = textField(texts.activate.again, "password", "new-password");
  const submit = async (event) => {
    event.preventDefault();
    const text = password.control.value;
    const isGood =
      [...text].length >= shortest &&
      [...text].length <= longest &&
      /\p{L}/u.test(text) &&
      /\p{Nd}/u.test(text);
    const fits = password.wrong(isGood ? "" : rule);
    if (!again.wrong(text === again.control.value ? "" : texts.activate.differs) || !fits) return;
    try {
      const answer = await (
        await send("/activate", { method: "POST", body: JSON.stringify({ password: text }) })
      ).json();
      if (answer.setState !== "succeed") password.wrong(answer.message);
      else location.reload();
    } catch (error) {
      password.wrong(error.message);
    }
  };
  page(
    texts.activate.title,
    el(
      "form",
      { onsubmit: submit, novalidate: true },
      el("p", {}, texts.activate.why(known.admin)),
      password.element,
      again.element,
      el("button", { class: "main", type: "submit" }, texts.activate.button),
    ),
  );
}

if (known.activated) logIn();
else activate();
