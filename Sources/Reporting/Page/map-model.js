// What a map shows, whatever draws it: the data, the filters, the selection and its export.
"use strict";

const mapMade = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

function mapModel(figure) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const all = data.x.map((_, p) => p);
  const number = (n) => n.toLocaleString("en-US");
  const find = (selector) => figure.querySelector(selector);
  const hidden = new Set(); // populations, states and "new" or "before" switched off
  let words = "";
  let only = -1; // the identity chosen in the legend: the others are dimmed
  let alone = -1; // the identity chosen in the list: the others are hidden
  const counts = new Map();
  data.i.forEach((i) => i >= 0 && counts.set(i, (counts.get(i) ?? 0) + 1));
  const chosen = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 8).map((c) => c[0]);
  const places = new Map(chosen.map((identity, place) => [identity, place]));
  const texts = all.map((p) => `${data.identities[data.i[p]] ?? ""}\n${data.path[p]}`.toLowerCase());

  const model = {
    data, all, colourBy: "population", selected: null, isLasso: false,
    changed: () => {}, // what draws the map puts itself here
    population: (p) => data.populations[data.p[p]],
    state: (p) => data.states[data.s[p]],
    age: (p) => (data.n && data.n[p] ? "new" : "before"),
    isShown: (p) => !hidden.has(model.population(p)) && !hidden.has(model.state(p))
      && !hidden.has(model.age(p)) && (alone < 0 || data.i[p] === alone),
    isMatch: (p) => (!words || texts[p].includes(words)) && (only < 0 || data.i[p] === only),
    isBright: (p) => model.isMatch(p) && (!model.selected || model.selected.has(p)),
    // The name of a style variable.
    tone(p) {
      if (model.colourBy === "population") return model.population(p);
      if (model.colourBy === "state") return stateTone(data.s[p]);
      return places.has(data.i[p]) ? `c${places.get(data.i[p])}` : "muted";
    },
    select,
    card,
  };
  const stateTone = (state) => `c${["kept", "removed", "leak"].indexOf(data.states[state])}`;

  // What is said of one image.
  function card(p) {
    const source = data.thumbnails[data.t[p]];
    const isPerson = ["real", "reference"].includes(model.population(p));
    const lines = [
      model.population(p) + (data.q[p] ? " · quarantined" : "") + (model.state(p) === "leak" ? " · leak" : "")
        + (data.n && data.n[p] ? " · new" : ""),
      `image ${data.id[p]}`, data.path[p], data.note[p], source && isPerson && "hidden (real person)",
    ].filter(Boolean).map((textContent) => mapMade("p", { textContent, dir: "auto" }));
    const name = mapMade("strong", { textContent: data.identities[data.i[p]] ?? "no identity", dir: "auto" });
    return [...(source ? [mapMade("img", { src: source, alt: "" })] : []), mapMade("div", {}, name, ...lines)];
  }

  // Selecting and exporting.

  function select(points) {
    model.selected = points && points.length ? new Set(points) : null;
    refresh();
    const ids = points ? points.map((p) => data.id[p]) : [];
    figure.dispatchEvent(new CustomEvent("map-selection", { detail: ids }));
  }

  const picked = () => all.filter((p) => model.isShown(p) && model.isBright(p));
  const field = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

  function save() {
    const lines = picked().sort((a, b) => data.id[a] - data.id[b]).map((p) => [
      data.id[p], model.population(p), data.identities[data.i[p]] ?? "", model.state(p), data.path[p],
    ].map((value) => field(String(value))).join(","));
    const text = ["image,population,identity,state,path", ...lines].join("\r\n") + "\r\n";
    const href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    mapMade("a", { href, download: "selection.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  }

  // Controls.

  function key(text, shape, tone, isPressed, onclick) {
    const button = mapMade("button", { type: "button", className: "key", onclick });
    button.setAttribute("aria-pressed", isPressed);
    button.style.color = `var(--${tone})`;
    const marker = find(`template[data-shape=${shape}]`).content.cloneNode(true);
    button.append(marker, mapMade("span", { textContent: text, dir: "auto" }));
    return button;
  }

  // A key that shows and hides the points of which `name` holds.
  function filterKey(name, shape, tone, count) {
    return key(`${name} ${number(count)}`, shape, tone, !hidden.has(name), () => {
      if (!hidden.delete(name)) hidden.add(name);
      refresh();
    });
  }

  const tally = (values) => {
    const sums = [];
    for (const value of values) sums[value] = (sums[value] ?? 0) + 1;
    return sums;
  };
  const populationCounts = tally(data.p);
  const stateCounts = tally(data.s);

  function fill(list, keys) {
    const held = [...list.children].indexOf(document.activeElement);
    list.replaceChildren(...keys);
    list.children[held]?.focus();
  }

  function refresh() {
    const byIdentity = model.colourBy === "identity";
    const byPopulation = model.colourBy === "population";
    const populations = data.populations.map((name, p) => filterKey(
      name, name, byPopulation ? name : "muted", populationCounts[p]));
    const identities = (byIdentity ? chosen : []).map((identity, place) => key(
      `${data.identities[identity]} ${number(counts.get(identity))}`, "digital", `c${place}`,
      only < 0 || only === identity, () => {
        only = only === identity ? -1 : identity;
        refresh();
      }));
    fill(find(".keys-list"), [...populations, ...identities]);
    const states = data.states.length < 2 ? [] : data.states.map((name, s) => filterKey(
      name, "digital", model.colourBy === "state" ? stateTone(s) : "muted", stateCounts[s]));
    const fresh = data.n ? data.n.filter(Boolean).length : 0;
    const ages = data.n ? [
      filterKey("new", "digital", "ink", fresh),
      filterKey("before", "digital", "muted", all.length - fresh)] : [];
    fill(find(".states-list"), [...states, ...ages]);
    const some = all.filter((p) => model.isShown(p) && model.isMatch(p)).length;
    const total = `${number(all.length)} images`;
    find(".map-count").textContent = some < all.length ? `${number(some)} of ${total}` : total;
    const count = model.selected ? picked().length : 0;
    find(".map-selected").textContent = model.selected ? `${number(count)} selected` : "";
    find(".map-clear").hidden = !model.selected;
    find(".map-lasso").setAttribute("aria-pressed", model.isLasso);
    model.changed();
  }

  figure.querySelectorAll("input[type=radio]").forEach((input) => input.addEventListener("change", () => {
    [model.colourBy, only] = [input.value, -1];
    refresh();
  }));
  find("input[type=search]").addEventListener("input", (event) => {
    words = event.target.value.toLowerCase().trim();
    refresh();
  });
  const list = find(".map-identity");
  list.append(...data.identities.map((name, value) => mapMade("option", { textContent: name, value })));
  list.hidden = data.identities.length < 2;
  list.addEventListener("change", () => {
    alone = Number(list.value);
    refresh();
  });
  find(".map-lasso").addEventListener("click", () => {
    model.isLasso = !model.isLasso;
    refresh();
  });
  find(".map-clear").addEventListener("click", () => select(null));
  find(".map-save").addEventListener("click", save);
  model.refresh = refresh;
  return model;
}
