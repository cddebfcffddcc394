// Views of a map that were given a name. They are addresses, so they can be sent to others as well.
import { asked } from "./dialog.js";
import { h } from "./dom.js";
import { field } from "./field.js";
import { toast } from "./live.js";

const shelf = "d2r-map-views";

function stored(value) {
  try {
    if (value) localStorage.setItem(shelf, JSON.stringify(value));
    const read = JSON.parse(localStorage.getItem(shelf) ?? "[]");
    return Array.isArray(read) ? read.filter((one) => typeof one?.name === "string" && String(one.hash).startsWith("#/map")) : [];
  } catch {
    return value ?? [];
  }
}

/** A menu of saved views with a way to save this one and to copy its address. */
export function savedViews() {
  const list = h("ul", {});
  const element = h("details", { class: "menu-box" }, h("summary", { class: "plain" }, "Views"), h("div", { class: "menu-body" },
    h("div", { class: "buttons" },
      h("button", { type: "button", class: "plain", onclick: save }, "Save this view"),
      h("button", { type: "button", class: "plain", onclick: copy }, "Copy link")), list));

  function draw() {
    const views = stored();
    list.replaceChildren(...(views.length ? views.map((view) => h("li", {}, h("a", { href: view.hash, dir: "auto" }, view.name),
      h("button", { type: "button", class: "plain quiet", "aria-label": `Forget the view ${view.name}`, onclick: () => { stored(views.filter((one) => one !== view)); draw(); } }, "×")))
      : [h("li", { class: "muted" }, "No view is saved in this browser.")]));
  }

  async function save() {
    const hash = location.hash;
    const given = await asked("Save this view", [h("p", {}, "Window, colours, filters and selection, kept in this browser."), field("Name", { name: "name", isRequired: true, maxlength: 60 })]);
    if (!given) return;
    stored([...stored().filter((one) => one.name !== given.name.trim()), { name: given.name.trim(), hash }]);
    draw();
    toast(`The view ${given.name.trim()} is saved.`);
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      toast("The link is copied: it holds the window, the filters and the selection.");
    } catch {
      toast("This browser does not let the page copy: take the link from the address bar.");
    }
  }

  draw();
  return element;
}
