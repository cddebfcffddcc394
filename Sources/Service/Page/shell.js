// What stands around every page: the navigation, the workspace's name, and the standing of the connection.
import { get } from "./api.js";
import { h, settled } from "./dom.js";
import { listen, onStanding } from "./events.js";
import { showKeys } from "./keys.js";
import { facesNotice } from "./faces.js";
import { session } from "./session.js";

const groups = [
  ["", [["", "Overview"]]],
  ["Look", [["map", "Map"], ["images", "Images"], ["identities", "Identities"], ["search", "Search"]]],
  ["Decide", [["review", "Review"], ["ledger", "Ledger"]]],
  ["Make and check", [["quota", "Quota"], ["audits", "Audits"], ["reports", "Reports"]]],
  ["Run", [["jobs", "Jobs"], ["schedules", "Schedules"], ["watches", "Folders"], ["alerts", "Alerts"]]],
  ["", [["settings", "Settings"]]],
];
const parents = { image: "images", identity: "identities", audit: "audits", job: "jobs", start: "jobs", schedule: "schedules" };

function navigation() {
  return groups.filter(([, links]) => links.length).map(([title, links]) => [
    title && h("p", { class: "nav-group" }, title),
    h("ul", {}, links.map(([name, label]) =>
      h("li", {}, h("a", { href: `#/${name}`, "data-nav": name || "overview" }, h("span", {}, label))))),
  ]);
}

/** Draws the frame into `host`; gives the place for views, and what marks the view that is open. */
export function shell(host, signOut) {
  const standing = h("span", { class: "standing", "data-standing": "waiting", title: "The connection for live news" }, "connecting");
  const main = h("main", { id: "content", tabindex: "-1" });
  const nav = h("nav", { id: "nav", "aria-label": "Pages" }, navigation());
  const menu = h("button", { type: "button", class: "plain menu", "aria-expanded": "false", "aria-controls": "nav",
    onclick: () => turn(menu.getAttribute("aria-expanded") !== "true") }, "Menu");
  function turn(isOpen) {
    menu.setAttribute("aria-expanded", String(isOpen));
    nav.classList.toggle("open", isOpen);
  }
  nav.addEventListener("click", (event) => { if (event.target.closest("a")) turn(false); });
  nav.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !nav.classList.contains("open")) return;
    turn(false);
    menu.focus();
  });
  host.replaceChildren(
    h("header", { class: "side" },
      h("div", { class: "brand" },
        h("a", { href: "#/", class: "name", dir: "auto" }, session.workspace || "workspace"),
        standing, menu),
      nav,
      h("div", { class: "side-foot" },
        h("p", { class: "muted" }, session.name, " · ", session.role),
        h("button", { type: "button", class: "plain quiet", onclick: showKeys }, "Keys ", h("kbd", {}, "?")),
        h("button", { type: "button", class: "plain quiet", onclick: signOut }, "Sign out"))),
    h("div", { class: "page" }, facesNotice(), main));
  onStanding((word) => {
    standing.dataset.standing = word;
    standing.textContent = word === "live" ? "live" : "reconnecting";
  });
  countOpenReview(nav);
  return { main, mark: (name) => mark(nav, parents[name] ?? name) };
}

function mark(nav, name) {
  for (const link of nav.querySelectorAll("a")) {
    if (link.dataset.nav === (name || "overview")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

// How many pairs and jobs wait, beside their links.
function countOpenReview(nav) {
  const put = (name, count, word) => {
    const link = nav.querySelector(`[data-nav=${name}]`);
    if (!link) return;
    link.querySelector(".count")?.remove();
    if (count) link.append(h("span", { class: "count" }, String(count), h("span", { class: "unseen" }, ` ${word}`)));
  };
  const refresh = settled(async () => {
    if (!nav.isConnected || !session.token) return;
    try {
      const { review, jobs } = await get("/status");
      put("review", review.duplicates + review.leaks, "open");
      put("jobs", jobs.running + jobs.queued, "running or queued");
    } catch { /* the overview says what is wrong */ }
  }, 400);
  refresh();
  for (const kind of ["job", "change", "reconnected"]) listen(kind, refresh);
}
