// Draws a map without WebGL: pixels are set by hand, so 200,000 points still move.
import { bit, markerSize, mixedOrder } from "./map-look.js";

// Which pixels of a marker `size` wide belong to each shape: disc, square, triangle, diamond.
function stencil(shape, size, isHollow) {
  const middle = (size - 1) / 2;
  const reach = size / 2;
  const inside = (x, y, r) => {
    const [dx, dy] = [Math.abs(x - middle), Math.abs(y - middle)];
    if (size < 4 || shape === 1) return dx <= r && dy <= r;
    if (shape === 0) return dx * dx + dy * dy <= r * r + 0.3;
    if (shape === 2) return y - middle <= r && dx <= ((y - middle + r) / (2 * r)) * r + 0.2;
    return dx + dy <= r + 0.3;
  };
  const offsets = [];
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (!inside(x, y, reach)) continue;
      if (isHollow && size >= 5 && inside(x, y, reach - 1.6)) continue;
      offsets.push([Math.round(x - middle), Math.round(y - middle)]);
    }
  }
  return offsets;
}

/** The same renderer as `MapGL`, on a 2-D canvas. */
export class MapCanvas {
  constructor(canvas, map) {
    Object.assign(this, { canvas, map, context: canvas.getContext("2d"), order: mixedOrder(map.count), look: new Uint8Array(map.count * 4) });
  }

  setTones(tones) {
    const bytes = (tone, alpha) => ((alpha << 24) | (Math.round(tone[2] * 255) << 16) | (Math.round(tone[1] * 255) << 8) | Math.round(tone[0] * 255)) >>> 0;
    this.full = tones.map((tone) => bytes(tone, 255));
    this.faint = tones.map((tone) => bytes(tone, 48));
  }

  setLook(look) {
    this.look = look;
  }

  draw(frame, ratio, { share = 1, hasFaint = false } = {}) {
    const { canvas, map } = this;
    const [width, height] = [Math.max(1, Math.round(frame.width * ratio)), Math.max(1, Math.round(frame.height * ratio))];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    if (!this.image || this.image.width !== width || this.image.height !== height) this.image = new ImageData(width, height);
    const pixels = new Uint32Array(this.image.data.buffer);
    pixels.fill(0);
    const size = Math.max(2, Math.round(markerSize(map.count, frame.zoom) * ratio));
    const stencils = [0, 1, 2, 3].map((shape) => [stencil(shape, size, false), stencil(shape, size, true)]);
    const count = Math.min(map.count, Math.max(1, Math.round(map.count * share)));
    for (const pass of hasFaint ? [bit.faint, 0] : [0]) this.#pass(pass, count, { frame, ratio, width, height, pixels, stencils });
    this.context.putImageData(this.image, 0, 0);
  }

  #pass(pass, count, { frame, ratio, width, height, pixels, stencils }) {
    const { map, look, order } = this;
    const colours = pass ? this.faint : this.full;
    const scale = frame.scale * ratio;
    for (let n = 0; n < count; n += 1) {
      const p = order[n];
      const state = look[4 * p + 2];
      if (state & bit.hidden || (state & bit.faint) !== pass) continue;
      const left = Math.round(width / 2 + (map.x[p] - frame.x) * scale);
      const top = Math.round(height / 2 - (map.y[p] - frame.y) * scale);
      if (!(left > -9 && top > -9 && left < width + 9 && top < height + 9)) continue;
      const colour = colours[look[4 * p]];
      for (const [dx, dy] of stencils[look[4 * p + 1] & 3][state & bit.hollow ? 1 : 0]) {
        const x = left + dx;
        const y = top + dy;
        if (x >= 0 && y >= 0 && x < width && y < height) pixels[y * width + x] = colour;
      }
    }
  }
}
