// What the daemon tells by itself. A fetch is read as it comes, because an EventSource cannot send a
// token; a cut connection is taken up again after the last event that arrived.
import { session } from "./session.js";
import { EventReader } from "./event-reader.js";
import { fromResponse } from "./problem.js";

const listeners = new Map(); // kind → Set
const standings = new Set();
let running = null;
let reader = null;
let wasOpen = false;

/** Calls `body(data)` on each event of a kind; the returned function ends it. */
export function listen(kind, body) {
  if (!listeners.has(kind)) listeners.set(kind, new Set());
  listeners.get(kind).add(body);
  return () => listeners.get(kind).delete(body);
}

/** Calls `tell("live" | "waiting")` when the connection comes and goes. */
export function onStanding(tell) {
  standings.add(tell);
  return () => standings.delete(tell);
}

function spread({ kind, data }) {
  let value = data;
  try {
    value = JSON.parse(data);
  } catch { /* text stays text */ }
  for (const body of [...(listeners.get(kind) ?? [])]) {
    try {
      body(value);
    } catch (error) {
      console.error(error);
    }
  }
}

const pause = (milliseconds, signal) => new Promise((resolve) => {
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
});

async function read(path, reader, signal, onOpen) {
  const headers = { Authorization: `Bearer ${session.token}`, Accept: "text/event-stream" };
  if (reader.lastID) headers["Last-Event-ID"] = reader.lastID;
  const response = await fetch(path, { headers, signal, cache: "no-store" });
  if (response.status === 401) session.refused(await fromResponse(response));
  if (response.status === 401 || response.status === 403) return false;
  if (!response.ok || !response.body) throw new Error(`events: ${response.status}`);
  onOpen();
  const stream = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await stream.read();
    if (done) return true;
    reader.take(value).forEach(spread);
  }
}

// Waits 0.5 s after a cut, then twice as long each time, up to 30 s.
async function connect() {
  disconnect();
  const mine = new AbortController();
  running = mine;
  let wait = 500;
  while (!mine.signal.aborted) {
    try {
      const mayGoOn = await read("/api/v1/events", reader, mine.signal, () => {
        wait = 500;
        standings.forEach((tell) => tell("live"));
        // What was missed while away is asked for again.
        if (wasOpen) spread({ kind: "reconnected", data: "{}" });
        wasOpen = true;
      });
      if (!mayGoOn) return;
    } catch { /* cut: try again */ }
    if (mine.signal.aborted) return;
    standings.forEach((tell) => tell("waiting"));
    await pause(wait, mine.signal);
    wait = Math.min(wait * 2, 30000);
  }
}

function disconnect() {
  running?.abort();
  running = null;
}

/** Listens to the daemon until `stopEvents`. */
export function startEvents() {
  reader = new EventReader();
  wasOpen = false;
  connect();
}

export function stopEvents() {
  reader = null;
  disconnect();
}

// A browser keeps six connections to a server, for all its tabs: only tabs that are looked at hold one.
const patience = 5000;
let leaving = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(leaving);
  if (!reader) return;
  if (document.hidden) leaving = setTimeout(disconnect, patience);
  else if (!running) connect();
});
window.addEventListener("pagehide", disconnect);
window.addEventListener("pageshow", (event) => { if (event.persisted && reader) connect(); });
