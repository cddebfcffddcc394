// The form for a token, where the address brought none.
import { h } from "./dom.js";

/** A form that calls `enter(token)`; `problem` says why the last token was refused. */
export function signIn(problem, enter) {
  const field = h("input", {
    id: "token", name: "token", type: "password", autocomplete: "current-password", required: true,
    spellcheck: "false", "aria-describedby": problem ? "refused token-help" : "token-help",
  });
  const form = h("form", { class: "form" },
    h("label", { for: "token" }, "Token"), field,
    h("p", { class: "muted", id: "token-help" }, "Made by ", h("code", {}, "d2r-curate token create NAME --role curator"),
      ". It is kept in this tab only, until the tab is closed."),
    h("footer", {}, h("button", { type: "submit", class: "plain solid" }, "Sign in")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const token = field.value.trim();
    if (token) enter(token);
  });
  document.title = "Sign in · d2r-curate";
  return h("main", { id: "content", class: "sign-in", tabindex: "-1" },
    h("h1", {}, "Curator"),
    h("p", { class: "lede" }, "Sign in to look at this workspace."),
    problem && h("p", { class: "complaint", role: "alert", id: "refused" },
      "This token was not accepted: it is wrong, or it was revoked."),
    form);
}
