// The selected images as a grid of which only what is on the screen exists.
import { h } from "./dom.js";
import { address } from "./route.js";
import { tile } from "./tile.js";

const least = 84; // the narrowest a cell may be, in pixels
const gap = 6;

/** A scrolling grid; `show(points)` fills it, `imageOf(point)` gives the image of one. */
export function mapList(imageOf, { onHover, onOpen }) {
  const inner = h("ul", { class: "map-cells" });
  const element = h("div", { class: "map-list", tabindex: "0", role: "region", "aria-label": "Selected images" }, inner);
  let points = [];
  let made = new Map();
  let columns = 1;
  let cell = least;

  function lay() {
    const width = element.clientWidth - 2;
    if (width <= 0) return;
    columns = Math.max(1, Math.floor((width + gap) / (least + gap)));
    cell = Math.floor((width - gap * (columns - 1)) / columns);
    inner.style.height = `${Math.ceil(points.length / columns) * (cell + gap)}px`;
    made.forEach((item) => item.remove());
    made = new Map();
    fill();
  }

  function fill() {
    const row = cell + gap;
    const first = Math.max(0, Math.floor(element.scrollTop / row) - 1) * columns;
    const last = Math.min(points.length, (Math.ceil((element.scrollTop + Math.min(element.clientHeight, 4000)) / row) + 1) * columns);
    for (const [n, item] of made) {
      if (n >= first && n < last) continue;
      if (item.contains(document.activeElement)) continue; // the focus must not vanish
      item.remove();
      made.delete(n);
    }
    for (let n = first; n < last; n += 1) if (!made.has(n)) make(n);
  }

  function make(n) {
    const point = points[n];
    const image = imageOf(point);
    const item = h("li", { "aria-setsize": points.length, "aria-posinset": n + 1,
      onpointerenter: () => onHover(point), onpointerleave: () => onHover(-1), onfocusin: () => onHover(point) },
    tile(image, { edge: 96, link: { href: address(["image", image.id]), onclick: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onOpen(point);
    } } }));
    item.style.transform = `translate(${(n % columns) * (cell + gap)}px,${Math.floor(n / columns) * (cell + gap)}px)`;
    item.style.width = `${cell}px`;
    item.style.height = `${cell}px`;
    made.set(n, item);
    // In the order of the list, so that the Tab key goes through it as the eye does.
    const after = [...made.keys()].filter((other) => other > n).sort((a, b) => a - b)[0];
    inner.insertBefore(item, after === undefined ? null : made.get(after));
  }

  element.addEventListener("scroll", fill, { passive: true });
  const observer = new ResizeObserver(lay);
  observer.observe(element);
  return {
    element,
    show(next) {
      points = next;
      element.scrollTop = 0;
      element.hidden = !points.length;
      lay();
    },
    /** The images that exist now. */
    visible: () => [...made.keys()].map((n) => imageOf(points[n])),
    close: () => observer.disconnect(),
  };
}
