// Real people's faces stay tiles until someone asks to see them; whoever does is told that it is logged.
import { h } from "./dom.js";
import { say } from "./live.js";
import { bind } from "./keys.js";
import { session } from "./session.js";

const shown = new Set(); // ids of images
const news = () => document.dispatchEvent(new CustomEvent("faces"));

/** Whether this image's picture may be asked for as it is. */
export const isRevealed = (image) => !image.isReal || shown.has(image.id);

export const mayReveal = () => session.can("curator");

/** Shows the faces of these images. */
export function reveal(images) {
  if (!mayReveal()) {
    say("Showing real faces needs the role curator.");
    return;
  }
  const real = images.filter((image) => image.isReal && !shown.has(image.id));
  if (!real.length) return;
  real.forEach((image) => shown.add(image.id));
  news();
}

/** Hides every face again. */
export function hideAll() {
  if (!shown.size) return;
  shown.clear();
  news();
  say("All real faces are hidden.");
}

/** Hides or shows the real ones among these images. */
export function turnFaces(images) {
  const real = images.filter((image) => image.isReal);
  if (real.some((image) => shown.has(image.id))) {
    real.forEach((image) => shown.delete(image.id));
    news();
  } else reveal(real);
}

/** The bar that stands above a view while a real face is shown. */
export function facesNotice() {
  const count = h("span", {});
  const bar = h("div", { class: "faces-notice", role: "status", hidden: true }, count,
    h("button", { type: "button", class: "plain", onclick: hideAll }, "Hide all ", h("kbd", {}, "h")));
  const refresh = () => {
    bar.hidden = shown.size === 0;
    if (shown.size) {
      count.textContent = `${shown.size === 1 ? "A real face is" : `${shown.size} real faces are`} shown. Viewing is logged with your name.`;
    }
  };
  document.addEventListener("faces", refresh);
  refresh();
  return bar;
}

bind({ h: { say: "hide all real faces", run: hideAll } });
