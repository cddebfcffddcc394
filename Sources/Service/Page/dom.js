// Elements made by hand: the page has no templates, so no text is ever read as markup.

const ofSVG = "http://www.w3.org/2000/svg";

function give(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "class") element.setAttribute("class", value);
  else if (name === "vars") {
    for (const [variable, text] of Object.entries(value)) element.style.setProperty(variable, text);
  } else if (["value", "checked", "selected", "indeterminate", "textContent"].includes(name)) {
    element[name] = value;
  } else element.setAttribute(name, value === true ? "" : String(value));
}

/** An HTML element with attributes, listeners (`onclick`) and children; nothing for null or false. */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  element.append(...kept(children));
  for (const [key, value] of Object.entries(properties ?? {})) give(element, key, value);
  return element;
}

/** An SVG element; as `h`. */
export function s(name, properties = {}, ...children) {
  const element = document.createElementNS(ofSVG, name);
  element.append(...kept(children));
  for (const [key, value] of Object.entries(properties ?? {})) give(element, key, value);
  return element;
}

function kept(children) {
  return children.flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

let count = 0;

/** A name no other element of this page has. */
export function newID(prefix = "x") {
  count += 1;
  return `${prefix}-${count}`;
}

/** A function that runs `body` once things have been quiet for `milliseconds`. */
export function settled(body, milliseconds) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => body(...values), milliseconds);
  };
}

/** Whether a key pressed here belongs to what is typed in. */
export function isTyping(target) {
  return Boolean(target?.closest?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])"));
}
