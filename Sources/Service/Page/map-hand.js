// Mouse, fingers and keys on a map: moving, enlarging, strokes and rectangles.

const step = 60;
const nearPixels = 12;

/** What a stroke does, by the keys held: Shift adds, Alt takes away. */
export const strokeKind = (event, isEmpty) => (event.altKey ? "subtract" : event.shiftKey && !isEmpty ? "add" : "new");

/**
 * Listens on a stage. `told` has hover(point, left, top), pick(point), stroke(kind, polygon),
 * hasSelection(), and `tool`: "hand", "lasso" or "box".
 */
export function handle(stage, grid, isShown, told) {
  const { canvas, frame } = stage;
  const fingers = new Map();
  let drag = null; // {left, top, hasMoved, polygon, kind}
  let box = null; // the rectangle made by keys: {left, top, width, height} on the screen

  const place = (event) => {
    const edge = canvas.getBoundingClientRect();
    return [event.clientX - edge.left, event.clientY - edge.top];
  };
  const near = (left, top) => grid.nearest(...frame.toMap(left, top), nearPixels / frame.scale, isShown);
  const corners = (a, b) => [a, [b[0], a[1]], b, [a[0], b[1]]].map(([left, top]) => frame.toMap(left, top));

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const [left, top] = place(event);
    fingers.set(event.pointerId, [left, top]);
    if (fingers.size > 1) {
      drag = null;
      stage.stroke(null);
      return;
    }
    const draws = told.tool !== "hand" || event.shiftKey || event.altKey;
    drag = { left, top, from: [left, top], hasMoved: false, draws, isBox: told.tool === "box" || told.tool === "hand",
      kind: strokeKind(event, !told.hasSelection()), polygon: [frame.toMap(left, top)] };
    told.hover(-1);
  });

  canvas.addEventListener("pointermove", (event) => {
    const [left, top] = place(event);
    if (fingers.size === 2 && fingers.has(event.pointerId)) return pinch(event.pointerId, left, top);
    if (!drag) return event.pointerType === "touch" ? undefined : told.hover(near(left, top), left, top);
    if (!drag.hasMoved && Math.hypot(left - drag.from[0], top - drag.from[1]) < 4) return undefined;
    drag.hasMoved = true;
    if (!drag.draws) {
      canvas.classList.add("dragging");
      frame.pan(left - drag.left, top - drag.top);
      stage.moved();
    } else if (drag.isBox) {
      drag.polygon = corners(drag.from, [left, top]);
      stage.stroke(drag.polygon);
    } else {
      drag.polygon.push(frame.toMap(left, top));
      stage.stroke(drag.polygon);
    }
    [drag.left, drag.top] = [left, top];
    return undefined;
  });

  function pinch(id, left, top) {
    const [other] = [...fingers].filter(([key]) => key !== id).map(([, at]) => at);
    const before = fingers.get(id);
    const middle = [(left + other[0]) / 2, (top + other[1]) / 2];
    const was = Math.hypot(before[0] - other[0], before[1] - other[1]);
    if (was > 1) frame.zoomAt(...middle, Math.hypot(left - other[0], top - other[1]) / was);
    frame.pan((left - before[0]) / 2, (top - before[1]) / 2);
    fingers.set(id, [left, top]);
    stage.moved();
  }

  const end = (event) => {
    fingers.delete(event.pointerId);
    canvas.classList.remove("dragging");
    const done = drag;
    drag = null;
    if (!done || event.type === "pointercancel") return stage.stroke(null);
    if (!done.hasMoved) told.pick(near(...done.from));
    else if (done.draws) told.stroke(done.kind, done.polygon);
    return undefined;
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  canvas.addEventListener("pointerleave", () => { if (!drag) told.hover(-1); });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 20 : 1;
    frame.zoomAt(...place(event), Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0016)));
    stage.moved();
  }, { passive: false });
  canvas.addEventListener("dblclick", (event) => zoom(2, place(event)));

  function zoom(factor, at = [frame.width / 2, frame.height / 2]) {
    frame.zoomAt(...at, factor);
    stage.moved();
  }

  function fit() {
    frame.fit();
    stage.moved();
  }

  // The rectangle made by keys.
  function beginBox() {
    box = { left: frame.width * 0.35, top: frame.height * 0.35, width: frame.width * 0.3, height: frame.height * 0.3 };
    canvas.focus();
    showBox();
    told.say("A rectangle. Arrow keys move it, with Shift they size it. Enter selects, A adds, D takes away, Escape leaves.");
  }

  const boxCorners = () => corners([box.left, box.top], [box.left + box.width, box.top + box.height]);

  function showBox() {
    stage.stroke(boxCorners());
    told.say(`${grid.inside(boxCorners(), isShown).length} images in the rectangle`);
  }

  function endBox(kind) {
    const polygon = boxCorners();
    box = null;
    stage.stroke(null);
    if (kind) told.stroke(kind, polygon);
  }

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const done = box ? boxKey(event) : mapKey(event);
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    }
  });

  function boxKey(event) {
    const arrow = arrows[event.key];
    if (arrow) {
      const [dx, dy] = arrow.map((way) => way * 16);
      if (event.shiftKey) Object.assign(box, { width: Math.max(8, box.width + dx), height: Math.max(8, box.height + dy) });
      else Object.assign(box, { left: box.left + dx, top: box.top + dy });
      showBox();
    } else if (event.key === "Enter") endBox("new");
    else if (event.key.toLowerCase() === "a") endBox("add");
    else if (event.key.toLowerCase() === "d") endBox("subtract");
    else if (event.key === "Escape") endBox(null);
    else return false;
    return true;
  }

  function mapKey(event) {
    const arrow = arrows[event.key];
    if (arrow) {
      frame.pan(-arrow[0] * step, -arrow[1] * step);
      stage.moved();
    } else if (event.key === "+" || event.key === "=") zoom(1.4);
    else if (event.key === "-" || event.key === "_") zoom(1 / 1.4);
    else if (event.key === "0") fit();
    else return false;
    return true;
  }

  return { zoom, fit, beginBox };
}
