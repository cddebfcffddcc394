// The look of this page, who may use the daemon, who saw which face, and how the daemon is set up.
import { get, post, query, remove } from "./api.js";
import { showOnce } from "./alerts.js";
import { asked, confirmed } from "./dialog.js";
import { h } from "./dom.js";
import { action, field, segments } from "./field.js";
import { toastProblem } from "./live.js";
import { state } from "./marks.js";
import { fill } from "./problem.js";
import { address } from "./route.js";
import { session } from "./session.js";
import { setTheme, theme } from "./theme.js";
import { empty, facts, paged, table } from "./table.js";
import { number, time } from "./words.js";

export const title = "Settings";

export async function open(page) {
  const isAdmin = session.can("admin");
  const tokens = h("div");
  const access = h("div");
  const setup = h("div");
  page.root.append(h("h1", {}, "Settings"),
    h("section", {}, h("h2", {}, "This browser"), segments("Colours", "theme", [["auto", "as the system"], ["light", "light"], ["dark", "dark"]], theme(), setTheme),
      h("p", { class: "muted" }, `Signed in as ${session.name}, ${session.role}. d2r-curate ${session.version}.`)),
    h("section", {}, h("div", { class: "head" }, h("h2", {}, "Tokens"), isAdmin && action("New token", create, { style: "plain solid" })), tokens),
    h("section", {}, h("h2", {}, "Who saw real faces"), access),
    h("section", {}, h("h2", {}, "The daemon"), setup));
  const draw = () => fill(tokens, list, page.signal);
  if (isAdmin) {
    draw();
    access.append(accessForm(page), accessLog(page));
    fill(setup, async () => facts(flat(await get("/settings", { signal: page.signal }))), page.signal);
  } else {
    tokens.append(empty("Only an admin sees and makes tokens."));
    access.append(empty("Only an admin sees the access log. Your own viewing of real faces is written to it."));
    setup.append(empty("Only an admin sees how the daemon is set up."));
  }

  async function list() {
    const { items } = await get("/tokens", { signal: page.signal });
    return table("Tokens", [
      { name: "name", cell: (one) => h("span", { dir: "auto" }, one.name) },
      { name: "role", cell: (one) => one.role },
      { name: "made", cell: (one) => time(one.createdAt) },
      { name: "last used", cell: (one) => time(one.lastUsedAt, { isRelative: true }) },
      { name: "standing", cell: (one) => (one.revokedAt ? [state("cancelled", "revoked"), " ", time(one.revokedAt)] : state("current", "valid")) },
      { name: "", cell: (one) => !one.revokedAt && action(["Revoke", h("span", { class: "unseen" }, ` ${one.name}`)], async () => {
        if (!(await confirmed("Revoke this token?", [`Whoever uses ${one.name} is signed out at once.`], { yes: "Revoke", isGrave: true }))) return;
        try {
          await remove(`/tokens/${one.id}`);
          draw();
        } catch (error) {
          toastProblem(error);
        }
      }) },
    ], items);
  }

  async function create() {
    const made = await asked("New token", [
      field("Name", { name: "name", isRequired: true, maxlength: 100, help: "Whose it is; decisions are signed with it." }),
      field("Role", { name: "role", value: "curator", options: [["reader", "reader: looks"], ["curator", "curator: decides and starts jobs"], ["admin", "admin: tokens, alerts and folders too"]] }),
    ], { yes: "Make it", check: (values) => post("/tokens", values) });
    if (!made) return;
    draw();
    showOnce("The new token", made.token, "Give it to its owner. It is shown this once; only its hash is kept.");
  }
}

function accessForm(page) {
  const form = h("form", { class: "tools", "aria-label": "Filter the access log" },
    field("Image", { name: "image", value: page.query.get("image") ?? "", inputmode: "numeric", size: 10 }),
    field("Who", { name: "who", value: page.query.get("who") ?? "", size: 14 }), h("button", { type: "submit", class: "plain" }, "Filter"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    page.turn(Object.fromEntries(new FormData(form)));
  });
  return form;
}

function accessLog(page) {
  const chosen = { image: page.query.get("image") ?? "", who: page.query.get("who") ?? "" };
  return paged(`/access-log${query(chosen)}`, (items) => table("Access log", [
    { name: "no.", isNumber: true, cell: (one) => one.sequence }, { name: "when", cell: (one) => time(one.at) }, { name: "who", cell: (one) => one.who },
    { name: "did", cell: (one) => one.action },
    { name: "image", cell: (one) => (one.image ? h("a", { href: address(["image", one.image]), class: "path" }, one.path ?? `image ${one.image}`) : one.path ?? "–") },
  ], items), empty("Nobody has looked at a real face."), { signal: page.signal });
}

// {limits: {bodyBytes: 1}} as [["limits: body bytes", "1"]].
function flat(value, before = "") {
  return Object.entries(value).flatMap(([name, item]) => {
    const words = before + name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
    if (item !== null && typeof item === "object" && !Array.isArray(item)) return flat(item, `${words}: `);
    const text = typeof item === "number" ? number(item) : item === true ? "yes" : item === false ? "no" : Array.isArray(item) ? item.join(", ") : item ?? "–";
    return [[words, String(text)]];
  });
}
