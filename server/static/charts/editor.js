// The SPARQL editor in place of the plain form: YASGUI, with nothing in it that asks another host. It is large, so it is loaded when somebody
// begins to write, opens it, or chooses a saved question.
const known = JSON.parse(document.getElementById("editor-data").textContent);
const form = document.getElementById("plain");
const edit = document.getElementById("edit"), choice = document.getElementById("example");
const examples = new Map(known.examples.map((example) => [example.name, example]));
let begun;

const loaded = (tag, told) => new Promise((done, failed) => document.head.append(Object.assign(document.createElement(tag), { ...told, onload: done, onerror: failed })));
const begin = () => (begun ??= Promise.all([
  loaded("link", { rel: "stylesheet", href: form.dataset.style }),
  loaded("script", { src: form.dataset.script }),
]).then(replace));

edit.hidden = false;
edit.addEventListener("click", begin);
form.querySelector("textarea").addEventListener("pointerdown", begin);
// Any saved question as a further tab.
choice.addEventListener("change", async () => {
  const example = examples.get(choice.value);
  choice.value = "";
  if (example) (await begin())(example.name, example.query, true);
});
document.getElementById("examples").hidden = false;

// Puts the editor where the form was; gives what opens a tab.
function replace() {
  const { Yasgui, Yasqe } = window;

  // What can be completed comes from here: our prefixes, and the classes and properties of the ontology and of those that it uses.
  const kinds = { class: "owl:Class", property: "owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty" };
  const others = { class: ["skos:Concept"], property: ["rdf:type", "rdfs:label", "skos:prefLabel", "skos:broader", "owl:sameAs"] };
  const whole = (short) => known.prefixes[short.split(":")[0]] + short.split(":")[1];
  const terms = (kind) => fetch(`${known.endpoint}?${new URLSearchParams({ query: `PREFIX owl: <${known.prefixes.owl}>
    SELECT DISTINCT ?term { VALUES ?kind { ${kinds[kind]} } ?term a ?kind FILTER(ISIRI(?term)) }`, format: "tsv" })}`)
    .then((answer) => answer.text())
    .then((text) => [...new Set([...text.matchAll(/^<([^>]+)>/gm)].map(([, iri]) => iri).concat(others[kind].map(whole)))].sort());
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
  const asked = form.dataset.asked !== undefined;
  open(asked ? "your query" : "who said what", form.querySelector("textarea").value, true);
  if (!asked) for (const name of known.first) open(name, examples.get(name).query, false);

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
  return open;
}
