// One identity: its prototype and spread, what was made for it and why not, and all its images.
import { get } from "./api.js";
import { stackedBar } from "./charts.js";
import { h } from "./dom.js";
import { reveal } from "./faces.js";
import { action } from "./field.js";
import { population } from "./marks.js";
import { fill } from "./problem.js";
import { address } from "./route.js";
import { session } from "./session.js";
import { empty, facts, table } from "./table.js";
import { sheet } from "./tile.js";
import { number, percent, plural, similarity } from "./words.js";

export const title = "Identity";

export async function open(page) {
  const [id] = page.parts;
  const host = h("div", {}, h("h1", {}, "Identity"));
  page.root.append(host);
  await fill(host, async () => {
    const identity = await get(`/identities/${encodeURIComponent(id)}`, { signal: page.signal });
    page.title(identity.name);
    return view(identity);
  }, page.signal);
}

function view(identity) {
  const images = Array.isArray(identity.images) ? identity.images : [];
  return [
    h("div", { class: "head" }, h("h1", { dir: "auto" }, identity.name), population(identity.population)),
    h("p", { class: "lede" }, `${plural(images.length, "image")} shown. `,
      h("a", { href: address(["map"], { identity: identity.id }) }, "See it on the map"), " · ",
      h("a", { href: address(["images"], { identity: identity.id }) }, "all its images")),
    h("div", { class: "columns" },
      h("section", {}, h("h2", {}, "Prototype"), prototype(identity.prototype)),
      h("section", {}, h("h2", {}, "Quota"), quota(identity.quota)),
      h("section", {}, h("h2", {}, "Made for it"), attempts(identity.attempts)),
      h("section", {}, h("h2", {}, "Nearest others"), collisions(identity.collisions))),
    h("section", {}, h("div", { class: "head" }, h("h2", {}, "Contact sheet"),
      images.some((image) => image.isReal) && action("Show the real faces", () => reveal(images), { isAllowed: session.can("curator") })),
    images.length ? sheet(images, { edge: 128 }) : empty("It has no images.")),
  ];
}

function prototype(found) {
  if (!found) return empty("No prototype: its images have not been embedded in the identity space.");
  return facts([["space", found.space], ["members", number(found.members)],
    ["mean similarity", similarity(found.meanSimilarity), "of its images to the prototype"],
    ["least similarity", similarity(found.minSimilarity), "the image farthest from the prototype"]]);
}

function quota(found) {
  if (!found) return empty("No quota has been asked for. ", h("a", { href: "#/quota" }, "Start a fill"), ".");
  return [stackedBar(`${found.shortfall} of ${found.wanted} missing`, [
    { style: "had", count: found.had }, { style: "accepted", count: found.accepted }, { style: "short", count: found.shortfall }]),
  facts([["wanted", number(found.wanted)], ["had", number(found.had)], ["accepted", number(found.accepted)],
    ["attempts", number(found.attempts)], ["shortfall", number(found.shortfall), found.shortfall ? found.reason : null]])];
}

function attempts(found) {
  if (!found || !(found.accepted + found.rejected)) return empty("No image has been made for it.");
  return [facts([["accepted", number(found.accepted), percent(found.accepted, found.accepted + found.rejected)], ["rejected", number(found.rejected)]]),
    found.reasons?.length ? table("Why candidates were rejected", [
      { name: "reason", cell: (one) => one.reason }, { name: "count", isNumber: true, cell: (one) => number(one.count) }], found.reasons) : null];
}

function collisions(list) {
  if (!list?.length) return empty("No other identity is too similar.");
  return table("Identities that are similar", [
    { name: "identity", cell: (one) => h("a", { href: address(["identity", one.identity.id]), dir: "auto" }, one.identity.name) },
    { name: "similarity", isNumber: true, cell: (one) => similarity(one.similarity) }], list);
}
