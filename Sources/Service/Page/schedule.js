// One schedule: its form, and when it fired or was skipped.
import { get, patch, post, remove } from "./api.js";
import { confirmed } from "./dialog.js";
import { h, settled } from "./dom.js";
import { action } from "./field.js";
import { toast, toastProblem } from "./live.js";
import { state } from "./marks.js";
import { fill } from "./problem.js";
import { scheduleForm } from "./schedule-form.js";
import { scheduleActions } from "./schedules.js";
import { session } from "./session.js";
import { empty, facts, table } from "./table.js";
import { time } from "./words.js";

export const title = "Schedule";

export async function open(page) {
  const [id] = page.parts;
  const host = h("div", {}, h("h1", {}, id === "new" ? "New schedule" : "Schedule"));
  page.root.append(host);
  if (id === "new") return create(page, host);
  await fill(host, () => existing(page, id), page.signal);
}

async function create(page, host) {
  await fill(host, async () => {
    const { items } = await get("/verbs", { signal: page.signal });
    return [h("h1", {}, "New schedule"), scheduleForm(items, { verb: page.query.get("verb") ?? "audit" }, async (values) => {
      const made = await post("/schedules", values);
      toast(`The schedule ${made.name} is set.`);
      location.hash = `#/schedule/${made.id}`;
    }, page)];
  }, page.signal);
}

async function existing(page, id) {
  const [{ items }, schedule] = await Promise.all([get("/verbs", { signal: page.signal }), get(`/schedules/${encodeURIComponent(id)}`, { signal: page.signal })]);
  page.title(schedule.name);
  const history = h("div", { class: "history" });
  history.refresh = () => fill(history, () => past(id, page), page.signal);
  history.refresh();
  const erase = action("Delete", async () => {
    if (!(await confirmed("Delete this schedule?", [`${schedule.name} will not run again. Its jobs stay in the list of jobs.`], { yes: "Delete", isGrave: true }))) return;
    try {
      await remove(`/schedules/${id}`);
      location.hash = "#/schedules";
    } catch (error) {
      toastProblem(error);
    }
  }, { isAllowed: session.can("curator") });
  // The form is drawn once: what is typed there must not vanish when something else changes.
  const top = h("div", { class: "schedule-top" });
  const show = (now) => top.replaceChildren(
    h("div", { class: "head" }, h("h1", { dir: "auto" }, now.name), now.paused ? state("paused") : "", scheduleActions(now, refresh), erase),
    facts([["next", now.paused ? "paused" : time(now.nextAt, { otherwise: "never again" })],
      ["last", now.lastAt ? [now.lastState && state(now.lastState), " ", time(now.lastAt)] : "not yet"]]));
  async function refresh() {
    try {
      show(await get(`/schedules/${id}`, { signal: page.signal }));
      history.refresh();
    } catch (error) {
      toastProblem(error);
    }
  }
  show(schedule);
  const later = settled(refresh, 300);
  for (const kind of ["schedule", "job", "reconnected"]) page.listen(kind, later);
  return [top,
    h("section", {}, h("h2", {}, "History"), history),
    h("section", {}, h("h2", {}, "Change it"), scheduleForm(items, schedule, async (values) => {
      await patch(`/schedules/${id}`, values);
      toast("The schedule is changed.");
      refresh();
    }, page)),
  ];
}

async function past(id, page) {
  const { items } = await get(`/schedules/${encodeURIComponent(id)}/history`, { signal: page.signal });
  if (!items.length) return empty("It has not been due yet. ", "Run it now to see whether it works.");
  return table("History", [
    { name: "due", cell: (one) => time(one.dueAt) },
    { name: "outcome", cell: (one) => state(one.outcome) },
    { name: "fired", cell: (one) => time(one.firedAt, { otherwise: "–" }) },
    { name: "job", cell: (one) => {
      const job = one.job?.id ?? one.job;
      return job ? h("a", { href: `#/job/${job}` }, `job ${job}`) : "–";
    } },
  ], items);
}
