// Draws a map with plotly.js, where the page holds it and the browser has WebGL.
"use strict";

function plotlyMap(figure, model) {
  if (!window.Plotly || !document.createElement("canvas").getContext("webgl")) return false;
  const { data } = model;
  const SYMBOLS = { digital: "circle", real: "square", generated: "triangle-up", reference: "diamond" };
  const stage = figure.querySelector(".map-stage");
  const card = figure.querySelector(".map-card");
  const plot = mapMade("div", { className: "map-plot" });
  stage.prepend(plot);
  figure.querySelector("canvas").hidden = true;
  figure.querySelector(".map-hint").textContent = "wheel to zoom · drag to move, or to draw a lasso";
  const size = data.x.length > 20000 ? 3 : data.x.length > 1500 ? 5 : 8;

  function traces() {
    const style = getComputedStyle(figure);
    const colours = new Map();
    const colour = (tone) => {
      if (!colours.has(tone)) colours.set(tone, style.getPropertyValue(`--${tone}`).trim());
      return colours.get(tone);
    };
    return data.populations.map((name, population) => {
      const points = model.all.filter((p) => data.p[p] === population && model.isShown(p));
      const isWhole = points.every(model.isBright);
      return {
        type: "scattergl", mode: "markers", name, customdata: points, hoverinfo: "none",
        x: points.map((p) => data.x[p]), y: points.map((p) => data.y[p]),
        selectedpoints: isWhole ? null : points.flatMap((p, place) => (model.isBright(p) ? [place] : [])),
        marker: {
          color: points.map((p) => colour(model.tone(p))), opacity: data.n ? points.map((p) => (data.n[p] ? 0.9 : 0.3)) : 0.8,
          size: data.n ? points.map((p) => (data.n[p] ? size * 1.5 : size)) : size,
          symbol: points.map((p) => SYMBOLS[name] + (data.q[p] ? "-open" : "")),
        },
        selected: { marker: { opacity: 0.9 } }, unselected: { marker: { opacity: 0.1 } },
      };
    });
  }

  function layout() {
    const ink = getComputedStyle(figure).getPropertyValue("--ink").trim();
    const [ax, ay, x, y] = data.arrow ?? [];
    const arrow = { x, y, ax, ay, axref: "x", ayref: "y", text: "Δ", font: { size: 17, color: ink },
      arrowcolor: ink, arrowwidth: 2.5, arrowhead: 2, showarrow: true };
    const axis = { visible: false, zeroline: false };
    return {
      xaxis: axis, yaxis: { ...axis, scaleanchor: "x" }, uirevision: "stay", showlegend: false,
      margin: { l: 8, r: 8, t: 8, b: 8 }, hovermode: "closest", dragmode: model.isLasso ? "lasso" : "pan",
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", annotations: data.arrow ? [arrow] : [],
      selections: model.selected ? plot.layout?.selections ?? [] : [],
    };
  }

  const config = { scrollZoom: true, displayModeBar: false, responsive: true, doubleClick: "reset" };
  let drawn = Promise.resolve();
  let isDrawing = false;
  model.changed = () => {
    if (isDrawing) return;
    isDrawing = true;
    drawn = drawn.then(() => {
      isDrawing = false;
      return window.Plotly.react(plot, traces(), layout(), config);
    });
  };
  model.refresh();

  drawn.then(() => {
    plot.on("plotly_selected", (event) => {
      model.select(event && event.points.length ? event.points.map((point) => point.customdata) : null);
    });
    plot.on("plotly_deselect", () => model.select(null));
    plot.on("plotly_hover", ({ points, event }) => {
      const box = stage.getBoundingClientRect();
      card.replaceChildren(...model.card(points[0].customdata));
      card.hidden = false;
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      const left = x + 18 + card.offsetWidth > box.width ? x - 18 - card.offsetWidth : x + 18;
      card.style.transform = `translate(${Math.max(6, left)}px,${Math.max(6, y - card.offsetHeight / 2)}px)`;
    });
    plot.on("plotly_unhover", () => { card.hidden = true; });
    figure.dataset.engine = "plotly";
    figure.dataset.ready = "true";
  });

  figure.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
    const factor = Number(button.dataset.zoom);
    if (!factor) {
      window.Plotly.relayout(plot, { "xaxis.autorange": true, "yaxis.autorange": true });
      return;
    }
    const around = ([low, high]) => [(low + high - (high - low) / factor) / 2, (low + high + (high - low) / factor) / 2];
    const { xaxis, yaxis } = plot.layout;
    window.Plotly.relayout(plot, { "xaxis.range": around(xaxis.range), "yaxis.range": around(yaxis.range) });
  }));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => model.changed());
  return true;
}
