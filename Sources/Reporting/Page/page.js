// Tables that sort, filter and fold; the section being read is marked in the contents.
"use strict";
(() => {
  const FOLD = 50;
  const number = (n) => n.toLocaleString("en-US");
  const key = (cell) => (cell.dataset.sort ?? cell.textContent).trim();

  function compare(a, b) {
    const [x, y] = [Number(a), Number(b)];
    if (a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
    if ((a === "") !== (b === "")) return a === "" ? 1 : -1;
    return a.localeCompare(b, "en", { numeric: true });
  }

  function element(name, properties, parent) {
    const made = Object.assign(document.createElement(name), properties);
    parent?.append(made);
    return made;
  }

  function start(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const headers = [...table.tHead.rows[0].cells];
    let words = "";
    let isOpen = rows.length <= FOLD;

    const tools = element("div", { className: "tools" });
    const more = element("button", { type: "button", className: "plain more" });
    const count = element("span", { className: "num" });
    count.setAttribute("aria-live", "polite");
    if (rows.length > 8) {
      const field = element("input", { type: "search", placeholder: "filter rows" }, tools);
      field.setAttribute("aria-label", `Filter: ${table.caption?.textContent ?? "table"}`);
      field.addEventListener("input", () => { words = field.value.toLowerCase().trim(); show(); });
      tools.append(count);
      table.parentElement.before(tools);
    }
    table.parentElement.after(more);
    more.addEventListener("click", () => { isOpen = true; show(); });

    function show() {
      let shown = 0;
      for (const row of body.rows) {
        const fits = texts[rows.indexOf(row)].includes(words);
        row.hidden = !fits;
        shown += fits;
        row.classList.toggle("folded", fits && !isOpen && shown > FOLD);
      }
      count.textContent = words ? `${number(shown)} of ${number(rows.length)} rows` : `${number(rows.length)} rows`;
      more.hidden = isOpen || shown <= FOLD;
      more.textContent = `show all ${number(shown)} rows`;
    }

    headers.forEach((header, column) => {
      if (header.dataset.fixed !== undefined) return;
      const button = element("button", { type: "button", textContent: header.textContent });
      header.replaceChildren(button);
      button.addEventListener("click", () => {
        const falls = header.getAttribute("aria-sort") === "ascending";
        headers.forEach((other) => other.removeAttribute("aria-sort"));
        header.setAttribute("aria-sort", falls ? "descending" : "ascending");
        const sorted = rows.map((row, place) => [key(row.cells[column]), place])
          .sort((a, b) => (a[0] === "" || b[0] === "" || !falls ? 1 : -1) * compare(a[0], b[0]) || a[1] - b[1]);
        body.append(...sorted.map(([, place]) => rows[place]));
        show();
      });
    });
    show();
    table.dataset.ready = "true";
  }

  document.querySelectorAll("table.live").forEach(start);

  const links = new Map([...document.querySelectorAll("nav.toc a")].map((a) => [a.hash.slice(1), a]));
  if (links.size && "IntersectionObserver" in window) {
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((e) => e.isIntersecting)) {
        links.forEach((link) => link.removeAttribute("aria-current"));
        links.get(entry.target.id)?.setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-10% 0px -75% 0px" });
    document.querySelectorAll("section[id]").forEach((section) => watcher.observe(section));
  }
  document.documentElement.dataset.ready = "true";
})();
