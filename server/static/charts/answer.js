// The answer of a saved question as bars, lines, a timeline, a matrix or a map, read from its table.
import { fit, frame, html, rove, round, savers, svg, thousands, ticks, tip } from "./svg.js";

const MOST = { bar: 25, series: 8, lanes: 14, matrix: 22 };

export function draw(figure) {
  const at = JSON.parse(figure.dataset.columns);
  const rows = [...figure.querySelectorAll("tbody tr")].map((row) => (key) => {
    const cell = at[key] === undefined ? null : row.cells[at[key]];
    return { text: cell?.textContent.trim() ?? "", href: cell?.querySelector("a")?.getAttribute("href") ?? null };
  });
  const number = (row) => Number(row("number").text) || 0;
  if (figure.dataset.view === "map") return states(figure, rows, number);
  const box = frame(figure);
  const drawing = svg("svg", { class: "drawing", role: "group", "aria-label": figure.querySelector("figcaption").textContent.trim() });
  box.append(drawing);
  const chart = { box, drawing, rows, number, hint: tip(box) };
  const view = { bar, line, timeline, matrix }[figure.dataset.view](chart);
  fit(box, (width) => {
    const { height, parts } = view(width);
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    drawing.replaceChildren(...parts);
    rove([...drawing.querySelectorAll("[data-stop]")]);
  });
  savers(figure, () => drawing);
}

// A mark that tells what it is when touched or reached, and leads somewhere if there is somewhere to lead.
function stop({ hint }, href, lines, ...inside) {
  const element = svg(href ? "a" : "g", { href, "data-stop": "", "aria-label": lines.join(", "), role: href ? null : "img",
    onpointerenter: () => hint.at(element, lines), onpointerleave: () => hint.hide(), onfocus: () => hint.at(element, lines), onblur: () => hint.hide() }, ...inside);
  return element;
}

const text = (words, x, y, anchor = "start", kind = "") => svg("text", { x: round(x), y: round(y), "text-anchor": anchor, class: kind }, words);
const grid = (x1, y1, x2, y2) => svg("line", { class: "grid", x1: round(x1), x2: round(x2), y1: round(y1), y2: round(y2) });
const short = (words, most) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

// The values of a key, those with most first; `of` is what is summed up.
function ranked(rows, key, of, most) {
  const sums = new Map();
  for (const row of rows) sums.set(row(key).text, (sums.get(row(key).text) ?? 0) + of(row));
  return [...sums].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, most).map(([name]) => name);
}

function legend({ box }, names) {
  if (names.length < 2) return;
  box.after(html("ul", { class: "legend", "aria-hidden": "true" }, ...names.map((name, i) => html("li", {}, html("span", { class: `c${i}` }), name || "none"))));
}

function bar(chart) {
  const { rows, number } = chart;
  const names = ranked(rows, "category", number, MOST.bar);
  const all = ranked(rows, "series", number, Infinity);
  const own = new Set(all.length > MOST.series ? all.slice(0, MOST.series - 1) : all);
  const series = [...own, ...(all.length > own.size ? ["other"] : [])];
  const seriesOf = (row) => (own.has(row("series").text) ? row("series").text : "other");
  legend(chart, series);
  const bars = names.map((name) => {
    const mine = rows.filter((row) => row("category").text === name);
    const parts = series.map((s) => mine.filter((row) => seriesOf(row) === s).reduce((sum, row) => sum + number(row), 0));
    return { name, href: mine[0]("category").href, parts, total: parts.reduce((a, b) => a + b, 0) };
  });
  return (width) => {
    const left = Math.min(230, width * 0.42), tall = 24;
    const marks = ticks(Math.max(...bars.map((each) => each.total)), width < 500 ? 2 : 5);
    const x = (n) => left + (n / marks.at(-1)) * (width - left - 44);
    return { height: bars.length * tall + 24, parts: [
      ...marks.flatMap((mark) => [grid(x(mark), 0, x(mark), bars.length * tall), text(thousands(mark), x(mark), bars.length * tall + 16, "middle", "quiet")]),
      ...bars.flatMap(({ name, href, parts, total }, i) => {
        let from = 0;
        const says = [name, thousands(round(total)), ...parts.flatMap((n, s) => (series.length > 1 && n ? [`${series[s] || "none"}: ${thousands(round(n))}`] : []))];
        return [text(short(name, Math.floor(left / 6.3)), left - 8, i * tall + 16, "end"), stop(chart, href, says,
          svg("rect", { class: "wide", x: left, y: i * tall, height: tall, width: round(width - left) }),
          ...parts.flatMap((n, s) => {
            if (!n) return [];
            from += n;
            return [svg("rect", { class: `c${s}`, x: round(x(from - n)), y: i * tall + 4, height: tall - 8, width: round(x(from) - x(from - n)) })];
          })), text(thousands(round(total)), x(total) + 5, i * tall + 16)];
      })] };
  };
}

