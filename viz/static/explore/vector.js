// The picture as SVG: from the same positions and styles as the canvas, not from its pixels.

import { shape, svg } from "./shapes.js";

const ROOM = 90;
const FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif";

export function drawn({ view, store, looks, lit }, title, theme) {
  const places = view.nodes.map(({ id }) => store.state.nodes.get(id));
  const [left, top] = ["x", "y"].map((axis) => Math.min(0, ...places.map((p) => p[axis])) - ROOM);
  const [right, bottom] = ["x", "y"].map((axis) => Math.max(0, ...places.map((p) => p[axis])) + ROOM);
  const light = theme === "light";
  const colours = { paper: light ? "#ffffff" : "#171b21", ink: light ? "#23272e" : "#e8eaee" };
  const legend = legendOf(view, looks, theme, colours, left, bottom);
  const root = svg("svg", {
    xmlns: "http://www.w3.org/2000/svg", role: "img",
    viewBox: [left, top - 40, Math.max(right - left, 420), bottom - top + 40 + legend.height].map(Math.round).join(" "),
    "font-family": FONT, "font-size": 17,
  });
  root.append(
    svg("title", {}, title),
    svg("rect", { x: left, y: top - 40, width: Math.max(right - left, 420), height: bottom - top + 40 + legend.height, fill: colours.paper }),
    svg("text", { x: left + 24, y: top, fill: colours.ink, "font-size": 24, "font-weight": 650 }, title),
    svg("g", { fill: "none" }, ...view.edges.map((edge) => line(edge, store.state, looks.edges[theme][edge.kind], lit))),
    svg("g", { "text-anchor": "middle" }, ...view.nodes.map((node) => mark(node, store.state, looks, theme, colours, lit))),
    legend.element,
  );
  return root;
}

const faint = (lit, ...ids) => (lit && !ids.every((id) => lit.has(id)) ? 0.15 : 1);
const round = (n) => Math.round(n * 10) / 10;

function line(edge, state, colour, lit) {
  const [a, b] = [state.nodes.get(edge.from), state.nodes.get(edge.to)];
  const bend = edge.smooth ? edge.smooth.roundness * (edge.smooth.type === "curvedCW" ? 1 : -1) : 0;
  // As vis-network bends: the middle moves aside by a share of the length.
  const [mx, my] = [(a.x + b.x) / 2 + (b.y - a.y) * bend, (a.y + b.y) / 2 - (b.x - a.x) * bend];
  const path = svg("path", {
    d: bend ? `M${round(a.x)} ${round(a.y)}Q${round(mx)} ${round(my)} ${round(b.x)} ${round(b.y)}` : `M${round(a.x)} ${round(a.y)}L${round(b.x)} ${round(b.y)}`,
    stroke: colour, "stroke-width": edge.width, opacity: faint(lit, edge.from, edge.to),
  });
  if (edge.dashes) path.setAttribute("stroke-dasharray", edge.dashes.join(" "));
  const both = svg("g", {}, path, );
  if (edge.arrows?.to?.enabled) both.append(arrow(b, bend ? { x: mx, y: my } : a, colour, state));
  path.append(svg("title", {}, edge.facts.slice(0, 6).map((f) => f.text).filter(Boolean).join("\n")));
  return both;
}

function arrow(to, from, colour) {
  const turn = Math.atan2(to.y - from.y, to.x - from.x);
  const tip = { x: to.x - 24 * Math.cos(turn), y: to.y - 24 * Math.sin(turn) };
  const wing = (by) => `${round(tip.x - 12 * Math.cos(turn + by))} ${round(tip.y - 12 * Math.sin(turn + by))}`;
  return svg("path", { d: `M${wing(0.4)}L${round(tip.x)} ${round(tip.y)}L${wing(-0.4)}Z`, fill: colour });
}

function mark(node, state, looks, theme, colours, lit) {
  const paint = looks.nodes[theme][node.group];
  const { x, y } = state.nodes.get(node.id);
  const group = svg("g", { transform: `translate(${round(x)} ${round(y)})`, opacity: faint(lit, node.id) });
  const drawn = shape(node.shape, node.size);
  drawn.setAttribute("fill", paint.fill);
  drawn.setAttribute("stroke", paint.border);
  drawn.setAttribute("stroke-width", looks.borders[node.group]);
  group.append(drawn, svg("title", {}, [node.name, looks.roles[node.group], ...node.tip, ...(state.notes[node.id] ? [state.notes[node.id]] : [])].join("\n")));
  node.label.split("\n").forEach((words, i) => group.append(svg("text", {
    y: round(node.size + node.font.size * (1.25 + 1.15 * i)), fill: colours.ink, "font-size": node.font.size,
    stroke: colours.paper, "stroke-width": 4, "paint-order": "stroke", "stroke-linejoin": "round",
  }, words)));
  return group;
}

function legendOf(view, looks, theme, colours, left, top) {
  const group = svg("g", { fill: colours.ink, "font-size": 15 });
  const roles = new Map(view.nodes.map((node) => [node.group, node]));
  const kinds = new Map(view.edges.map((edge) => [edge.kind, edge]));
  let row = 0;
  const item = (drawn, text) => {
    const at = svg("g", { transform: `translate(${round(left + 40)} ${round(top + 24 + 26 * row)})` });
    at.append(drawn, svg("text", { x: 28, y: 5 }, text));
    group.append(at);
    row += 1;
  };
  for (const [key, text] of Object.entries(looks.roles)) {
    if (!roles.has(key)) continue;
    const sign = shape(roles.get(key).shape, 8);
    sign.setAttribute("fill", looks.nodes[theme][key].fill);
    sign.setAttribute("stroke", looks.nodes[theme][key].border);
    item(sign, text);
  }
  for (const [key, text] of Object.entries(looks.ties)) {
    if (!kinds.has(key)) continue;
    item(svg("path", { d: "M-14 0H16", stroke: looks.edges[theme][key], "stroke-width": 3 }), text);
  }
  if (view.edges.some((edge) => edge.inferred))
    item(svg("path", { d: "M-14 0H16", stroke: colours.ink, "stroke-width": 2, "stroke-dasharray": "8 5" }), "dashed: inferred by a rule");
  return { element: group, height: 40 + 26 * row };
}
