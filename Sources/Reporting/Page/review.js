// Judging pairs: one key an answer, undo, and the answers as a CSV to download.
"use strict";
(() => {
  const rows = [...document.querySelectorAll("li.match")];
  const words = { 1: "same", 2: "different", 3: "unsure" };
  const made = [];
  let current = 0;

  const bar = document.querySelector(".review-bar");
  const progress = document.getElementById("progress");
  const download = document.getElementById("download");
  const text = document.getElementById("answers");
  if (rows.length) bar.hidden = false;

  // What was answered survives a reload where the browser allows it.
  const shelf = `d2r-review ${rows.map((row) => row.dataset.pair).join("")}`;
  const remember = (value) => { try { localStorage.setItem(shelf, value); } catch { /* as well */ } };
  const remembered = () => { try { return localStorage.getItem(shelf); } catch { return null; } };

  const quoted = (field) => /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  function csv() {
    const lines = rows.map((row) => {
      const { pair, answer, removed, kept } = row.dataset;
      return [pair, answer ?? "", removed, kept].map(quoted).join(",");
    });
    return ["pair,answer,removed,kept", ...lines].join("\n") + "\n";
  }

  function show() {
    rows.forEach((row, place) => {
      row.classList.toggle("current", place === current);
      for (const button of row.querySelectorAll("button[data-answer]")) {
        button.setAttribute("aria-pressed", String(button.dataset.answer === row.dataset.answer));
      }
    });
    const count = rows.filter((row) => row.dataset.answer).length;
    progress.textContent = `${count} of ${rows.length} answered`;
    text.value = csv();
    text.textContent = text.value;
    remember(JSON.stringify(rows.map((row) => row.dataset.answer ?? "")));
  }

  function go(place) {
    current = Math.max(0, Math.min(rows.length - 1, place));
    show();
    rows[current]?.scrollIntoView({ block: "nearest" });
  }

  function set(row, answer) {
    if (answer) row.dataset.answer = answer; else delete row.dataset.answer;
  }

  function answer(place, word) {
    made.push([place, rows[place].dataset.answer]);
    set(rows[place], word);
    go(place + 1);
  }

  function undo() {
    const last = made.pop();
    if (!last) return;
    set(rows[last[0]], last[1]);
    go(last[0]);
  }

  rows.forEach((row, place) => row.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-answer]");
    if (button) answer(place, button.dataset.answer); else go(place);
  }));
  document.getElementById("undo").addEventListener("click", undo);
  let address = null;
  download.addEventListener("click", () => {
    if (address) URL.revokeObjectURL(address);
    address = URL.createObjectURL(new Blob([csv()], { type: "text/csv" }));
    download.href = address;
  });
  document.addEventListener("keydown", (event) => {
    if (!rows.length || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("textarea, input")) return;
    if (words[event.key]) answer(current, words[event.key]);
    else if (event.key === "z") undo();
    else if (event.key === "ArrowDown" || event.key === "ArrowRight") go(current + 1);
    else if (event.key === "ArrowUp" || event.key === "ArrowLeft") go(current - 1);
    else return;
    event.preventDefault();
  });

  try {
    const before = JSON.parse(remembered() ?? "[]");
    if (Array.isArray(before) && before.length === rows.length) {
      rows.forEach((row, place) => {
        if (Object.values(words).includes(before[place])) set(row, before[place]);
      });
      current = Math.max(0, rows.findIndex((row) => !row.dataset.answer));
    }
  } catch { /* begin anew */ }
  show();
  document.documentElement.dataset.ready = "true";
})();
