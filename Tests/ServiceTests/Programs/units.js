// The page's modules that touch no document, by themselves. The body of a function: gives the sentences
// that do not hold, and how many there were.
const [{ parseRoute, address }, { MapFrame }, { PointGrid, isInside, simplified }, { MapSelection }, { parseColumns, boundsOf }, { EventReader }, { valuesOf, argumentsOf }, { compareFindings }, { ticks }, words, { ReviewQueue }, look] = await Promise.all(
  ["route", "map-frame", "map-grid", "map-selection", "map-columns", "event-reader", "verb-arguments", "findings", "charts", "words", "review-queue", "map-look"].map((name) => import(`/page/${name}.js`)));
const failures = [];
let count = 0;
const same = (what, got, wanted) => {
  count += 1;
  if (JSON.stringify(got) !== JSON.stringify(wanted)) failures.push(`${what}: ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`);
};
const holds = (what, is) => same(what, Boolean(is), true);
// A small repeatable source of numbers in 0..<1.
let seed = 12345;
const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;

// Addresses.
same("a path in parts", parseRoute("#/identity/12?a=1").parts, ["identity", "12"]);
same("no path", parseRoute("").parts, []);
same("a broken escape stays", parseRoute("#/image/%E0%A4%A").parts, ["image", "%E0%A4%A"]);
for (const parts of [["a b", "ü/ö"], [], ["x", "?", "#"]]) same("what is written is read", parseRoute(address(parts, { q: "1,2~3 & 4" })).parts, parts);
same("a query too", parseRoute(address(["map"], { q: "a,b:c~d&e=f", none: "" })).query.get("q"), "a,b:c~d&e=f");
same("empty values are left out", address(["map"], { a: "", b: null, c: 0 }), "#/map?c=0");

// The window onto a map.
const bounds = { left: -10, right: 30, bottom: 5, top: 25 };
const frame = new MapFrame(bounds, 800, 600);
const close = (a, b, within = 1e-6) => Math.abs(a - b) <= within;
for (let n = 0; n < 200; n += 1) {
  const [x, y] = [random() * 40 - 10, random() * 20 + 5];
  const back = frame.toMap(...frame.toScreen(x, y));
  holds("there and back", close(back[0], x) && close(back[1], y));
  const at = [random() * 800, random() * 600];
  const before = frame.toMap(...at);
  const zoomed = Object.assign(new MapFrame(bounds, 800, 600), { x: frame.x, y: frame.y, scale: frame.scale });
  zoomed.zoomAt(...at, 0.6 + random());
  const after = zoomed.toMap(...at);
  const isHeld = zoomed.x === bounds.left || zoomed.x === bounds.right || zoomed.y === bounds.bottom || zoomed.y === bounds.top;
  holds("what is under the pointer stays there", isHeld || (close(before[0], after[0]) && close(before[1], after[1])));
}
holds("up is up", frame.toScreen(0, 20)[1] < frame.toScreen(0, 10)[1]);
same("the whole map needs no words", frame.text, null);
frame.zoomAt(100, 100, 7);
const other = new MapFrame(bounds, 800, 600);
other.read(frame.text);
holds("a window is read as it was written", close(other.x, frame.x, 0.01) && close(other.y, frame.y, 0.01) && close(other.zoom, 7, 0.01));
other.read("nonsense");
same("nonsense shows all", other.text, null);
other.read("5000,5000,1e9");
holds("no zoom without end", other.zoom <= 4000.001);
other.resize(300, 900);
holds("a new size keeps the middle", close(other.x, 10, 0.01));

