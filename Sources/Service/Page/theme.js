// Light, dark, or as the system says. Kept in this browser.

const shelf = "d2r-theme";
const root = document.documentElement;

function stored(value) {
  try {
    if (value !== undefined) localStorage.setItem(shelf, value);
    return localStorage.getItem(shelf);
  } catch {
    return value ?? null;
  }
}

/** "auto", "dark" or "light". */
export const theme = () => root.dataset.theme ?? "auto";

export function setTheme(value) {
  if (value === "auto") delete root.dataset.theme;
  else root.dataset.theme = value;
  stored(value);
  document.dispatchEvent(new CustomEvent("theme"));
}

export function beginTheme() {
  const before = stored();
  if (["dark", "light"].includes(before)) root.dataset.theme = before;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
    () => document.dispatchEvent(new CustomEvent("theme")));
}

let probe = null;

/** The colour a style variable has now, as [red, green, blue] in 0…1. */
export function tone(variable) {
  if (!probe) {
    probe = document.createElement("i");
    probe.className = "unseen";
    document.body.append(probe);
  }
  probe.style.color = `var(--${variable})`;
  const parts = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
  return parts.slice(0, 3).map((part) => part / 255);
}
