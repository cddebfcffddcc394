// The ledger: every decision, the newest first, and undo.
import { get, query } from "./api.js";
import { decisionTable } from "./decisions.js";
import { h, settled } from "./dom.js";
import { field } from "./field.js";
import { empty, paged } from "./table.js";
import { number } from "./words.js";

export const title = "Ledger";

export async function open(page) {
  const chosen = { image: page.query.get("image") ?? "", author: page.query.get("author") ?? "" };
  const head = h("p", { class: "lede" }, "Nothing is erased: a decision that is taken back stays, and says so.");
  const list = paged(`/decisions${query(chosen)}`, (items) => decisionTable(items, { refresh: () => list.refresh() }),
    empty("No decision is like that. Decisions are made in ", h("a", { href: "#/review" }, "the review"), ", on ",
      h("a", { href: "#/map" }, "the map"), " and by jobs."), { signal: page.signal, limit: 100 });
  const form = h("form", { class: "tools", role: "search" },
    field("Image", { name: "image", value: chosen.image, inputmode: "numeric", size: 10 }),
    field("Author", { name: "author", value: chosen.author, size: 14 }),
    h("button", { type: "submit", class: "plain" }, "Filter"),
    (chosen.image || chosen.author) && h("a", { class: "plain button", href: "#/ledger" }, "Show all"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    page.turn(Object.fromEntries(new FormData(form)));
  });
  page.root.append(h("h1", {}, "Ledger"), head, form, list);
  page.listen("change", settled(list.refresh, 500));
  try {
    const { ledger } = await get("/status", { signal: page.signal });
    head.append(` ${number(ledger.count)} decisions; the chain ends in `, h("code", { title: ledger.hash }, ledger.hash?.slice(0, 12) ?? "–"), ".");
  } catch { /* the list says what is wrong */ }
}
