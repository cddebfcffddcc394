// The map: a canvas of points that can be moved, zoomed, filtered and asked.
"use strict";
(() => {
  const PICTURES = 200; // so few images in view are drawn as pictures
  const REACH = 14; // pixels from the pointer within which an image answers
  const STRIDE = 3; // pixels from one corner of a lasso to the next
  const CORNERS = {
    real: [[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]],
    generated: [[0, -1.28], [1.15, 0.82], [-1.15, 0.82]],
    reference: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  };
  const range = (values) => values.length
    ? values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]) : [0, 1];
  const made = mapMade;

  document.querySelectorAll("figure.map").forEach((figure) => {
    const model = mapModel(figure);
    if (typeof plotlyMap === "undefined" || !plotlyMap(figure, model)) start(figure, model);
  });

  function start(figure, model) {
    const { data, all, population, isShown, isMatch } = model;
    const canvas = figure.querySelector("canvas");
    const pen = canvas.getContext("2d");
    const card = figure.querySelector(".map-card");
    const pictures = [];
    const sprites = new Map();
    let view = { scale: 1, x: 0, y: 0 };
    let size = { width: 0, height: 0 };
    let ratio = 1; // device pixels per pixel
    let fitted = 1; // the scale that shows everything
    let colours = {};
    let lasso = null; // its corners on the screen, while one is drawn
    let still = null; // the map under it
    let hovered = -1;
    let pending = false;
    let asPictures = false;

    const screenX = (p) => data.x[p] * view.scale + view.x;
    const screenY = (p) => view.y - data.y[p] * view.scale;
    const inView = (p) => screenX(p) > -20 && screenX(p) < size.width + 20
      && screenY(p) > -20 && screenY(p) < size.height + 20;

    // The view.

    function fit() {
      const [left, right] = range(data.arrow ? data.x.concat(data.arrow[0], data.arrow[2]) : data.x);
      const [low, high] = range(data.arrow ? data.y.concat(data.arrow[1], data.arrow[3]) : data.y);
      fitted = Math.min((size.width - 60) / (right - left || 1), (size.height - 64) / (high - low || 1));
      fitted = Math.max(fitted, 1e-9);
      view = { scale: fitted, x: size.width / 2 - fitted * (left + right) / 2, y: size.height / 2 + fitted * (low + high) / 2 };
      draw();
    }

    function zoom(factor, x = size.width / 2, y = size.height / 2) {
      const scale = Math.min(fitted * 400, Math.max(fitted * 0.4, view.scale * factor));
      const change = scale / view.scale;
      view = { scale, x: x - change * (x - view.x), y: y - change * (y - view.y) };
      draw();
    }

    function move(dx, dy) {
      view = { scale: view.scale, x: view.x + dx, y: view.y + dy };
      draw();
    }

    function resize() {
      const isFirst = size.width === 0;
      const { width, height } = canvas.getBoundingClientRect();
      if (!width || !height) return;
      move((width - size.width) / 2, (height - size.height) / 2);
      size = { width, height };
      ratio = window.devicePixelRatio || 1;
      Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
      sprites.clear();
      if (isFirst) fit();
    }

    // Drawing.

    function readColours() {
      const style = getComputedStyle(figure);
      const names = [...data.populations, "ink", "muted", "surface", ..."01234567"].map((n) => (n >= "0" && n <= "7" ? `c${n}` : n));
      colours = Object.fromEntries(names.map((n) => [n, style.getPropertyValue(`--${n}`).trim()]));
      sprites.clear();
      draw();
    }

    const colour = (p) => colours[model.tone(p)] ?? colours.muted;

    function sprite(fill, shape, isHollow, radius) {
      const name = `${fill}${shape}${isHollow}${radius}`;
      if (sprites.has(name)) return sprites.get(name);
      const side = Math.ceil(radius * 3 * ratio) + 2;
      const image = made("canvas", { width: side, height: side });
      const brush = image.getContext("2d");
      brush.translate(side / 2, side / 2);
      brush.scale(ratio * radius, ratio * radius);
      if (CORNERS[shape]) CORNERS[shape].forEach(([x, y]) => brush.lineTo(x, y)); else brush.arc(0, 0, 1, 0, 7);
      brush.closePath();
      brush.lineWidth = 1.3 / radius;
      brush.strokeStyle = brush.fillStyle = fill;
      if (isHollow) brush.stroke(); else brush.fill();
      sprites.set(name, image);
      return image;
    }

    function picture(p) {
      const place = data.t[p];
      if (place >= 0) pictures[place] ??= made("img", { onload: draw, src: data.thumbnails[place] });
      return pictures[place]?.naturalWidth ? pictures[place] : null;
    }

    function draw() {
      if (!pending) requestAnimationFrame(() => { pending = false; paint(); });
      pending = true;
    }

    function paint() {
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, size.width, size.height);
      if (lasso) {
        pen.drawImage(still, 0, 0, size.width, size.height);
        fence();
        return;
      }
      const growth = Math.min(2.4, Math.max(1, Math.sqrt(view.scale / fitted))) * (size.width < 500 ? 0.75 : 1);
      const radius = Math.round((all.length > 1500 ? 2.7 : all.length > 300 ? 3.4 : 4.4) * growth * 4) / 4;
      const shown = all.filter((p) => isShown(p) && inView(p));
      asPictures = shown.length <= PICTURES && view.scale > fitted * 1.5;
      const group = hovered >= 0 ? data.i[hovered] : -1;
      const isBright = (p) => model.isBright(p) && (group < 0 || data.i[p] === group);
      pen.globalAlpha = 0.16;
      for (const p of shown) if (!isBright(p)) point(p, radius, false);
      pen.globalAlpha = asPictures ? 1 : 0.8;
      for (const p of shown) {
        if (!isBright(p)) continue;
        if (data.n) pen.globalAlpha = data.n[p] || asPictures ? 1 : 0.35;
        point(p, group >= 0 ? radius * 1.35 : radius, asPictures);
      }
      pen.globalAlpha = 1;
      if (data.arrow) arrow();
      if (hovered >= 0) ring();
    }

    function fence() {
      Object.assign(pen, { strokeStyle: colours.ink, lineWidth: 1.5, fillStyle: colours.muted });
      const outline = new Path2D(`M${lasso.map((corner) => corner.join(" ")).join("L")}z`);
      pen.globalAlpha = 0.12;
      pen.fill(outline);
      pen.globalAlpha = 1;
      pen.stroke(outline);
    }

    function point(p, radius, asPicture) {
      const [x, y] = [screenX(p), screenY(p)];
      const image = asPicture && picture(p);
      if (image) {
        pen.fillStyle = colour(p);
        pen.fillRect(x - 22, y - 22, 44, 44);
        pen.drawImage(image, x - 20, y - 20, 40, 40);
        return;
      }
      const isOld = data.n && !data.n[p];
      const drawn = sprite(colour(p), population(p), data.q[p] === 1, data.n && !isOld ? radius * 1.4 : radius);
      const side = drawn.width / ratio;
      pen.drawImage(drawn, Math.round((x - side / 2) * ratio) / ratio, Math.round((y - side / 2) * ratio) / ratio, side, side);
    }

    function ring() {
      Object.assign(pen, { strokeStyle: colours.ink, lineWidth: 2 });
      pen.beginPath();
      pen.arc(screenX(hovered), screenY(hovered), 9, 0, 7);
      pen.stroke();
    }

    function arrow() {
      const [x0, y0, x1, y1] = data.arrow.map((v, place) => (place % 2 ? view.y - v * view.scale : v * view.scale + view.x));
      const angle = Math.atan2(y1 - y0, x1 - x0);
      const along = (length, turn = 0) => [x1 + length * Math.cos(angle + turn), y1 + length * Math.sin(angle + turn)];
      for (const [strokeStyle, lineWidth] of [[colours.surface, 7], [colours.ink, 2.8]]) {
        Object.assign(pen, { strokeStyle, lineWidth, lineCap: "round", fillStyle: colours.ink });
        pen.stroke(new Path2D(`M${x0} ${y0}L${along(-11)}`));
      }
      pen.fill(new Path2D(`M${x1} ${y1}L${along(18, 2.7)}L${along(-13)}L${along(18, -2.7)}z`));
      Object.assign(pen, { font: "600 17px system-ui, sans-serif", textAlign: "center", lineWidth: 4, strokeStyle: colours.surface });
      const side = Math.cos(angle) < 0 ? -18 : 18;
      const place = [(x0 + x1) / 2 + side * Math.sin(angle), (y0 + y1) / 2 - side * Math.cos(angle) + 6];
      pen.strokeText("Δ", ...place);
      pen.fillText("Δ", ...place);
    }

    // Asking.

    function nearest(x, y, reach) {
      let [best, distance] = [-1, reach * reach];
      for (const p of all) {
        const square = (screenX(p) - x) ** 2 + (screenY(p) - y) ** 2;
        if (square < distance && isShown(p) && isMatch(p)) [best, distance] = [p, square];
      }
      return best;
    }

    function hover(p) {
      if (p === hovered) return;
      hovered = p;
      card.hidden = p < 0;
      draw();
      if (p < 0) return;
      card.replaceChildren(...model.card(p));
      const [x, y, width, height] = [screenX(p), screenY(p), card.offsetWidth, card.offsetHeight];
      const left = x + 18 + width > size.width ? x - 18 - width : x + 18;
      const top = Math.max(6, Math.min(size.height - height - 6, y - height / 2));
      card.style.transform = `translate(${Math.max(6, left)}px,${top}px)`;
    }

    // The points within the lasso, of those that are looked for: an odd number of its sides lies to their right.
    function fenced() {
      const [left, right] = range(lasso.map(([x]) => x));
      const [top, bottom] = range(lasso.map(([, y]) => y));
      const sides = lasso.map(([x0, y0], place) => {
        const [x1, y1] = lasso[(place + 1) % lasso.length];
        return { low: Math.min(y0, y1), high: Math.max(y0, y1), x0, y0, slope: (x1 - x0) / (y1 - y0) };
      });
      return all.filter((p) => {
        const [x, y] = [screenX(p), screenY(p)];
        if (x < left || x > right || y < top || y > bottom || !isShown(p) || !isMatch(p)) return false;
        let isInside = false;
        for (const side of sides) {
          if (y >= side.low && y < side.high && x < side.x0 + side.slope * (y - side.y0)) isInside = !isInside;
        }
        return isInside;
      });
    }

    function endLasso() {
      const caught = fenced();
      lasso = null;
      model.select(caught);
    }

    function step(by) {
      const order = all.filter((p) => isShown(p) && isMatch(p) && inView(p)).sort((a, b) => data.x[a] - data.x[b] || a - b);
      const place = order.indexOf(hovered);
      if (order.length) hover(order[place < 0 ? (by > 0 ? 0 : order.length - 1) : (place + by + order.length) % order.length]);
    }

    // Pointers and keys.

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
      if ((model.isLasso || event.shiftKey) && fingers.size === 1) {
        lasso = [at(event)];
        still = made("canvas", { width: canvas.width, height: canvas.height });
        still.getContext("2d").drawImage(canvas, 0, 0);
      }
      if (event.pointerType === "touch") hover(nearest(...at(event), REACH * 1.6));
    });
    canvas.addEventListener("pointermove", (event) => {
      const old = fingers.get(event.pointerId);
      const [x, y] = at(event);
      if (!old) { hover(nearest(x, y, asPictures ? 24 : REACH)); return; }
      if (lasso) {
        const [lastX, lastY] = lasso.at(-1);
        if (Math.hypot(x - lastX, y - lastY) >= STRIDE) lasso.push([x, y]);
        fingers.set(event.pointerId, [x, y]);
        draw();
        return;
      }
      const before = fingers.size === 2 ? spread() : null;
      fingers.set(event.pointerId, [x, y]);
      canvas.classList.add("dragging");
      hover(-1);
      if (!before) { move(x - old[0], y - old[1]); return; }
      const after = spread();
      move(after.x - before.x, after.y - before.y);
      zoom(after.length / before.length, after.x, after.y);
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => {
      fingers.delete(event.pointerId);
      if (lasso) endLasso();
      canvas.classList.remove("dragging");
    });
    canvas.addEventListener("pointerleave", (event) => event.pointerType === "touch" || hover(-1));
    canvas.addEventListener("wheel", (event) => {
      if (figure.dataset.wheel !== "always" && !event.ctrlKey && document.activeElement !== canvas) return;
      event.preventDefault();
      hover(-1);
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), ...at(event));
    }, { passive: false });
    const deeds = {
      "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), "_": () => zoom(1 / 1.4), 0: fit,
      ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60),
      n: () => step(1), p: () => step(-1), Escape: () => (model.selected ? model.select(null) : hover(-1)),
    };
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !deeds[event.key]) return;
      event.preventDefault();
      if (!["n", "p"].includes(event.key)) hover(-1);
      deeds[event.key]();
    });

    // Controls.

    model.changed = () => {
      canvas.classList.toggle("lasso", model.isLasso);
      hover(-1);
      draw();
    };
    figure.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
      if (button.dataset.zoom === "0") fit(); else zoom(Number(button.dataset.zoom));
    }));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", readColours);
    new ResizeObserver(resize).observe(canvas);
    readColours();
    model.refresh();
    resize();
    figure.dataset.engine = "canvas";
    figure.dataset.ready = "true";
  }
})();
