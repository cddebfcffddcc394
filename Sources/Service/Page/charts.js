// Line charts as SVG, with the same numbers as a table for those who cannot see them.
import { h, s } from "./dom.js";

const width = 640;
const left = 44;
const right = 12;
const top = 12;
const bottom = 26;
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const hour = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** Round steps of 1, 2 or 5 that cover `low…high` in about `wanted` parts. */
export function ticks(low, high, wanted = 4) {
  if (!(high > low)) return [low];
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough * 0.999);
  const out = [];
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n += 1) out.push(Number((n * step).toPrecision(12)));
  return out;
}

const markers = [
  (x, y) => s("circle", { cx: x, cy: y, r: 3.2 }),
  (x, y) => s("rect", { x: x - 2.9, y: y - 2.9, width: 5.8, height: 5.8 }),
  (x, y) => s("path", { d: `M${x} ${y - 4}L${x + 3.7} ${y + 2.7}H${x - 3.7}z` }),
];

/**
 * A chart over time. `series` are {name, style, points: [{at, value}]}; each gets its own marker.
 * `low` fixes the lower end; `format` writes a value. Series of fewer than two points are left out;
 * null when none is left.
 */
export function lineChart(title, given, { low, high, height = 190, format = String } = {}) {
  const isPoint = (point) => Number.isFinite(Date.parse(point.at)) && Number.isFinite(point.value);
  const series = given.map((line) => ({ ...line, points: line.points.filter(isPoint) })).filter((line) => line.points.length > 1);
  const all = series.flatMap((line) => line.points);
  if (!all.length) return null;
  const times = all.map((point) => Date.parse(point.at));
  const first = Math.min(...times);
  const last = Math.max(...times, first + 1);
  const floor = low ?? Math.min(...all.map((point) => point.value));
  const marks = ticks(floor, Math.max(high ?? -Infinity, ...all.map((point) => point.value), floor + 1e-6));
  const ceiling = Math.max(marks.at(-1), ...all.map((point) => point.value), floor + 1e-6);
  const x = (at) => left + ((Date.parse(at) - first) / (last - first)) * (width - left - right);
  const y = (value) => top + (1 - (value - floor) / (ceiling - floor)) * (height - top - bottom);
  const grid = marks.map((value) => [
    s("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
    s("text", { class: "axis", x: left - 8, y: y(value) + 4, "text-anchor": "end" }, format(value)),
  ]);
  const stamp = last - first > 2 * 86400000 ? day : hour;
  const dates = [first, (first + last) / 2, last].map((at, place) => s("text", {
    class: "axis", x: x(new Date(at).toISOString()), y: height - 6, "text-anchor": ["start", "middle", "end"][place],
  }, stamp.format(at)));
  const lines = series.map((line, place) => s("g", { class: `line ${line.style}` },
    s("path", { d: line.points.map((point, n) => `${n ? "L" : "M"}${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`).join("") }),
    line.points.map((point, n) => {
      const mark = markers[place % 3](Number(x(point.at).toFixed(1)), Number(y(point.value).toFixed(1)));
      mark.append(s("title", {}, `${line.name}: ${format(point.value)}, ${hour.format(Date.parse(point.at))}`));
      if (line.points.length > 60 && n < line.points.length - 1) mark.setAttribute("opacity", "0");
      return mark;
    })));
  const picture = s("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": spoken(title, series, format) }, grid, dates, lines);
  const legend = h("ul", { class: "swatches" }, series.map((line, place) => h("li", {},
    s("svg", { viewBox: "0 0 12 12", class: `line ${line.style}`, "aria-hidden": "true" }, markers[place % 3](6, 6)), line.name)));
  return h("figure", { class: "chart-figure" }, h("figcaption", {}, h("strong", {}, title), legend), picture);
}

function spoken(title, series, format) {
  const ends = series.map((line) => `${line.name} from ${format(line.points[0].value)} to ${format(line.points.at(-1).value)}`);
  return `${title}: ${ends.join("; ")}.`;
}

/** A bar of parts side by side: [{name, style, count}]. */
export function stackedBar(label, parts) {
  const sum = parts.reduce((total, part) => total + part.count, 0);
  if (!sum) return null;
  let at = 0;
  const bars = parts.filter((part) => part.count > 0).map((part) => {
    const bar = s("rect", { class: part.style, x: at, y: 0, width: (100 * part.count) / sum, height: 10 });
    at += (100 * part.count) / sum;
    return bar;
  });
  return s("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": label }, bars);
}
