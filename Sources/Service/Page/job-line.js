// One job on one line, with its live progress.
import { h } from "./dom.js";
import { state } from "./marks.js";
import { bytes, duration, number } from "./words.js";

/** What was typed, as one line. */
export const commandLine = (job) => [job.verb, ...job.arguments.map(quoted)].join(" ");

const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A bar with words; `set(progress)` moves it. */
export function progressBar(label) {
  const bar = h("progress", { max: 1, "aria-label": label });
  const words = h("span", { class: "progress-words" });
  const element = h("div", { class: "progress" }, bar, words);
  element.set = (progress) => {
    if (!progress) {
      bar.removeAttribute("value");
      words.textContent = "starting";
      return;
    }
    const { stage, done, total, unit, rate, secondsLeft, memoryBytes } = progress;
    if (total) bar.value = Math.min(1, done / total);
    else bar.removeAttribute("value");
    words.textContent = [
      stage, total ? `${number(done)} of ${number(total)} ${unit ?? ""}` : `${number(done)} ${unit ?? ""}`,
      rate ? `${rate >= 10 ? number(rate) : rate.toFixed(1)} per second` : null,
      secondsLeft !== null && secondsLeft !== undefined ? `${duration(secondsLeft)} left` : null,
      memoryBytes ? bytes(memoryBytes) : null,
    ].filter(Boolean).map((part) => part.trim()).join(" · ");
  };
  return element;
}

/** A line for a list of running jobs, moved by events until the page is left. */
export function jobLine(job, page) {
  const bar = progressBar(`Progress of job ${job.id}`);
  bar.set(job.progress);
  page.listen("progress", ({ id, progress }) => { if (id === job.id) bar.set(progress); });
  return h("li", { class: "job-line" }, state(job.state),
    h("a", { href: `#/job/${job.id}` }, h("code", {}, commandLine(job))), bar);
}
