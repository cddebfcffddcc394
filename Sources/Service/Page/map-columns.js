// A map as the daemon sends it: columns of numbers, one after the other, used as they lie.

const mark = "D2RMAP1\n";

/** Reads {count, x, y, image, identity, population, flags}; throws when the bytes are no map. */
export function parseColumns(buffer) {
  const head = buffer.byteLength >= 16 ? new TextDecoder().decode(new Uint8Array(buffer, 0, 8)) : "";
  if (head !== mark) throw new Error("these bytes are no map of this version");
  const count = new DataView(buffer).getUint32(8, true);
  if (buffer.byteLength !== 16 + count * 18) {
    throw new Error(`a map of ${count} images has ${16 + count * 18} bytes, this has ${buffer.byteLength}`);
  }
  const column = (Kind, place) => new Kind(buffer, 16 + place * count, count);
  return {
    count, x: column(Float32Array, 0), y: column(Float32Array, 4), image: column(Uint32Array, 8),
    identity: column(Uint32Array, 12), population: column(Uint8Array, 16), flags: column(Uint8Array, 17),
  };
}

export const flag = { quarantined: 1, real: 2, review: 4 };

/** The box around every finite point; a unit box when there is none. */
export function boundsOf({ count, x, y }) {
  const box = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
  for (let p = 0; p < count; p += 1) {
    if (!Number.isFinite(x[p]) || !Number.isFinite(y[p])) continue;
    if (x[p] < box.left) box.left = x[p];
    if (x[p] > box.right) box.right = x[p];
    if (y[p] < box.bottom) box.bottom = y[p];
    if (y[p] > box.top) box.top = y[p];
  }
  if (!(box.left <= box.right)) return { left: 0, right: 1, bottom: 0, top: 1 };
  if (box.left === box.right) box.right += 1;
  if (box.bottom === box.top) box.top += 1;
  return box;
}
