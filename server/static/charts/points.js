// Statements in time: each a mark in the lane of its stance, its words in the tip, a click leads to the statement.
import { fit, frame, html, rove, round, savers, svg, tip } from "./svg.js";

const LANES = [["positive", "positive", "M0 -5L5 4H-5z", "c2"], ["mixed", "mixed", "M0 -5L5 0L0 5L-5 0z", "c4"],
  ["none", "no position", "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", "c7"], ["negative", "negative", "M0 5L5 -4H-5z", "c1"]];

export function draw(figure) {
  const said = [...figure.querySelectorAll("tbody tr")].reverse().map(({ cells: [day, stance, type, words, told] }) => ({
    date: day.textContent, stance: stance.firstChild.className.replace("stance ", ""), type: type.textContent,
    words: words.textContent, href: words.firstChild.href, told: told.textContent,
  }));
  const box = frame(figure);
  const drawing = svg("svg", { class: "drawing", role: "group", "aria-label": figure.querySelector("figcaption").textContent.trim() });
  box.append(drawing);
  const hint = tip(box);
  const days = said.map((act) => Date.parse(act.date));
  const year = (day) => new Date(day).getUTCFullYear();
  const [first, end] = [Date.UTC(year(Math.min(...days)), 0, 1), Date.UTC(year(Math.max(...days)) + 1, 0, 1)];
  const lanes = LANES.filter(([key]) => key === "positive" || key === "negative" || said.some((act) => act.stance === key));

  fit(box, (width) => {
    const [left, tall] = [82, 64];
    const height = tall * lanes.length;
    const x = (day) => round(left + ((day - first) / (end - first)) * (width - left - 12));
    drawing.setAttribute("viewBox", `0 0 ${width} ${height + 22}`);
    const years = Array.from({ length: year(end) - year(first) }, (_, i) => year(first) + i);
    const filled = new Map(); // how many stand in a place already: the next goes beside, not over
    const marks = said.map((act, i) => {
      const lane = lanes.findIndex(([key]) => key === act.stance);
      const [, , shape, colour] = lanes[lane];
      const spot = `${lane}:${Math.round(x(days[i]) / 9)}`, turn = filled.get(spot) ?? 0;
      filled.set(spot, turn + 1);
      const dy = Math.min(tall / 2 - 7, Math.ceil(turn / 2) * 9) * (turn % 2 ? 1 : -1);
      const lines = [`${act.date} · ${act.type}`, act.words, act.told];
      const mark = svg("a", { href: act.href, "aria-label": `${act.date}, ${lanes[lane][1]}: ${act.type}: ${act.words}`, transform: `translate(${x(days[i])} ${lane * tall + tall / 2 + dy})`,
        onpointerenter: () => hint.at(mark, lines), onpointerleave: () => hint.hide(), onfocus: () => hint.at(mark, lines), onblur: () => hint.hide() },
      svg("path", { class: `point ${colour}`, d: shape }));
      return mark;
    });
    drawing.replaceChildren(
      ...lanes.map(([, name], i) => svg("g", {}, svg("line", { class: "grid", x1: left, x2: width, y1: i * tall + tall / 2, y2: i * tall + tall / 2 }), svg("text", { x: left - 10, y: i * tall + tall / 2 + 4, "text-anchor": "end" }, name))),
      ...years.map((each) => svg("g", {}, svg("line", { class: "grid", x1: x(Date.UTC(each, 0, 1)), x2: x(Date.UTC(each, 0, 1)), y1: 0, y2: height }), svg("text", { class: "quiet", x: x(Date.UTC(each, 6, 1)), y: height + 16, "text-anchor": "middle" }, each))),
      ...marks);
    rove(marks);
  });
  savers(figure, () => drawing);
}
