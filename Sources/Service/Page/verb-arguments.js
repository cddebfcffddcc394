// Between a verb's arguments as a list of words and the values of a form.

/** An option as it is typed. */
export const flagOf = (option) => (option.name.startsWith("--") ? option.name : `--${option.name}`);

/** Reads arguments: {words: [text], options: {"--name": true | text | [text]}}. Unknown options stay words. */
export function valuesOf(verb, given) {
  const known = new Map(verb.options.map((option) => [flagOf(option), option]));
  const found = { words: [], options: {} };
  for (let place = 0; place < given.length; place += 1) {
    const [name, attached] = split(given[place]);
    const option = known.get(name);
    if (!option) found.words.push(given[place]);
    else if (option.value === null) found.options[name] = true;
    else {
      const value = attached ?? given[(place += 1)] ?? "";
      if (option.repeatable) (found.options[name] ??= []).push(value);
      else found.options[name] = value;
    }
  }
  return found;
}

function split(word) {
  const mark = word.indexOf("=");
  return word.startsWith("--") && mark > 0 ? [word.slice(0, mark), word.slice(mark + 1)] : [word, null];
}

/** Writes arguments: words first, then the options that are set, in the verb's order. */
export function argumentsOf(verb, { words, options }) {
  const out = words.map((word) => word.trim()).filter(Boolean);
  for (const option of verb.options) {
    const value = options[flagOf(option)];
    if (option.value === null) {
      if (value === true) out.push(flagOf(option));
    } else if (Array.isArray(value)) value.forEach((one) => out.push(flagOf(option), one));
    else if (value) out.push(flagOf(option), value);
  }
  return out;
}
