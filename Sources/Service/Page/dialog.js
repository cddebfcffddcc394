// Dialogs: the browser's own element keeps the focus inside and gives it back.
import { h, newID } from "./dom.js";

/** Opens a dialog; gives it back with `close(value)`, and `closed`, a promise of that value. */
export function openDialog(title, body, { actions = [], isWide = false } = {}) {
  const name = newID("dialog");
  let answer = null;
  const dialog = h("dialog", { class: isWide ? "wide" : null, "aria-labelledby": name },
    h("header", {}, h("h2", { id: name }, title),
      h("button", { type: "button", class: "plain quiet", "aria-label": "Close", onclick: () => dialog.close() }, "×")),
    h("div", { class: "dialog-body" }, body),
    actions.length ? h("footer", {}, actions) : null);
  document.body.append(dialog);
  const closed = new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.showModal();
  return {
    dialog, closed,
    close(value = null) {
      answer = value;
      dialog.close();
    },
  };
}

/** Asks before something is done; a promise of true or false. */
export function confirmed(title, text, { yes = "Go on", isGrave = false } = {}) {
  const go = h("button", { type: "button", class: isGrave ? "plain grave" : "plain solid", onclick: () => opened.close(true) }, yes);
  const stop = h("button", { type: "button", class: "plain", onclick: () => opened.close(false) }, "Cancel");
  const opened = openDialog(title, [text].flat().map((line) => (typeof line === "string" ? h("p", {}, line) : line)), { actions: [stop, go] });
  go.focus();
  return opened.closed.then(Boolean);
}

/** Asks for a form's values: `fields` are elements with names; a promise of an object or null. */
export function asked(title, fields, { yes = "Save", check } = {}) {
  const form = h("form", { class: "form", novalidate: false }, fields);
  const complaint = h("p", { class: "complaint", role: "alert" });
  const stop = h("button", { type: "button", class: "plain", onclick: () => opened.close() }, "Cancel");
  const go = h("button", { type: "submit", class: "plain solid" }, yes);
  form.append(complaint, h("footer", {}, stop, go));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    try {
      go.disabled = true;
      opened.close((await check?.(values)) ?? values);
    } catch (error) {
      complaint.textContent = [error.message, error.hint].filter(Boolean).join(" – ");
    } finally {
      go.disabled = false;
    }
  });
  const opened = openDialog(title, form);
  form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  return opened.closed;
}
