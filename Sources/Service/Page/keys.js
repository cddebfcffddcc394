// Single keys of a view, and the list of them that `?` shows.
import { h, isTyping } from "./dom.js";
import { openDialog } from "./dialog.js";

const bound = []; // the newest first; each is {key: {say, run}}

/** Binds keys until the returned function is called. A binding is `key: {say, run}`. */
export function bind(bindings) {
  bound.unshift(bindings);
  return () => {
    const place = bound.indexOf(bindings);
    if (place >= 0) bound.splice(place, 1);
  };
}

function find(key) {
  return bound.find((bindings) => bindings[key])?.[key];
}

const names = { " ": "Space", Escape: "Esc", ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };

/** Shows what keys do here. */
export function showKeys() {
  const seen = new Set();
  const rows = bound.flatMap((bindings) => Object.entries(bindings)).filter(([key, { say }]) => {
    if (!say || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  openDialog("Keys", h("dl", { class: "facts keys-table" }, rows.map(([key, { say }]) =>
    h("div", {}, h("dt", {}, say), h("dd", {}, h("kbd", {}, names[key] ?? key))))));
}

/** Listens for keys from now on. */
export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    // Space and Enter on a button or link press it.
    if ([" ", "Enter"].includes(event.key) && event.target.closest?.("button, a, summary, input, [role=button]")) return;
    const binding = find(event.key) ?? (event.key.length === 1 ? find(event.key.toLowerCase()) : null);
    if (!binding) return;
    event.preventDefault();
    binding.run(event);
  });
}
