// Goes to another state of a page without loading all of it anew: the server draws the page, and its parts take the place of ours.
// The address holds the state, so going back, reloading and sharing work as they do without scripts.
let shown = location.pathname + location.search;
let waiting = null;

export async function go(address, { keep = false } = {}) {
  waiting?.abort();
  waiting = new AbortController();
  const focused = document.activeElement?.id;
  document.querySelector("main").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: waiting.signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of ["main", ".rail"]) {
      const [old, next] = [document.querySelector(part), fresh.querySelector(part)];
      if (old && next) old.replaceWith(document.adoptNode(next));
    }
    document.title = fresh.title;
    if (!keep) history.pushState(null, "", address);
    shown = location.pathname + location.search;
    document.dispatchEvent(new CustomEvent("page:new"));
    if (focused) focus(focused, 60);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

// What had the focus has it again, as soon as it is drawn and if nobody went elsewhere.
function focus(id, frames) {
  const element = document.getElementById(id);
  if (element) element.focus({ preventScroll: true });
  else if (frames && document.activeElement === document.body) requestAnimationFrame(() => focus(id, frames - 1));
}

// The address of a form's answer; what is left empty is left out.
export function addressOf(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "");
  return `${new URL(form.action).pathname}?${new URLSearchParams(pairs)}`;
}

export function follow() {
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-live]");
    if (form?.reportValidity()) go(addressOf(form));
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-live]")) return;
    event.preventDefault();
    go(addressOf(event.target));
  });
  window.addEventListener("popstate", () => {
    if (location.pathname + location.search !== shown) go(location.href, { keep: true });
  });
}
