// Stands between a report's tab and the daemon: adds the token to the one request the tab makes.
"use strict";

let token = null; // in memory only; gone when the worker is put to sleep

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("message", (event) => {
  token = event.data.token;
  event.ports[0]?.postMessage("taken");
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const prefix = "/page/report/";
  if (url.origin !== location.origin || !url.pathname.startsWith(prefix)) return;
  event.respondWith(answer(url.pathname.slice(prefix.length)));
});

async function answer(path) {
  if (!token) return text("Open this report again from the page: the door to it has been shut.");
  try {
    const response = await fetch(`/api/v1/reports/${path}`, { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
    return response.ok ? response : text(`The daemon answered ${response.status}.`);
  } catch {
    return text("The daemon does not answer.");
  }
}

const text = (words) => new Response(words, { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } });
