// What can be done with every selected image at once.
import { decide } from "./decide.js";
import { h } from "./dom.js";
import { reveal } from "./faces.js";
import { action } from "./field.js";
import { flag } from "./map-columns.js";
import { session } from "./session.js";

/** Buttons for a desk's selected points. The map shows the outcome at once. */
export function bulkActions(desk, points) {
  const { map } = desk;
  const may = { isAllowed: session.can("curator") };
  const images = Array.from(points, (point) => map.image[point]);
  const mark = (isOn, refused) => {
    for (const point of points) {
      if (refused.has(map.image[point])) continue;
      if (isOn) map.flags[point] |= flag.quarantined;
      else map.flags[point] &= ~flag.quarantined;
    }
    desk.sorted.clear();
    desk.filtersChanged();
  };
  const run = (word, isOn) => async () => {
    const before = Array.from(points, (point) => map.flags[point]);
    const answer = await decide(images, word, () => {
      if (isOn === undefined) return;
      points.forEach((point, n) => { map.flags[point] = before[n]; });
      desk.sorted.clear();
      desk.filtersChanged();
    });
    if (answer && isOn !== undefined) mark(isOn, new Set((answer.refused ?? []).map((one) => one.image)));
  };
  return h("div", { class: "buttons", role: "group", "aria-label": "With the selection" },
    action("Quarantine", run("quarantine", true), may), action("Restore", run("restore", false), may), action("Protect", run("protect"), may),
    action("Show visible faces", () => reveal(desk.list.visible()), may), action("Clear", () => desk.clear()));
}
