// The map's page: loads a map, and joins window, filters, selection, list and address.
import { call, get } from "./api.js";
import { h } from "./dom.js";
import { field } from "./field.js";
import { parseColumns, boundsOf } from "./map-columns.js";
import { MapDesk } from "./map-desk.js";
import { fill } from "./problem.js";
import { empty } from "./table.js";

export const title = "Map";

export async function open(page) {
  performance.mark("map-opened");
  const host = h("div", { class: "map-host" });
  const chooser = h("span", {});
  page.root.append(h("div", { class: "head map-head" }, h("h1", {}, "Map"), chooser), host);
  let desk = null;
  page.atEnd(() => desk?.close());
  await fill(host, async () => {
    const { items } = await get("/maps", { signal: page.signal });
    if (!items.length) {
      return empty("No map has been drawn yet. ", h("a", { href: "#/start?verb=report%20tsne" }, "Draw one"), " with ", h("code", {}, "report tsne"), ".");
    }
    const chosen = items.find((one) => one.name === page.query.get("map")) ?? items[0];
    const path = `/maps/${encodeURIComponent(chosen.name)}`;
    const [info, columns] = await Promise.all([get(path, { signal: page.signal }),
      call("GET", `${path}/columns`, { signal: page.signal }).then((response) => response.arrayBuffer())]);
    if (items.length > 1) {
      chooser.replaceChildren(field("Map", { name: "map", value: chosen.name, options: items.map((one) => [one.name, one.name]),
        onchange: (event) => page.turn({ map: event.target.value, at: null, sel: null, image: null }) }));
    }
    const map = parseColumns(columns);
    desk?.close();
    if (!map.count) return empty("This map holds no image.");
    desk = new MapDesk(page, map, info, boundsOf(map));
    setTimeout(() => { if (!page.signal.aborted) desk.begin(); });
    return desk.element;
  }, page.signal);
}
