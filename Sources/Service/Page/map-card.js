// What is said about one point: briefly beside the pointer, in full beside the map.
import { get } from "./api.js";
import { h } from "./dom.js";
import { population } from "./marks.js";
import { problemBox } from "./problem.js";
import { address } from "./route.js";
import { facts } from "./table.js";
import { tile } from "./tile.js";

/** A small card that follows the pointer. */
export function hoverCard() {
  const element = h("div", { class: "map-card", hidden: true });
  let shown = -1;
  return {
    element,
    hide() {
      shown = -1;
      element.hidden = true;
    },
    show(point, image, left, top, { width, height }) {
      if (point !== shown) {
        shown = point;
        element.replaceChildren(tile(image, { edge: 96, isButton: false }), h("div", {},
          h("strong", { dir: "auto" }, image.identity?.name ?? "no identity"),
          h("p", {}, population(image.population)),
          h("p", { class: "muted" }, `image ${image.id}`),
          image.quarantined ? h("p", { class: "muted" }, "in quarantine") : null));
      }
      element.hidden = false;
      const x = left + 250 > width ? left - 240 : left + 16;
      const y = Math.min(top + 12, height - 116);
      element.style.transform = `translate(${Math.max(4, x)}px,${Math.max(4, y)}px)`;
    },
  };
}

/** The details of one image, with what to do next; asks the daemon for its path. */
export function detailCard({ onClose, onIdentity }) {
  const element = h("section", { class: "map-detail", hidden: true, "aria-label": "Details of one image" });
  let asked = 0;
  return {
    element,
    close() {
      asked += 1;
      element.hidden = true;
    },
    async open(image, signal) {
      const mine = (asked += 1);
      const more = h("div");
      element.replaceChildren(
        h("header", {}, h("h2", {}, `Image ${image.id}`), h("button", { type: "button", class: "plain quiet", "aria-label": "Close details", onclick: onClose }, "×")),
        h("div", { class: "detail-body" }, tile(image, { edge: 256 }), more));
      element.hidden = false;
      try {
        const whole = await get(`/images/${image.id}`, { signal });
        if (mine !== asked) return;
        const { identity } = whole;
        more.after(h("div", { class: "buttons" }, h("a", { class: "plain button", href: address(["image", image.id]) }, "Open"),
          h("a", { class: "plain button", href: address(["search"], { image: image.id }) }, "Similar"),
          identity ? h("button", { type: "button", class: "plain", onclick: () => onIdentity(identity.id) }, "Only this identity") : null));
        more.replaceChildren(facts([["population", population(whole.population)],
          ["identity", identity ? h("a", { href: address(["identity", identity.id]), dir: "auto" }, identity.name) : "none"],
          ["path", h("span", { class: "path", dir: "auto" }, whole.path)]]));
      } catch (error) {
        if (error.name !== "AbortError" && mine === asked) more.replaceChildren(problemBox(error));
      }
    },
  };
}
