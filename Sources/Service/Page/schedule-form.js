// The form of a schedule. The daemon itself says when a cron expression is due, before anything is saved.
import { post } from "./api.js";
import { h, settled } from "./dom.js";
import { field, tick } from "./field.js";
import { session } from "./session.js";
import { verbFields } from "./verb-form.js";

const presets = [["0 3 * * *", "every night at 3"], ["0 * * * *", "every hour"], ["*/15 * * * *", "every 15 minutes"], ["30 6 * * 1-5", "weekdays at 6:30"], ["0 4 * * 0", "Sundays at 4"], ["0 2 1 * *", "on the 1st of a month"]];
const missed = [["run-once", "run once when back"], ["skip", "skip it"]];
const overlap = [["skip", "skip the new one"], ["queue", "queue the new one"], ["replace", "end the old one, run the new one"]];

const hereZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const zones = () => {
  try {
    return ["UTC", ...Intl.supportedValuesOf("timeZone")];
  } catch {
    return ["UTC", hereZone];
  }
};

/** A form for `given`; `save(values)` may throw a problem, which is shown in the form. */
export function scheduleForm(verbs, given, save, page) {
  const may = session.can("curator");
  const preview = h("div", { class: "preview", "aria-live": "polite" });
  const verbHost = h("div");
  let fields = null;
  const choose = (name, args) => {
    const verb = verbs.find((one) => one.verb === name) ?? verbs[0];
    fields = verb ? verbFields(verb, args) : null;
    verbHost.replaceChildren(...(fields ? [fields] : []));
  };
  const look = async () => {
    const { cron, timeZone } = form.elements;
    try {
      const { next, description } = await post("/schedules/preview", { cron: cron.value.trim(), timeZone: timeZone.value.trim() }, { signal: page.signal });
      cron.setCustomValidity("");
      preview.replaceChildren(h("p", {}, h("strong", {}, description)), h("ol", {}, next.map((at) => h("li", {}, dueTime(at, timeZone.value.trim())))));
    } catch (error) {
      if (error.name === "AbortError") return;
      preview.replaceChildren(h("p", { class: "complaint" }, error.detail ?? error.message), error.hint ? h("p", { class: "muted" }, error.hint) : "");
    }
  };
  const later = settled(look, 250);
  const quick = h("div", { class: "presets", role: "group", "aria-label": "Usual times" }, presets.map(([cron, label]) =>
    h("button", { type: "button", class: "plain chip-button", onclick: () => { form.elements.cron.value = cron; look(); } }, label)));
  const complaint = h("p", { class: "complaint", role: "alert" });
  const go = h("button", { type: "submit", class: "plain solid", disabled: !may }, given.id ? "Save changes" : "Set the schedule");
  const form = h("form", { class: "form wide-form" },
    h("div", { class: "grid-fields" },
      field("Name", { name: "name", value: given.name ?? "", isRequired: true, maxlength: 100 }),
      field("What to do", { name: "verb", value: given.verb, options: verbs.map((verb) => [verb.verb, `${verb.verb} – ${verb.summary}`]), onchange: (event) => choose(event.target.value, []) })),
    verbHost,
    h("div", { class: "when" },
      h("div", {},
        field("Cron expression", { name: "cron", value: given.cron ?? "0 3 * * *", isRequired: true, class: "code", spellcheck: "false", autocomplete: "off", oninput: later, help: "Minute, hour, day of the month, month, day of the week." }),
        quick,
        field("Time zone", { name: "timeZone", value: given.timeZone ?? hereZone, isRequired: true, list: "zones", oninput: later }),
        h("datalist", { id: "zones" }, zones().map((zone) => h("option", { value: zone })))),
      preview),
    h("div", { class: "grid-fields" },
      field("When it was missed", { name: "missed", value: given.missed ?? "run-once", options: missed, help: "The daemon was not running when it was due." }),
      field("When the last one still runs", { name: "overlap", value: given.overlap ?? "skip", options: overlap }),
      field("Jitter in seconds", { name: "jitterSeconds", type: "number", min: 0, max: 86400, value: String(given.jitterSeconds ?? 0), help: "Starts up to so much later, so that not everything starts at once." })),
    tick("Paused", { name: "paused", isChecked: given.paused === true }),
    complaint, h("footer", {}, go, h("a", { class: "plain button", href: "#/schedules" }, "Cancel"), !may && h("span", { class: "muted" }, "This needs the role curator.")));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name, verb, cron, timeZone, missed: late, overlap: twice, jitterSeconds, paused } = form.elements;
    go.disabled = true;
    complaint.textContent = "";
    try {
      await save({ name: name.value.trim(), verb: verb.value, arguments: fields?.arguments() ?? [], cron: cron.value.trim(), timeZone: timeZone.value.trim(),
        missed: late.value, overlap: twice.value, jitterSeconds: Number(jitterSeconds.value) || 0, paused: paused.checked });
    } catch (error) {
      complaint.textContent = [error.message, error.hint].filter(Boolean).join(" – ");
    } finally {
      go.disabled = false;
    }
  });
  choose(given.verb, given.arguments ?? []);
  look();
  return form;
}

// A due time on the wall of the schedule's own zone, and here where that differs.
function dueTime(at, zone) {
  const write = (timeZone) => new Intl.DateTimeFormat(undefined, { weekday: "short", dateStyle: undefined, day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone }).format(new Date(at));
  const utc = `${at.slice(0, 19).replace("T", " ")} UTC`;
  let there = write(hereZone);
  try {
    there = write(zone);
  } catch { /* a zone this browser does not know */ }
  const here = write(hereZone);
  return h("time", { datetime: at, title: utc }, there, here !== there && h("span", { class: "muted" }, ` (here ${here})`));
}
