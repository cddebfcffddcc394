// Points sorted into square cells, so that picking and lassos look at few of them.

/** Cells over the points of a map, about two points each. */
export class PointGrid {
  constructor({ count, x, y }, bounds) {
    this.x = x;
    this.y = y;
    this.bounds = bounds;
    const wide = bounds.right - bounds.left;
    const high = bounds.top - bounds.bottom;
    this.size = Math.max(Math.sqrt((wide * high * 2) / Math.max(1, count)), Math.max(wide, high) / 2000);
    this.columns = Math.max(1, Math.ceil(wide / this.size));
    this.rows = Math.max(1, Math.ceil(high / this.size));
    const cells = this.columns * this.rows;
    this.starts = new Uint32Array(cells + 1);
    const cell = new Int32Array(count);
    for (let p = 0; p < count; p += 1) {
      cell[p] = Number.isFinite(x[p]) && Number.isFinite(y[p]) ? this.#row(y[p]) * this.columns + this.#column(x[p]) : -1;
      if (cell[p] >= 0) this.starts[cell[p] + 1] += 1;
    }
    for (let c = 0; c < cells; c += 1) this.starts[c + 1] += this.starts[c];
    this.points = new Uint32Array(this.starts[cells]);
    const next = this.starts.slice();
    for (let p = 0; p < count; p += 1) if (cell[p] >= 0) this.points[next[cell[p]]++] = p;
  }

  #column(x) {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.bounds.left) / this.size)));
  }

  #row(y) {
    return Math.min(this.rows - 1, Math.max(0, Math.floor((y - this.bounds.bottom) / this.size)));
  }

  // Calls `body(point)` for the points of every cell that the box touches.
  #each(left, right, bottom, top, body) {
    const last = this.#column(right);
    for (let row = this.#row(bottom); row <= this.#row(top); row += 1) {
      for (let column = this.#column(left); column <= last; column += 1) {
        const c = row * this.columns + column;
        for (let n = this.starts[c]; n < this.starts[c + 1]; n += 1) body(this.points[n]);
      }
    }
  }

  /** The nearest point within `radius` that `isShown`, or −1. Of equally near ones, the last. */
  nearest(x, y, radius, isShown = () => true) {
    let best = -1;
    let least = radius * radius;
    this.#each(x - radius, x + radius, y - radius, y + radius, (p) => {
      const distance = (this.x[p] - x) ** 2 + (this.y[p] - y) ** 2;
      if (distance > least || !isShown(p) || (distance === least && p < best)) return;
      least = distance;
      best = p;
    });
    return best;
  }

  /** The points inside a polygon, given as [[x, y], …] and closed by itself, that are shown. */
  inside(polygon, isShown = () => true) {
    if (polygon.length < 3) return [];
    const xs = polygon.map((corner) => corner[0]);
    const ys = polygon.map((corner) => corner[1]);
    const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const found = [];
    this.#each(left, right, bottom, top, (p) => {
      if (this.x[p] < left || this.x[p] > right || this.y[p] < bottom || this.y[p] > top) return;
      if (isShown(p) && isInside(this.x[p], this.y[p], xs, ys)) found.push(p);
    });
    return found;
  }
}

/** Whether a place lies inside a polygon, by the even–odd rule. */
export function isInside(x, y, xs, ys) {
  let inside = false;
  for (let a = 0, b = xs.length - 1; a < xs.length; b = a, a += 1) {
    if (ys[a] > y !== ys[b] > y && x < ((xs[b] - xs[a]) * (y - ys[a])) / (ys[b] - ys[a]) + xs[a]) inside = !inside;
  }
  return inside;
}

/** Fewer corners, at most `most`, none of them more than needed to keep the shape. */
export function simplified(polygon, most = 48) {
  if (polygon.length <= most) return polygon;
  // The corners whose triangles with their neighbours are the smallest go first (Visvalingam, 1993).
  const left = polygon.map((corner) => corner);
  const area = (n) => {
    const [a, b, c] = [left.at(n - 1), left[n], left[(n + 1) % left.length]];
    return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]));
  };
  while (left.length > most) {
    let least = 0;
    let size = Infinity;
    for (let n = 0; n < left.length; n += 1) {
      const here = area(n);
      if (here < size) [size, least] = [here, n];
    }
    left.splice(least, 1);
  }
  return left;
}
