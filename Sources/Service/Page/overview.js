// The workspace at a glance: is it clean, what is stale, what waits for a person.
import { get } from "./api.js";
import { lineChart, stackedBar } from "./charts.js";
import { h, settled } from "./dom.js";
import { action } from "./field.js";
import { jobLine } from "./job-line.js";
import { startJob } from "./job-start.js";
import { icon, population, state } from "./marks.js";
import { fill } from "./problem.js";
import { session } from "./session.js";
import { empty, facts, table } from "./table.js";
import { number, percent, plural, time } from "./words.js";

export const title = "Overview";

const verdicts = {
  clean: ["good", "Clean", "The last audit found nothing that fails."],
  findings: ["bad", "Findings", ""],
  unknown: ["none", "Not audited", "No audit has run yet."],
};

export async function open(page) {
  const top = h("div");
  const jobs = h("div");
  const charts = h("div", { class: "charts" });
  page.root.append(h("h1", {}, session.workspace || "Overview"), top, h("section", { "aria-label": "Running jobs" }, jobs), charts);
  const refresh = () => fill(top, async () => summary(await get("/status", { signal: page.signal })), page.signal);
  const refreshJobs = () => fill(jobs, () => running(page), page.signal);
  const refreshCharts = () => fill(charts, () => trends(page), page.signal);
  const later = settled(() => { refresh(); refreshCharts(); }, 600);
  page.listen("change", later);
  page.listen("reconnected", later);
  page.listen("job", settled(() => { refreshJobs(); later(); }, 300));
  await Promise.all([refresh(), refreshJobs(), refreshCharts()]);
}

function summary(status) {
  const [tone, word, text] = verdicts[status.verdict] ?? verdicts.unknown;
  const { failures, warnings, notes } = status.findings ?? { failures: 0, warnings: 0, notes: 0 };
  const said = status.verdict === "findings"
    ? `${plural(failures, "failure")}, ${plural(warnings, "warning")} and ${plural(notes, "note")} in the last audit.` : text;
  return [
    h("div", { class: "verdict-row" },
      h("p", { class: `verdict ${tone}` }, icon(tone), h("strong", {}, word), h("span", {}, said)),
      h("span", { class: "muted" }, "Audited ", time(status.auditedAt, { isRelative: true }), " · ", h("a", { href: "#/audits" }, "history")),
      action("Run audit", () => startJob("audit", []), { isAllowed: session.can("curator"), style: "plain solid" })),
    figures(status),
    h("div", { class: "columns" },
      h("section", {}, h("h2", {}, "Stages"), stages(status.stages)),
      h("section", {}, h("h2", {}, "Populations"), populations(status.populations), rejected(status.outcomes)),
      h("section", {}, h("h2", {}, "Quota"), quota(status.quota)),
      h("section", {}, h("h2", {}, "Spaces"), spaces(status.spaces))),
  ];
}

function figures(status) {
  const { review } = status;
  const cell = (label, value, note, href) => h("a", { href, class: "figure-cell" },
    h("span", { class: "figure" }, number(value)), h("span", {}, label), h("span", { class: "note" }, note));
  const images = status.populations.reduce((sum, one) => sum + one.images, 0);
  const removed = status.populations.reduce((sum, one) => sum + one.quarantined, 0);
  return h("div", { class: "figures" },
    cell("images", images, `${number(removed)} in quarantine`, "#/images"),
    cell("duplicates to review", review.duplicates, "pairs without an answer", "#/review?kind=duplicate"),
    cell("leaks to review", review.leaks, "pairs without an answer", "#/review?kind=leak"),
    cell("jobs running", status.jobs.running, `${number(status.jobs.queued)} queued, ${number(status.jobs.failed)} failed`, "#/jobs"),
    cell("decisions", status.ledger.count, "in the ledger", "#/ledger"));
}

