// Who is told when something is found, fails or drifts.
import { get, patch, post, remove } from "./api.js";
import { asked, confirmed, openDialog } from "./dialog.js";
import { h, settled } from "./dom.js";
import { action, field, tick } from "./field.js";
import { attempt, toast } from "./live.js";
import { state } from "./marks.js";
import { fill } from "./problem.js";
import { session } from "./session.js";
import { empty, table } from "./table.js";
import { time } from "./words.js";

export const title = "Alerts";

const occasions = [["findings", "findings: an audit found something that fails"], ["failed", "failed: a job could not finish"], ["drift", "drift: Δ has moved"], ["recovered", "recovered: all is well again"]];

export async function open(page) {
  const host = h("div");
  const past = h("div");
  const may = { isAllowed: session.can("admin"), why: "This needs the role admin." };
  const draw = () => { fill(host, list, page.signal); fill(past, deliveries, page.signal); };
  const run = (body) => attempt(body, draw);
  page.root.append(h("div", { class: "head" }, h("h1", {}, "Alerts"), action("New alert", create, { ...may, style: "plain solid" })), host,
    h("section", {}, h("h2", {}, "Deliveries"), past));
  if (!may.isAllowed) {
    host.append(empty("Only an admin sees who is told."));
    past.append(empty("Only an admin sees what was sent."));
    return;
  }
  page.listen("alert", settled(draw, 300));
  draw();

  async function list() {
    const { items } = await get("/alerts", { signal: page.signal });
    if (!items.length) return empty("Nobody is told. Make an alert to send a signed webhook or write a mail when an audit finds something.");
    return table("Alerts", [
      { name: "alert", cell: (one) => h("span", { dir: "auto" }, one.name) },
      { name: "to", cell: (one) => [`${one.kind}: `, h("span", { class: "path", dir: "auto" }, one.target)] },
      { name: "on", cell: (one) => one.on.map((word) => h("span", { class: "chip" }, word)) },
      { name: "last delivery", cell: (one) => (one.paused ? state("paused") : delivery(one.lastDelivery)) },
      { name: "", cell: (one) => h("span", { class: "buttons" },
        action(label("Test", one), () => run(async () => { await post(`/alerts/${one.id}/test`); toast("A test was sent; see the deliveries."); }), may),
        action(label(one.paused ? "Go on" : "Pause", one), () => run(() => patch(`/alerts/${one.id}`, { paused: !one.paused })), may),
        action(label("Delete", one), async () => {
          if (await confirmed("Delete this alert?", [`${one.name} will not be told any more.`], { yes: "Delete", isGrave: true })) run(() => remove(`/alerts/${one.id}`));
        }, may)) },
    ], items);
  }

  async function deliveries() {
    const [{ items }, alerts] = await Promise.all([get("/alerts/deliveries", { signal: page.signal }), get("/alerts", { signal: page.signal })]);
    const names = new Map(alerts.items.map((one) => [one.id, one.name]));
    if (!items.length) return empty("Nothing has been sent.");
    return table("Deliveries", [
      { name: "when", cell: (one) => time(one.createdAt) },
      { name: "alert", cell: (one) => h("span", { dir: "auto" }, names.get(one.alert) ?? `alert ${one.alert}`) },
      { name: "about", cell: (one) => one.event },
      { name: "outcome", cell: (one) => delivery(one) },
      { name: "attempts", isNumber: true, cell: (one) => one.attempts },
      { name: "said", cell: (one) => one.problem ?? "" },
    ], items);
  }

  async function create() {
    const made = await asked("New alert", [
      field("Name", { name: "name", isRequired: true, maxlength: 100 }),
      field("Kind", { name: "kind", options: [["webhook", "webhook: a signed POST"], ["mail", "mail: a file in the spool"]], value: "webhook" }),
      field("Target", { name: "target", isRequired: true, help: "The address of the webhook, or of the mailbox." }),
      h("fieldset", {}, h("legend", {}, "Tell on"), occasions.map(([word, text]) => tick(text, { name: "on", value: word, isChecked: word !== "recovered" }))),
    ], { yes: "Make it", check: async ({ name, kind, target }) => {
      const on = [...document.querySelectorAll("dialog input[name=on]:checked")].map((box) => box.value);
      return post("/alerts", { name: name.trim(), kind, target: target.trim(), on });
    } });
    if (!made) return;
    draw();
    if (made.secret) showOnce("The webhook's secret", made.secret, "Receivers check the signature with it. It is shown this once.");
  }
}

const label = (word, one) => [word, h("span", { class: "unseen" }, ` ${one.name}`)];

function delivery(last) {
  if (!last) return h("span", { class: "muted" }, "not yet");
  return [state(last.state, last.state.replace("-", " ")), " ", time(last.deliveredAt ?? last.createdAt, { isRelative: true, otherwise: "" })];
}

/** Shows a secret that cannot be asked for again. */
export function showOnce(heading, secret, text) {
  const secretField = h("input", { class: "code", readonly: true, value: secret, "aria-label": heading, onfocus: (event) => event.target.select() });
  openDialog(heading, [h("p", {}, text), h("div", { class: "once" }, secretField, action("Copy", async () => {
    await navigator.clipboard.writeText(secret).then(() => toast("Copied."), () => secretField.select());
  }))]);
}
