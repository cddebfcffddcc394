// Populations, severities and states: never by colour alone.
import { h, s } from "./dom.js";

const shapes = {
  digital: () => s("circle", { cx: 6, cy: 6, r: 4.6 }),
  real: () => s("rect", { x: 1.8, y: 1.8, width: 8.4, height: 8.4 }),
  generated: () => s("path", { d: "M6 .6L11.2 10H.8z" }),
  reference: () => s("path", { d: "M6 .2L11.8 6L6 11.8L.2 6z" }),
};

/** A population with its own shape and colour. */
export function population(name) {
  const shape = shapes[name] ?? shapes.digital;
  return h("span", { class: `pop ${name}` },
    s("svg", { viewBox: "0 0 12 12", "aria-hidden": "true", fill: "currentColor" }, shape()), h("span", {}, name));
}

const icons = {
  good: "M3 8.5l3.2 3.2L13 5", bad: "M4 4l8 8M12 4l-8 8", warn: "M8 3v6M8 12v.6", none: "M4 8h8",
  run: "M5 3.5v9l7-4.5z", wait: "M8 4v4l3 2",
};

export function icon(name) {
  return s("svg", { viewBox: "0 0 16 16", class: "icon", "aria-hidden": "true", fill: name === "run" ? "currentColor" : "none",
    stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" }, s("path", { d: icons[name] }));
}

const tones = {
  succeeded: "good", clean: "good", current: "good", delivered: "good", fired: "good", accepted: "good",
  findings: "warn", warning: "warn", stale: "warn", "skipped-missed": "warn", "skipped-overlap": "warn", paused: "none",
  failed: "bad", failure: "bad", cancelled: "none", running: "run", queued: "wait", waiting: "wait", "given-up": "bad", never: "none", note: "none", unknown: "none",
};

/** A state as a word with a sign before it. */
export function state(word, text = word) {
  const tone = tones[word] ?? "none";
  return h("span", { class: `state ${tone}`, "data-state": word }, icon(tone), text.replace("skipped-", "skipped, "));
}
