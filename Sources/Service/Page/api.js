// The daemon's answers. Every call carries the token; what came before is asked for by its ETag.
import { Problem, fromNetwork, fromResponse } from "./problem.js";
import { session } from "./session.js";

const base = "/api/v1";
const remembered = new Map(); // path → {tag, body}
const most = 80;

function keep(path, entry) {
  remembered.delete(path);
  remembered.set(path, entry);
  if (remembered.size > most) remembered.delete(remembered.keys().next().value);
}

/** Forgets every answer, as on signing out. */
export const forgetAnswers = () => remembered.clear();

/** One request; throws a `Problem` that people can read. */
export async function call(method, path, { body, type, signal, headers = {} } = {}) {
  const all = { ...headers, Authorization: `Bearer ${session.token ?? ""}` };
  if (type) all["Content-Type"] = type;
  let response;
  for (let turn = 0; ; turn += 1) {
    try {
      response = await fetch(base + path, { method, headers: all, body, signal, cache: "no-store" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw fromNetwork();
    }
    // Too many at once, or another command writes: reading waits a moment and asks again.
    if (method !== "GET" || ![429, 503].includes(response.status) || turn === 4) break;
    await new Promise((resolve) => { setTimeout(resolve, 1000 * Math.min(3, Number(response.headers.get("Retry-After")) || 1)); });
  }
  if (response.ok || response.status === 304) return response;
  const problem = await fromResponse(response);
  if (response.status === 401) session.refused(problem);
  throw problem;
}

/** The JSON at `path`. */
export async function get(path, { signal } = {}) {
  const before = remembered.get(path);
  const headers = before ? { "If-None-Match": before.tag } : {};
  const response = await call("GET", path, { signal, headers });
  if (response.status === 304 && before) return before.body;
  const body = await response.json();
  const tag = response.headers.get("ETag");
  if (tag) keep(path, { tag, body });
  return body;
}

/** Sends JSON; the answer's JSON, or null where there is none. */
export async function send(method, path, value, { signal } = {}) {
  const response = await call(method, path, {
    signal, body: value === undefined ? undefined : JSON.stringify(value),
    type: value === undefined ? undefined : "application/json",
  });
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

export const post = (path, value = {}, options) => send("POST", path, value, options);
export const patch = (path, value) => send("PATCH", path, value);
export const remove = (path) => send("DELETE", path);

/** Every item of a list, page by page, at most `limit` of them. */
export async function all(path, { signal, limit = 5000 } = {}) {
  const items = [];
  let cursor = null;
  do {
    const mark = path.includes("?") ? "&" : "?";
    const next = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const answer = await get(`${path}${mark}limit=1000${next}`, { signal });
    items.push(...answer.items);
    cursor = answer.next;
  } while (cursor && items.length < limit);
  return items;
}

/** `?a=1&b=2` of the values that are set; an empty string when none is. */
export function query(values) {
  const pairs = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}

export { Problem };
