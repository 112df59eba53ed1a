// A network: nodes stand where the server put them; shape and colour tell the community, size how often a node comes up.
import { dataOf, fit, frame, html, round, savers, svg, thousands, tip } from "./svg.js";

const SHAPES = [ // of communities, each about as large as a circle of radius 1
  "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0 -2 0", "M-.89 -.89h1.78v1.78h-1.78z", "M0 -1.25L1.25 0L0 1.25L-1.25 0z", "M0 -1.3L1.2 .8H-1.2z",
  "M0 1.3L1.2 -.8H-1.2z", "M-.55 -1h1.1l.55 1l-.55 1h-1.1l-.55 -1z", "M-.4 -1.1h.8v.7h.7v.8h-.7v.7h-.8v-.7h-.7v-.8h.7z", "M-1.2 -.6h2.4v1.2h-2.4z",
];
const shape = (group) => SHAPES[Math.min(group, SHAPES.length - 1)];

export function draw(figure) { show(figure, dataOf(figure)); }

// data: nodes {name, href, size, x, y, group}, ties [a, b, weight, lift], groups (labels), behind(tie) (an address)
export function show(figure, data) {
  const { nodes, groups, by = "weight" } = data;
  const ties = data.edges.map(([a, b, weight, lift]) => ({ a, b, weight, lift }));
  const strength = (tie) => (by === "lift" ? tie.lift : tie.weight);
  const most = Math.max(...ties.map(strength)), largest = Math.max(...nodes.map((node) => node.size));
  const radius = (node) => 4 + 11 * Math.sqrt(node.size / largest);
  const behind = (tie) => (data.readouts
    ? `${data.readouts}?${new URLSearchParams([["issue", nodes[tie.a].code], ["issue", nodes[tie.b].code]])}` : null);
  const around = nodes.map(() => []);
  ties.forEach((tie) => { around[tie.a].push(tie); around[tie.b].push(tie); });

  const box = frame(figure);
  box.classList.add("network");
  const picture = html("div", { class: "picture" });
  const picked = html("div", { class: "picked", "aria-live": "polite", role: "region", "aria-label": "What is selected", tabindex: "0" });
  box.append(picture, picked);
  const hint = tip(picture);
  const drawing = svg("svg", { class: "drawing", role: "group", "aria-label": figure.querySelector("figcaption").textContent.trim() });
  const view = { width: 0, height: 0, zoom: 1, x: 0, y: 0 };
  let chosen = null; // {node}, {tie} or {group}
  let least = 0;

  const lines = ties.map((tie) => {
    const label = `${nodes[tie.a].name} and ${nodes[tie.b].name}: ${thousands(tie.weight)}${tie.lift ? `, lift ${tie.lift}` : ""}`;
    const share = Math.sqrt(strength(tie) / most);
    const line = svg("line", { class: "tie", "stroke-width": round(0.6 + 4.5 * share), "stroke-opacity": round(0.25 + 0.65 * share) });
    const wide = svg("line", { class: "wide" });
    const link = svg("a", { class: "edge", href: behind(tie) ?? "#", tabindex: "-1", "aria-label": label, onclick: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      choose({ tie });
    } }, line, wide);
    link.addEventListener("pointerenter", (event) => {
      const at = picture.getBoundingClientRect();
      hint.show([`${nodes[tie.a].name} × ${nodes[tie.b].name}`, told(tie)], event.clientX - at.left, event.clientY - at.top);
    });
    link.addEventListener("pointerleave", () => hint.hide());
    return link;
  });
  const told = (tie) => [`together in ${thousands(tie.weight)}`, tie.lift ? `lift ${tie.lift}` : ""].filter(Boolean).join(" · ");

  // Names lie over all nodes: where there is no room, one may cover a node, and none is covered.
  const labels = nodes.map((node) => svg("text", { class: "label", "aria-hidden": "true" }, node.name));
  const marks = nodes.map((node, i) => {
    const mark = svg("path", { class: `mark c${Math.min(node.group, 7)}`, d: shape(node.group) });
    const shown = (on) => () => labels[i].classList.toggle("shown", on);
    const spot = svg("g", { class: "node", role: "button", tabindex: i ? "-1" : "0", "aria-pressed": "false",
      "aria-label": `${node.name}, ${thousands(node.size)}, ${around[i].length} ties, community ${groups[node.group]}`,
      onclick: () => { hint.hide(); choose(chosen?.node === i ? null : { node: i }); },
      onkeydown: (event) => keys(event, i),
      onpointerenter: () => hint.at(mark, [node.name, `${thousands(node.size)} · ${around[i].length} ties`, groups[node.group]]),
      onpointerleave: () => hint.hide(),
      onfocus: shown(true), onblur: shown(false),
    }, mark);
    return spot;
  });

  function keys(event, i) {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "Enter" || event.key === " ") choose({ node: i });
    else if (event.key === "Escape") choose(null);
    else if (way) go(i, way);
    else return;
    event.preventDefault();
  }

  // The nearest node in a direction.
  function go(from, [dx, dy]) {
    const ahead = nodes.map((node, i) => {
      const [x, y] = [(node.x - nodes[from].x) * view.width, (node.y - nodes[from].y) * view.height];
      const along = x * dx + y * dy, aside = Math.abs(x * dy - y * dx);
      return { i, far: i !== from && along > 0 && aside <= along * 1.5 ? along + 2 * aside : Infinity };
    }).reduce((a, b) => (b.far < a.far ? b : a));
    if (ahead.far === Infinity) return;
    marks.forEach((mark, i) => mark.setAttribute("tabindex", i === ahead.i ? "0" : "-1"));
    marks[ahead.i].focus();
  }

  function choose(next) {
    chosen = next;
    paint();
    tell();
  }

  const seen = (tie) => strength(tie) >= least || by === "lift";
  function lit() { // nodes and ties that are not dimmed; all if nothing is chosen
    if (!chosen) return null;
    if (chosen.group !== undefined) return { nodes: new Set(nodes.flatMap((n, i) => (n.group === chosen.group ? [i] : []))) };
    const some = chosen.tie ? [chosen.tie] : around[chosen.node].filter(seen);
    return { nodes: new Set([...some.flatMap((t) => [t.a, t.b]), ...(chosen.tie ? [] : [chosen.node])]), ties: new Set(some) };
  }

  function place() {
    const pad = { x: Math.min(70, view.width * 0.1), y: 34 };
    const at = (node) => [
      pad.x + node.x * (view.width - 2 * pad.x), pad.y + node.y * (view.height - 2 * pad.y),
    ].map((v, i) => round((v - (i ? view.height : view.width) / 2) * view.zoom + (i ? view.height : view.width) / 2 + (i ? view.y : view.x)));
    const spots = nodes.map(at);
    ties.forEach((tie, i) => {
      const [[x1, y1], [x2, y2]] = [spots[tie.a], spots[tie.b]];
      for (const line of lines[i].children) for (const [key, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(key, value);
    });
    nodes.forEach((node, i) => {
      marks[i].setAttribute("transform", `translate(${spots[i]})`);
      marks[i].firstChild.setAttribute("transform", `scale(${round(radius(node))})`);
    });
    letters(spots);
  }

  // Labels from the largest node on, each where no label and no node stands; the largest, and what is chosen, have theirs in any case.
  function letters(spots) {
    const areas = spots.map(([x, y], i) => [x - radius(nodes[i]), y - radius(nodes[i]), x + radius(nodes[i]), y + radius(nodes[i])]);
    const taken = [[view.width - 48, 0, view.width, 120]]; // where the buttons are
    const free = ([a, b, c, d], some) => some.every(([e, f, g, h]) => c < e || a > g || d < f || b > h);
    const light = lit();
    const dimmed = (i) => light !== null && !light.nodes.has(i);
    const order = nodes.map((_, i) => i).sort((a, b) => dimmed(a) - dimmed(b) || nodes[b].size - nodes[a].size);
    for (const [rank, i] of order.entries()) {
      const [x, y] = spots[i], r = radius(nodes[i]), wide = nodes[i].name.length * 6.1 + 4;
      const places = [[x, y + r + 12, "middle"], [x, y - r - 5, "middle"], [x + r + 4, y + 4, "start"], [x - r - 4, y + 4, "end"]].map(([px, py, anchor]) => {
        const left = anchor === "middle" ? px - wide / 2 : anchor === "start" ? px : px - wide;
        return { px, py, anchor, area: [left, py - 11, left + wide, py + 3] };
      }).filter(({ area }) => area[0] > 0 && area[1] > 0 && area[2] < view.width && area[3] < view.height && free(area, taken));
      const own = places.find(({ area }) => free(area, areas.filter((_, other) => other !== i))) ?? (rank < view.width / 80 ? places[0] : undefined);
      const label = labels[i];
      label.classList.toggle("away-from-view", dimmed(i) || !(own || chosen?.node === i || chosen?.tie));
      const { px, py, anchor, area } = own ?? { px: Math.min(view.width - wide / 2, Math.max(wide / 2, x)), py: y + r + 12, anchor: "middle" };
      label.setAttribute("x", round(px));
      label.setAttribute("y", round(py));
      label.setAttribute("text-anchor", anchor);
      if (area && !dimmed(i)) taken.push(area);
    }
  }

  function paint() {
    const light = lit();
    const tied = new Set();
    ties.forEach((tie, i) => {
      const on = seen(tie);
      if (on) [tie.a, tie.b].forEach((end) => tied.add(end));
      lines[i].classList.toggle("gone", !on);
      const own = !light || (light.ties ? light.ties.has(tie) : light.nodes.has(tie.a) && light.nodes.has(tie.b));
      lines[i].classList.toggle("dim", !own);
      lines[i].classList.toggle("lit", Boolean(light?.ties?.has(tie)));
      lines[i].setAttribute("tabindex", light?.ties?.has(tie) && on ? "0" : "-1");
    });
    nodes.forEach((_, i) => {
      for (const part of [marks[i], labels[i]]) part.classList.toggle("gone", !tied.has(i));
      marks[i].classList.toggle("dim", Boolean(light && !light.nodes.has(i)));
      marks[i].setAttribute("aria-pressed", String(chosen?.node === i));
    });
    for (const [group, button] of [...legend.querySelectorAll("button")].entries()) button.setAttribute("aria-pressed", String(chosen?.group === group));
    place();
  }

  // What is told beside the picture.
  function tell() {
    if (chosen?.node !== undefined) {
      const node = nodes[chosen.node];
      const mine = around[chosen.node].filter(seen).sort((p, q) => strength(q) - strength(p));
      picked.replaceChildren(
        html("h3", {}, node.href ? html("a", { href: node.href }, node.name) : node.name),
        html("p", { class: "small quiet" }, `${thousands(node.size)} · community: ${groups[node.group]}`),
        html("ol", { class: "ties" }, ...mine.slice(0, 14).map((tie) => {
          const other = nodes[tie.a === chosen.node ? tie.b : tie.a];
          return html("li", {}, html("a", { href: behind(tie) ?? other.href ?? "#" }, other.name), html("span", { class: "n" }, ` ${thousands(tie.weight)}${tie.lift ? ` · ${tie.lift}` : ""}`));
        })),
        mine.length > 14 ? html("p", { class: "small quiet" }, `and ${mine.length - 14} more`) : "");
    } else if (chosen?.tie) {
      const { tie } = chosen;
      const [a, b] = [nodes[tie.a], nodes[tie.b]];
      const list = html("div", { class: "behind" }, html("p", { class: "small quiet" }, "…"));
      picked.replaceChildren(
        html("h3", {}, html("a", { href: a.href }, a.name), " × ", html("a", { href: b.href }, b.name)),
        html("p", { class: "small quiet" }, told(tie)), behind(tie) ? list : "");
      if (behind(tie)) fetchBehind(behind(tie), list);
    } else if (chosen) {
      const members = nodes.filter((n) => n.group === chosen.group).sort((p, q) => q.size - p.size);
      picked.replaceChildren(html("h3", {}, groups[chosen.group]), html("p", { class: "small quiet" }, `a community of ${members.length}`),
        html("ol", { class: "ties" }, ...members.slice(0, 20).map((n) => html("li", {}, html("a", { href: n.href ?? "#" }, n.name), html("span", { class: "n" }, ` ${thousands(n.size)}`)))));
    } else {
      picked.replaceChildren(html("p", { class: "quiet" }, "Choose a node to see what it is tied to, or a line to see the readouts behind it. Arrow keys go from node to node, Enter chooses."));
    }
  }

  // The readouts behind a tie, as the list of readouts shows them.
  async function fetchBehind(address, list) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = [...page.querySelectorAll("main .list > li")].slice(0, 6);
    found.forEach((item) => item.querySelectorAll(".chips").forEach((chips) => chips.remove()));
    list.replaceChildren(html("ul", { class: "list" }, ...found.map((item) => document.adoptNode(item))), html("p", {}, html("a", { href: address }, "All readouts with both")));
  }

  const legend = html("ul", { class: "legend groups", "aria-label": "Communities" }, ...groups.map((name, group) => html("li", {}, html("button", {
    type: "button", class: "plain", "aria-pressed": "false", onclick: () => choose(chosen?.group === group ? null : { group }),
  }, svg("svg", { class: "key", viewBox: "-1.5 -1.5 3 3", "aria-hidden": "true" }, svg("path", { class: `c${Math.min(group, 7)}`, d: shape(group) })), name))));

  const zoom = (times) => {
    view.zoom = Math.min(8, Math.max(1, view.zoom * times));
    if (view.zoom === 1) view.x = view.y = 0;
    place();
  };
  const button = (label, text, action) => html("button", { type: "button", "aria-label": label, onclick: action }, text);
  picture.append(drawing, html("div", { class: "zoom" }, button("Zoom in", "+", () => zoom(1.5)), button("Zoom out", "−", () => zoom(1 / 1.5)), button("Whole network", "⤢", () => zoom(0))));
  drawing.append(svg("g", {}, ...lines), svg("g", {}, ...marks), svg("g", {}, ...labels));
  drawing.addEventListener("wheel", (event) => { if (event.ctrlKey) { event.preventDefault(); zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2); } }, { passive: false });
  drawing.addEventListener("pointerdown", (down) => {
    if (view.zoom === 1 || down.target.closest(".node, .edge")) return;
    const start = [view.x - down.clientX, view.y - down.clientY];
    const move = (event) => { [view.x, view.y] = [start[0] + event.clientX, start[1] + event.clientY]; place(); };
    drawing.setPointerCapture(down.pointerId);
    drawing.addEventListener("pointermove", move);
    drawing.addEventListener("pointerup", () => drawing.removeEventListener("pointermove", move), { once: true });
  });
  box.after(legend);

  // While the slider of the least weight moves, weaker ties go; the server is asked when it stops.
  const slider = document.getElementById("least");
  slider?.addEventListener("input", () => { least = Number(slider.value); paint(); });

  fit(picture, (width) => {
    const [low, high] = figure.classList.contains("lesser") ? [300, 380] : [400, 640];
    Object.assign(view, { width, height: Math.round(Math.min(high, Math.max(low, width * 0.8))) });
    drawing.setAttribute("viewBox", `0 0 ${view.width} ${view.height}`);
    paint();
  });
  tell();
  savers(figure, () => drawing);
}
