// What all charts share: elements, a frame in the figure, axes, a tip, and the chart as a file.
const SVG = "http://www.w3.org/2000/svg";

function filled(node, attributes, inside) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...inside.flat().filter((part) => part !== null && part !== undefined));
  return node;
}

export const html = (name, attributes = {}, ...inside) => filled(document.createElement(name), attributes, inside);
export const svg = (name, attributes = {}, ...inside) => filled(document.createElementNS(SVG, name), attributes, inside);

export const round = (number) => Math.round(number * 100) / 100;
export const thousands = (number) => Number(number).toLocaleString("en");

// The data of a figure: a block of JSON that the server wrote beside it.
export const dataOf = (figure) => JSON.parse(document.getElementById(figure.dataset.source).textContent);

// A place for a chart in its figure, above the table, which is folded away but stays.
export function frame(figure, { fold = true } = {}) {
  const box = html("div", { class: "chart" });
  const table = figure.querySelector(":scope > .scroll");
  if (table) table.before(box);
  else figure.querySelector("figcaption").after(box);
  if (table && fold) {
    const twin = html("details", { class: "twin" }, html("summary", {}, "The same as a table"));
    table.before(twin);
    twin.append(table);
  }
  return box;
}

// Calls draw(width) now and whenever the box gets another width.
export function fit(box, draw) {
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.round(box.clientWidth);
    if (now && now !== width) draw((width = now));
  }).observe(box);
}

// Round values from 0 to at least `most`, about `count` of them; whole numbers if most is one.
export function ticks(most, count = 4) {
  if (!(most > 0)) return [0, 1];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  let step = [1, 2, 5, 10].find((each) => each * power >= rough) * power;
  if (Number.isInteger(most)) step = Math.max(1, step);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => round(i * step));
}

// Words beside the pointer or the focus; what they say is also in the label of what they are about.
export function tip(box) {
  const words = html("div", { class: "tip", "aria-hidden": "true", hidden: true });
  box.append(words);
  return {
    show(lines, x, y) {
      words.replaceChildren(...lines.map((line, i) => html(i ? "span" : "strong", {}, line)));
      words.hidden = false;
      const right = Math.max(0, box.clientWidth - words.offsetWidth);
      words.style.left = `${Math.min(right, Math.max(0, x - words.offsetWidth / 2))}px`;
      words.style.top = `${y - words.offsetHeight - 12 < 0 ? y + 16 : y - words.offsetHeight - 12}px`;
    },
    // Beside an element of the chart, wherever that is drawn.
    at(element, lines) {
      const [a, b] = [element.getBoundingClientRect(), box.getBoundingClientRect()];
      this.show(lines, a.left - b.left + a.width / 2, a.top - b.top);
    },
    hide() { words.hidden = true; },
  };
}

// One of several elements takes part in the order of tabs; arrows go from one to the next.
export function rove(elements, next = (i, key) => i + ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key] ?? 0)) {
  elements.forEach((element, i) => {
    element.setAttribute("tabindex", i ? "-1" : "0");
    element.addEventListener("keydown", (event) => {
      if (!event.key.startsWith("Arrow")) return;
      const to = elements[next(i, event.key)];
      event.preventDefault();
      if (!to) return;
      elements.forEach((each) => each.setAttribute("tabindex", each === to ? "0" : "-1"));
      to.focus();
    });
  });
}

const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity", "font-family", "font-size",
  "font-weight", "text-anchor", "dominant-baseline", "visibility", "display", "paint-order"];

// The chart by itself, with the looks that the sheet gives it, its title and where it comes from.
function alone(figure, drawing) {
  const copy = drawing.cloneNode(true);
  const originals = [drawing, ...drawing.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((node, i) => {
    const looks = getComputedStyle(originals[i]);
    for (const key of KEPT) node.setAttribute(key, looks.getPropertyValue(key));
    for (const gone of ["class", "tabindex", "role", "aria-label", "aria-labelledby"]) node.removeAttribute(gone);
  });
  const [, , width, height] = (drawing.getAttribute("viewBox")).split(" ").map(Number);
  const root = getComputedStyle(document.documentElement);
  const title = figure.querySelector("figcaption").textContent.trim();
  const said = { "font-family": "sans-serif", "font-size": 11, fill: root.getPropertyValue("--quiet") };
  const line = (text, y, more = {}) => svg("text", { ...said, ...more, x: 10, y }, text);
  const inside = svg("g", { transform: "translate(0 34)" }, ...copy.childNodes);
  const whole = svg("svg", { xmlns: SVG, viewBox: `0 0 ${width} ${height + 62}`, width, height: height + 62 },
    svg("title", {}, title),
    svg("rect", { width: "100%", height: "100%", fill: root.getPropertyValue("--paper") }),
    line(title, 22, { "font-size": 14, "font-weight": 600, fill: root.getPropertyValue("--ink") }), inside,
    line(`According to readouts · ${document.querySelector(".rail .address")?.textContent.trim() ?? location.href}`, height + 53));
  return { text: new XMLSerializer().serializeToString(whole), width, height: height + 62 };
}

function save(blob, name) {
  const link = html("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Buttons that save what `drawing()` gives as SVG and as PNG.
export function savers(figure, drawing) {
  const tools = figure.querySelector(".tools") ?? figure.appendChild(html("p", { class: "tools small" }));
  if (tools.querySelector("button")) return;
  const name = location.pathname.replace(/^\/|\/$/g, "").replace(/\W+/g, "-") || "chart";
  const asSvg = () => save(new Blob([alone(figure, drawing()).text], { type: "image/svg+xml" }), `${name}.svg`);
  const asPng = () => {
    const { text, width, height } = alone(figure, drawing());
    const picture = new Image();
    picture.onload = () => {
      const canvas = html("canvas", { width: width * 2, height: height * 2 });
      canvas.getContext("2d").drawImage(picture, 0, 0, width * 2, height * 2);
      canvas.toBlob((blob) => save(blob, `${name}.png`), "image/png");
    };
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  };
  tools.append(html("button", { type: "button", class: "plain", onclick: asSvg }, "SVG"), html("button", { type: "button", class: "plain", onclick: asPng }, "PNG"));
}
