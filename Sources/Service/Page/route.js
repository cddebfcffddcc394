// An address of the page: `#/identity/12?sort=name` is a path, its parts and a query.

/** Reads the part after `#`. */
export function parseRoute(hash) {
  const text = hash.replace(/^#/, "") || "/";
  const mark = text.indexOf("?");
  const path = mark < 0 ? text : text.slice(0, mark);
  return {
    parts: path.split("/").filter(Boolean).map(decoded),
    query: new URLSearchParams(mark < 0 ? "" : text.slice(mark + 1)),
  };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a path and a query; values that are empty are left out. */
export function address(parts, query = {}) {
  const path = `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
  const entries = query instanceof URLSearchParams ? [...query] : Object.entries(query);
  const kept = entries.filter(([, value]) => value !== null && value !== undefined && value !== "");
  // Commas, colons and the like may stand in a fragment, and read better.
  const text = new URLSearchParams(kept).toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%7E/g, "~");
  return text ? `${path}?${text}` : path;
}
