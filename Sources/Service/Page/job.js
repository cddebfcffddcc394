// One job: how far it is, what it said last, what came of it.
import { get } from "./api.js";
import { h } from "./dom.js";
import { commandLine, progressBar } from "./job-line.js";
import { jobActions } from "./jobs.js";
import { state } from "./marks.js";
import { fill } from "./problem.js";
import { facts } from "./table.js";
import { duration, time } from "./words.js";

export const title = "Job";

export async function open(page) {
  const [id] = page.parts;
  const host = h("div", {}, h("h1", {}, `Job ${id}`));
  page.root.append(host);
  let shown = null;
  const draw = (job) => {
    shown = job;
    return view(job);
  };
  page.title(`Job ${id}`);
  const refresh = () => fill(host, async () => draw(await get(`/jobs/${encodeURIComponent(id)}`, { signal: page.signal })), page.signal);
  page.listen("job", (job) => {
    if (String(job.id) !== id) return;
    const stood = shown?.state;
    host.replaceChildren(...draw(job).filter(Boolean));
    if (stood !== job.state) document.getElementById("polite").textContent = `Job ${id} is ${job.state}.`;
  });
  page.listen("reconnected", refresh);
  // The last words come with the job, not with each step.
  const timer = setInterval(() => { if (shown?.state === "running") refreshWords(); }, 3000);
  page.atEnd(() => clearInterval(timer));
  async function refreshWords() {
    try {
      const job = await get(`/jobs/${encodeURIComponent(id)}`, { signal: page.signal });
      const place = host.querySelector("pre.words");
      if (place && job.state === "running") place.textContent = job.lastWords.join("\n");
      else if (job.state !== shown.state) host.replaceChildren(...draw(job).filter(Boolean));
    } catch { /* the next round tries again */ }
  }
  await refresh();
}

function view(job) {
  const took = job.startedAt ? ((job.finishedAt ? Date.parse(job.finishedAt) : Date.now()) - Date.parse(job.startedAt)) / 1000 : null;
  const exit = job.signal ? `ended by signal ${job.signal}` : job.exitCode === null ? "–" : String(job.exitCode);
  return [
    h("div", { class: "head" }, h("h1", {}, `Job ${job.id}`), state(job.state, job.cancelAsked && !job.finishedAt ? "is being cancelled" : job.state), jobActions(job)),
    h("p", {}, h("code", { class: "command" }, `d2r-curate ${commandLine(job)}`)),
    ["running", "queued"].includes(job.state) ? (job.state === "running" ? progressBar(job) : h("p", { class: "muted" }, "Waits for its turn.")) : null,
    h("div", { class: "columns" },
      h("section", {}, h("h2", {}, "About"), facts([
        ["started by", job.schedule ? h("a", { href: `#/schedule/${job.schedule.id}` }, `schedule ${job.schedule.name}`) : job.by],
        ["queued", time(job.createdAt)], ["started", time(job.startedAt, { otherwise: "not yet" })],
        ["finished", time(job.finishedAt, { otherwise: "not yet" })], ["took", duration(took)],
        ["exit code", exit], ["attempt", job.attempt ? `${job.attempt} of ${job.attempts}` : `none of ${job.attempts} yet`], ["priority", String(job.priority)]])),
      h("section", {}, h("h2", {}, "Last words"),
        h("pre", { class: "words", tabindex: "0", "aria-label": "Last lines the job wrote" }, job.lastWords.join("\n") || "Nothing was written."))),
    job.result !== null && job.result !== undefined
      ? h("section", {}, h("h2", {}, "Result"), result(job.result)) : null,
    job.verb === "audit" && job.finishedAt ? h("p", {}, h("a", { href: "#/audits" }, "See the audits")) : null,
  ];
}

function result(value) {
  if (typeof value !== "object" || Array.isArray(value)) return h("pre", { tabindex: "0" }, JSON.stringify(value, null, 2));
  const simple = Object.entries(value).filter(([, item]) => item === null || typeof item !== "object");
  const rest = Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null && typeof item === "object"));
  return [facts(simple.map(([name, item]) => [name, item === null ? "–" : String(item)])),
    Object.keys(rest).length ? h("details", {}, h("summary", {}, "All of it"), h("pre", { tabindex: "0" }, JSON.stringify(rest, null, 2))) : null];
}
