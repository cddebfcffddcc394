// Fields of forms, each with its label and its help.
import { h, newID } from "./dom.js";

/** A labelled field. `options` for a choice: texts or [value, label]. */
export function field(label, { name, type = "text", value = "", help, options, isRequired = false, ...rest } = {}) {
  const id = newID(name ?? "field");
  const helpID = help ? `${id}-help` : null;
  const common = { id, name, required: isRequired, "aria-describedby": helpID, ...rest };
  const control = options
    ? h("select", common, options.map((option) => {
      const [key, text] = Array.isArray(option) ? option : [option, option];
      return h("option", { value: key, selected: key === value }, text);
    }))
    : type === "textarea" ? h("textarea", { rows: 3, ...common, value }) : h("input", { type, ...common, value });
  return h("div", { class: "field" }, h("label", { for: id }, label), control,
    help && h("p", { class: "help", id: helpID }, help));
}

/** A box to tick. */
export function tick(label, { name, isChecked = false, help, value = "on", onchange } = {}) {
  const id = newID(name ?? "tick");
  return h("div", { class: "tick" },
    h("input", { type: "checkbox", id, name, value, checked: isChecked, onchange, "aria-describedby": help ? `${id}-help` : null }),
    h("label", { for: id }, label), help && h("p", { class: "help", id: `${id}-help` }, help));
}

/** A few alternatives side by side. `choices` are [value, label]. */
export function segments(legend, name, choices, value, onchange) {
  return h("fieldset", { class: "segments" }, h("legend", {}, legend),
    h("div", { class: "seg" }, choices.map(([key, label]) => h("label", {},
      h("input", { type: "radio", name, id: `${name}-${key || "all"}`, value: key, checked: key === value, onchange: () => onchange(key) }),
      h("span", {}, label)))));
}

/** A button that does something; disabled, and saying why, where the role does not reach. */
export function action(label, run, { isAllowed = true, why = "This needs the role curator.", style = "plain" } = {}) {
  const button = h("button", { type: "button", class: style, disabled: !isAllowed, title: isAllowed ? null : why }, label);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await run(button);
    } finally {
      button.disabled = false;
    }
  });
  return button;
}
