// Judging pairs side by side: one key an answer, and any answer can be taken back.
import { get, query } from "./api.js";
import { h } from "./dom.js";
import { isRevealed, turnFaces } from "./faces.js";
import { action, segments } from "./field.js";
import { say, toast } from "./live.js";
import { pictureURL } from "./pictures.js";
import { fill, problemBox } from "./problem.js";
import { pairFigure, pairMeasures } from "./review-pair.js";
import { ReviewQueue } from "./review-queue.js";
import { session } from "./session.js";
import { empty } from "./table.js";
import { number } from "./words.js";

export const title = "Review";

const edge = 512;
const kinds = [["", "all"], ["duplicate", "duplicates"], ["leak", "leaks"]];
const questions = {
  duplicate: "Are these the same picture, or nearly?",
  leak: "Is this the same person?",
};

export async function open(page) {
  const kind = page.query.get("kind") ?? "";
  const host = h("div", { class: "review" });
  page.root.append(h("div", { class: "head" }, h("h1", {}, "Review"),
    segments("Show", "kind", kinds, kind, (word) => page.turn({ kind: word }))), host);
  await fill(host, async () => {
    const queue = new ReviewQueue(await get(`/review${query({ kind, limit: 40 })}`, { signal: page.signal }), kind);
    return judging(page, queue, kind);
  }, page.signal);
}

function judging(page, queue, kind) {
  const stage = h("div", { class: "pair-stage" });
  const bar = h("progress", { max: 1, "aria-label": "Pairs answered in this session" });
  const words = h("span", { class: "progress-words" });
  const problem = h("div");
  const may = { isAllowed: session.can("curator") };
  const button = (label, key, word) => action([label, " ", h("kbd", {}, key)], () => answer(word), { ...may, style: "plain answer" });
  const undoing = action(["Undo ", h("kbd", {}, "z")], undo, may);
  const facesButton = action(["Show faces ", h("kbd", {}, "Space")], faces, may);
  const answers = h("div", { class: "answers", role: "group", "aria-label": "Answer" },
    button("Same", "1", "same"), button("Different", "2", "different"), button("Unsure", "3", "unsure"),
    h("span", { class: "spring" }), facesButton, undoing);

  function draw() {
    const pair = queue.current;
    const done = queue.answered;
    bar.value = done + queue.left ? done / (done + queue.left) : 1;
    words.textContent = `${number(done)} answered now, ${number(queue.left)} left`;
    undoing.disabled = !may.isAllowed || (!done && !queue.mayUndo);
    answers.hidden = !pair;
    if (!pair) {
      stage.replaceChildren(queue.isWaiting ? h("p", { class: "muted" }, "Fetching more pairs…")
        : empty("No pair is left; the ones you were unsure of come again next time. ", h("a", { href: "#/ledger" }, "The ledger"), " holds them; ",
          h("a", { href: "#/start?verb=dedup" }, "search again"), " when new images have come."));
      return;
    }
    facesButton.hidden = ![pair.kept, pair.removed].some((image) => image.isReal);
    stage.replaceChildren(
      h("p", { class: "question" }, questions[pair.kind] ?? questions.duplicate),
      h("div", { class: "pair" }, pairFigure(pair, "kept", edge), pairFigure(pair, "removed", edge)),
      pairMeasures(pair));
    preload();
  }

  function preload() {
    const images = queue.next(3).flatMap((pair) => [pair.kept, pair.removed]);
    for (const image of images.filter((one) => !one.isReal || !isRevealed(one))) pictureURL(image.id, { edge }).catch(() => {});
  }

  function failed(error) {
    problem.replaceChildren(problemBox(error, () => { problem.replaceChildren(); }));
    draw();
  }

  function answer(word) {
    if (!may.isAllowed || !queue.current) return;
    problem.replaceChildren();
    queue.answer(word).then(({ refused }) => {
      if (refused?.length) toast(`This answer was refused: ${refused[0].reason}.`, { isBad: true });
      return refill();
    }, failed);
    draw();
    say(`${word}. ${queue.current ? `Next: ${pairText(queue.current)}` : "No pair is left."}`);
  }

  async function refill() {
    if (queue.needsMore) {
      try {
        queue.add(await get(`/review${query({ kind, limit: 40 })}`, { signal: page.signal }));
      } catch (error) {
        if (error.name !== "AbortError") return failed(error);
        return;
      }
    }
    draw();
  }

  async function undo() {
    if (!may.isAllowed) return;
    try {
      const pair = await queue.undo(async (key) => (await get(`/review${query({ limit: 1000 })}`)).items.find((one) => one.pair === key));
      if (pair) say("The last answer was taken back.");
      else toast("There is no answer of yours to take back.");
    } catch (error) {
      failed(error);
    }
    draw();
  }

  function faces() {
    const pair = queue.current;
    if (pair) turnFaces([pair.kept, pair.removed]);
  }

  page.keys({
    1: { say: "same", run: () => answer("same") },
    2: { say: "different", run: () => answer("different") },
    3: { say: "unsure", run: () => answer("unsure") },
    z: { say: "undo the last answer", run: undo },
    " ": { say: "show or hide real faces of this pair", run: faces },
  });
  draw();
  return [h("div", { class: "progress" }, bar, words), problem, stage, answers,
    !may.isAllowed && h("p", { class: "muted" }, "You may look; answering needs the role curator.")];
}

const pairText = (pair) => `${pair.kind}, identity similarity ${pair.identitySimilarity?.toFixed(3) ?? "unknown"}`;
