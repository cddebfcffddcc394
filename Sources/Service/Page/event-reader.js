// Server-sent events out of text that comes in pieces.

/** Reads a stream of events, wherever its pieces are cut. */
export class EventReader {
  #rest = "";
  #data = [];
  #kind = "";
  lastID = "";

  /** The events that end in this piece: [{kind, data, id}]. */
  take(piece) {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    return lines.map((line) => this.#line(line)).filter(Boolean);
  }

  #line(line) {
    if (line === "") return this.#end();
    if (line.startsWith(":")) return null;
    const mark = line.indexOf(":");
    const field = mark < 0 ? line : line.slice(0, mark);
    const value = mark < 0 ? "" : line.slice(mark + 1).replace(/^ /, "");
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#kind = value;
    else if (field === "id" && !value.includes("\0")) this.lastID = value;
    return null;
  }

  #end() {
    const event = { kind: this.#kind || "message", data: this.#data.join("\n"), id: this.lastID };
    const isEvent = this.#data.length > 0;
    this.#data = [];
    this.#kind = "";
    return isEvent ? event : null;
  }
}
