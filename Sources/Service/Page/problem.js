// What went wrong, as people read it: title, detail, what to do, and the request's id.
import { h } from "./dom.js";

// What a status means to whoever asked.
const titles = {
  400: "This could not be understood", 401: "Not signed in", 403: "Not allowed", 404: "Not there", 409: "Something else was quicker",
  413: "Too large", 415: "Not a kind of file that can be used", 422: "This cannot be used", 429: "Too many requests at once",
  500: "The daemon made a mistake", 503: "Busy",
};

/** An answer that is no success. */
export class Problem extends Error {
  constructor({ title: given, detail = "", hint = null, status = 0, code = "", requestId = null }) {
    const title = titles[status] ?? given;
    super(detail ? `${title}: ${detail}` : title);
    Object.assign(this, { title, detail, hint, status, code, requestId });
  }
}

export function fromNetwork() {
  return new Problem({
    title: "The daemon does not answer", detail: "the connection failed or was cut", code: "offline",
    hint: "see whether d2r-curate serve is still running, then try again",
  });
}

export async function fromResponse(response) {
  try {
    const body = await response.json();
    if (body?.title) return new Problem(body);
  } catch { /* not JSON */ }
  return new Problem({ title: `The daemon answered ${response.status}`, status: response.status });
}

const sentence = (text) => {
  const whole = text.trim();
  if (!whole) return "";
  return whole[0].toUpperCase() + whole.slice(1) + (/[.!?]$/.test(whole) ? "" : ".");
};

/** A box that says what happened; with `retry`, a button to try again. */
export function problemBox(error, retry) {
  const { title = "Something went wrong", detail, hint, requestId } =
    error instanceof Problem ? error : { title: "The page made a mistake", detail: String(error?.message ?? error) };
  return h("div", { class: "problem", role: "alert" },
    h("strong", {}, sentence(title)),
    detail && h("p", {}, sentence(detail)),
    hint && h("p", { class: "hint" }, "What to do: ", h("span", { class: "said" }, hint)),
    h("p", { class: "foot" },
      retry && h("button", { type: "button", class: "plain", onclick: retry }, "Try again"),
      requestId && h("span", { class: "muted" }, "Request ", h("code", {}, requestId))));
}

// What is drawn anew must not take the focus away from who works by keyboard.
function focusWithin(host) {
  const before = document.activeElement;
  if (!before || before === host || !host.contains(before)) return () => {};
  const looks = (e) => [e.tagName, e.getAttribute("href"), e.getAttribute("name"), e.textContent].join(" ");
  const same = looks(before);
  return () => [...host.querySelectorAll(before.tagName)].find((e) => looks(e) === same)?.focus({ preventScroll: true });
}

// How often each place was filled.
const turns = new WeakMap();

/**
 * Puts what `make` gives into `host`, or the problem with a button to try again; an answer that comes after the
 * place was to be filled with something else is dropped.
 */
export async function fill(host, make, signal) {
  const turn = (turns.get(host) ?? 0) + 1;
  turns.set(host, turn);
  const isLate = () => signal?.aborted || turns.get(host) !== turn;
  host.setAttribute("aria-busy", "true");
  try {
    const made = await make();
    if (isLate()) return;
    const restore = focusWithin(host);
    host.replaceChildren(...[made].flat(Infinity).filter(Boolean));
    restore();
  } catch (error) {
    if (error.name === "AbortError" || isLate()) return;
    if (!(error instanceof Problem)) console.error(error);
    const heading = host.querySelector("h1");
    host.replaceChildren(...[heading, problemBox(error, () => fill(host, make, signal))].filter(Boolean));
  } finally {
    if (turns.get(host) === turn) host.removeAttribute("aria-busy");
  }
}
