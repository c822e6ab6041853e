// Asking the camera, over the very interface that other software uses. Every failure is one of
// three: Refused (the camera says why), Expired (no session any more), Down (no answer at all).
// The last two are also told to whoever listens for "camera" events on the window.

import { texts } from "./texts.js";

class Refused extends Error {}
export class Expired extends Error {}
export class Down extends Error {}

let token = "";
let role = "viewer";

export function askAs(facts) {
  ({ token, role } = facts);
}

function tell(state) {
  window.dispatchEvent(new CustomEvent("camera", { detail: state }));
}

export async function send(path, options = {}) {
  const headers = {
    "X-CSRF-Token": token,
    "X-Requested-With": "XMLHttpRequest",
    ...options.headers,
  };
  let response;
  try {
    response = await fetch(path, { ...options, headers, cache: "no-store" });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    tell("down");
    throw new Down(texts.camera.down);
  }
  if (response.status === 401) {
    if (token) tell("expired");
    throw Object.assign(new Expired(texts.logIn.expired), { response });
  }
  if (response.status === 403) throw new Refused(texts.camera.forbidden);
  if (!response.ok) throw new Refused(texts.camera.status(response.status));
  return response;
}

async function post(path, body) {
  const response = await send(path, { method: "POST", body: JSON.stringify(body) });
  const answer = await read(response, "json");
  if (answer.setState !== "succeed") throw new Refused(answer.message || texts.camera.failed);
  return answer;
}

const action = (name) => `/cgi-bin/${role}/${role}.cgi?action=${name}&format=json`;

export const change = (name, body = {}) => post(action(name), body);

export async function get(name) {
  const answer = await read(await send(action(name)), "json");
  if (answer.setState === "failed") throw new Refused(answer.message || texts.camera.failed);
  return answer;
}

export const getText = async (path) => read(await send(path), "text");
export const getJson = async (path) => read(await send(path), "json");
export const getBlob = async (path) => read(await send(path), "blob");

// A body that breaks off is no answer either.
async function read(response, form) {
  try {
    return await response[form]();
  } catch {
    tell("down");
    throw new Down(texts.camera.down);
  }
}

// The camera's clock as text: "2026-03-04 05:00:00".
export async function cameraTime() {
  const now = await get("get.system.datetime");
  const two = (name) => String(now[name]).padStart(2, "0");
  return {
    text:
      `${String(now.year).padStart(4, "0")}-${two("month")}-${two("day")} ` +
      `${two("hour")}:${two("minute")}:${two("second")}`,
    zone: now.zoneNameTz,
  };
}
