// Which part of a map is on the screen: a centre and pixels per unit. Up is up on both.

/** The window onto a map. Coordinates of the screen are in CSS pixels from the upper left. */
export class MapFrame {
  constructor(bounds, width = 1, height = 1) {
    this.bounds = bounds;
    this.width = width;
    this.height = height;
    this.fit();
  }

  /** Pixels per unit when the whole map is seen. */
  get whole() {
    const { left, right, bottom, top } = this.bounds;
    return 0.94 * Math.min(this.width / (right - left), this.height / (top - bottom));
  }

  get zoom() {
    return this.scale / this.whole;
  }

  fit() {
    const { left, right, bottom, top } = this.bounds;
    this.x = (left + right) / 2;
    this.y = (bottom + top) / 2;
    this.scale = this.whole;
  }

  /** Takes the size of the screen; what was in the middle stays there. */
  resize(width, height) {
    const { zoom } = this;
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.scale = this.whole * zoom;
  }

  toScreen(x, y) {
    return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale];
  }

  toMap(left, top) {
    return [this.x + (left - this.width / 2) / this.scale, this.y - (top - this.height / 2) / this.scale];
  }

  /** Moves the map by pixels. */
  pan(dx, dy) {
    this.x -= dx / this.scale;
    this.y += dy / this.scale;
    this.#hold();
  }

  /** Enlarges by `factor`; the place under (left, top) stays where it is. */
  zoomAt(left, top, factor) {
    const [x, y] = this.toMap(left, top);
    const zoom = Math.min(4000, Math.max(0.5, this.zoom * factor));
    this.scale = this.whole * zoom;
    this.x = x - (left - this.width / 2) / this.scale;
    this.y = y + (top - this.height / 2) / this.scale;
    this.#hold();
  }

  /** Shows a box of the map with a margin. */
  show({ left, right, bottom, top }) {
    this.x = (left + right) / 2;
    this.y = (bottom + top) / 2;
    const least = (this.bounds.right - this.bounds.left) / 400;
    this.scale = 0.8 * Math.min(this.width / Math.max(right - left, least), this.height / Math.max(top - bottom, least));
    this.#hold();
  }

  // The middle of the screen never leaves the map, so that it cannot get lost.
  #hold() {
    const { left, right, bottom, top } = this.bounds;
    this.x = Math.min(right, Math.max(left, this.x));
    this.y = Math.min(top, Math.max(bottom, this.y));
  }

  /** A place on the map as parts of 10,000 of its box. */
  toParts(x, y) {
    const { left, right, bottom, top } = this.bounds;
    return [Math.round((10000 * (x - left)) / (right - left)), Math.round((10000 * (y - bottom)) / (top - bottom))];
  }

  fromParts(across, up) {
    const { left, right, bottom, top } = this.bounds;
    return [left + (across / 10000) * (right - left), bottom + (up / 10000) * (top - bottom)];
  }

  /** The window as text for an address, such as "5000,5000,1.00"; null for the whole map. */
  get text() {
    const [across, up] = this.toParts(this.x, this.y);
    const isWhole = Math.abs(this.zoom - 1) < 0.005 && across === 5000 && up === 5000;
    return isWhole ? null : `${across},${up},${this.zoom.toFixed(2)}`;
  }

  /** Reads what `text` wrote; nonsense shows the whole map. */
  read(text) {
    const [across, up, zoom] = (text ?? "").split(",").map(Number);
    if (!Number.isFinite(across) || !Number.isFinite(up) || !(zoom > 0)) return this.fit();
    [this.x, this.y] = this.fromParts(across, up);
    this.scale = this.whole * Math.min(4000, Math.max(0.5, zoom));
    return this.#hold();
  }
}
