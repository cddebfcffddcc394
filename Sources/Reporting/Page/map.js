// The map: a canvas of points that can be moved, zoomed, filtered and asked.
"use strict";
(() => {
  const PICTURES = 140; // so few images in view are drawn as pictures
  const REACH = 14; // pixels from the pointer within which an image answers
  const CORNERS = {
    digital: null,
    real: [[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]],
    generated: [[0, -1.28], [1.15, 0.82], [-1.15, 0.82]],
    reference: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  };
  const number = (n) => n.toLocaleString("en-US");
  const range = (values) => values.length
    ? values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]) : [0, 1];

  document.querySelectorAll("figure.map").forEach(start);

  function start(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const canvas = figure.querySelector("canvas");
    const context = canvas.getContext("2d");
    const card = figure.querySelector(".map-card");
    const total = data.x.length;
    const home = figure.dataset.wheel === "always";
    const hidden = new Set();
    const pictures = [];
    let view = { scale: 1, x: 0, y: 0 };
    let size = { width: 0, height: 0 };
    let colours = {};
    let sprites = new Map();
    let byIdentity = false;
    let words = "";
    let only = -1; // the identity chosen in the legend
    let hovered = -1;
    let pending = false;
    let fitted = 1;

    const counts = new Map();
    data.i.forEach((i) => i >= 0 && counts.set(i, (counts.get(i) ?? 0) + 1));
    const chosen = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 8).map((c) => c[0]);
    const haystack = data.x.map((_, p) => `${data.identities[data.i[p]] ?? ""}\n${data.path[p]}`.toLowerCase());
    const isShown = (p) => !hidden.has(data.p[p]);
    const isMatch = (p) => (!words || haystack[p].includes(words)) && (only < 0 || data.i[p] === only);

    const screenX = (p) => data.x[p] * view.scale + view.x;
    const screenY = (p) => -data.y[p] * view.scale + view.y;

    function fit() {
      const xs = data.arrow ? data.x.concat(data.arrow[0], data.arrow[2]) : data.x;
      const ys = data.arrow ? data.y.concat(data.arrow[1], data.arrow[3]) : data.y;
      const [left, right] = range(xs);
      const [low, high] = range(ys);
      const scale = Math.min((size.width - 60) / (right - left || 1), (size.height - 64) / (high - low || 1));
      fitted = Math.max(scale, 1e-9);
      view = { scale: fitted, x: size.width / 2 - fitted * (left + right) / 2, y: size.height / 2 + fitted * (low + high) / 2 };
      draw();
    }

    function zoom(factor, x = size.width / 2, y = size.height / 2) {
      const scale = Math.min(fitted * 400, Math.max(fitted * 0.4, view.scale * factor));
      const change = scale / view.scale;
      view = { scale, x: x - change * (x - view.x), y: y - change * (y - view.y) };
      draw();
    }

    function move(dx, dy) { view.x += dx; view.y += dy; draw(); }

    function resize() {
      const ratio = window.devicePixelRatio || 1;
      const first = size.width === 0;
      const { width, height } = canvas.getBoundingClientRect();
      if (!width || !height) return;
      move((width - size.width) / 2, (height - size.height) / 2);
      size = { width, height };
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      sprites.clear();
      if (first) fit(); else draw();
    }

    function readColours() {
      const style = getComputedStyle(figure);
      const names = [...data.populations, "ink", "muted", "ground", "surface", ...chosen.map((_, c) => `c${c}`)];
      colours = Object.fromEntries(names.map((n) => [n, style.getPropertyValue(`--${n}`).trim()]));
      sprites.clear();
      draw();
    }

    function colour(p) {
      if (!byIdentity) return colours[data.populations[data.p[p]]];
      const place = chosen.indexOf(data.i[p]);
      return place < 0 ? colours.muted : colours[`c${place}`];
    }

    function sprite(fill, shape, isHollow, radius) {
      const name = `${fill}${shape}${isHollow}${radius}`;
      if (sprites.has(name)) return sprites.get(name);
      const ratio = window.devicePixelRatio || 1;
      const side = Math.ceil(radius * 3 * ratio) + 2;
      const made = Object.assign(document.createElement("canvas"), { width: side, height: side });
      const pen = made.getContext("2d");
      pen.translate(side / 2, side / 2);
      pen.scale(ratio * radius, ratio * radius);
      pen.beginPath();
      const corners = CORNERS[shape];
      if (corners) { corners.forEach(([x, y]) => pen.lineTo(x, y)); pen.closePath(); } else pen.arc(0, 0, 1, 0, 7);
      pen.lineWidth = 1.3 / radius;
      pen.strokeStyle = pen.fillStyle = fill;
      if (isHollow) pen.stroke(); else pen.fill();
      sprites.set(name, made);
      return made;
    }

    function picture(p) {
      const place = data.t[p];
      if (place < 0 || !data.thumbnails[place]) return null;
      if (!pictures[place]) {
        pictures[place] = new Image();
        pictures[place].onload = draw;
        pictures[place].src = data.thumbnails[place];
      }
      return pictures[place].complete && pictures[place].naturalWidth ? pictures[place] : null;
    }

    function draw() {
      if (pending) return;
      pending = true;
      requestAnimationFrame(() => { pending = false; paint(); });
    }

    function inView(p) {
      const [x, y] = [screenX(p), screenY(p)];
      return x > -20 && y > -20 && x < size.width + 20 && y < size.height + 20;
    }

    function paint() {
      const ratio = window.devicePixelRatio || 1;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      const growth = Math.min(2.4, Math.max(1, Math.sqrt(view.scale / fitted)));
      const radius = Math.round((total > 1500 ? 2.7 : total > 300 ? 3.4 : 4.4) * growth * 4) / 4;
      const shown = [];
      for (let p = 0; p < total; p++) if (isShown(p) && inView(p)) shown.push(p);
      const asPictures = shown.length <= PICTURES && view.scale > fitted * 1.5;
      const group = hovered >= 0 ? data.i[hovered] : -1;
      const faint = [];
      const bright = [];
      for (const p of shown) (isMatch(p) && (group < 0 || data.i[p] === group) ? bright : faint).push(p);
      context.globalAlpha = words || only >= 0 || group >= 0 ? 0.16 : 0.8;
      faint.forEach((p) => point(p, radius, false));
      context.globalAlpha = asPictures ? 1 : 0.8;
      bright.forEach((p) => point(p, group >= 0 ? radius * 1.35 : radius, asPictures));
      context.globalAlpha = 1;
      if (data.arrow) arrow();
      if (hovered >= 0) ring();
      const matching = words || only >= 0 || hidden.size;
      const visible = matching ? data.x.reduce((n, _, p) => n + (isShown(p) && isMatch(p)), 0) : total;
      const text = matching ? `${number(visible)} of ${number(total)} images` : `${number(total)} images`;
      const label = figure.querySelector(".map-count");
      if (label.textContent !== text) label.textContent = text;
    }

    function point(p, radius, asPicture) {
      const [x, y] = [screenX(p), screenY(p)];
      const image = asPicture ? picture(p) : null;
      if (image) {
        context.fillStyle = colour(p);
        context.fillRect(x - 22, y - 22, 44, 44);
        context.drawImage(image, x - 20, y - 20, 40, 40);
        return;
      }
      const drawn = sprite(colour(p), data.populations[data.p[p]], data.q[p] === 1, radius);
      const side = drawn.width / (window.devicePixelRatio || 1);
      context.drawImage(drawn, x - side / 2, y - side / 2, side, side);
    }

    function ring() {
      context.strokeStyle = colours.ink;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(screenX(hovered), screenY(hovered), 9, 0, 7);
      context.stroke();
    }

    function arrow() {
      const [x0, y0, x1, y1] = data.arrow.map((v, place) => (place % 2 ? -v * view.scale + view.y : v * view.scale + view.x));
      const angle = Math.atan2(y1 - y0, x1 - x0);
      const [nx, ny] = [x1 - 11 * Math.cos(angle), y1 - 11 * Math.sin(angle)];
      for (const [style, width] of [[colours.surface, 7], [colours.ink, 2.6]]) {
        context.strokeStyle = style;
        context.lineWidth = width;
        context.lineCap = "round";
        context.beginPath(); context.moveTo(x0, y0); context.lineTo(nx, ny); context.stroke();
      }
      context.fillStyle = colours.ink;
      context.beginPath();
      context.moveTo(x1, y1);
      for (const turn of [2.7, -2.7]) context.lineTo(x1 + 16 * Math.cos(angle + turn), y1 + 16 * Math.sin(angle + turn));
      context.fill();
      context.font = "600 17px system-ui, sans-serif";
      context.textAlign = "center";
      context.lineWidth = 4;
      context.strokeStyle = colours.surface;
      const side = Math.cos(angle) < 0 ? 1 : -1;
      const [lx, ly] = [(x0 + x1) / 2 - side * 18 * Math.sin(angle), (y0 + y1) / 2 + side * 18 * Math.cos(angle) + 6];
      context.strokeText("Δ", lx, ly);
      context.fillText("Δ", lx, ly);
    }

    function nearest(x, y, reach) {
      let [best, distance] = [-1, reach * reach];
      for (let p = 0; p < total; p++) {
        if (!isShown(p) || !isMatch(p)) continue;
        const square = (screenX(p) - x) ** 2 + (screenY(p) - y) ** 2;
        if (square < distance) [best, distance] = [p, square];
      }
      return best;
    }

    function hover(p) {
      if (p === hovered) return;
      hovered = p;
      card.hidden = p < 0;
      draw();
      if (p < 0) return;
      const population = data.populations[data.p[p]];
      const lines = [
        ["strong", data.identities[data.i[p]] ?? "no identity"],
        ["p", data.q[p] ? `${population} · quarantined` : population],
        ["p", data.path[p]],
        ["p", data.note[p] ?? ""],
        ["p", data.t[p] >= 0 && (population === "real" || population === "reference") ? "hidden (real person)" : ""],
      ];
      const words = document.createElement("div");
      for (const [name, text] of lines.filter((line) => line[1])) {
        const line = document.createElement(name);
        line.dir = "auto";
        line.textContent = text;
        words.append(line);
      }
      const source = data.thumbnails[data.t[p]];
      const image = source ? [Object.assign(new Image(), { src: source, alt: "" })] : [];
      card.replaceChildren(...image, words);
      const [x, y] = [screenX(p), screenY(p)];
      const left = x + 18 + card.offsetWidth > size.width ? x - 18 - card.offsetWidth : x + 18;
      const top = Math.max(6, Math.min(size.height - card.offsetHeight - 6, y - card.offsetHeight / 2));
      card.style.transform = `translate(${Math.max(6, left)}px,${top}px)`;
    }

    function step(by) {
      const order = data.x.map((_, p) => p).filter((p) => isShown(p) && isMatch(p) && inView(p))
        .sort((a, b) => data.x[a] - data.x[b] || a - b);
      if (order.length) hover(order[(order.indexOf(hovered) + by + order.length) % order.length]);
    }

    const fingers = new Map();
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const spread = () => {
      const [[x0, y0], [x1, y1]] = [...fingers.values()];
      return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, length: Math.hypot(x1 - x0, y1 - y0) || 1 };
    };
    canvas.addEventListener("pointerdown", (event) => {
      fingers.set(event.pointerId, at(event));
      canvas.setPointerCapture(event.pointerId);
      if (event.pointerType === "touch") hover(nearest(...at(event), REACH * 1.6));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!fingers.has(event.pointerId)) { hover(nearest(...at(event), REACH)); return; }
      const before = fingers.size === 2 ? spread() : null;
      const [ox, oy] = fingers.get(event.pointerId);
      const [x, y] = at(event);
      fingers.set(event.pointerId, [x, y]);
      if (Math.hypot(x - ox, y - oy) > 0) { canvas.classList.add("dragging"); if (event.pointerType !== "touch") hover(-1); }
      if (!before) { move(x - ox, y - oy); return; }
      const after = spread();
      move(after.x - before.x, after.y - before.y);
      zoom(after.length / before.length, after.x, after.y);
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      canvas.classList.remove("dragging");
    });
    canvas.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") hover(-1); });
    canvas.addEventListener("wheel", (event) => {
      if (!home && !event.ctrlKey && document.activeElement !== canvas) return;
      event.preventDefault();
      hover(-1);
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...at(event));
    }, { passive: false });
    canvas.addEventListener("dblclick", (event) => zoom(2, ...at(event)));
    const deeds = {
      "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), "_": () => zoom(1 / 1.4), "0": fit,
      ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60),
      n: () => step(1), p: () => step(-1), Escape: () => hover(-1),
    };
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !deeds[event.key]) return;
      event.preventDefault();
      if (!"npEscape".includes(event.key)) hover(-1);
      deeds[event.key]();
    });

    function key(list, text, shape, tone, isPressed, act) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "key";
      button.setAttribute("aria-pressed", isPressed);
      button.innerHTML = figure.querySelector(`template[data-shape=${shape}]`).innerHTML;
      button.style.color = `var(--${tone})`;
      button.append(Object.assign(document.createElement("span"), { textContent: text, dir: "auto" }));
      button.addEventListener("click", act);
      list.append(button);
    }

    function legend() {
      const list = figure.querySelector(".keys-list");
      const held = [...list.children].indexOf(document.activeElement);
      list.replaceChildren();
      data.populations.forEach((name, p) => {
        const count = data.p.reduce((n, q) => n + (q === p), 0);
        key(list, `${name} ${number(count)}`, name, byIdentity ? "muted" : name, !hidden.has(p), () => {
          if (!hidden.delete(p)) hidden.add(p);
          refresh();
        });
      });
      if (byIdentity) chosen.forEach((identity, place) => {
        const text = `${data.identities[identity]} ${number(counts.get(identity))}`;
        key(list, text, "digital", `c${place}`, only < 0 || only === identity, () => {
          only = only === identity ? -1 : identity;
          refresh();
        });
      });
      list.children[held]?.focus();
    }

    function refresh() { hover(-1); legend(); draw(); }

    figure.querySelectorAll("input[type=radio]").forEach((input) => input.addEventListener("change", () => {
      byIdentity = input.value === "identity";
      only = -1;
      refresh();
    }));
    figure.querySelector("input[type=search]").addEventListener("input", (event) => {
      words = event.target.value.toLowerCase().trim();
      refresh();
    });
    figure.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
      if (button.dataset.zoom === "0") fit(); else zoom(Number(button.dataset.zoom));
    }));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readColours);
    new ResizeObserver(resize).observe(canvas);
    readColours();
    legend();
    resize();
    figure.dataset.ready = "true";
  }
})();
