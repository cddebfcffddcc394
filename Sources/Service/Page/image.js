// One image: its picture, what was measured, what was decided.
import { get } from "./api.js";
import { decide } from "./decide.js";
import { decisionTable } from "./decisions.js";
import { h } from "./dom.js";
import { action } from "./field.js";
import { population, state } from "./marks.js";
import { fill } from "./problem.js";
import { address } from "./route.js";
import { session } from "./session.js";
import { empty, facts } from "./table.js";
import { tile } from "./tile.js";
import { number, time } from "./words.js";

export const title = "Image";

export async function open(page) {
  const [id] = page.parts;
  const host = h("div", {}, h("h1", {}, `Image ${id}`));
  page.root.append(host);
  page.title(`Image ${id}`);
  const refresh = () => fill(host, async () => view(await get(`/images/${encodeURIComponent(id)}`, { signal: page.signal }), refresh), page.signal);
  await refresh();
}

function view(image, refresh) {
  const may = { isAllowed: session.can("curator") };
  const act = (word) => async () => { if (await decide([image.id], word)) refresh(); };
  const { identity } = image;
  return [
    h("div", { class: "head" }, h("h1", {}, `Image ${image.id}`), image.quarantined ? state("warning", "in quarantine") : state("current", "kept")),
    h("div", { class: "image-page" },
      h("div", { class: "portrait" }, tile(image, { edge: 512 }),
        image.isReal && h("p", { class: "muted" }, "Shows a real person. Viewing the face is logged.")),
      h("div", {},
        facts([["population", population(image.population)],
          ["identity", identity ? h("a", { href: address(["identity", identity.id]), dir: "auto" }, identity.name) : "none"],
          ["path", h("span", { class: "path", dir: "auto" }, image.path)],
          ["size", `${image.width ? `${image.width} × ${image.height}` : "unknown"}, ${image.format ?? "unknown format"}`],
          ["crop", image.crop ?? "–"], ["faces found", number(image.faceCount)],
          ["sharpness", image.sharpness?.toFixed(1) ?? "–"], ["quality", image.quality?.toFixed(2) ?? "–"],
          ["spaces", image.spaces?.join(", ") || "not embedded"], ["indexed", time(image.indexedAt)],
          ["digest", h("code", { class: "digest" }, image.digest)]]),
        h("div", { class: "buttons" },
          image.quarantined ? action("Restore", act("restore"), may) : action("Quarantine", act("quarantine"), may),
          action("Protect", act("protect"), may), action("Unprotect", act("unprotect"), may),
          h("a", { class: "plain button", href: address(["search"], { image: image.id }) }, "Find similar images")))),
    h("section", {}, h("h2", {}, "Decisions"), image.decisions?.length ? decisionTable(image.decisions, { refresh })
      : empty("Nothing has been decided about this image.")),
  ];
}
