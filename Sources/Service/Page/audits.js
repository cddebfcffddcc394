// The audits and how their findings went over time.
import { get } from "./api.js";
import { lineChart } from "./charts.js";
import { h, settled } from "./dom.js";
import { action } from "./field.js";
import { startJob } from "./job-start.js";
import { state } from "./marks.js";
import { session } from "./session.js";
import { address } from "./route.js";
import { empty, paged, table } from "./table.js";
import { number, time } from "./words.js";

export const title = "Audits";

export async function open(page) {
  const chart = h("div", { class: "charts" });
  page.root.append(h("div", { class: "head" }, h("h1", {}, "Audits"),
    action("Run audit", () => startJob("audit", []), { isAllowed: session.can("curator"), style: "plain solid" }),
    h("a", { class: "plain button", href: "#/schedule/new?verb=audit" }, "Schedule it")), chart);
  const list = paged("/audits", auditTable, empty("No audit has run yet. Run one, or schedule it for every night."), { signal: page.signal });
  page.root.append(list);
  const draw = () => {
    get("/status", { signal: page.signal }).then(({ trend }) => {
      if (!(trend?.length > 1)) return;
      const points = (name) => trend.map((audit) => ({ at: audit.at, value: audit[name] }));
      chart.replaceChildren(...[lineChart("Findings over audits", [{ name: "failures", style: "real", points: points("failures") },
        { name: "warnings", style: "warn", points: points("warnings") }, { name: "notes", style: "impostor", points: points("notes") }], { low: 0 })].filter(Boolean));
    }).catch(() => {});
  };
  page.listen("job", settled(() => { list.refresh(); draw(); }, 400));
  draw();
}

const auditTable = (items) => table("Audits", [
  { name: "finished", cell: (one) => h("a", { href: address(["audit", one.key]) }, time(one.finishedAt)) },
  { name: "suite", cell: (one) => one.suite },
  { name: "verdict", cell: (one) => (one.failures ? state("failure", "fails") : one.warnings ? state("warning", "warnings") : state("clean")) },
  { name: "failures", isNumber: true, cell: (one) => number(one.failures) },
  { name: "warnings", isNumber: true, cell: (one) => number(one.warnings) },
  { name: "notes", isNumber: true, cell: (one) => number(one.notes) },
], items);
