// The two sides of a pair and what was measured between them.
import { h, s } from "./dom.js";
import { population } from "./marks.js";
import { address } from "./route.js";
import { tile } from "./tile.js";
import { falseMatch, rateText, similarity } from "./words.js";

const roles = {
  duplicate: { kept: "stays", removed: "would go to quarantine" },
  leak: { kept: "reference", removed: "would go to quarantine" },
};

export function pairFigure(pair, side, edge) {
  const image = pair[side];
  const mirrored = side === "removed" && pair.mirrored;
  return h("figure", {}, tile(image, { edge }),
    h("figcaption", {}, h("strong", { class: "role" }, roles[pair.kind]?.[side] ?? side),
      h("span", {}, population(image.population), " ",
        image.identity ? h("a", { href: address(["identity", image.identity.id]), dir: "auto" }, image.identity.name) : "no identity"),
      h("a", { class: "path", href: address(["image", image.id]), dir: "auto" }, image.path),
      mirrored ? h("span", { class: "chip" }, "mirrored") : null));
}

export function pairMeasures(pair) {
  const { threshold } = pair;
  return h("div", { class: "measures" },
    gauge("identity similarity", pair.identitySimilarity, threshold?.similarity),
    gauge("image similarity", pair.imageSimilarity, null),
    h("p", { class: "rate" }, sentence(pair)),
    h("p", { class: "muted found-as" }, [`Found as ${pair.kind}, ${pair.tier}`, pair.falseMatchRate && `false-match rate ${rateText(pair.falseMatchRate)}`,
      threshold && typeof pair.identitySimilarity === "number" && thresholdText(threshold)].filter(Boolean).join(" · ")));
}

function sentence(pair) {
  if (pair.tier === "exact") return "Both files hold the same picture, bit for bit.";
  if (typeof pair.identitySimilarity !== "number") return "Found by looking at the pictures themselves; no similarity of identities was measured.";
  return falseMatch(pair.falseMatchRate);
}

function thresholdText(threshold) {
  const { falseMatchRate } = threshold;
  return `threshold ${similarity(threshold.similarity)}${falseMatchRate ? `, set at a false-match rate of ${falseMatchRate.toExponential(0)}` : ""}`;
}

// A cosine on a scale of 0 to 1, with the threshold as a line.
function gauge(name, value, threshold) {
  const at = (cosine) => Math.max(0, Math.min(1, cosine)) * 100;
  return h("div", { class: "gauge" }, h("span", {}, name), h("strong", { class: "figure" }, similarity(value)),
    value === null || value === undefined ? h("span", { class: "muted" }, "not measured")
      : s("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        s("rect", { class: "track", width: 100, height: 10 }), s("rect", { class: "value", width: at(value), height: 10 }),
        threshold ? s("rect", { class: "limit", x: at(threshold) - 0.4, width: 0.8, height: 10 }) : null));
}
