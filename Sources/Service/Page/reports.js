// The reports that were written. A tab cannot send a token, so a page is opened by a link that works once.
import { call, get, post } from "./api.js";
import { openDialog } from "./dialog.js";
import { h, settled } from "./dom.js";
import { action } from "./field.js";
import { toast, toastProblem } from "./live.js";
import { fill } from "./problem.js";
import { empty, table } from "./table.js";
import { bytes, time } from "./words.js";

export const title = "Reports";

export async function open(page) {
  const host = h("div");
  page.root.append(h("div", { class: "head" }, h("h1", {}, "Reports"),
    h("a", { class: "plain button", href: "#/start?verb=report%20summary" }, "Write a report")),
  h("p", { class: "lede" }, "Pages open in a tab of their own, shut off from this one. Files can be saved and sent on: real faces are tiles in them."), host);
  const draw = () => fill(host, async () => {
    const { items } = await get("/reports", { signal: page.signal });
    return items.length ? items.map(report)
      : empty("No report has been written. ", h("a", { href: "#/start?verb=report%20summary" }, "Write one"), ".");
  }, page.signal);
  page.listen("job", settled(draw, 400));
  await draw();
}

function report(one) {
  const label = (word, file) => [word, h("span", { class: "unseen" }, ` ${file.name} of ${one.name}`)];
  return h("section", { class: "report" }, h("h2", {}, one.name), one.modifiedAt && h("p", { class: "muted" }, "written ", time(one.modifiedAt)),
    table(`Files of ${one.name}`, [
      { name: "file", cell: (file) => h("code", {}, file.name) },
      { name: "size", isNumber: true, cell: (file) => bytes(file.bytes) },
      { name: "", cell: (file) => h("span", { class: "buttons" },
        isPage(file) && action(label("Open", file), () => openPage(one, file), { style: "plain solid" }),
        isPicture(file) && action(label("Look", file), () => look(one, file)),
        action(label("Save", file), () => save(one, file))) },
    ], one.files));
}

const isPage = (file) => file.name.endsWith(".html");
const isPicture = (file) => /\.(svg|png|jpe?g|webp)$/.test(file.name);
const path = (one, file) => `/reports/${encodeURIComponent(one.name)}/${encodeURIComponent(file.name)}`;

async function openPage(one, file) {
  // The tab must be opened while the press is still being handled.
  const tab = window.open("about:blank", "_blank");
  try {
    const { url } = await post(`${path(one, file)}/link`);
    if (tab) tab.location.replace(url);
    else toast("The browser did not open a tab: allow it for this page, or save the report.");
  } catch (error) {
    tab?.close();
    toastProblem(error);
  }
}

async function look(one, file) {
  try {
    const url = URL.createObjectURL(await (await call("GET", path(one, file))).blob());
    const { closed } = openDialog(`${one.name}: ${file.name}`, h("img", { class: "whole", src: url, alt: `${file.name} of the report ${one.name}` }), { isWide: true });
    await closed;
    URL.revokeObjectURL(url);
  } catch (error) {
    toastProblem(error);
  }
}

async function save(one, file) {
  try {
    const url = URL.createObjectURL(await (await call("GET", path(one, file))).blob());
    h("a", { href: url, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  } catch (error) {
    toastProblem(error);
  }
}
