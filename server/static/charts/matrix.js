// A matrix: the table is the picture already; rows and columns light up, arrows go from cell to cell, and it can be saved.
import { rove, savers, svg } from "./svg.js";

export function draw(figure) {
  const table = figure.querySelector("table");
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells]);
  const heads = [...table.tHead.rows[0].cells];
  const lit = (row, column) => {
    table.querySelectorAll(".lit").forEach((cell) => cell.classList.remove("lit"));
    if (row === undefined) return;
    for (const cell of [...rows[row], ...rows.map((cells) => cells[column]), heads[column]]) cell.classList.add("lit");
  };
  const links = [];
  rows.forEach((cells, r) => cells.forEach((cell, c) => {
    if (!c) return;
    cell.addEventListener("pointerenter", () => lit(r, c));
    const link = cell.querySelector("a");
    if (!link) return;
    links.push({ link, r, c });
    link.addEventListener("focus", () => lit(r, c));
  }));
  table.addEventListener("pointerleave", () => lit());
  // The next cell with something in it, in the direction of the arrow.
  rove(links.map(({ link }) => link), (i, key) => {
    const { r, c } = links[i];
    const ahead = links.map((to, n) => ({ n, row: to.r - r, column: to.c - c })).filter(({ row, column }) => ({
      ArrowRight: row === 0 && column > 0, ArrowLeft: row === 0 && column < 0, ArrowDown: column === 0 && row > 0, ArrowUp: column === 0 && row < 0,
    })[key]);
    return ahead.sort((a, b) => Math.abs(a.row + a.column) - Math.abs(b.row + b.column))[0]?.n ?? -1;
  });
  savers(figure, () => picture(table, rows, heads));
}

// The same as SVG, put into the page for as long as its looks are read.
function picture(table, rows, heads) {
  const [size, left, top] = [30, 150, 130];
  const text = (words, attributes) => svg("text", { "font-size": 11, ...attributes }, words);
  const drawing = svg("svg", { class: "drawing", viewBox: `0 0 ${left + size * (heads.length - 1)} ${top + size * rows.length}` },
    ...heads.slice(1).map((head, c) => text(head.textContent.trim(), { transform: `translate(${left + size * c + 19} ${top - 8}) rotate(-90)` })),
    ...rows.flatMap((cells, r) => cells.map((cell, c) => (c === 0
      ? text(cell.textContent.trim(), { x: left - 8, y: top + size * r + 19, "text-anchor": "end" })
      : svg("g", {}, svg("rect", { class: "cell", x: left + size * (c - 1), y: top + size * r, width: size - 2, height: size - 2,
        "data-fill": getComputedStyle(cell).backgroundColor }), text(cell.textContent.trim(), { x: left + size * (c - 0.5) - 1, y: top + size * r + 18, "text-anchor": "middle" }))))));
  drawing.querySelectorAll(".cell").forEach((cell) => { cell.style.fill = cell.dataset.fill; });
  const place = table.parentElement.appendChild(drawing);
  setTimeout(() => place.remove());
  return drawing;
}
