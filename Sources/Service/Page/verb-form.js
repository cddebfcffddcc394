// A form made of what a verb takes: one field for each of its words and options.
import { h } from "./dom.js";
import { field, tick } from "./field.js";
import { argumentsOf, flagOf, valuesOf } from "./verb-arguments.js";

/** Fields for `verb`, filled from `given` arguments; `arguments()` gives what to run with. */
export function verbFields(verb, given = [], onChange = () => {}) {
  const before = valuesOf(verb, given);
  const words = verb.positionals.map((word, place) => field(word.name.toLowerCase().replaceAll("_", " "), {
    name: `word-${place}`, help: sentence(word.help), isRequired: word.required === true, value: before.words[place] ?? "",
  }));
  const options = verb.options.map((option) => optionField(option, before.options[flagOf(option)]));
  const usual = options.filter((one) => one.isSet);
  const rest = options.filter((one) => !one.isSet);
  const element = h("div", { class: "verb-fields" }, words, usual.map((one) => one.element),
    rest.length ? h("details", { open: rest.length <= 6 }, h("summary", {}, `Options of ${verb.verb}`),
      h("div", { class: "grid-fields" }, rest.map((one) => one.element))) : null);
  element.addEventListener("input", onChange);
  element.arguments = () => {
    const typed = words.map((word) => word.querySelector("input").value);
    return argumentsOf(verb, { words: typed, options: Object.fromEntries(options.map((one) => [one.name, one.value()])) });
  };
  return element;
}

const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".") : "");

function optionField(option, given) {
  const label = option.name.replace(/^--/, "");
  const isRequired = option.required === true;
  const isSet = given !== undefined;
  const help = [sentence(option.help), option.default && `Otherwise ${option.default}.`].filter(Boolean).join(" ");
  const made = (element, value) => ({ name: flagOf(option), element, value, isSet: isSet || isRequired });
  if (option.value === null) {
    const element = tick(label, { name: option.name, isChecked: given === true, help });
    return made(element, () => element.querySelector("input").checked);
  }
  if (option.repeatable) {
    const element = field(label, { name: option.name, type: "textarea", value: (given ?? []).join("\n"), isRequired, help: `${help} One a line.`, rows: 2 });
    return made(element, () => element.querySelector("textarea").value.split("\n").map((line) => line.trim()).filter(Boolean));
  }
  const choices = option.allowed && [["", isRequired ? "choose" : option.default ? `${option.default} (usual)` : "not given"], ...option.allowed];
  const element = field(label, { name: option.name, value: given ?? "", help, isRequired, options: choices || undefined, placeholder: choices ? undefined : option.value });
  return made(element, () => element.querySelector("input, select").value.trim());
}
