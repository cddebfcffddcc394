// The picture of a map: a canvas that draws itself when needed, and an overlay for strokes and rings.
import { h, s } from "./dom.js";
import { MapCanvas } from "./map-canvas.js";
import { MapFrame } from "./map-frame.js";
import { MapGL } from "./map-gl.js";
import { palette } from "./map-look.js";
import { tone } from "./theme.js";

const slow = 55; // milliseconds between frames from which a moving map shows a sample

/** A stage for `map`; `onFrame` is called when the window has moved. */
export class MapStage {
  constructor(map, bounds, { drawnBy = null, onFrame = () => {} } = {}) {
    this.map = map;
    this.onFrame = onFrame;
    this.frame = new MapFrame(bounds);
    this.hasFaint = false;
    this.share = 1;
    this.look = new Uint8Array(map.count * 4);
    this.canvas = h("canvas", { class: "map-canvas", tabindex: "0", role: "application", "aria-roledescription": "map",
      "aria-label": "Map of images", "aria-describedby": "map-help" });
    this.line = s("path", { class: "stroke" });
    this.ring = s("circle", { class: "ring", r: 9, visibility: "hidden" });
    this.overlay = s("svg", { class: "map-overlay", "aria-hidden": "true" }, this.line, this.ring);
    this.element = h("div", { class: "map-plot" }, this.canvas, this.overlay);
    this.renderer = this.#renderer(drawnBy);
    this.kind = this.renderer instanceof MapGL ? "webgl" : "canvas";
    this.canvas.dataset.renderer = this.kind;
    this.renderer.onRestored = () => this.draw();
    this.setTones();
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(this.element);
  }

  #renderer(drawnBy) {
    if (drawnBy !== "canvas") {
      try {
        return new MapGL(this.canvas, this.map, { mayBeSlow: drawnBy === "webgl" });
      } catch { /* the other way draws too */ }
      const fresh = this.canvas.cloneNode();
      this.canvas.replaceWith(fresh);
      this.canvas = fresh;
    }
    return new MapCanvas(this.canvas, this.map);
  }

  #resize() {
    const { width, height } = this.element.getBoundingClientRect();
    if (!width || !height) return;
    const isFirst = !this.isSized;
    this.isSized = true;
    this.frame.resize(width, height);
    if (isFirst) {
      this.frame.read(this.firstWindow);
      this.paint();
      this.onPainted?.();
    } else this.draw();
  }

  setTones() {
    this.renderer.setTones(palette.map(tone));
    this.draw();
  }

  /** Takes the bytes in `look` anew. */
  changed(hasFaint) {
    this.hasFaint = hasFaint;
    this.renderer.setLook(this.look);
    this.draw();
  }

  /** Draws at the next frame, once. */
  draw() {
    if (this.waiting || !this.isSized) return;
    this.waiting = requestAnimationFrame((now) => {
      this.waiting = 0;
      this.#pace(now);
      this.paint();
    });
  }

  paint() {
    this.renderer.draw(this.frame, Math.min(2, devicePixelRatio || 1), { share: this.isMoving ? this.share : 1, hasFaint: this.hasFaint });
    this.#place();
  }

  // While the map moves, frames that come too slowly make the sample smaller.
  #pace(now) {
    if (this.isMoving && this.before) {
      const gap = now - this.before;
      if (gap > slow && gap < 1000) this.share = Math.max(0.08, this.share * 0.7);
      else if (gap < slow / 2) this.share = Math.min(1, this.share * 1.15);
    }
    this.before = this.isMoving ? now : 0;
  }

  /** To be called on each step of a movement. */
  moved() {
    this.isMoving = true;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      this.isMoving = false;
      this.before = 0;
      this.draw();
    }, 140);
    this.draw();
    this.onFrame();
  }

  /** Rings a point, or none with −1. */
  point(p) {
    this.ringed = p;
    this.#place();
  }

  /** Draws a stroke over the map, given in its coordinates. */
  stroke(polygon, isClosed = true) {
    this.polygon = polygon;
    this.isClosed = isClosed;
    this.#place();
  }

  #place() {
    const { frame, polygon, ringed, map } = this;
    const path = polygon?.length ? polygon.map(([x, y], n) => {
      const [left, top] = frame.toScreen(x, y);
      return `${n ? "L" : "M"}${left.toFixed(1)} ${top.toFixed(1)}`;
    }).join("") + (this.isClosed ? "z" : "") : "";
    this.line.setAttribute("d", path);
    if (ringed >= 0) {
      const [left, top] = frame.toScreen(map.x[ringed], map.y[ringed]);
      this.ring.setAttribute("cx", left.toFixed(1));
      this.ring.setAttribute("cy", top.toFixed(1));
    }
    this.ring.setAttribute("visibility", ringed >= 0 ? "visible" : "hidden");
  }

  close() {
    this.observer.disconnect();
    cancelAnimationFrame(this.waiting);
    clearTimeout(this.rest);
    this.renderer.gl?.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
