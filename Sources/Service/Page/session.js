// Who is looking: the token, what it allows, and whether it was refused.

const shelf = "d2r-token";
const ranks = ["reader", "curator", "admin"];
const refusals = new Set();

function stored(value) {
  try {
    if (value === undefined) return sessionStorage.getItem(shelf);
    if (value === null) sessionStorage.removeItem(shelf);
    else sessionStorage.setItem(shelf, value);
  } catch { /* without storage the token lasts as long as the page */ }
  return null;
}

/** The token of this tab. It is kept until the tab closes and never sent but to the daemon. */
export const session = {
  token: null,
  name: "",
  role: "reader",
  workspace: "",
  version: "",

  /** Takes a token out of the address, so that it stays in no history and no screenshot. */
  begin() {
    const given = new URLSearchParams(location.hash.slice(1)).get("token");
    if (given) {
      history.replaceState(null, "", `${location.pathname}#/`);
      session.take(given);
    } else session.token = stored();
  },

  take(token) {
    session.token = token;
    stored(token);
  },

  know({ name, role, workspace, version }) {
    Object.assign(session, { name, role, workspace, version });
  },

  forget() {
    session.token = null;
    session.role = "reader";
    stored(null);
  },

  /** Whether the role reaches as far as `role`. */
  can: (role) => ranks.indexOf(session.role) >= ranks.indexOf(role),

  onRefusal: (tell) => refusals.add(tell),

  refused(problem) {
    const had = Boolean(session.token);
    session.forget();
    if (had) refusals.forEach((tell) => tell(problem));
  },
};
