// How each point looks: its colour, its shape, and whether it is hidden, faint, selected or hollow.
import { flag } from "./map-columns.js";

export const bit = { hidden: 1, faint: 2, selected: 4, hollow: 8, ringed: 16 };

/** Style variables of the palette, in the order that points refer to. */
export const palette = ["digital", "real", "generated", "reference", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "muted", "ink", "warn"];
const place = (name) => palette.indexOf(name);

/** The ways to colour a map; each sorts points into classes {key, label, tone, count}. */
export const modes = [["population", "population"], ["identity", "identity"], ["standing", "quarantine"], ["flags", "flags"]];

const standings = [{ key: "kept", label: "kept", tone: "digital" }, { key: "quarantined", label: "in quarantine", tone: "real", isHollow: true }];
const flags = [
  { key: "review", label: "under review", tone: "warn", isRinged: true }, { key: "quarantined", label: "in quarantine", tone: "real", isHollow: true },
  { key: "person", label: "real person", tone: "reference" }, { key: "plain", label: "none of these", tone: "muted" },
];

/** Sorts every point of a map into the classes of a mode: {classes, of: Uint8Array}. */
export function classify(mode, map, info) {
  const of = new Uint8Array(map.count);
  let classes;
  if (mode === "identity") classes = byIdentity(map, info, of);
  else if (mode === "standing") {
    classes = standings;
    for (let p = 0; p < map.count; p += 1) of[p] = map.flags[p] & flag.quarantined ? 1 : 0;
  } else if (mode === "flags") {
    classes = flags;
    for (let p = 0; p < map.count; p += 1) {
      const f = map.flags[p];
      of[p] = f & flag.review ? 0 : f & flag.quarantined ? 1 : f & flag.real ? 2 : 3;
    }
  } else {
    classes = info.populations.map((name) => ({ key: name, label: name, tone: name, shape: name }));
    of.set(map.population);
  }
  const counts = new Uint32Array(classes.length);
  for (let p = 0; p < map.count; p += 1) counts[of[p]] += 1;
  return { classes: classes.map((one, n) => ({ ...one, count: counts[n] })), of };
}

// The eight identities with the most images have colours of their own.
function byIdentity(map, info, of) {
  const counts = new Map();
  for (let p = 0; p < map.count; p += 1) if (map.identity[p]) counts.set(map.identity[p], (counts.get(map.identity[p]) ?? 0) + 1);
  const chosen = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 8).map(([identity]) => identity);
  const places = new Map(chosen.map((identity, n) => [identity, n]));
  const rest = chosen.length;
  for (let p = 0; p < map.count; p += 1) of[p] = map.identity[p] ? places.get(map.identity[p]) ?? rest : rest + 1;
  return [...chosen.map((identity, n) => ({ key: String(identity), label: info.identityNames[identity] ?? `identity ${identity}`, tone: `c${n}` })),
    { key: "others", label: "all others", tone: "muted" }, { key: "none", label: "no identity", tone: "ink" }];
}

/**
 * Writes four bytes a point: colour, shape, state, 0. `isShown(p)` and `isBright(p)` come from the
 * filters, `mask` from the selection.
 */
export function writeLook(out, map, { classes, of }, { isShown, isBright, mask, hasSelection }) {
  const tones = classes.map((one) => place(one.tone));
  for (let p = 0; p < map.count; p += 1) {
    const f = map.flags[p];
    let state = 0;
    if (!isShown(p)) state = bit.hidden;
    else {
      if (hasSelection ? !mask[p] : !isBright(p)) state |= bit.faint;
      if (hasSelection && mask[p]) state |= bit.selected;
      if (f & flag.quarantined) state |= bit.hollow;
      if (f & flag.review) state |= bit.ringed;
    }
    out[4 * p] = tones[of[p]];
    out[4 * p + 1] = map.population[p];
    out[4 * p + 2] = state;
  }
}

/** The order in which points are drawn: mixed, so that no population lies on top and any beginning is a fair sample. */
export function mixedOrder(count) {
  const order = new Uint32Array(count);
  for (let p = 0; p < count; p += 1) order[p] = p;
  let seed = 2463534242;
  for (let p = count - 1; p > 0; p -= 1) {
    // xorshift32 (Marsaglia, 2003); the same order each time.
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    const other = (seed >>> 0) % (p + 1);
    const kept = order[p];
    order[p] = order[other];
    order[other] = kept;
  }
  return order;
}

/** The size of a marker in CSS pixels. */
export function markerSize(count, zoom) {
  const base = count > 100000 ? 2.6 : count > 20000 ? 3.6 : count > 2000 ? 5.5 : 9;
  return Math.min(18, Math.max(2.2, base * zoom ** 0.42));
}
