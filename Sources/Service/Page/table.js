// Tables that become cards on a phone, and lists that load further pages.
import { get } from "./api.js";
import { h } from "./dom.js";
import { fill, problemBox } from "./problem.js";

/** Columns are {name, cell(item), isNumber?, isWide?}; `label` says what the table holds. */
export function table(label, columns, items = []) {
  const body = h("tbody");
  const element = h("table", { class: "stack" }, h("caption", { class: "unseen" }, label),
    h("thead", {}, h("tr", {}, columns.map((column) =>
      h("th", { scope: "col", class: column.isNumber ? "n" : null }, column.name || h("span", { class: "unseen" }, "Actions"))))),
    body);
  const row = (item) => h("tr", {}, columns.map((column) => {
    const made = column.cell(item);
    return h("td", { class: column.isNumber ? "n" : null, "data-label": column.name }, made);
  }));
  element.add = (more) => body.append(...more.map(row));
  element.add(items);
  return element;
}

/** What to say where there is nothing. */
export const empty = (...text) => h("p", { class: "empty" }, text);

/**
 * A list from the daemon: `draw(items)` gives an element with `add(items)`; further pages come by a
 * button. `none` is shown when there is nothing at all; `refresh()` asks for the first page again.
 */
export function paged(path, draw, none, { signal, limit = 100 } = {}) {
  const host = h("div", { class: "paged" });
  const mark = path.includes("?") ? "&" : "?";
  host.refresh = () => fill(host, async () => {
    const first = await get(`${path}${mark}limit=${limit}`, { signal });
    if (!first.items.length) return none;
    const list = draw(first.items);
    return [list, first.next && more(list, first.next)];
  }, signal);
  host.refresh();
  function more(list, cursor) {
    const button = h("button", { type: "button", class: "plain more" }, "Show more");
    let at = cursor;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const page = await get(`${path}${mark}limit=${limit}&cursor=${encodeURIComponent(at)}`, { signal });
        list.add(page.items);
        at = page.next;
        if (!at) button.remove();
      } catch (error) {
        button.before(problemBox(error));
      } finally {
        button.disabled = false;
      }
    });
    return button;
  }
  return host;
}

/** Name and value pairs. */
export function facts(pairs) {
  return h("dl", { class: "facts" }, pairs.filter(Boolean).map(([name, value, why]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value ?? "–"), why && h("dd", { class: "why" }, why))));
}
