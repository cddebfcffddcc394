// Pictures come by fetch, as the token must go along. A bounded number is kept; what leaves is released.
import { call } from "./api.js";

const most = 600;
const atOnce = 4;
const kept = new Map(); // key → {promise, url}
const waiting = [];
let active = 0;
let looks = 0;

function release(entry) {
  entry.isGone = true;
  if (entry.url) URL.revokeObjectURL(entry.url);
}

function trim() {
  while (kept.size > most) {
    const [key, entry] = kept.entries().next().value;
    kept.delete(key);
    release(entry);
  }
}

function next() {
  while (active < atOnce && waiting.length) {
    // The newest first: it is what is on the screen now.
    const { run, isWanted, give } = waiting.pop();
    if (!isWanted()) {
      give();
      continue;
    }
    active += 1;
    run().finally(() => {
      active -= 1;
      next();
    });
  }
}

/** An address for an `img`, or null when `isWanted` said no by the time of its turn. */
export function pictureURL(image, { edge = 128, isRevealed = false, isWanted = () => true } = {}) {
  // Each look at a real face is asked for, so that each is on record; nothing else is asked twice.
  const key = isRevealed ? `${image}/${edge}/look ${(looks += 1)}` : `${image}/${edge}`;
  const before = kept.get(key);
  if (before) {
    kept.delete(key);
    kept.set(key, before);
    return before.promise;
  }
  const entry = { url: null, isGone: false, isReal: isRevealed };
  entry.promise = new Promise((resolve, reject) => {
    const give = () => {
      kept.delete(key);
      resolve(null);
    };
    const run = async () => {
      try {
        const response = await call("GET", `/images/${image}/picture?edge=${edge}${isRevealed ? "&reveal=true" : ""}`);
        const url = URL.createObjectURL(await response.blob());
        entry.url = url;
        if (entry.isGone) URL.revokeObjectURL(url);
        resolve(entry.isGone ? null : url);
      } catch (error) {
        kept.delete(key);
        reject(error);
      }
    };
    waiting.push({ run, isWanted, give });
  });
  kept.set(key, entry);
  trim();
  next();
  return entry.promise;
}

/** Releases the pictures of real people that were shown. */
export function forgetRevealed() {
  for (const [key, entry] of kept) {
    if (!entry.isReal) continue;
    kept.delete(key);
    release(entry);
  }
}

/** Releases every picture, as on signing out. */
export function forgetPictures() {
  waiting.length = 0;
  for (const entry of kept.values()) release(entry);
  kept.clear();
}

document.addEventListener("faces", () => {
  // Tiles that still show a face ask again at once; the rest must not stay in memory.
  setTimeout(forgetRevealedIfHidden, 0);
});

async function forgetRevealedIfHidden() {
  if (!document.querySelector(".tile[data-shown=real]")) forgetRevealed();
}