// Picking and lassos, against looking at every point.
const points = 3000;
const map = { count: points, x: Float32Array.from({ length: points }, () => random() * 40 - 10), y: Float32Array.from({ length: points }, () => random() * 20 + 5) };
map.x[7] = NaN;
const grid = new PointGrid(map, bounds);
for (let n = 0; n < 100; n += 1) {
  const [x, y, radius] = [random() * 50 - 15, random() * 30, random() * 2];
  let best = -1;
  let least = radius * radius;
  for (let p = 0; p < points; p += 1) {
    const d = (map.x[p] - x) ** 2 + (map.y[p] - y) ** 2;
    if (d <= least && p % 3) [best, least] = [p, d];
  }
  same("the nearest that is shown", grid.nearest(x, y, radius, (p) => p % 3 !== 0), best);
  const polygon = Array.from({ length: 3 + Math.floor(random() * 6) }, () => [random() * 40 - 10, random() * 20 + 5]);
  const [xs, ys] = [0, 1].map((axis) => polygon.map((corner) => corner[axis]));
  const wanted = [];
  for (let p = 0; p < points; p += 1) if (isInside(map.x[p], map.y[p], xs, ys)) wanted.push(p);
  same("all inside a lasso", [...grid.inside(polygon)].sort((a, b) => a - b), wanted);
}
same("two corners hold nothing", grid.inside([[0, 0], [1, 1]]), []);
same("one point", new PointGrid({ count: 1, x: [3], y: [4] }, boundsOf({ count: 1, x: [3], y: [4] })).nearest(3, 4, 1), 0);
same("no point", new PointGrid({ count: 0, x: [], y: [] }, boundsOf({ count: 0, x: [], y: [] })).nearest(0, 0, 9), -1);
const circle = Array.from({ length: 500 }, (_, n) => [Math.cos(n / 79.577), Math.sin(n / 79.577)]);
const few = simplified(circle);
holds("few corners keep a circle", few.length === 48 && few.every(([x, y]) => close(Math.hypot(x, y), 1, 1e-6)));

// Selections.
const square = (x, y, side) => [[x, y], [x + side, y], [x + side, y + side], [x, y + side]];
const selection = new MapSelection(points, (polygon) => grid.inside(polygon));
selection.draw("new", square(0, 10, 8));
const first = selection.size;
selection.draw("add", square(4, 10, 8));
const both = selection.size;
selection.draw("subtract", square(0, 10, 4));
holds("adding adds, subtracting takes", both > first && selection.size < both && selection.size > 0);
const text = selection.text((x, y) => frame.toParts(x, y));
const again = new MapSelection(points, (polygon) => grid.inside(polygon));
again.read(text, (x, y) => frame.fromParts(x, y));
holds("a selection is read as it was written", Math.abs(again.size - selection.size) <= 3 && again.strokes.length === 3);
same("as many points as it says", selection.points().length, selection.size);
selection.undo();
same("a stroke taken back", selection.size, both);
selection.clear();
holds("nothing is left", selection.isEmpty && selection.text(() => []) === null);
again.read("n1,2~x~a1,2,3,4,5,6~sNaN,1,2,3,4,5", (x, y) => [x, y]);
same("strokes that make no sense are left out", again.strokes.length, 1);

// Columns.
const bytes = new Uint8Array(16 + 18 * 2);
bytes.set(new TextEncoder().encode("D2RMAP1\n"));
const view = new DataView(bytes.buffer);
view.setUint32(8, 2, true);
[[16, 1.5], [20, -2], [24, 3], [28, 4]].forEach(([at, value]) => view.setFloat32(at, value, true));
view.setUint32(32, 41, true);
view.setUint32(36, 42, true);
bytes[48] = 2;
bytes[51] = 5;
const columns = parseColumns(bytes.buffer);
same("columns lie one after the other", [columns.count, ...columns.x, ...columns.y, ...columns.image, columns.population[0], columns.flags[1]], [2, 1.5, -2, 3, 4, 41, 42, 2, 5]);
for (const bad of [new ArrayBuffer(3), bytes.buffer.slice(0, 40), new ArrayBuffer(60)]) {
  let threw = false;
  try { parseColumns(bad); } catch { threw = true; }
  holds("bytes that are no map are refused", threw);
}
same("a mixed order has each point once", [...look.mixedOrder(1000)].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, n) => n));

