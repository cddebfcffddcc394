// Which images are most similar to this one, or to a picture from outside.
import { call, get, post, query } from "./api.js";
import { h } from "./dom.js";
import { field, segments } from "./field.js";
import { fill } from "./problem.js";
import { empty } from "./table.js";
import { figure, tile } from "./tile.js";
import { rateText, similarity } from "./words.js";

export const title = "Search";

const kinds = ["image/png", "image/jpeg", "image/webp"];
const counts = ["10", "25", "50", "100"];

export async function open(page) {
  const chosen = {
    image: page.query.get("image") ?? "", space: page.query.get("space") ?? "identity",
    count: page.query.get("count") ?? "25", engine: page.query.get("engine") ?? "exact",
  };
  const found = h("div", { "aria-live": "polite" });
  const asked = h("div", { class: "asked" });
  let file = null;

  const upload = h("input", { type: "file", id: "picture", class: "unseen-input", accept: kinds.join(","), onchange: () => take(upload.files[0]) });
  const drop = h("label", { class: "drop", for: "picture" }, h("strong", {}, "Choose a picture"), h("span", { class: "muted" }, " or drop it here: PNG, JPEG or WebP"));
  const zone = h("div", { class: "drop-zone" }, upload, drop);
  for (const kind of ["dragenter", "dragover"]) zone.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => drop.classList.remove("over"));
  zone.addEventListener("drop", (event) => { event.preventDefault(); take(event.dataTransfer.files[0]); });
  const paste = (event) => { const [one] = event.clipboardData?.files ?? []; if (one) take(one); };
  document.addEventListener("paste", paste);
  page.atEnd(() => document.removeEventListener("paste", paste));

  const byImage = h("form", { class: "tools" }, field("Or by image", { name: "image", value: chosen.image, inputmode: "numeric", size: 10, placeholder: "number" }),
    h("button", { type: "submit", class: "plain" }, "Search"));
  byImage.addEventListener("submit", (event) => { event.preventDefault(); page.turn({ image: new FormData(byImage).get("image") }); });

  const spaces = await get("/status", { signal: page.signal }).then((status) => status.spaces.map((one) => one.space)).catch(() => ["identity"]);
  const turn = (name) => (value) => {
    chosen[name] = value;
    if (file) { page.note({ [name]: value }); run(); } else page.turn({ [name]: value });
  };
  page.root.append(h("h1", {}, "Search"), h("div", { class: "search-top" }, zone, byImage),
    h("div", { class: "tools" }, segments("Space", "space", (spaces.length ? spaces : ["identity"]).map((one) => [one, one]), chosen.space, turn("space")),
      segments("Hits", "count", counts.map((one) => [one, one]), chosen.count, turn("count")),
      segments("Engine", "engine", [["exact", "exact"], ["faiss", "FAISS"]], chosen.engine, turn("engine"))), asked, found);

  async function take(one) {
    if (!one) return;
    if (!kinds.includes(one.type)) {
      found.replaceChildren(h("p", { class: "complaint" }, "This is no PNG, JPEG or WebP picture."));
      return;
    }
    // Its bytes are kept: another search must not depend on the file still being there.
    try {
      file = new Blob([await one.arrayBuffer()], { type: one.type });
    } catch {
      found.replaceChildren(h("p", { class: "complaint" }, "The file cannot be read. Choose it again."));
      return;
    }
    page.note({ image: null });
    const url = URL.createObjectURL(file);
    page.atEnd(() => URL.revokeObjectURL(url));
    asked.replaceChildren(h("figure", {}, h("span", { class: "tile", "data-shown": "plain" }, h("img", { src: url, alt: "The picture searched for" })), h("figcaption", {}, one.name)));
    run();
  }

  const run = () => fill(found, async () => {
    const { space, count, engine } = chosen;
    const answer = file
      ? await (await call("POST", `/search/picture${query({ space, count, engine })}`, { body: file, type: file.type, signal: page.signal })).json()
      : await post("/search", { image: Number(chosen.image), space, count: Number(count), engine }, { signal: page.signal });
    return hits(answer);
  }, page.signal);

  if (!chosen.image) {
    found.append(empty("Choose a picture, or give the number of an image, to see what is most similar."));
    return;
  }
  try {
    const image = await get(`/images/${encodeURIComponent(chosen.image)}`, { signal: page.signal });
    asked.replaceChildren(h("figure", {}, tile(image, { edge: 128 }), h("figcaption", {}, h("a", { href: `#/image/${image.id}` }, `image ${image.id}`), h("span", { class: "muted" }, image.identity?.name ?? ""))));
  } catch { /* the search says it */ }
  await run();
}

function hits(answer) {
  if (!answer.hits.length) return [empty("Nothing was found in this space.")];
  const milliseconds = answer.seconds * 1000;
  return [
    h("p", { class: "muted" }, `${answer.hits.length} hits in the space ${answer.space}, ${answer.isExact ? "exact" : `approximate, by ${answer.engine}`}, `
      + `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms. Larger is closer; FMR is the false-match rate at that similarity.`),
    h("ul", { class: "sheet hits" }, answer.hits.map((hit) => figure(hit.image, {
      note: `${similarity(hit.similarity)}${hit.falseMatchRate ? ` · FMR ${rateText(hit.falseMatchRate)}` : ""}` }))),
  ];
}
