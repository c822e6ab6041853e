// Making elements. Texts are always set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

// el("button", {class: "main", type: "button", onclick: f, "aria-label": "x"}, child, ...)
export function el(tag, properties = {}, ...children) {
  return dressed(document.createElement(tag), properties, children);
}

export function svg(tag, properties = {}, ...children) {
  return dressed(document.createElementNS(SVG, tag), properties, children);
}

function dressed(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  return fill(element, ...children);
}

// Append children; those that are null are left out.
export function fill(element, ...children) {
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

let count = 0;
export const newId = (stem) => `${stem}-${++count}`;

// A control with its label above and room for a message below, which never moves what follows.
export function field(label, control, { hint = "", id = newId("field") } = {}) {
  control.id = id;
  const message = el("p", { class: "message", id: `${id}-message`, role: "alert" });
  const hints = hint ? el("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  control.setAttribute("aria-describedby", `${hint ? `${id}-hint ` : ""}${id}-message`);
  const element = el(
    "div",
    { class: "field" },
    el("label", { for: id }, label),
    control,
    hints,
    message,
  );
  return { element, control, wrong: (text) => wrong(control, message, text) };
}

export function wrong(control, message, text) {
  if (message.textContent !== text) message.textContent = text;
  if (text) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
  return !text;
}

export function button(label, onclick, properties = {}) {
  return el("button", { type: "button", onclick, ...properties }, label);
}

export const facts = () => JSON.parse(document.getElementById("facts").textContent);
