// One job on one line, with its live progress.
import { h } from "./dom.js";
import { listen } from "./events.js";
import { state } from "./marks.js";
import { bytes, duration, number } from "./words.js";

/** What was typed, as one line. */
export const commandLine = (job) => [job.verb, ...job.arguments.map(quoted)].join(" ");

const quoted = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A bar with words that follows its job by itself; `set(progress)` moves it. */
export function progressBar(job) {
  const bar = h("progress", { max: 1, "aria-label": `Progress of job ${job.id}` });
  const words = h("span", { class: "progress-words" });
  const element = h("div", { class: "progress", "data-job": job.id }, bar, words);
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
  element.set(job.progress);
  return element;
}

listen("progress", ({ id, progress }) => {
  for (const element of document.querySelectorAll(`.progress[data-job="${Number(id)}"]`)) element.set(progress);
});

/** A line for a list of running jobs. */
export const jobLine = (job) => h("li", { class: "job-line" }, state(job.state),
  h("a", { href: `#/job/${job.id}` }, h("code", {}, commandLine(job))), progressBar(job));
