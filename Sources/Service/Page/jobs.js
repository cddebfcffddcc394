// Every job, the newest first, with live states.
import { post } from "./api.js";
import { h, settled } from "./dom.js";
import { action, segments } from "./field.js";
import { commandLine, progressBar } from "./job-line.js";
import { toastProblem } from "./live.js";
import { state } from "./marks.js";
import { session } from "./session.js";
import { empty, paged, table } from "./table.js";
import { duration, time } from "./words.js";

export const title = "Jobs";

const states = ["", "running", "queued", "succeeded", "findings", "failed", "cancelled"].map((word) => [word, word || "all"]);

export async function open(page) {
  const chosen = page.query.get("state") ?? "";
  page.root.append(
    h("div", { class: "head" }, h("h1", {}, "Jobs"),
      h("a", { class: "plain solid button", href: "#/start" }, "Start a job")),
    segments("Show", "state", states, chosen, (word) => page.turn({ state: word })));
  const list = paged(`/jobs${chosen ? `?state=${chosen}` : ""}`, jobTable,
    chosen ? empty(`No job is ${chosen}. `, h("a", { href: "#/jobs" }, "Show all"), ".")
      : empty("No job has run yet. ", h("a", { href: "#/start" }, "Start one"), " or ", h("a", { href: "#/schedules" }, "make a schedule"), "."),
    { signal: page.signal, limit: 50 });
  page.root.append(list);
  for (const kind of ["job", "reconnected"]) page.listen(kind, settled(list.refresh, 250));
}

const jobTable = (items) => table("Jobs", [
  { name: "job", cell: (job) => h("a", { href: `#/job/${job.id}` }, h("code", {}, `${job.id}  ${commandLine(job)}`)) },
  { name: "state", cell: (job) => [state(job.state), job.state === "running" ? progressBar(job) : null] },
  { name: "by", cell: (job) => (job.schedule ? h("a", { href: `#/schedule/${job.schedule.id}` }, job.schedule.name) : job.by) },
  { name: "queued", cell: (job) => time(job.createdAt, { isRelative: true }) },
  { name: "took", isNumber: true, cell: (job) => (job.startedAt && job.finishedAt
    ? duration((Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000) : "–") },
  { name: "", cell: (job) => jobActions(job) },
], items);

/** Cancel while it can be cancelled, retry once it is over. */
export function jobActions(job) {
  const may = { isAllowed: session.can("curator") };
  const ask = (what) => async () => {
    try {
      const answer = await post(`/jobs/${job.id}/${what}`);
      if (what === "retry" && answer?.id) location.hash = `#/job/${answer.id}`;
    } catch (error) {
      toastProblem(error);
    }
  };
  const label = (word) => [word, h("span", { class: "unseen" }, ` job ${job.id}`)];
  if (["queued", "running"].includes(job.state)) return action(label("Cancel"), ask("cancel"), may);
  if (["failed", "cancelled", "findings"].includes(job.state)) return action(label("Retry"), ask("retry"), may);
  return null;
}
