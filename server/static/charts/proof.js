// A proof as a picture: what it proves on the left, what that rests on to the right of it, down to words of readouts.
import { dataOf, fit, frame, html, round, savers, svg } from "./svg.js";

const LINE = 15, PAD = 8, ROOM = 14, GAP = 34, LETTER = 5.9, LEAST = 132;

export function draw(figure) {
  const tree = dataOf(figure);
  const box = frame(figure);
  box.classList.add("proof");
  const drawing = svg("svg", { class: "drawing", role: "img", "aria-label": `${figure.querySelector("figcaption").textContent.trim()}; the list below says the same` });
  const narrow = html("p", { class: "small quiet", hidden: true }, "There is no room here for the picture of the proof; the list says the same.");
  box.append(drawing, narrow);
  const columns = 1 + deep(tree);
  fit(box, (width) => {
    const wide = Math.min(290, (width - GAP * (columns - 1)) / columns);
    narrow.hidden = wide >= LEAST;
    const parts = [];
    const height = wide >= LEAST ? place(tree, 0, 1, wide, parts).tall : 0;
    drawing.setAttribute("viewBox", `0 0 ${width} ${round(height) + 2}`);
    drawing.replaceChildren(...parts);
  });
  savers(figure, () => drawing);
}

const deep = (step) => (step.below.length ? 1 + Math.max(...step.below.map(deep)) : 0);

// Puts a step and all below it into `parts`, from `top` on, and tells how tall that is and where the step's middle is.
function place(step, depth, top, wide, parts) {
  const lines = [
    ...wrapped(step.says.join(" "), wide).map((text) => ({ text, kind: "" })),
    ...wrapped(step.by, wide).map((text) => ({ text, kind: "quiet" })),
    ...wrapped(step.words, wide).map((text) => ({ text, kind: "said" })),
    ...wrapped(step.where, wide).map((text) => ({ text, kind: "quiet" })),
  ];
  const tall = lines.length * LINE + 2 * PAD;
  const x = depth * (wide + GAP);
  const below = [];
  let at = top;
  for (const each of step.below) {
    below.push(place(each, depth + 1, at, wide, parts));
    at += below.at(-1).tall + ROOM;
  }
  const all = Math.max(tall, at - top - ROOM);
  const middle = below.length ? Math.max(top + tall / 2, (below[0].middle + below.at(-1).middle) / 2) : top + tall / 2;
  for (const each of below) {
    const [from, to] = [x + wide, x + wide + GAP];
    parts.push(svg("path", { class: "because", d: `M${round(from)} ${round(middle)}C${round(from + GAP / 2)} ${round(middle)} ${round(to - GAP / 2)} ${round(each.middle)} ${round(to)} ${round(each.middle)}` }));
  }
  const y = middle - tall / 2;
  parts.push(svg("rect", { class: `step${step.below.length ? "" : " leaf"}`, x: round(x), y: round(y), width: round(wide), height: tall, rx: 5 }),
    ...lines.map(({ text, kind }, i) => svg("text", { class: kind, x: round(x + PAD), y: round(y + PAD + i * LINE + 11) }, text)));
  return { tall: Math.max(all, y + tall - top), middle };
}

// Words in lines of a width.
function wrapped(text, wide) {
  const most = Math.max(8, Math.floor((wide - 2 * PAD) / LETTER));
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean).flatMap((word) => word.match(new RegExp(`.{1,${most}}`, "gu")))) {
    if (lines.length && lines.at(-1).length + 1 + word.length <= most) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}
