// Columns that the server drew: tips, arrows from one to the next, counts or shares, and a way to save them.
import { html, rove, savers, tip } from "./svg.js";

export function draw(figure) {
  const drawing = figure.querySelector("svg.drawing");
  const box = figure.querySelector(".pan");
  const bars = [...drawing.querySelectorAll("rect")];
  const hint = tip(box);
  box.classList.add("chart");
  for (const bar of bars) {
    const words = bar.querySelector("title").textContent;
    bar.querySelector("title").remove(); // the tip says it at once
    const target = bar.closest("a") ?? bar;
    if (target !== bar) {
      target.setAttribute("aria-label", words);
      target.removeAttribute("aria-hidden"); // it can be reached now
    }
    const show = () => hint.at(bar, [words]);
    for (const event of ["pointerenter", "focus"]) target.addEventListener(event, show);
    for (const event of ["pointerleave", "blur"]) target.addEventListener(event, () => hint.hide());
  }
  const links = bars.map((bar) => bar.closest("a")).filter(Boolean);
  rove(links);
  if (new Set(bars.map((bar) => bar.getAttribute("class"))).size > 1) figure.querySelector("figcaption").append(" ", shares(drawing, bars));
  savers(figure, () => drawing);
}

// A button that stretches each column to the whole height, so that parts compare.
function shares(drawing, bars) {
  const number = (bar, name) => Number(bar.getAttribute(name));
  const was = bars.map((bar) => [number(bar, "y"), number(bar, "height")]);
  const floor = number(drawing.querySelector(".axis"), "y1");
  const total = new Map();
  bars.forEach((bar, i) => total.set(bar.getAttribute("x"), (total.get(bar.getAttribute("x")) ?? 0) + was[i][1]));
  return html("button", { type: "button", class: "plain", "aria-pressed": "false", onclick: ({ target }) => {
    const on = target.getAttribute("aria-pressed") === "false";
    target.setAttribute("aria-pressed", String(on));
    bars.forEach((bar, i) => {
      const times = on ? floor / total.get(bar.getAttribute("x")) : 1;
      bar.setAttribute("y", floor - (floor - was[i][0]) * times);
      bar.setAttribute("height", was[i][1] * times);
    });
  } }, "as shares");
}
