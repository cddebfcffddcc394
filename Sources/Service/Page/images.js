// All images, by population, identity and standing.
import { h } from "./dom.js";
import { reveal } from "./faces.js";
import { action, segments } from "./field.js";
import { session } from "./session.js";
import { query } from "./api.js";
import { empty, paged } from "./table.js";
import { sheet, figure } from "./tile.js";

export const title = "Images";

const populations = [["", "all"], ["digital", "digital"], ["real", "real"], ["generated", "generated"], ["reference", "reference"]];
const standings = [["", "all"], ["false", "kept"], ["true", "in quarantine"]];

export async function open(page) {
  const chosen = { population: page.query.get("population") ?? "", identity: page.query.get("identity") ?? "", quarantined: page.query.get("quarantined") ?? "" };
  const loaded = [];
  const faces = action("Show the real faces here", () => reveal(loaded), { isAllowed: session.can("curator") });
  faces.hidden = true;
  page.root.append(
    h("div", { class: "head" }, h("h1", {}, "Images"), h("a", { class: "plain button", href: "#/search" }, "Search by picture")),
    h("div", { class: "tools" },
      segments("Population", "population", populations, chosen.population, (word) => page.turn({ population: word })),
      segments("Standing", "quarantined", standings, chosen.quarantined, (word) => page.turn({ quarantined: word })),
      chosen.identity && h("span", { class: "chip" }, `identity ${chosen.identity} `,
        h("button", { type: "button", class: "plain quiet", "aria-label": "Show every identity", onclick: () => page.turn({ identity: "" }) }, "×")),
      faces),
    paged(`/images${query(chosen)}`, (items) => {
      const list = sheet([]);
      list.add = (more) => {
        loaded.push(...more);
        list.append(...more.map((image) => figure(image)));
        faces.hidden = !loaded.some((image) => image.isReal);
      };
      list.add(items);
      return list;
    }, empty("No image is like that. ", h("a", { href: "#/images" }, "Show all"), " or ",
      h("a", { href: "#/start?verb=index" }, "index a folder"), "."), { signal: page.signal, limit: 60 }));
}
