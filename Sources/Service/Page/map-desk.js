// A map at work: what is drawn, filtered, selected and listed, and all of it in the address.
import { h, settled } from "./dom.js";
import { segments } from "./field.js";
import { say } from "./live.js";
import { bulkActions } from "./map-actions.js";
import { detailCard, hoverCard } from "./map-card.js";
import { flag } from "./map-columns.js";
import { MapFilter } from "./map-filter.js";
import { PointGrid, simplified } from "./map-grid.js";
import { handle } from "./map-hand.js";
import { legend } from "./map-legend.js";
import { mapList } from "./map-list.js";
import { classify, modes, writeLook } from "./map-look.js";
import { savedViews } from "./map-saved.js";
import { MapSelection } from "./map-selection.js";
import { MapStage } from "./map-stage.js";
import { number, plural } from "./words.js";

const tools = [["hand", "Move"], ["lasso", "Lasso"], ["box", "Rectangle"]];
const help = "Arrow keys move, plus and minus enlarge, 0 shows all. B begins a rectangle made by keys. Shift adds to a selection, Alt takes away.";

export class MapDesk {
  constructor(page, map, info, bounds) {
    Object.assign(this, { page, map, info });
    this.sorted = new Map();
    this.mode = modes.some(([key]) => key === page.query.get("colour")) ? page.query.get("colour") : "population";
    this.filter = new MapFilter(map, (mode) => this.classesOf(mode));
    this.filter.read(page.query.get("hide"), page.query.get("identity"));
    this.note = settled(() => this.#note(), 250);
    this.stage = new MapStage(map, bounds, { drawnBy: page.query.get("draw"), onFrame: () => { this.card.hide(); this.note(); } });
    this.stage.firstWindow = page.query.get("at");
    this.stage.onPainted = () => this.#painted();
    this.card = hoverCard();
    this.detail = detailCard({ onClose: () => this.pick(-1), onIdentity: (id) => this.alone(id) });
    this.list = mapList((point) => this.imageOf(point), { onHover: (point) => this.stage.point(point), onOpen: (point) => this.pick(point) });
    this.element = this.#draw();
    this.look();
  }

  classesOf(mode) {
    if (!this.sorted.has(mode)) this.sorted.set(mode, classify(mode, this.map, this.info));
    return this.sorted.get(mode);
  }

  imageOf(point) {
    const { map, info } = this;
    const identity = map.identity[point];
    return {
      id: map.image[point], population: info.populations[map.population[point]] ?? "digital", path: "",
      identity: identity ? { id: identity, name: info.identityNames[identity] ?? `identity ${identity}` } : null,
      quarantined: Boolean(map.flags[point] & flag.quarantined), isReal: Boolean(map.flags[point] & flag.real),
    };
  }

  #draw() {
    this.legendHost = h("div", { class: "legend", role: "group", "aria-label": "Legend; press to hide or show" });
    this.aloneHost = h("span", {});
    this.count = h("p", { class: "map-count", role: "status" });
    this.actionsHost = h("div", { class: "map-actions" });
    this.hint = h("div", { class: "map-empty" }, h("p", {}, h("strong", {}, "Nothing is selected."), " Draw a lasso or a rectangle around images to see them here."),
      h("p", { class: "muted" }, "Shift adds, Alt takes away, ", h("kbd", {}, "z"), " takes back, ", h("kbd", {}, "Esc"), " clears. With keys alone: ", h("kbd", {}, "b"), "."));
    this.toolHost = segments("Tool", "tool", tools, "hand", (tool) => this.take(tool));
    const button = (label, name, run) => h("button", { type: "button", class: "plain", "aria-label": name, title: name, onclick: run }, label);
    return h("div", { class: "map-desk" },
      h("div", { class: "map-bar" }, this.toolHost, segments("Colour", "colour", modes, this.mode, (mode) => this.colour(mode)), savedViews()),
      h("div", { class: "map-legend-row" }, this.legendHost, this.aloneHost),
      h("p", { id: "map-help", class: "unseen" }, help),
      h("div", { class: "map-body" },
        h("div", { class: "map-stage" }, this.stage.element, this.card.element,
          h("div", { class: "map-zoom" }, button("+", "Enlarge", () => this.hand.zoom(1.6)), button("−", "Make smaller", () => this.hand.zoom(1 / 1.6)), button("⤢", "Show the whole map", () => this.hand.fit())),
          h("p", { class: "map-about muted" }, this.#about())),
        h("aside", { class: "map-side", "aria-label": "Selection" }, this.count, this.actionsHost, this.detail.element, this.hint, this.list.element)));
  }

  #about() {
    const { images, sampledFrom, perplexity } = this.info;
    const sample = sampledFrom > images ? `, a sample of ${number(sampledFrom)}` : "";
    return `${number(this.map.count)} images${sample} · perplexity ${perplexity} · near means similar; the axes have no unit`;
  }

  // What is not needed for the first picture: the cells for picking, the selection, the keys.
  begin() {
    const { map, stage, page, filter } = this;
    this.grid = new PointGrid(map, stage.frame.bounds);
    this.selection = new MapSelection(map.count, (polygon) => this.grid.inside(polygon, (p) => filter.isInFront(p)));
    this.hand = handle(stage, this.grid, (p) => filter.isInFront(p), Object.assign(this, {
      tool: "hand", hasSelection: () => !this.selection.isEmpty, say: settled(say, 200),
    }));
    this.selection.read(page.query.get("sel"), (across, up) => stage.frame.fromParts(across, up));
    this.selectionChanged();
    const picked = Number(page.query.get("image"));
    if (picked) this.pick(map.image.indexOf(picked));
    const theme = () => stage.setTones();
    document.addEventListener("theme", theme);
    page.atEnd(() => document.removeEventListener("theme", theme));
    page.keys({
      v: { say: "move the map", run: () => this.take("hand", true) }, l: { say: "lasso", run: () => this.take("lasso", true) },
      r: { say: "rectangle", run: () => this.take("box", true) }, b: { say: "rectangle by keys", run: () => this.hand.beginBox() },
      z: { say: "take the last stroke back", run: () => this.undo() }, Escape: { say: "clear the selection", run: () => this.clear() },
      0: { say: "show the whole map", run: () => this.hand.fit() },
    });
    stage.canvas.dataset.ready = "true";
  }

  #painted() {
    requestAnimationFrame(() => {
      performance.mark("map-painted");
      this.stage.canvas.dataset.painted = String(Math.round(performance.measure("map", "map-opened", "map-painted").duration));
    });
  }

