// Starting any job that may be one, by a form made from what the verb takes.
import { get } from "./api.js";
import { h } from "./dom.js";
import { field } from "./field.js";
import { commandLine } from "./job-line.js";
import { startJob } from "./job-start.js";
import { fill } from "./problem.js";
import { session } from "./session.js";
import { verbFields } from "./verb-form.js";

export const title = "Start a job";

export async function open(page) {
  const host = h("div");
  page.root.append(h("h1", {}, "Start a job"), host);
  await fill(host, async () => form(page, (await get("/verbs", { signal: page.signal })).items), page.signal);
}

function form(page, verbs) {
  const chosen = verbs.find((verb) => verb.verb === page.query.get("verb")) ?? verbs[0];
  if (!chosen) return h("p", { class: "empty" }, "This daemon allows no verb to run as a job.");
  const given = page.query.getAll("with");
  const choice = field("What to do", { name: "verb", value: chosen.verb, options: verbs.map((verb) => [verb.verb, `${verb.verb} – ${verb.summary}`]),
    onchange: (event) => page.turn({ verb: event.target.value, with: null }) });
  const line = h("code", { class: "command" });
  const show = () => { line.textContent = `d2r-curate ${commandLine({ verb: chosen.verb, arguments: fields.arguments() })}`; };
  const fields = verbFields(chosen, given, show);
  const priority = field("Priority", { name: "priority", type: "number", value: "0", min: -10, max: 10, help: "−10 to 10; larger runs earlier." });
  const attempts = field("Attempts", { name: "attempts", type: "number", value: "1", min: 1, max: 5, help: "How often a job that fails is tried in all." });
  const go = h("button", { type: "submit", class: "plain solid", disabled: !session.can("curator") }, "Start");
  const made = h("form", { class: "form wide-form" }, choice,
    h("p", { class: "muted" }, chosen.writes ? "It writes to the workspace: it waits for other jobs that write." : "It only reads."),
    fields, h("div", { class: "grid-fields" }, priority, attempts),
    h("p", {}, line), h("footer", {}, go, !session.can("curator") && h("span", { class: "muted" }, "This needs the role curator.")));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    const job = await startJob(chosen.verb, fields.arguments(), {
      priority: Number(made.elements.priority.value), attempts: Number(made.elements.attempts.value) });
    go.disabled = false;
    if (job) location.hash = `#/job/${job.id}`;
  });
  show();
  return made;
}
