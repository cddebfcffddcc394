// What runs by the clock, when next, and how it went last time.
import { get, patch, post } from "./api.js";
import { h, settled } from "./dom.js";
import { action } from "./field.js";
import { commandLine } from "./job-line.js";
import { toast, toastProblem } from "./live.js";
import { state } from "./marks.js";
import { fill } from "./problem.js";
import { session } from "./session.js";
import { empty, table } from "./table.js";
import { time } from "./words.js";

export const title = "Schedules";

export async function open(page) {
  const host = h("div");
  page.root.append(h("div", { class: "head" }, h("h1", {}, "Schedules"), h("a", { class: "plain solid button", href: "#/schedule/new" }, "New schedule")), host);
  const draw = () => fill(host, async () => {
    const { items } = await get("/schedules", { signal: page.signal });
    return items.length ? list(items, draw)
      : empty("Nothing runs by the clock. ", h("a", { href: "#/schedule/new?verb=audit" }, "Schedule an audit for every night"), " to begin.");
  }, page.signal);
  for (const kind of ["schedule", "job", "reconnected"]) page.listen(kind, settled(draw, 300));
  await draw();
}

const list = (items, draw) => table("Schedules", [
  { name: "schedule", cell: (one) => h("a", { href: `#/schedule/${one.id}`, dir: "auto" }, one.name) },
  { name: "runs", cell: (one) => h("code", {}, commandLine(one)) },
  { name: "when", cell: (one) => [h("code", {}, one.cron), h("span", { class: "muted" }, ` ${one.timeZone}`)] },
  { name: "next", cell: (one) => (one.paused ? state("paused") : time(one.nextAt, { otherwise: "never again" })) },
  { name: "last", cell: (one) => (one.lastAt ? [one.lastState && state(one.lastState), " ", time(one.lastAt, { isRelative: true })] : h("span", { class: "muted" }, "not yet")) },
  { name: "", cell: (one) => scheduleActions(one, draw) },
], items);

/** Pause or go on, and run now. */
export function scheduleActions(one, changed) {
  const may = { isAllowed: session.can("curator") };
  const label = (word) => [word, h("span", { class: "unseen" }, ` ${one.name}`)];
  return h("span", { class: "buttons" },
    action(label("Run now"), async () => {
      try {
        const job = await post(`/schedules/${one.id}/run`);
        toast(`Job ${job.id} is in the queue.`, { action: { label: "Watch", run: () => { location.hash = `#/job/${job.id}`; } } });
        changed();
      } catch (error) {
        toastProblem(error);
      }
    }, may),
    action(label(one.paused ? "Go on" : "Pause"), async () => {
      try {
        await patch(`/schedules/${one.id}`, { paused: !one.paused });
        changed();
      } catch (error) {
        toastProblem(error);
      }
    }, may));
}
