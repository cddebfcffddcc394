// One audit's findings, and what is new or gone since the one before.
import { get } from "./api.js";
import { compareFindings } from "./findings.js";
import { h } from "./dom.js";
import { segments } from "./field.js";
import { state } from "./marks.js";
import { fill } from "./problem.js";
import { address } from "./route.js";
import { empty, table } from "./table.js";
import { number, plural, time } from "./words.js";

export const title = "Audit";

export async function open(page) {
  const [key] = page.parts;
  const host = h("div", {}, h("h1", {}, "Audit"));
  page.root.append(host);
  await fill(host, async () => {
    const [audit, { items }] = await Promise.all([
      get(`/audits/${encodeURIComponent(key)}`, { signal: page.signal }), get("/audits?limit=1000", { signal: page.signal })]);
    const same = items.filter((one) => one.suite === audit.suite);
    const place = same.findIndex((one) => one.key === key);
    const before = place >= 0 ? same[place + 1] : null;
    const earlier = before ? await get(`/audits/${encodeURIComponent(before.key)}`, { signal: page.signal }) : null;
    page.title(`Audit ${audit.suite}`);
    return view(page, audit, earlier, same[place - 1]);
  }, page.signal);
}

function view(page, audit, earlier, later) {
  const shown = page.query.get("show") ?? "";
  const { isNew, gone } = compareFindings(audit.findings, earlier?.findings ?? []);
  const fresh = new Set(earlier ? isNew : []);
  const list = shown === "gone" ? gone : shown === "new" ? isNew : audit.findings;
  const choices = [["", `all ${audit.findings.length}`], ["new", `new ${isNew.length}`], ["gone", `gone ${gone.length}`]];
  return [
    h("div", { class: "head" }, h("h1", {}, `Audit ${audit.suite}`),
      audit.failures ? state("failure", plural(audit.failures, "failure")) : state("clean", "nothing fails"),
      audit.warnings ? state("warning", plural(audit.warnings, "warning")) : null, state("note", plural(audit.notes, "note"))),
    h("p", { class: "lede" }, time(audit.finishedAt),
      earlier ? [" · before it: ", h("a", { href: address(["audit", earlier.key]) }, time(earlier.finishedAt)), ` with ${number(earlier.findings.length)} findings`] : " · the first of its suite",
      later ? [" · after it: ", h("a", { href: address(["audit", later.key]) }, time(later.finishedAt))] : null),
    earlier && segments("Findings", "show", choices, shown, (word) => page.turn({ show: word })),
    list.length ? table("Findings", [
      { name: "severity", cell: (one) => [state(one.severity), fresh.has(one) && !shown ? h("span", { class: "chip" }, "new") : null] },
      { name: "rule", cell: (one) => h("code", {}, one.rule) },
      { name: "subject", cell: (one) => h("span", { dir: "auto" }, one.subject) },
      { name: "message", cell: (one) => h("span", { dir: "auto" }, one.message) },
    ], list) : empty(shown ? "Nothing of that kind." : "No rule found anything."),
  ];
}
