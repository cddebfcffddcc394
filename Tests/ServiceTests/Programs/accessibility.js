// What a page would do badly for those who use it by keyboard, by ear, or with weak eyes. The body of a
// function: gives a list of sentences, empty when all is well.
const faults = [];
const place = (e) => `${e.tagName.toLowerCase()}${e.id ? `#${e.id}` : ""}${e.className && e.getAttribute ? `.${(e.getAttribute("class") ?? "").trim().replaceAll(" ", ".")}` : ""} “${(e.textContent ?? "").trim().slice(0, 30)}”`;
const isSeen = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && e.getClientRects().length > 0;

// Every control has a name.
function nameOf(e) {
  const label = e.getAttribute("aria-label");
  if (label?.trim()) return label.trim();
  const by = (e.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  if (by) return by;
  const labels = [...(e.labels ?? [])].map((one) => one.textContent.trim()).join(" ");
  if (labels) return labels;
  const inner = e.textContent.trim() || [...e.querySelectorAll("img[alt]")].map((one) => one.alt).join(" ").trim();
  return ["INPUT", "SELECT", "TEXTAREA"].includes(e.tagName) ? e.title.trim() : inner || (e.getAttribute("title") ?? "").trim();
}
for (const e of document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea, summary, progress, meter, canvas[tabindex], [role=button], [role=region], [role=group], dialog, nav, svg[role=img]")) {
  if (isSeen(e) && !nameOf(e)) faults.push(`no name: ${place(e)}`);
}
for (const e of document.querySelectorAll("img:not([alt])")) faults.push(`no alternative text: ${place(e)}`);

for (const e of document.querySelectorAll("a button, button a, a a, button button, label button")) faults.push(`a control in a control: ${place(e)}`);

// One of each: heading, main part, identifiers.
const once = (selector) => document.querySelectorAll(selector).length === 1;
if (!once("h1")) faults.push(`${document.querySelectorAll("h1").length} first headings`);
if (!once("main")) faults.push("not one main part");
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of new Set(ids.filter((one, n) => ids.indexOf(one) !== n))) faults.push(`the id ${id} is there twice`);
for (const e of document.querySelectorAll("[aria-describedby], [aria-labelledby], [aria-controls]")) {
  for (const name of ["aria-describedby", "aria-labelledby", "aria-controls"]) {
    for (const id of (e.getAttribute(name) ?? "").split(" ").filter(Boolean)) if (!document.getElementById(id)) faults.push(`${name} names nothing: ${id}`);
  }
}
if (!document.title || !document.documentElement.lang) faults.push("no title or no language");

// Contrast of text with what lies behind it (WCAG 2.2, 1.4.3).
function colour(text) {
  const parts = (text.match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
  const scale = text.startsWith("color(") ? 255 : 1;
  return { rgb: parts.slice(0, 3).map((part) => part * scale), alpha: parts[3] ?? 1 };
}
const over = (front, alpha, back) => front.map((part, n) => part * alpha + back[n] * (1 - alpha));
const light = (rgb) => {
  const [r, g, b] = rgb.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
function behind(e) {
  const layers = [];
  for (let at = e; at; at = at.parentElement) {
    const { rgb, alpha } = colour(getComputedStyle(at).backgroundColor);
    if (alpha > 0) layers.push({ rgb, alpha });
    if (alpha === 1) break;
  }
  return layers.reverse().reduce((back, { rgb, alpha }) => over(rgb, alpha, back), [255, 255, 255]);
}
const seen = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const e = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || seen.has(e) || !isSeen(e)) continue;
  seen.add(e);
  if (e.closest(":disabled, .unseen, option, .map-about, .skip") || getComputedStyle(e).clipPath !== "none") continue;
  const style = getComputedStyle(e);
  let { rgb, alpha } = colour(e.namespaceURI.endsWith("svg") ? style.fill : style.color);
  for (let at = e; at; at = at.parentElement) alpha *= Number(getComputedStyle(at).opacity);
  const back = behind(e);
  const [a, b] = [light(over(rgb, alpha, back)), light(back)];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  if (ratio < (isLarge ? 3 : 4.5) - 0.01) faults.push(`contrast ${ratio.toFixed(2)}: ${place(e)}`);
}

// Nothing is wider than the window.
const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
if (wide > 0) {
  const culprit = [...document.querySelectorAll("main *")].find((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
  faults.push(`${wide} pixels too wide at ${innerWidth}${culprit ? `: ${place(culprit)}` : ""}`);
}
return faults;
