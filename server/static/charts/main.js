// Draws each figure of a page that asks for a chart.  Without scripts the figure keeps its table; if a chart fails, too.
import { follow } from "./page.js";

const CHARTS = {
  network: () => import("./network.js"),
  map: () => import("./map.js"),
  matrix: () => import("./matrix.js"),
  timeline: () => import("./timeline.js"),
  columns: () => import("./columns.js"),
  points: () => import("./points.js"),
  answer: () => import("./answer.js"),
  proof: () => import("./proof.js"),
};

async function drawAll() {
  for (const number of document.querySelectorAll("input[data-slider]")) slide(number);
  for (const figure of document.querySelectorAll("figure[data-chart]")) {
    const load = CHARTS[figure.dataset.chart];
    if (!load || figure.dataset.drawn) continue;
    figure.dataset.drawn = "yes";
    try {
      (await load()).draw(figure);
    } catch (error) {
      console.error(error); // the table stands there already
    }
  }
}

// A number gets a slider beside it; both say the same.
function slide(number) {
  if (number.nextElementSibling?.type === "range") return;
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: number.min, max: number.max, value: number.value });
  slider.id = `${number.id}-slider`;
  slider.setAttribute("aria-label", document.querySelector(`label[for="${number.id}"]`).textContent);
  slider.addEventListener("input", () => {
    number.value = slider.value;
    number.dispatchEvent(new Event("input", { bubbles: true }));
  });
  number.addEventListener("input", () => { slider.value = number.value; });
  number.after(slider);
}

document.addEventListener("page:new", drawAll);
follow();
drawAll();
