// The SPARQL editor in place of the plain form: YASGUI, with nothing in it that asks another host.
const known = JSON.parse(document.getElementById("editor-data").textContent);
const form = document.getElementById("plain");
const { Yasgui, Yasqe } = window;

// What can be completed comes from here: our prefixes, and the classes and properties that the data has.
const terms = (kind) => fetch("/.well-known/void", { headers: { Accept: "application/n-triples" } })
  .then((answer) => answer.text())
  .then((text) => [...new Set([...text.matchAll(new RegExp(`<http://rdfs.org/ns/void#${kind}> <([^>]+)>`, "g"))].map(([, iri]) => iri))].sort());
Yasqe.Autocompleters.prefixes.get = async () => Object.entries(known.prefixes).map(([name, iri]) => `${name}: <${iri}>`);
for (const kind of ["class", "property"]) Object.assign(Yasqe.Autocompleters[kind], { bulk: true, get: () => terms(kind) });

const addressOf = (query) => `${known.endpoint}?query=${encodeURIComponent(query)}`;
const box = document.createElement("div");
box.id = "yasgui";
form.before(box);
form.hidden = true;
const editor = new Yasgui(box, {
  persistenceId: null, // the address says what is shown
  populateFromUrl: false,
  autoAddOnInit: false,
  requestConfig: { endpoint: known.endpoint, method: "POST" },
  endpointCatalogueOptions: { getData: () => [{ endpoint: known.endpoint }], keys: [], renderItem: () => {} },
  yasqe: { prefixCcApi: "", persistenceId: null, editorHeight: "330px" },
  yasr: { persistenceId: null, prefixes: { ...known.prefixes, id: known.homes.at(-1)[0] }, maxPersistentResponseSize: 0 },
});

const open = (name, query, active) => editor.addTab(active, { name, yasqe: { value: query }, requestConfig: { endpoint: known.endpoint } });
const examples = new Map(known.examples.map((example) => [example.name, example]));
const asked = form.dataset.asked !== undefined;
open(asked ? "your query" : "who said what", form.querySelector("textarea").value, true);
if (!asked) for (const name of known.first) open(name, examples.get(name).query, false);

// Any saved question as a further tab.
document.getElementById("example").addEventListener("change", ({ target }) => {
  const example = examples.get(target.value);
  if (example) open(example.name, example.query, true);
  target.value = "";
});
document.getElementById("examples").hidden = false;

editor.on("query", () => document.getElementById("answer")?.remove()); // what the server drew for the query before

// A link to share is an address of this endpoint, which works without scripts too.
const shareable = () => {
  const editing = editor.getTab()?.getYasqe?.();
  if (editing) editing.config.createShareableLink = () => addressOf(editing.getValue());
};
editor.on("tabSelect", () => setTimeout(shareable));
shareable();

// What YASGUI forgets to say to those who do not see it.
const said = () => {
  box.querySelector(".addTab")?.setAttribute("role", "tab");
  for (const tab of box.querySelectorAll("[aria-controls]")) if (!document.getElementById(tab.getAttribute("aria-controls"))) tab.removeAttribute("aria-controls");
  for (const area of box.querySelectorAll(".CodeMirror textarea:not([aria-label])")) area.setAttribute("aria-label", "SPARQL query");
};

// Things of ours lead to their pages here, not to the address that names them; what is refused says why in words.
said();
new MutationObserver(() => {
  said();
  for (const refused of box.querySelectorAll(".errorResult pre:not([data-told])")) {
    refused.dataset.told = "";
    try {
      const problem = JSON.parse(refused.textContent);
      refused.textContent = [problem.detail, problem.pointer].filter(Boolean).join("\n\n");
    } catch { /* not a problem of ours: as it stands */ }
  }
  for (const link of box.querySelectorAll(".yasr a[href^='http']:not([data-home])")) {
    link.dataset.home = "";
    const home = known.homes.find(([iri]) => link.getAttribute("href").startsWith(iri));
    if (home) link.href = home[1] + link.getAttribute("href").slice(home[0].length);
  }
}).observe(box, { childList: true, subtree: true });
