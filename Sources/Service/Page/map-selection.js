// What is selected on a map: strokes that replace, add or take away, each of which can be taken back.

const signs = { new: "n", add: "a", subtract: "s" };
const words = Object.fromEntries(Object.entries(signs).map(([word, sign]) => [sign, word]));

/** Strokes over a map and the points they select. `find(polygon)` gives the points inside one. */
export class MapSelection {
  constructor(count, find) {
    this.count = count;
    this.find = find;
    this.strokes = []; // {kind, polygon}
    this.mask = new Uint8Array(count);
    this.size = 0;
  }

  get isEmpty() {
    return this.size === 0;
  }

  /** Adds a stroke; `kind` is "new", "add" or "subtract". */
  draw(kind, polygon) {
    if (kind === "new") this.strokes = [];
    this.strokes.push({ kind, polygon });
    this.#apply({ kind, polygon });
  }

  /** Takes the last stroke back; false when there was none. */
  undo() {
    if (!this.strokes.pop()) return false;
    this.again();
    return true;
  }

  clear() {
    this.strokes = [];
    this.again();
  }

  /** Draws every stroke again, as after the filters have changed. */
  again() {
    this.mask.fill(0);
    this.size = 0;
    this.strokes.forEach((stroke) => this.#apply(stroke));
  }

  #apply({ kind, polygon }) {
    if (kind === "new") {
      this.mask.fill(0);
      this.size = 0;
    }
    const value = kind === "subtract" ? 0 : 1;
    for (const point of this.find(polygon)) {
      if (this.mask[point] === value) continue;
      this.mask[point] = value;
      this.size += value ? 1 : -1;
    }
  }

  /** The selected points in the order of the map. */
  points() {
    const out = new Uint32Array(this.size);
    for (let p = 0, n = 0; p < this.count; p += 1) if (this.mask[p]) out[n++] = p;
    return out;
  }

  /** The strokes as text for an address; `toParts` makes whole numbers of coordinates. */
  text(toParts) {
    return this.strokes.map(({ kind, polygon }) => signs[kind] + polygon.flatMap(([x, y]) => toParts(x, y)).join(",")).join("~") || null;
  }

  /** Reads what `text` wrote; strokes that make no sense are left out. */
  read(text, fromParts) {
    this.strokes = [];
    for (const stroke of (text ?? "").split("~")) {
      const kind = words[stroke[0]];
      const numbers = stroke.slice(1).split(",").map(Number);
      if (!kind || numbers.length < 6 || numbers.length % 2 || !numbers.every(Number.isFinite)) continue;
      const polygon = [];
      for (let n = 0; n < numbers.length; n += 2) polygon.push(fromParts(numbers[n], numbers[n + 1]));
      this.strokes.push({ kind, polygon });
    }
    this.again();
  }
}