function line(chart) {
  const { rows, number } = chart;
  const key = rows[0]("date").text ? "date" : "category";
  const series = ranked(rows, "series", (row) => Math.abs(number(row)) + 1, MOST.series);
  legend(chart, series);
  const days = [...new Set(rows.map((row) => row(key).text))].sort();
  const when = (day) => (/^\d{4}/.test(day) ? Date.parse(day) : days.indexOf(day));
  const [first, last] = [when(days[0]), when(days.at(-1))];
  const low = Math.min(0, ...rows.map(number)), high = Math.max(0, ...rows.map(number));
  const marks = low < 0 ? [low, 0, high].filter((v, i, all) => all.indexOf(v) === i) : ticks(high);
  return (width) => {
    const [left, height] = [46, 240], top = marks.at(-1) || 1;
    const x = (day) => left + (last > first ? (when(day) - first) / (last - first) : 0.5) * (width - left - 14);
    const y = (n) => 12 + (1 - (n - low) / (top - low)) * (height - 12);
    let free = -Infinity; // where the next name of a day has room
    const shown = days.filter((day) => x(day) >= free && (free = x(day) + 90));
    return { height: height + 24, parts: [
      ...marks.flatMap((mark) => [grid(left, y(mark), width, y(mark)), text(thousands(mark), left - 6, y(mark) + 4, "end", "quiet")]),
      ...shown.map((day) => text(day, x(day), height + 18, "middle", "quiet")),
      ...series.flatMap((name, s) => {
        const own = rows.filter((row) => row("series").text === name).sort((a, b) => when(a(key).text) - when(b(key).text));
        // Where one day has several values a line between them says nothing.
        const one = new Set(own.map((row) => row(key).text)).size === own.length;
        return [...(one ? [svg("polyline", { class: `line l${s}`, "stroke-dasharray": ["", "6 3", "2 3", "9 3 2 3"][s % 4], points: own.map((row) => `${round(x(row(key).text))},${round(y(number(row)))}`).join(" ") })] : []),
          ...own.map((row) => stop(chart, row("label").href, [name, row(key).text, thousands(number(row))].filter(Boolean), svg("circle", { class: `point c${s}`, cx: round(x(row(key).text)), cy: round(y(number(row))), r: 4.5 })))];
      })] };
  };
}