// Events, wherever the stream is cut.
const stream = ": keep\n\nid: 7\nevent: job\ndata: {\"id\":1}\n\ndata: a\r\ndata: b\r\n\r\nid: 8\nevent: x\n\n";
for (let size = 1; size < 20; size += 1) {
  const reader = new EventReader();
  const found = [];
  for (let n = 0; n < stream.length; n += size) found.push(...reader.take(stream.slice(n, n + size)));
  same(`events in pieces of ${size}`, [found, reader.lastID], [[{ kind: "job", data: "{\"id\":1}", id: "7" }, { kind: "message", data: "a\nb", id: "7" }], "8"]);
}

// Arguments and forms.
const verb = { verb: "v", positionals: [{ name: "PATH" }], options: [{ name: "--n", value: "N" }, { name: "--flag", value: null }, { name: "--rule", value: "R", repeatable: true }] };
for (const given of [[], ["a b"], ["p", "--n", "-3", "--flag", "--rule", "x", "--rule", "y"]]) same("arguments there and back", argumentsOf(verb, valuesOf(verb, given)), given);
same("an attached value", valuesOf(verb, ["--n=5"]).options, { "--n": "5" });
same("what is unknown stays a word", valuesOf(verb, ["--other"]).words, ["--other"]);

// Findings, scales, words.
const finding = (rule, subject) => ({ rule, subject, message: "m" });
const compared = compareFindings([finding("a", 1), finding("b", 2), finding("b", 2)], [finding("b", 2), finding("c", 3)]);
same("what is new and what is gone", [compared.isNew.length, compared.gone.map((one) => one.rule)], [2, ["c"]]);
same("round steps", ticks(0, 10), [0, 5, 10]);
same("fine steps", ticks(0.94, 1), [0.94, 0.96, 0.98, 1]);
same("no spread", ticks(3, 3), [3]);
same("a rate in words", words.falseMatch({ rate: 8.1e-5, isUpperBound: false }), "About 1 in 12,000 pairs of different people look at least this alike.");
same("an upper bound", words.falseMatch({ rate: 1e-6, isUpperBound: true }), "Fewer than 1 in 1,000,000 pairs of different people look this alike (an upper bound).");
holds("no rate", words.falseMatch(null).includes("calibrate"));
same("durations", [0.2, 5, 600, 7300, 900000].map(words.duration), ["under 1 s", "5 s", "10 min", "2 h 2 min", "10 days"]);
same("counts", [words.plural(1, "image"), words.plural(12345, "identity", "identities")], ["1 image", "12,345 identities"]);
same("times away", [words.ago("2026-01-01T00:00:00Z", Date.UTC(2026, 0, 1, 0, 5)), words.ago("2026-01-02T00:00:00Z", Date.UTC(2026, 0, 1))], ["5 minutes ago", "tomorrow"]);

// A session of review with a daemon that fails once.
const pair = (name) => ({ pair: name, kind: "leak" });
const sent = [];
let fails = false;
const queue = new ReviewQueue({ items: ["a", "b", "c"].map(pair), left: 3 }, "", async (path, body) => {
  if (fails) throw new Error("no");
  sent.push(body.pair ?? path);
  return path.endsWith("undo") ? { pair: sent.length > 2 ? "b" : null, left: 2 } : { sequences: [1], left: 1 };
});
await Promise.all([queue.answer("same"), queue.answer("different")]);
same("answers go out in order", [sent, queue.current.pair, queue.left, queue.answered], [["a", "b"], "c", 1, 2]);
await queue.undo(() => null);
same("an answer taken back comes again", [queue.current.pair, queue.left, queue.answered], ["b", 2, 1]);
fails = true;
await queue.answer("same").catch(() => {});
same("a refused answer comes back", [queue.current.pair, queue.left, queue.answered], ["b", 2, 1]);

return { failures: failures.slice(0, 20), count };
