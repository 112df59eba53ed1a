// Encounters by month with a brush: drag over months, or move its two ends by keyboard; the address holds what is chosen.
import { go } from "./page.js";
import { dataOf, fit, html, round, savers, svg, ticks, tip } from "./svg.js";

export function draw(figure) {
  const { months, counts, from, until, address } = dataOf(figure);
  const box = figure.querySelector(".pan");
  box.classList.add("chart", "brush");
  const drawing = svg("svg", { class: "drawing", role: "group", "aria-label": figure.querySelector("figcaption").textContent.trim() });
  box.replaceChildren(drawing);
  const hint = tip(box);
  const last = months.length - 1;
  let ends = [Math.max(0, months.indexOf(from)), months.includes(until) ? months.indexOf(until) : last];

  function settle() {
    const [a, b] = ends;
    const state = new URLSearchParams(address);
    if (a > 0 || b < last) { state.set("from", months[a]); state.set("until", months[b]); }
    go(`${location.pathname}?${state}`.replace(/\?$/, ""));
  }

  fit(box, (width) => {
    const [left, height, foot] = [32, 130, 20];
    const step = (width - left - 4) / months.length;
    const marks = ticks(Math.max(...counts), 3), top = marks.at(-1);
    const y = (count) => round(height - (count / top) * (height - 10));
    const at = (month) => round(left + month * step);
    drawing.setAttribute("viewBox", `0 0 ${width} ${height + foot}`);
    const chosen = svg("rect", { class: "chosen", y: 0, height });
    const bars = counts.map((count, i) => svg("rect", { class: "month", x: round(at(i) + step * 0.1), width: round(step * 0.8), y: y(count), height: round(height - y(count)) }));
    const handles = [0, 1].map((end) => svg("rect", { class: "handle", width: 8, height: 34, y: height / 2 - 17, rx: 3, tabindex: "0", role: "slider",
      "id": `brush-${end}`, "aria-label": end ? "until" : "from", "aria-valuemin": 0, "aria-valuemax": last,
      onkeydown: (event) => {
        const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 12, PageDown: -12, Home: -last, End: last }[event.key];
        if (!by) return;
        event.preventDefault();
        ends[end] = Math.min(end ? last : ends[1], Math.max(end ? ends[0] : 0, ends[end] + by));
        paint();
      },
      onkeyup: (event) => { if (/^(Arrow|Page|Home|End)/.test(event.key)) settle(); } }));
    const every = Math.ceil(44 / (step * 12));
    const years = months.flatMap((month, i) => (month.endsWith("-01") && Number(month.slice(0, 4)) % every === 0 ? [svg("text", { x: at(i), y: height + 15 }, month.slice(0, 4))] : []));
    const cover = svg("rect", { class: "cover", x: left, y: 0, width: width - left, height });

    function paint() {
      const [a, b] = ends;
      chosen.setAttribute("x", at(a));
      chosen.setAttribute("width", round((b - a + 1) * step));
      bars.forEach((bar, i) => bar.classList.toggle("out", i < a || i > b));
      handles.forEach((handle, end) => {
        handle.setAttribute("x", round(at(end ? b + 1 : a) - 4));
        handle.setAttribute("aria-valuenow", ends[end]);
        handle.setAttribute("aria-valuetext", months[ends[end]]);
      });
    }
    const monthAt = (event) => {
      const area = drawing.getBoundingClientRect();
      return Math.min(last, Math.max(0, Math.floor((event.clientX - area.left - left) / step)));
    };
    cover.addEventListener("pointermove", (event) => hint.at(bars[monthAt(event)], [months[monthAt(event)], String(counts[monthAt(event)])]));
    cover.addEventListener("pointerleave", () => hint.hide());
    cover.addEventListener("pointerdown", (down) => {
      const start = monthAt(down);
      const move = (event) => { ends = [Math.min(start, monthAt(event)), Math.max(start, monthAt(event))]; paint(); };
      cover.setPointerCapture(down.pointerId);
      cover.addEventListener("pointermove", move);
      cover.addEventListener("pointerup", (up) => { cover.removeEventListener("pointermove", move); move(up); settle(); }, { once: true });
      move(down);
    });
    drawing.replaceChildren(
      ...marks.map((mark) => svg("g", {}, svg("line", { class: "grid", x1: left, x2: width, y1: y(mark), y2: y(mark) }), svg("text", { class: "quiet", x: left - 5, y: y(mark) + 4, "text-anchor": "end" }, mark))),
      chosen, ...bars, ...years, cover, ...handles);
    paint();
  });
  if (from || until) figure.querySelector("figcaption").append(" ", html("button", { type: "button", class: "plain", onclick: () => { ends = [0, last]; settle(); } }, "all months"));
  savers(figure, () => drawing);
}
