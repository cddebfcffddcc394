// Which points of a map are shown, and which of them are in the foreground.

/** Filters: classes switched off by "mode:key", and one identity to see alone. */
export class MapFilter {
  constructor(map, classesOf) {
    this.map = map;
    this.classesOf = classesOf; // mode → {classes, of}
    this.hidden = new Set();
    this.identity = 0;
    this.settle();
  }

  /** Reads "population:real,flags:review". */
  read(text, identity) {
    this.hidden = new Set((text ?? "").split(",").filter((part) => part.includes(":")));
    this.identity = Number(identity) || 0;
    this.settle();
  }

  get text() {
    return [...this.hidden].join(",") || null;
  }

  turn(mode, key) {
    const name = `${mode}:${key}`;
    if (!this.hidden.delete(name)) this.hidden.add(name);
    this.settle();
  }

  /** The keys of a mode that are switched off. */
  hiddenIn(mode) {
    return new Set([...this.hidden].filter((name) => name.startsWith(`${mode}:`)).map((name) => name.slice(mode.length + 1)));
  }

  /** Works out the tests anew, as after points have changed their classes. */
  settle() {
    const modes = [...new Set([...this.hidden].map((name) => name.split(":")[0]))];
    const tests = modes.map((mode) => {
      const { classes, of } = this.classesOf(mode);
      const off = this.hiddenIn(mode);
      return { of, isOff: classes.map((one) => off.has(one.key)) };
    });
    this.isShown = (p) => {
      for (const { of, isOff } of tests) if (isOff[of[p]]) return false;
      return true;
    };
    const { map, identity } = this;
    this.isBright = identity ? (p) => map.identity[p] === identity : () => true;
    // With one identity alone, only its points can be picked.
    this.isInFront = identity ? (p) => this.isShown(p) && this.isBright(p) : this.isShown;
  }

  get isOn() {
    return this.hidden.size > 0 || this.identity > 0;
  }
}
