// Decisions as rows.
import { undoBatches } from "./decide.js";
import { confirmed } from "./dialog.js";
import { h } from "./dom.js";
import { action } from "./field.js";
import { address } from "./route.js";
import { session } from "./session.js";
import { table } from "./table.js";
import { time } from "./words.js";

/** A table of decisions; `refresh` is called after a batch was taken back. */
export function decisionTable(items, { refresh }) {
  const offered = new Set(); // one button a batch
  const undo = (decision) => {
    if (decision.isUndone) return h("span", { class: "muted" }, "taken back");
    if (decision.undoes) return h("span", { class: "muted" }, `takes back ${decision.undoes}`);
    if (!decision.batch || offered.has(decision.batch)) return null;
    offered.add(decision.batch);
    return action(["Undo batch", h("span", { class: "unseen" }, ` ${decision.batch}`)], async () => {
      const goes = await confirmed("Take this batch back?", [
        `Every decision of the batch ${decision.batch} is undone. The ledger keeps both: nothing is erased.`], { yes: "Undo the batch" });
      if (goes && (await undoBatches([decision.batch]))) refresh();
    }, { isAllowed: session.can("curator") });
  };
  return table("Decisions", [
    { name: "no.", isNumber: true, cell: (one) => one.sequence },
    { name: "when", cell: (one) => time(one.decidedAt) },
    { name: "action", cell: (one) => h("span", { class: one.isUndone ? "struck" : null }, one.action) },
    { name: "image", cell: (one) => h("a", { href: address(["image", idOf(one.image)]), class: "path", dir: "auto" }, pathOf(one.image)) },
    { name: "by", cell: (one) => `${one.author}${one.rule ? `, ${one.rule}` : ""}` },
    { name: "reason", cell: (one) => h("span", { dir: "auto" }, one.reason) },
    { name: "", cell: undo },
  ], items);
}

const idOf = (image) => image?.id ?? image;
const pathOf = (image) => image?.path ?? `image ${image}`;
