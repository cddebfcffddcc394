// What is missing for each identity, and filling it with live progress.
import { get } from "./api.js";
import { stackedBar } from "./charts.js";
import { h, settled } from "./dom.js";
import { field } from "./field.js";
import { jobLine } from "./job-line.js";
import { startJob } from "./job-start.js";
import { fill } from "./problem.js";
import { address } from "./route.js";
import { session } from "./session.js";
import { empty, table } from "./table.js";
import { number, percent } from "./words.js";

export const title = "Quota";

const step = 100;

export async function open(page) {
  const live = h("section", { "aria-label": "Running fills" });
  const host = h("div");
  page.root.append(h("h1", {}, "Quota"), live, fillForm(), host);
  const refresh = () => fill(host, async () => view(page, await get("/quota", { signal: page.signal })), page.signal);
  const running = () => fill(live, async () => {
    const { items } = await get("/jobs?state=running&limit=20", { signal: page.signal });
    const fills = items.filter((job) => job.verb === "fill");
    return fills.length ? h("ul", { class: "job-lines" }, fills.map(jobLine)) : [];
  }, page.signal);
  page.listen("job", settled(() => { running(); refresh(); }, 250));
  page.listen("reconnected", refresh);
  await Promise.all([refresh(), running()]);
}

function fillForm() {
  const may = session.can("curator");
  const form = h("form", { class: "tools fill-form", "aria-label": "Start a fill" },
    field("Images per identity", { name: "per", type: "number", min: 1, value: "20", isRequired: true }),
    field("Budget", { name: "budget", type: "number", min: 1, placeholder: "no limit", help: "Most calls of the generator." }),
    h("button", { type: "submit", class: "plain solid", disabled: !may, title: may ? null : "This needs the role curator." }, "Start fill"),
    h("a", { class: "plain button", href: "#/start?verb=fill" }, "More options"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { per, budget } = Object.fromEntries(new FormData(form));
    await startJob("fill", ["--per-identity", per, ...(budget ? ["--budget", budget] : [])]);
  });
  return form;
}

function view(page, found) {
  if (!found.items.length) return empty("No quota is known yet: start a fill.");
  const had = found.items.reduce((sum, one) => sum + one.had, 0);
  return [
    h("div", { class: "columns" },
      h("section", {}, h("h2", {}, "All identities"),
        h("p", { class: "big-line" }, h("span", { class: "figure" }, number(found.shortfall)), " images are missing of ", number(found.wanted), ", ", percent(found.shortfall, found.wanted)),
        stackedBar("had, accepted and missing", [{ style: "had", count: had }, { style: "accepted", count: found.accepted }, { style: "short", count: found.shortfall }]),
        h("ul", { class: "swatches" }, [["had", "had before", had], ["accepted", "made and accepted", found.accepted], ["short", "missing", found.shortfall]]
          .map(([style, label, count]) => h("li", {}, h("i", { class: style }), `${label} ${number(count)}`)))),
      h("section", {}, h("h2", {}, "What became of candidates"), candidates(found))),
    h("section", {}, h("h2", {}, "By identity"), rows(page, found.items)),
  ];
}

// Each candidate was accepted, or stopped at one gate.
function candidates({ accepted, funnel = [] }) {
  const rows = [["accepted", accepted], ...funnel.map((one) => [one.gate, one.count])];
  const sum = rows.reduce((total, [, count]) => total + count, 0);
  if (!sum) return empty("No candidate has been made.");
  return h("ul", { class: "funnel" }, rows.map(([name, count]) => h("li", {}, h("span", {}, name),
    h("meter", { min: 0, max: sum, value: String(count), "aria-label": name }), h("span", { class: "n" }, number(count)))));
}

function rows(page, items) {
  const short = page.query.get("show") !== "all";
  const sorted = [...items].filter((one) => !short || one.shortfall > 0).sort((a, b) => b.shortfall - a.shortfall || a.identity.id - b.identity.id);
  const turn = h("button", { type: "button", id: "quota-show", class: "plain", onclick: () => page.turn({ show: short ? "all" : "" }) },
    short ? `Show all ${number(items.length)}` : "Show only short ones");
  if (!sorted.length) return [h("p", { class: "good-line" }, "Every identity has its quota. "), turn];
  const list = table("Quota by identity", [
    { name: "identity", cell: (one) => h("a", { href: address(["identity", one.identity.id]), dir: "auto" }, one.identity.name) },
    { name: "images", cell: (one) => stackedBar(`${one.had} had, ${one.accepted} accepted, ${one.shortfall} missing`, [
      { style: "had", count: one.had }, { style: "accepted", count: one.accepted }, { style: "short", count: one.shortfall }]) },
    { name: "wanted", isNumber: true, cell: (one) => number(one.wanted) },
    { name: "had", isNumber: true, cell: (one) => number(one.had) },
    { name: "accepted", isNumber: true, cell: (one) => number(one.accepted) },
    { name: "attempts", isNumber: true, cell: (one) => number(one.attempts) },
    { name: "shortfall", isNumber: true, cell: (one) => number(one.shortfall) },
    { name: "why", cell: (one) => (one.shortfall ? one.reason : "") },
  ], sorted.slice(0, step));
  let shown = step;
  const more = sorted.length > step && h("button", { type: "button", class: "plain more", onclick: () => {
    list.add(sorted.slice(shown, (shown += step)));
    if (shown >= sorted.length) more.remove();
  } }, "Show more");
  return [h("div", { class: "tools" }, turn), list, more];
}
