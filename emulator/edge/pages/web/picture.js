// What the camera sees: pictures fetched one after the other, as fast as they come, but not faster
// than `every_ms`, and none while nobody looks. What lies over the picture lies exactly over it.

import { Expired, getBlob } from "./ask.js";
import { button, el } from "./dom.js";
import { texts } from "./texts.js";

// After a failure it is tried again by itself so late that there is time to press the button.
const AGAIN_MS = 2000;

// over     an element, or none, that covers the picture
// beside() asks for what is shown with each picture, at the same time; shown(answer) shows it
export function livePicture(
  known,
  { every_ms = 200, over = null, label = texts.live.picture, beside, shown } = {},
) {
  const image = el("img", { alt: label, decoding: "async" });
  const retry = button(texts.camera.tryAgain, () => run());
  const trouble = el(
    "div",
    { class: "trouble", role: "status", hidden: true },
    el("p", {}, texts.camera.noPicture),
    retry,
  );
  const element = el("div", { class: "picture" }, image, over, trouble);
  const { rows, columns } = known.picture;
  element.style.aspectRatio = `${columns} / ${rows}`;
  let isOver = false;
  let isBusy = false;
  let timer = 0;
  let url = "";

  async function run() {
    if (isBusy || isOver) return;
    isBusy = true;
    clearTimeout(timer);
    const began = performance.now();
    const came = document.hidden || (await once());
    isBusy = false;
    const due = came ? every_ms : AGAIN_MS;
    if (!isOver) timer = setTimeout(run, Math.max(due - (performance.now() - began), 0));
  }
  async function once() {
    try {
      const [blob, answer] = await Promise.all([getBlob("/snapshot.cgi"), beside?.()]);
      await show(blob);
      trouble.hidden = true;
      shown?.(answer);
      return true;
    } catch (error) {
      if (error instanceof Expired) isOver = true;
      trouble.hidden = false;
      return false;
    }
  }
  async function show(blob) {
    const next = URL.createObjectURL(blob);
    const before = url;
    url = next;
    image.src = next;
    try {
      await image.decode();
      element.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight}`;
    } finally {
      if (before) URL.revokeObjectURL(before);
    }
  }
  run();
  return {
    element,
    stop() {
      isOver = true;
      clearTimeout(timer);
      if (url) URL.revokeObjectURL(url);
    },
  };
}
