// Numbers, times and rates as people read them.
import { h } from "./dom.js";

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** 12,345; a dash when there is none. */
export const number = (value) => (value === null || value === undefined ? "–" : whole.format(value));

/** "1 image", "3 images", "2 identities". */
export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** A cosine similarity with three decimals. */
export const similarity = (value) => (value === null || value === undefined ? "–" : value.toFixed(3));

export function percent(part, all) {
  if (!all) return "–";
  const share = (100 * part) / all;
  return `${share > 99.9 && share < 100 ? "99.9" : share.toFixed(share < 10 && share > 0 ? 1 : 0)} %`;
}

export function bytes(count) {
  if (count === null || count === undefined) return "–";
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  let place = 0;
  let value = count;
  while (value >= 1024 && place < units.length - 1) {
    value /= 1024;
    place += 1;
  }
  return `${value >= 100 || place === 0 ? Math.round(value) : value.toFixed(1)} ${units[place]}`;
}

/** "3 s", "4 min", "2 h 5 min", "6 days". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "–";
  if (seconds < 1) return "under 1 s";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return plural(Math.round(hours / 24), "day");
}

const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** "5 minutes ago", "in 3 hours", relative to `from` (milliseconds). */
export function ago(iso, from = Date.now()) {
  const seconds = (Date.parse(iso) - from) / 1000;
  const steps = [[60, 1, "second"], [3600, 60, "minute"], [86400, 3600, "hour"], [2592000, 86400, "day"],
    [31536000, 2592000, "month"], [Infinity, 31536000, "year"]];
  const [, unit, name] = steps.find(([limit]) => Math.abs(seconds) < limit);
  return relative.format(Math.round(seconds / unit), name);
}

/** A `time` element: in the reader's zone, UTC on hovering. `null` becomes `otherwise`. */
export function time(iso, { otherwise = "never", isRelative = false } = {}) {
  if (!iso) return h("span", { class: "muted" }, otherwise);
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return h("span", {}, iso);
  const utc = `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const local = dayAndTime.format(date);
  return h("time", { datetime: iso, title: isRelative ? `${local} · ${utc}` : utc }, isRelative ? ago(iso) : local);
}

/** What a measured false-match rate says about a pair, as a sentence. */
export function falseMatch(rate) {
  if (!rate) return "No false-match rate is known for this similarity: calibrate first.";
  const { rate: share, isUpperBound } = rate;
  if (share >= 0.5) return "Most pairs of different people look at least this alike.";
  if (share <= 0) return "No pair of different people in the calibration looked this alike.";
  const one = `1 in ${number(rounded(1 / share))} pairs of different people`;
  return isUpperBound ? `Fewer than ${one} look this alike (an upper bound).` : `About ${one} look at least this alike.`;
}

function rounded(value) {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.round(value / step) * step;
}

/** The rate itself, short: "1e-6", "≤ 1e-6". */
export function rateText(rate) {
  if (!rate) return "–";
  return `${rate.isUpperBound ? "≤ " : ""}${rate.rate === 0 ? "0" : rate.rate.toExponential(1)}`;
}