function stages(list) {
  if (!list?.length) return empty("No stage has a standing yet. ", h("a", { href: "#/start?verb=run" }, "Run the whole job"), " to bring all of them up to date.");
  return h("ul", { class: "stages" }, list.map((stage) => h("li", {},
    h("span", {}, stage.name), state(stage.standing), time(stage.finishedAt, { isRelative: true, otherwise: "" }))));
}

function populations(list) {
  if (!list?.length) return empty("No images yet. ", h("a", { href: "#/start?verb=index" }, "Index a folder"), " to begin.");
  return table("Populations", [
    { name: "population", cell: (one) => h("a", { href: `#/images?population=${one.population}` }, population(one.population)) },
    { name: "images", isNumber: true, cell: (one) => number(one.images) },
    { name: "identities", isNumber: true, cell: (one) => number(one.identities) },
    { name: "quarantined", isNumber: true, cell: (one) => number(one.quarantined) },
  ], list);
}

function rejected(outcomes) {
  if (!outcomes?.length) return null;
  return h("details", {}, h("summary", {}, "Files by outcome"), table("Files by outcome", [
    { name: "population", cell: (one) => one.population },
    { name: "outcome", cell: (one) => one.outcome },
    { name: "reason", cell: (one) => one.reason ?? "" },
    { name: "files", isNumber: true, cell: (one) => number(one.files) },
  ], outcomes));
}

function quota(found) {
  if (!found) return empty("No quota has been asked for. ", h("a", { href: "#/quota" }, "Start a fill"), " to make the images that are missing.");
  const had = Math.max(0, found.wanted - found.accepted - found.shortfall);
  return [
    stackedBar(`${number(found.shortfall)} of ${number(found.wanted)} images are missing`, [
      { style: "had", count: had }, { style: "accepted", count: found.accepted }, { style: "short", count: found.shortfall }]),
    facts([["identities", number(found.identities)], ["images wanted", number(found.wanted)],
      ["made and accepted", number(found.accepted)],
      ["shortfall", h("a", { href: "#/quota" }, number(found.shortfall)), `${percent(found.shortfall, found.wanted)} of what is wanted`]]),
  ];
}

function spaces(list) {
  if (!list?.length) return empty("No image has been embedded yet.");
  return table("Spaces", [
    { name: "space", cell: (one) => one.space },
    { name: "encoder", cell: (one) => h("code", { title: one.encoder }, (one.encoder ?? "–").slice(0, 12)) },
    { name: "width", isNumber: true, cell: (one) => number(one.width) },
    { name: "vectors", isNumber: true, cell: (one) => number(one.vectors) },
  ], list);
}

async function running(page) {
  const { items } = await get("/jobs?state=running&limit=5", { signal: page.signal });
  return items.length ? [h("h2", {}, "Running now"), h("ul", { class: "job-lines" }, items.map(jobLine))] : [];
}

async function trends(page) {
  const [status, drift] = await Promise.all([get("/status", { signal: page.signal }), get("/deltas/drift", { signal: page.signal }).catch(() => ({ items: [] }))]);
  const trend = status.trend ?? [];
  const points = (name) => trend.map((audit) => ({ at: audit.at, value: audit[name] }));
  const spacesSeen = [...new Set(drift.items.filter((one) => one.cosineToFirst !== null).map((one) => one.space))];
  const tones = ["digital", "generated", "reference"];
  return [
    lineChart("Findings over audits", [
      { name: "failures", style: "real", points: points("failures") },
      { name: "warnings", style: "warn", points: points("warnings") },
      { name: "notes", style: "impostor", points: points("notes") }], { low: 0 }),
    lineChart("Drift of Δ: cosine to the first", spacesSeen.map((space, place) => ({
      name: space, style: tones[place % 3],
      points: drift.items.filter((one) => one.space === space && one.cosineToFirst !== null).map((one) => ({ at: one.at, value: one.cosineToFirst })),
    })), { high: 1, format: (value) => value.toFixed(3) }),
  ];
}
