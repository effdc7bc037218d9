// The shapes of nodes as vis-network draws them, for legends and for SVG.

const NS = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...inside) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

const corners = (points) => `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}Z`;
const round = (n) => Math.round(n * 100) / 100;

// An element in the middle of its own coordinates, `r` large.
export function shape(name, r) {
  if (name === "square") return svg("path", { d: corners([[-r, -r], [r, -r], [r, r], [-r, r]]) });
  if (name === "diamond") return svg("path", { d: corners([[0, -r], [r, 0], [0, r], [-r, 0]]) });
  if (name === "hexagon") {
    const turns = [0, 1, 2, 3, 4, 5].map((i) => (i * Math.PI) / 3);
    return svg("path", { d: corners(turns.map((t) => [r * Math.cos(t), r * Math.sin(t)])) });
  }
  if (name === "triangle" || name === "triangleDown") {
    const up = name === "triangle" ? 1 : -1;
    const half = 1.15 * r;
    const inner = half / Math.sqrt(3);
    const top = half * Math.sqrt(3) - inner;
    const low = 0.275 * half;
    return svg("path", {
      d: corners([[0, up * (low - top)], [half, up * (low + inner)], [-half, up * (low + inner)]]),
    });
  }
  if (name === "star") {
    const points = [...Array(10).keys()].map((n) => {
      const far = 0.82 * r * (n % 2 ? 0.5 : 1.3);
      return [far * Math.sin((n * Math.PI) / 5), 0.082 * r - far * Math.cos((n * Math.PI) / 5)];
    });
    return svg("path", { d: corners(points) });
  }
  return svg("circle", { r: round(r) });
}

export function swatch(role, name) {
  const box = svg("svg", {
    class: `swatch role-${role}`, viewBox: "-12 -12 24 24", width: 20, height: 20,
    "aria-hidden": "true", focusable: "false",
  });
  box.append(shape(name, 8));
  return box;
}

export function tieSwatch(kind, inferred = false) {
  const box = svg("svg", {
    class: `swatch-tie tie-${kind}${inferred ? " tie-inferred" : ""}`, viewBox: "0 0 30 12",
    width: 30, height: 12, "aria-hidden": "true", focusable: "false",
  });
  box.append(svg("path", { d: "M2 6H28" }));
  return box;
}