  /** Draws the points by what the filters and the selection say now. */
  look() {
    const { filter, stage } = this;
    const hasSelection = Boolean(this.selection && !this.selection.isEmpty);
    writeLook(stage.look, this.map, this.classesOf(this.mode), { isShown: filter.isShown, isBright: filter.isBright, mask: this.selection?.mask, hasSelection });
    stage.changed(hasSelection || filter.identity > 0);
    this.legendHost.replaceChildren(...legend(this.classesOf(this.mode).classes, filter.hiddenIn(this.mode), (key) => this.turn(key)));
    const { identity } = filter;
    this.aloneHost.replaceChildren(...(identity ? [h("span", { class: "chip" }, `only ${this.info.identityNames[identity] ?? `identity ${identity}`} `,
      h("button", { type: "button", class: "plain quiet", "aria-label": "Show every identity", onclick: () => this.alone(0) }, "×"))] : []));
  }

  turn(key) {
    const focused = document.activeElement?.id;
    this.filter.turn(this.mode, key);
    this.filtersChanged();
    document.getElementById(focused)?.focus();
  }

  alone(identity) {
    this.filter.read(this.filter.text, identity);
    this.filtersChanged();
  }

  filtersChanged() {
    this.filter.settle();
    this.selection.again();
    this.selectionChanged();
  }

  colour(mode) {
    this.mode = mode;
    this.look();
    this.note();
  }

  take(tool, tells = false) {
    this.tool = tool;
    this.stage.canvas.classList.toggle("draws", tool !== "hand");
    if (!tells) return;
    document.getElementById(`tool-${tool}`).checked = true;
    say(`Tool: ${tools.find(([key]) => key === tool)[1]}`);
  }

  hover(point, left, top) {
    this.stage.point(point >= 0 ? point : this.picked ?? -1);
    if (point < 0) this.card.hide();
    else this.card.show(point, this.imageOf(point), left, top, this.stage.frame);
  }

  pick(point) {
    this.picked = point;
    this.stage.point(point);
    if (point < 0) this.detail.close();
    else this.detail.open(this.imageOf(point), this.page.signal);
    this.note();
  }

  stroke(kind, polygon) {
    this.stage.stroke(null);
    this.selection.draw(kind, simplified(polygon));
    this.selectionChanged();
  }

  undo() {
    if (this.selection.undo()) this.selectionChanged();
  }

  clear() {
    if (this.selection.strokes.length) {
      this.selection.clear();
      this.selectionChanged();
    } else this.pick(-1);
  }

  selectionChanged() {
    const { selection, filter, map } = this;
    this.look();
    const points = selection.points();
    this.list.show(points);
    this.hint.hidden = points.length > 0;
    let shown = map.count;
    if (filter.isOn) {
      shown = 0;
      for (let p = 0; p < map.count; p += 1) if (filter.isInFront(p)) shown += 1;
    }
    this.count.textContent = points.length ? `${plural(points.length, "image")} selected`
      : filter.isOn ? `${number(shown)} of ${plural(map.count, "image")} shown` : `${plural(map.count, "image")} shown`;
    this.actionsHost.replaceChildren(...(points.length ? [bulkActions(this, points)] : []));
    this.note();
  }

  #note() {
    if (this.page.signal.aborted || !this.selection) return;
    const { frame } = this.stage;
    this.page.note({
      at: frame.text, colour: this.mode === "population" ? null : this.mode, hide: this.filter.text, identity: this.filter.identity || null,
      sel: this.selection.text((x, y) => frame.toParts(x, y)), image: this.picked >= 0 ? this.map.image[this.picked] : null,
    });
  }

  close() {
    this.stage.close();
    this.list.close();
  }
}
