// From the address to a view: opens it, closes the one before, and puts the focus where reading begins.
import { h } from "./dom.js";
import { listen } from "./events.js";
import { bind } from "./keys.js";
import { say } from "./live.js";
import { fromNetwork, Problem, problemBox } from "./problem.js";
import { address, parseRoute } from "./route.js";

const views = {
  "": () => import("./overview.js"),
  map: () => import("./map-view.js"),
  images: () => import("./images.js"),
  image: () => import("./image.js"),
  identities: () => import("./identities.js"),
  identity: () => import("./identity.js"),
  search: () => import("./search.js"),
  review: () => import("./review.js"),
  ledger: () => import("./ledger.js"),
  quota: () => import("./quota.js"),
  audits: () => import("./audits.js"),
  audit: () => import("./audit.js"),
  reports: () => import("./reports.js"),
  jobs: () => import("./jobs.js"),
  job: () => import("./job.js"),
  start: () => import("./start.js"),
  schedules: () => import("./schedules.js"),
  schedule: () => import("./schedule.js"),
  alerts: () => import("./alerts.js"),
  watches: () => import("./watches.js"),
  settings: () => import("./settings.js"),
};

let current = null; // {leave, path}

/** What a view is given: where to draw, its address, and things that end when it is left. */
function pageFor(root, route, leaving) {
  const page = {
    root, signal: leaving.signal, parts: route.parts.slice(1), query: route.query,
    /** Names the view in the window's title. */
    title(text) {
      document.title = `${text} · d2r-curate`;
    },
    /** Writes values into the address without opening anything. */
    note(values) {
      for (const [name, value] of Object.entries(values)) {
        if (value === null || value === "" || value === undefined) page.query.delete(name);
        else page.query.set(name, value);
      }
      history.replaceState(null, "", address(route.parts, page.query));
    },
    /** Goes to this view with other values. */
    turn(values) {
      const next = new URLSearchParams(page.query);
      for (const [name, value] of Object.entries(values)) {
        if (value === null || value === "" || value === undefined) next.delete(name);
        else next.set(name, value);
      }
      location.hash = address(route.parts, next);
    },
    listen(kind, body) {
      page.atEnd(listen(kind, body));
    },
    keys(bindings) {
      page.atEnd(bind(bindings));
    },
    atEnd(body) {
      leaving.signal.addEventListener("abort", body, { once: true });
    },
  };
  return page;
}

async function open(main, mark) {
  const route = parseRoute(location.hash);
  const [name = ""] = route.parts;
  const path = route.parts.join("/");
  const isSame = current?.path === path;
  const focused = isSame ? document.activeElement?.id : null;
  current?.leaving.abort();
  const leaving = new AbortController();
  current = { leaving, path };
  mark(name);
  const root = h("div", { class: `view view-${name || "overview"}` });
  try {
    const load = views[name];
    if (!load) throw new Problem({ title: "There is no such page", detail: `nothing is called '${name}'`, hint: "choose one from the list of pages" });
    const view = await load().catch((error) => {
      // The view's own file could not be fetched.
      throw error instanceof TypeError ? fromNetwork() : error;
    });
    if (leaving.signal.aborted) return;
    main.replaceChildren(root);
    const page = pageFor(root, route, leaving);
    page.title(view.title);
    await view.open(page);
  } catch (error) {
    if (error.name === "AbortError" || leaving.signal.aborted) return;
    main.replaceChildren(h("h1", {}, "This page cannot be shown"), problemBox(error, () => open(main, mark)));
  }
  if (leaving.signal.aborted) return;
  settle(main, focused, isSame);
}

function settle(main, focused, isSame) {
  const before = focused && document.getElementById(focused);
  if (before) before.focus();
  if (before || isSame) return;
  window.scrollTo(0, 0);
  const heading = main.querySelector("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  say(heading.textContent);
}

/** Follows the address from now on. `mark` is told the name of each view. */
export function follow(main, mark) {
  const go = () => open(main, mark);
  window.addEventListener("hashchange", go);
  go();
  return () => {
    window.removeEventListener("hashchange", go);
    current?.leaving.abort();
    current = null;
  };
}

/** Opens the present address again, as after a change. */
export const again = () => window.dispatchEvent(new HashChangeEvent("hashchange"));
