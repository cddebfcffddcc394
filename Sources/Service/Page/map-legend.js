// The legend of a map is also its filter: each class can be switched off.
import { h, s } from "./dom.js";
import { population } from "./marks.js";
import { number } from "./words.js";

function swatch(one) {
  if (one.shape) return population(one.shape).firstChild;
  return s("svg", { viewBox: "0 0 12 12", "aria-hidden": "true", fill: one.isHollow ? "none" : "currentColor", stroke: "currentColor", "stroke-width": 2 },
    s("circle", { cx: 6, cy: 6, r: 4 }), one.isRinged ? s("circle", { cx: 6, cy: 6, r: 5.4, "stroke-width": 1.2, class: "ring-line" }) : null);
}

/** Buttons for the classes; `hidden` is a set of keys, `turn(key)` switches one. */
export function legend(classes, hidden, turn) {
  return classes.filter((one) => one.count).map((one) => h("button", {
    type: "button", class: `key tone-${one.tone}`, id: `key-${one.key}`, "aria-pressed": String(!hidden.has(one.key)),
    title: hidden.has(one.key) ? "Show these" : "Hide these", onclick: () => turn(one.key),
  }, swatch(one), h("span", { dir: "auto" }, one.label), h("small", {}, number(one.count))));
}
