// Asks the worker that opens reports for an address. A tab cannot send a token by itself; the worker adds
// it, and passes on the daemon's answer with the policy that shuts the report off.
import { session } from "./session.js";

const patience = 4000;

/** An address that a new tab can open, or null where the browser has no such workers. */
export async function reportAddress(name, file) {
  if (!("serviceWorker" in navigator)) return null;
  try {
    const registration = await navigator.serviceWorker.register("/page/report-worker.js", { scope: "/page/report/" });
    const worker = await active(registration);
    if (!worker) return null;
    await told(worker, { token: session.token });
    return `/page/report/${encodeURIComponent(name)}/${encodeURIComponent(file)}`;
  } catch {
    return null;
  }
}

function active(registration) {
  if (registration.active) return registration.active;
  const worker = registration.installing ?? registration.waiting;
  return new Promise((resolve) => {
    worker?.addEventListener("statechange", () => { if (worker.state === "activated") resolve(worker); });
    setTimeout(() => resolve(registration.active), patience);
  });
}

function told(worker, message) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    worker.postMessage(message, [channel.port2]);
    setTimeout(resolve, patience);
  });
}
