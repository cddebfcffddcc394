// One image as a tile: its picture, what population it is of, and whether it is hidden or removed.
import { h } from "./dom.js";
import { isRevealed, mayReveal, reveal } from "./faces.js";
import { pictureURL } from "./pictures.js";
import { address } from "./route.js";

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const tile = entry.target.shownTile;
    tile.isNear = entry.isIntersecting;
    if (entry.isIntersecting) tile.refresh();
  }
}, { rootMargin: "200px" });

document.addEventListener("faces", () => {
  for (const element of document.querySelectorAll(".tile")) element.shownTile?.refresh();
});

/** What a picture shows, in words; the same for eyes and for screen readers. */
export function pictureText(image) {
  const who = image.identity ? image.identity.name : "no identity";
  const state = [image.isReal && !isRevealed(image) && "hidden", image.quarantined && "in quarantine"].filter(Boolean);
  return `${image.population} image ${image.id} of ${who}${state.length ? `, ${state.join(", ")}` : ""}`;
}

/**
 * A picture that loads when it comes near the screen. A hidden face has a button to show it, where
 * allowed; `link` holds the attributes of a link around the picture.
 */
export function tile(image, { edge = 128, isButton = true, link } = {}) {
  const picture = h("img", { alt: pictureText(image), width: edge, height: edge, draggable: "false" });
  const show = image.isReal && isButton && h("button", {
    type: "button", class: "reveal", onclick: (event) => { event.preventDefault(); event.stopPropagation(); reveal([image]); },
  }, "show");
  const element = h("span", { class: "tile", "data-population": image.population,
    "data-quarantined": image.quarantined ? "" : null },
  link ? h("a", { ...link, class: "tile-link" }, picture) : picture, show);
  let loaded = null;
  const state = { isNear: false, refresh };
  async function refresh() {
    if (!element.isConnected || !state.isNear) return;
    const isShown = isRevealed(image);
    const wanted = `${image.id}/${isShown}`;
    element.dataset.shown = image.isReal ? (isShown ? "real" : "hidden") : "plain";
    if (show) {
      show.hidden = isShown || !mayReveal();
      show.setAttribute("aria-label", `Show the real face of image ${image.id}; viewing is logged`);
    }
    picture.alt = pictureText(image);
    if (loaded === wanted) return;
    loaded = wanted;
    if (image.isReal && !isShown) picture.removeAttribute("src"); // not one moment longer
    try {
      const isWanted = () => element.isConnected && state.isNear && loaded === wanted;
      const url = await pictureURL(image.id, { edge, isRevealed: image.isReal && isShown, isWanted });
      if (loaded !== wanted) return;
      if (url) picture.src = url;
      else {
        loaded = null;
        if (state.isNear && element.isConnected) setTimeout(refresh, 60);
      }
    } catch {
      if (loaded === wanted) element.dataset.shown = "failed";
    }
  }
  element.shownTile = state;
  watcher.observe(element);
  return element;
}

/** A tile with its name below, linking to the image. */
export function figure(image, { edge = 128, note } = {}) {
  const { identity } = image;
  return h("li", {}, h("figure", {},
    tile(image, { edge, link: { href: address(["image", image.id]) } }),
    h("figcaption", {},
      identity ? h("a", { href: address(["identity", identity.id]), dir: "auto" }, identity.name) : h("span", { class: "muted" }, "no identity"),
      h("span", { class: "muted" }, note ?? `${image.population}${image.quarantined ? " · quarantine" : ""}`))));
}

/** A contact sheet. */
export const sheet = (images, options) => h("ul", { class: "sheet" }, images.map((image) => figure(image, options)));