function timeline(chart) {
  const { rows, box } = chart;
  const dated = rows.filter((row) => /^\d{4}-\d\d/.test(row("date").text));
  const lanes = ranked(dated, "lane", () => 1, MOST.lanes);
  const more = new Set(dated.map((row) => row("lane").text)).size - lanes.length;
  if (more > 0) box.after(html("p", { class: "small quiet" }, `and ${more} more lanes with less in them, in the table`));
  const days = dated.flatMap((row) => [row("date").text, row("end").text].filter(Boolean)).map((day) => Date.parse(day));
  const year = (day) => new Date(day).getUTCFullYear();
  const [first, end] = [Date.UTC(year(Math.min(...days)), 0, 1), Date.UTC(year(Math.max(...days)) + 1, 0, 1)];
  return (width) => {
    const left = lanes.length > 1 || lanes[0] ? Math.min(190, width * 0.36) : 10, tall = 30, height = lanes.length * tall;
    const x = (day) => left + ((day - first) / (end - first)) * (width - left - 10);
    const years = Array.from({ length: year(end) - year(first) }, (_, i) => year(first) + i);
    return { height: height + 24, parts: [
      ...years.flatMap((each) => [grid(x(Date.UTC(each, 0, 1)), 0, x(Date.UTC(each, 0, 1)), height), text(each, x(Date.UTC(each, 6, 1)), height + 17, "middle", "quiet")]),
      ...lanes.flatMap((lane, i) => [grid(left, i * tall + tall / 2, width, i * tall + tall / 2), text(short(lane, Math.floor(left / 6.3)), left - 8, i * tall + tall / 2 + 4, "end")]),
      ...dated.filter((row) => lanes.includes(row("lane").text)).map((row) => {
        const [from, until] = [x(Date.parse(row("date").text)), x(Date.parse(row("end").text || row("date").text))];
        const says = [[row("date").text, row("end").text].filter((day, i, all) => day && all.indexOf(day) === i).join(" – "), row("label").text, row("lane").text].filter(Boolean);
        return stop(chart, row("label").href, says, svg("rect", { class: "point c0", rx: 5, height: 10, width: round(Math.max(10, until - from)), x: round(from - (until - from < 10 ? 5 : 0)), y: lanes.indexOf(row("lane").text) * tall + tall / 2 - 5 }));
      })] };
  };
}

function matrix(chart) {
  const { rows, number } = chart;
  const down = ranked(rows, "row", number, MOST.matrix), across = ranked(rows, "column", number, MOST.matrix);
  const most = Math.max(...rows.map(number));
  return (width) => {
    const left = Math.min(200, width * 0.36), step = Math.min(36, Math.max(13, (width - left - 20) / across.length));
    // The names above the columns slant; as high as the longest of them is.
    const top = 16 + Math.round(Math.max(...across.map((name) => short(name, 20).length)) * 5.6);
    return { height: top + down.length * step + 8, parts: [
      ...across.map((name, c) => svg("text", { transform: `translate(${round(left + c * step + step / 2 + 4)} ${top - 6}) rotate(-60)` }, short(name, 20))),
      ...down.map((name, r) => text(short(name, Math.floor(left / 6.3)), left - 8, top + r * step + step / 2 + 4, "end")),
      ...rows.filter((row) => down.includes(row("row").text) && across.includes(row("column").text) && number(row)).map((row) => {
        const [r, c] = [down.indexOf(row("row").text), across.indexOf(row("column").text)];
        const spot = { x: round(left + c * step), y: round(top + r * step), width: round(step - 2), height: round(step - 2) };
        const shade = Math.min(5, 1 + Math.floor(4.999 * Math.sqrt(number(row) / most)));
        return stop(chart, row("number").href, [`${row("row").text} × ${row("column").text}`, thousands(number(row))],
          svg("rect", { class: `cell s${shade}`, ...spot }),
          step > 26 ? svg("text", { class: shade > 3 ? "within" : "", x: round(spot.x + step / 2 - 1), y: round(spot.y + step / 2 + 3), "text-anchor": "middle" }, thousands(round(number(row)))) : null);
      })] };
  };
}

async function states(figure, rows, number) {
  const sums = new Map();
  for (const row of rows) {
    const iso3 = row("state").href?.match(/\/state\/([A-Z]{3})$/)?.[1];
    if (!iso3) continue;
    const state = sums.get(iso3) ?? { iso3, name: row("state").text, href: row("state").href, n: 0 };
    state.n += number(row);
    sums.set(iso3, state);
  }
  (await import("./map.js")).show(figure, [...sums.values()].sort((a, b) => b.n - a.n));
}
