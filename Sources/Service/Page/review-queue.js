// The pairs of one session: what is answered goes to the daemon in order, without making anyone wait.
import { post } from "./api.js";

export class ReviewQueue {
  #pairs;
  #done = new Map(); // answered pairs by key
  #sent = Promise.resolve();
  #pending = 0;
  left;
  answered = 0;
  mayUndo = true;

  /** `answer` is what `GET /review` gave; `send` posts (a test gives its own). */
  constructor({ items, left }, kind = "", send = post) {
    this.#pairs = [...items];
    this.left = left;
    this.kind = kind;
    this.send = send;
  }

  get current() {
    return this.#pairs[0] ?? null;
  }

  next(count) {
    return this.#pairs.slice(1, 1 + count);
  }

  get isWaiting() {
    return !this.current && this.left > 0;
  }

  get needsMore() {
    return this.#pending === 0 && this.#pairs.length < 8 && this.#pairs.length < this.left;
  }

  /** Answers the current pair and goes on at once. When the daemon refuses, the pair comes back. */
  answer(word, note) {
    const pair = this.#pairs.shift();
    this.#done.set(pair.pair, pair);
    this.left -= 1;
    this.answered += 1;
    this.#pending += 1;
    const sending = this.#sent.then(() => this.send("/review/answers", { pair: pair.pair, answer: word, ...(note ? { note } : {}) }));
    this.#sent = sending.catch(() => {});
    return sending.catch((error) => {
      this.#done.delete(pair.pair);
      this.#pairs.unshift(pair);
      this.left += 1;
      this.answered -= 1;
      throw error;
    }).finally(() => { this.#pending -= 1; });
  }

  /**
   * Takes the last answer back; gives its pair, or null when there is none. `find(key)` looks for a
   * pair that was answered before this session.
   */
  async undo(find) {
    const undoing = this.#sent.then(() => this.send("/review/undo", {}));
    this.#sent = undoing.catch(() => {});
    const { pair: key } = await undoing;
    if (!key) {
      this.mayUndo = false;
      return null;
    }
    const pair = this.#done.get(key) ?? (await find(key));
    if (!pair) return { pair: key };
    this.#done.delete(key);
    this.answered = Math.max(0, this.answered - 1);
    if (!this.kind || pair.kind === this.kind) {
      this.left += 1;
      this.#pairs = [{ ...pair, answer: null }, ...this.#pairs.filter((one) => one.pair !== pair.pair)];
    }
    return pair;
  }

  /** Takes pairs that are not here yet. One answered "unsure" stays open, but is not asked again in this session. */
  add({ items, left }) {
    const known = new Set(this.#pairs.map((pair) => pair.pair));
    const open = items.filter((pair) => !this.#done.has(pair.pair));
    this.#pairs.push(...open.filter((pair) => !known.has(pair.pair)));
    this.left = items.length === left ? this.#pairs.length : left - (items.length - open.length);
  }
}
