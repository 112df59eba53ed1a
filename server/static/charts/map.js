// States by a number: shapes from world-atlas, the projection from d3-geo, no tiles.  What is too small for the shapes is named below.
import { dataOf, fit, frame, html, rove, savers, svg, thousands, tip } from "./svg.js";

const VENDOR = new URL("../vendor/", import.meta.url);
const SCRIPTS = ["d3-array-3.2.4/d3-array.min.js", "d3-geo-3.1.1/d3-geo.min.js", "topojson-client-3.1.0/topojson-client.min.js"];
const SHAPES = "world-atlas-2.0.2/countries-110m.json", CODES = "i18n-iso-countries-7.14.0/codes.json";
let made = null;

const script = (path) => new Promise((resolve, reject) => {
  document.head.append(html("script", { src: new URL(path, VENDOR), onload: resolve, onerror: reject }));
});
const json = async (path) => (await fetch(new URL(path, VENDOR))).json();

// The shapes of states by their three letters, loaded once.
async function world() {
  const drawn = (async () => { for (const path of SCRIPTS) await script(path); })();
  const [shapes, codes] = await Promise.all([json(SHAPES), json(CODES), drawn]);
  const letters = new Map(codes.map(([, iso3, number]) => [number, iso3]));
  return window.topojson.feature(shapes, shapes.objects.countries).features
    .filter((shape) => shape.id !== "010") // Antarctica has no foreign relations
    .map((shape) => ({ shape, iso3: letters.get(shape.id) ?? null, name: shape.properties.name }));
}

export function draw(figure) { show(figure, dataOf(figure)); }

// states: {iso3, name, n, href}; the one whose map it is is its `own`
export async function show(figure, states) {
  made ??= world();
  const land = await made;
  const { d3 } = window;
  const box = frame(figure);
  box.classList.add("map");
  const label = figure.querySelector("figcaption").textContent.trim();
  const drawing = svg("svg", { class: "drawing", role: "group", "aria-label": label });
  box.append(drawing);
  const hint = tip(box);
  const most = Math.max(...states.map((state) => state.n));
  const from = [0, 1, 2, 3, 4].map((i) => Math.max(1, Math.ceil((most + 1) ** (i / 5) - 1e-9))); // by size: one state may have most of all
  const step = (n) => from.filter((edge) => edge <= n).length;
  const known = new Map(states.map((state) => [state.iso3, state]));

  const paths = land.map(({ iso3, name }) => {
    const state = known.get(iso3);
    if (!state) return svg("path", { class: "land" }, svg("title", {}, name));
    const says = state.own ? [state.name] : [state.name, thousands(state.n)];
    const path = svg("path", { class: state.own ? "land own" : `land s${step(state.n)}` });
    return svg("a", { href: state.href, "aria-label": says.join(": "),
      onpointerenter: () => hint.at(path, says), onpointerleave: () => hint.hide(), onfocus: () => hint.at(path, says), onblur: () => hint.hide() }, path);
  });
  drawing.append(...paths);
  // By the arrow keys from the state with most to that with least.
  const links = paths.flatMap((path, i) => (path.nodeName === "a" ? [{ path, n: known.get(land[i].iso3).n }] : [])).sort((a, b) => b.n - a.n);
  rove(links.map(({ path }) => path));

  fit(box, (width) => {
    const height = Math.round(width * 0.48);
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const all = { type: "FeatureCollection", features: land.map(({ shape }) => shape) };
    const trace = d3.geoPath(d3.geoEqualEarth().fitSize([width, height], all)).digits(1);
    paths.forEach((path, i) => (path.nodeName === "a" ? path.firstChild : path).setAttribute("d", trace(land[i].shape)));
  });

  box.after(
    html("ul", { class: "legend shades", "aria-label": "Shades" }, ...[...new Set(from)].map((edge) => html("li", {}, html("span", { class: `s${step(edge)}` }), `${thousands(edge)}+`))),
    small(states.filter((state) => !state.own && !land.some(({ iso3 }) => iso3 === state.iso3))));
  savers(figure, () => drawing);
}

const small = (states) => (states.length ? html("p", { class: "small" }, html("span", { class: "quiet" }, "Too small for this map: "),
  ...states.flatMap((state, i) => [i ? ", " : "", html("a", { href: state.href }, state.name), ` ${thousands(state.n)}`])) : "");
