// The identities, found by name.
import { query } from "./api.js";
import { h, settled } from "./dom.js";
import { field, segments } from "./field.js";
import { population } from "./marks.js";
import { address } from "./route.js";
import { empty, paged, table } from "./table.js";
import { number } from "./words.js";

export const title = "Identities";

const populations = [["", "all"], ["digital", "digital"], ["real", "real"], ["generated", "generated"], ["reference", "reference"]];

export async function open(page) {
  const host = h("div");
  const draw = () => {
    const chosen = { population: page.query.get("population") ?? "", name: page.query.get("name") ?? "" };
    host.replaceChildren(paged(`/identities${query(chosen)}`, identityTable,
      empty("No identity is like that. ", h("a", { href: "#/identities" }, "Show all"), " or ",
        h("a", { href: "#/start?verb=index" }, "index a folder"), " of pictures, one folder a person."), { signal: page.signal }));
  };
  const typed = settled((name) => { page.note({ name }); draw(); }, 250);
  page.root.append(h("h1", {}, "Identities"), h("div", { class: "tools" },
    segments("Population", "population", populations, page.query.get("population") ?? "", (word) => page.turn({ population: word })),
    field("Name", { name: "name", type: "search", value: page.query.get("name") ?? "", oninput: (event) => typed(event.target.value) })), host);
  draw();
}

const identityTable = (items) => table("Identities", [
  { name: "identity", cell: (one) => h("a", { href: address(["identity", one.id]), dir: "auto" }, one.name) },
  { name: "population", cell: (one) => population(one.population) },
  { name: "images", isNumber: true, cell: (one) => number(one.images) },
  { name: "quarantined", isNumber: true, cell: (one) => number(one.quarantined) },
  { name: "accepted", isNumber: true, cell: (one) => number(one.accepted) },
  { name: "shortfall", isNumber: true, cell: (one) => number(one.shortfall) },
], items);
