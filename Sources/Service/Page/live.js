// What is said aloud by screen readers, and shown for a moment to everyone else.
import { h } from "./dom.js";

/** Speaks when there is a pause. */
export function say(text) {
  const place = document.getElementById("polite");
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 40);
}

/** Speaks at once. */
export function warn(text) {
  document.getElementById("urgent").textContent = text;
}

/** A note at the edge of the page; `action` is {label, run}. Stays longer when there is something to do. */
export function toast(text, { action, isBad = false } = {}) {
  const note = h("div", { class: isBad ? "toast bad" : "toast" }, h("span", {}, text));
  const close = () => note.remove();
  if (action) {
    note.append(h("button", { type: "button", class: "plain", onclick: () => { close(); action.run(); } }, action.label));
  }
  note.append(h("button", { type: "button", class: "plain quiet", "aria-label": "Close this note", onclick: close }, "×"));
  const host = document.getElementById("toasts");
  host.append(note);
  while (host.children.length > 3) host.firstChild.remove();
  (isBad ? warn : say)(text);
  setTimeout(close, action || isBad ? 20000 : 5000);
}

/** A problem as a note. */
export function toastProblem(error) {
  if (error.name === "AbortError") return;
  toast([error.message, error.hint].filter(Boolean).join(" – "), { isBad: true });
}

/** Does something and then goes on; what goes wrong is shown. */
export async function attempt(body, then) {
  try {
    await body();
    then();
  } catch (error) {
    toastProblem(error);
  }
}
