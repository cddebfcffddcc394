// Begins: theme, token, then either the sign-in form or the pages.
import { forgetAnswers, get } from "./api.js";
import { startEvents, stopEvents } from "./events.js";
import { bind, listenToKeys, showKeys } from "./keys.js";
import { forgetPictures } from "./pictures.js";
import { problemBox } from "./problem.js";
import { follow } from "./router.js";
import { session } from "./session.js";
import { shell } from "./shell.js";
import { signIn } from "./sign-in.js";
import { beginTheme } from "./theme.js";

const app = document.getElementById("app");
let stop = () => {};

function leave() {
  stop();
  stop = () => {};
  stopEvents();
  forgetAnswers();
  forgetPictures();
}

function askForToken(problem) {
  leave();
  app.replaceChildren(signIn(problem, (token) => {
    session.take(token);
    enter();
  }));
  app.querySelector("input")?.focus();
}

function signOut() {
  session.forget();
  askForToken();
}

async function enter() {
  try {
    session.know(await get("/session"));
  } catch (problem) {
    if (problem.status === 401) askForToken(problem);
    else app.replaceChildren(h1("The daemon cannot be reached"), problemBox(problem, enter));
    return;
  }
  const { main, mark } = shell(app, signOut);
  startEvents();
  stop = follow(main, mark);
}

function h1(text) {
  return Object.assign(document.createElement("h1"), { textContent: text });
}

beginTheme();
session.begin();
session.onRefusal(askForToken);
listenToKeys();
bind({ "?": { say: "show these keys", run: showKeys } });
document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  document.getElementById("content")?.focus();
});
// A link with a token opened in a tab that has the page already.
window.addEventListener("hashchange", (event) => {
  if (!location.hash.startsWith("#token=")) return;
  event.stopImmediatePropagation();
  leave();
  session.begin();
  enter();
}, { capture: true });

if (session.token) enter();
else askForToken();
