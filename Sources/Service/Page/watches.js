// Folders whose new pictures are indexed and gated on arrival.
import { get, patch, post, remove } from "./api.js";
import { asked, confirmed } from "./dialog.js";
import { h, settled } from "./dom.js";
import { action, field, tick } from "./field.js";
import { attempt } from "./live.js";
import { population, state } from "./marks.js";
import { fill } from "./problem.js";
import { session } from "./session.js";
import { empty, table } from "./table.js";
import { number, time } from "./words.js";

export const title = "Folders";

export async function open(page) {
  const host = h("div");
  const may = { isAllowed: session.can("admin"), why: "This needs the role admin." };
  const label = (word, one) => [word, h("span", { class: "unseen" }, ` ${one.path}`)];
  const draw = () => fill(host, list, page.signal);
  const run = (body) => attempt(body, draw);
  page.root.append(h("div", { class: "head" }, h("h1", {}, "Watched folders"), action("Watch a folder", create, { ...may, style: "plain solid" })),
    h("p", { class: "lede" }, "New pictures in these folders are indexed and pass the gates as they arrive."), host);
  if (!may.isAllowed) {
    host.append(empty("Only an admin sees which folders are watched."));
    return;
  }
  for (const kind of ["job", "change"]) page.listen(kind, settled(draw, 600));
  await draw();

  async function list() {
    const { items } = await get("/watches", { signal: page.signal });
    if (!items.length) return empty("No folder is watched. Pictures are then indexed only by jobs.");
    return table("Watched folders", [
      { name: "folder", cell: (one) => h("span", { class: "path", dir: "auto" }, one.path) },
      { name: "population", cell: (one) => population(one.population) },
      { name: "layout", cell: (one) => one.layout },
      { name: "last scan", cell: (one) => (one.paused ? state("paused") : [time(one.lastScanAt, { isRelative: true, otherwise: "not yet" }), one.problem ? h("p", { class: "complaint" }, one.problem) : null]) },
      { name: "gates", cell: (one) => (one.apply ? "decide" : "propose") },
      { name: "pending", isNumber: true, cell: (one) => number(one.pending) },
      { name: "jobs", isNumber: true, cell: (one) => number(Array.isArray(one.jobs) ? one.jobs.length : one.jobs) },
      { name: "", cell: (one) => h("span", { class: "buttons" },
        action(label(one.paused ? "Go on" : "Pause", one), () => run(() => patch(`/watches/${one.id}`, { paused: !one.paused })), may),
        action(label("Remove", one), async () => {
          if (await confirmed("Watch this folder no longer?", [`${one.path}: its pictures stay where they are.`], { yes: "Remove", isGrave: true })) run(() => remove(`/watches/${one.id}`));
        }, may)) },
    ], items);
  }

  async function create() {
    const { items } = await get("/verbs", { signal: page.signal });
    const choices = (name) => items.find((one) => one.verb === "index").options.find((one) => one.name === name).allowed;
    const made = await asked("Watch a folder", [
      field("Folder", { name: "path", isRequired: true, help: "A folder on the daemon's machine." }),
      field("Population", { name: "population", value: "digital", options: choices("--population") }),
      field("Layout", { name: "layout", value: "auto", options: choices("--layout"), help: "How folders name identities; auto finds out." }),
      tick("Write what the gates decide", { name: "apply", help: "Otherwise duplicates and leaks are only proposed." }),
    ], { yes: "Watch it", check: ({ apply, ...values }) => post("/watches", { ...values, apply: apply === "on" }) });
    if (made) draw();
  }
}
