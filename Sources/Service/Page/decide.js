// Deciding about images, with a reason, and taking a batch back.
import { post } from "./api.js";
import { asked } from "./dialog.js";
import { h } from "./dom.js";
import { field } from "./field.js";
import { toast, toastProblem } from "./live.js";
import { plural } from "./words.js";

const words = {
  quarantine: { title: "Move to quarantine", yes: "Quarantine", done: "in quarantine", says: "They stay on the disk and can be restored at any time." },
  restore: { title: "Restore from quarantine", yes: "Restore", done: "restored", says: "They take part again in everything." },
  protect: { title: "Protect", yes: "Protect", done: "protected", says: "No later step will remove them." },
  unprotect: { title: "Lift the protection", yes: "Unprotect", done: "no longer protected", says: "Later steps may remove them." },
};

/** Asks for a reason and decides. Gives {batches, decided, refused}, or null when it was called off. */
export async function decide(images, action, onUndone = () => {}) {
  const { title, yes, done, says } = words[action];
  const answer = await asked(`${title}: ${plural(images.length, "image")}`, [
    h("p", {}, says, " The decision goes into the ledger with your name."),
    field("Reason", { name: "reason", isRequired: true, maxlength: 500, help: "A few words for whoever reads the ledger later." }),
  ], { yes, check: ({ reason }) => inParts(images, action, reason.trim()) });
  if (!answer) return null;
  const refused = answer.refused?.length ? ` ${plural(answer.refused.length, "image")} refused: ${answer.refused[0].reason}.` : "";
  toast(`${plural(answer.decided, "image")} ${done}.${refused}`, {
    action: { label: "Undo", run: async () => { if (await undoBatches(answer.batches)) onUndone(answer); } } });
  return answer;
}

// The daemon takes so many images at a time.
const most = 10000;

async function inParts(images, action, reason) {
  const whole = { batches: [], decided: 0, refused: [] };
  for (let first = 0; first < images.length; first += most) {
    const { batch, decided, refused } = await post("/decisions", { images: images.slice(first, first + most), action, reason });
    if (batch !== null) whole.batches.push(batch);
    whole.decided += decided;
    whole.refused.push(...(refused ?? []));
  }
  return whole;
}

/** Takes whole batches back; true when that worked. */
export async function undoBatches(batches) {
  try {
    let undone = 0;
    for (const batch of batches) undone += (await post("/decisions/undo", { batch })).undone;
    toast(`${plural(undone, "decision")} taken back.`);
    return true;
  } catch (error) {
    toastProblem(error);
    return false;
  }
}
