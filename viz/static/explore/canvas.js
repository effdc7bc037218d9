// The picture itself, drawn by vis-network: positions come from the state, nothing is simulated.

import { Labels } from "../labels.js";
import { calm, cut, dark, made } from "./dom.js";

const FAINT = 0.15;
const MANY = 400; // from so many on, nodes have thin borders
const INK = { light: ["#23272e", "#ffffff"], dark: ["#e8eaee", "#171b21"] }; // names, and round them
const DENSE = 700; // from so many on, ties are thin and let others through
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Canvas extends EventTarget {
  constructor(stage, looks) {
    super();
    this.stage = stage;
    this.looks = looks;
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.network = new vis.Network(stage, { nodes: this.nodes, edges: this.edges }, this.options());
    this.names = [];
    this.labels = new Labels(this.network, stage, () => this.names);
    this.frame = stage.querySelector(".vis-network");
    this.frame.setAttribute("role", "application");
    this.frame.setAttribute("aria-roledescription", "picture of a network");
    this.frame.setAttribute("aria-describedby", "explore-keys");
    this.touched = false;
    this.selected = null;
    this.marked = [];
    this.listen();
  }

  get theme() {
    return dark.matches ? "dark" : "light";
  }

  options() {
    return {
      physics: { enabled: false },
      layout: { improvedLayout: false, randomSeed: 1 },
      interaction: {
        hover: true, hoverConnectedEdges: false, tooltipDelay: 150, zoomView: false,
        keyboard: false, multiselect: false, selectConnectedEdges: false,
      },
      edges: {
        arrowStrikethrough: false, hoverWidth: 1.2, selectionWidth: 1.6, color: { inherit: false },
      },
    };
  }

  listen() {
    const { network } = this;
    const tell = (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
    network.on("click", ({ nodes, edges, event }) => {
      const with_ = event.srcEvent?.shiftKey || event.srcEvent?.ctrlKey || event.srcEvent?.metaKey;
      if (nodes.length && with_) tell("mark", nodes[0]);
      else tell("select", nodes[0] ?? edges[0] ?? null);
    });
    network.on("hold", ({ nodes }) => nodes.length && tell("mark", nodes[0]));
    network.on("doubleClick", ({ nodes }) => nodes.length && tell("open", nodes[0]));
    network.on("dragEnd", ({ nodes }) => {
      if (nodes.length) tell("moved", this.network.getPositions(nodes));
      else this.looked();
    });
    network.on("zoom", () => this.looked());
    network.once("afterDrawing", () => this.stage.setAttribute("data-drawn", ""));
    const zoom = (zoomView) => network.setOptions({ interaction: { zoomView } });
    this.frame.addEventListener("focusin", () => zoom(true));
    this.frame.addEventListener("focusout", () => zoom(false));
    this.frame.addEventListener("pointerdown", () => this.frame.focus({ preventScroll: true }));
    this.frame.addEventListener("keydown", (event) => this.key(event));
    dark.addEventListener("change", () => this.repaint());
    new ResizeObserver(() => this.touched || this.fit()).observe(this.stage);
  }

  looked() {
    this.touched = true;
    const { x, y } = this.network.getViewPosition();
    this.dispatchEvent(new CustomEvent("looked", { detail: [x, y, this.network.getScale()] }));
  }

  // --- drawing ------------------------------------------------------------------------------

  draw(view, state, lit) {
    this.view = view;
    this.state = state;
    this.lit = lit;
    const many = view.nodes.length > MANY;
    this.network.setOptions({ interaction: { hideEdgesOnDrag: view.edges.length > 1500 } });
    this.sync(this.nodes, view.nodes.map((node) => this.node(node, many)));
    this.names = this.named(view, many);
    const dense = view.edges.length > DENSE;
    this.sync(this.edges, view.edges.map((edge) => this.edge(edge, dense)));
    this.mark();
    const names = `${view.nodes.length} actors and bodies, ${view.edges.length} ties.`;
    this.frame.setAttribute("aria-label", `Picture: ${names}`);
  }

  sync(set, wanted) {
    const ids = new Set(wanted.map((item) => item.id));
    const gone = set.getIds().filter((id) => !ids.has(id));
    if (gone.length) set.remove(gone);
    // Only what has changed is drawn anew.
    const changed = wanted.filter((item) => set.get(item.id)?.key !== item.key);
    if (changed.length) set.update(changed);
  }

  named(view, many) {
    const [colour, halo] = INK[this.theme];
    const { focus, notes, nodes } = this.state;
    const ties = new Map();
    for (const { from, to } of view.edges)
      for (const id of [from, to]) ties.set(id, (ties.get(id) ?? 0) + 1);
    return view.nodes.map(({ id, label, font, size }) => ({
      id, size: font.size, radius: many ? size * 1.6 : size, colour, halo,
      text: (nodes.get(id).pinned ? "▪ " : "") + (notes[id] ? "✎ " : "") + label,
      weight: (focus.includes(id) ? Labels.ALWAYS : 0) + size + (ties.get(id) ?? 0) + (notes[id] ? 1000 : 0),
      faint: this.lit && !this.lit.has(id),
    }));
  }

  node(node, many) {
    const place = this.state.nodes.get(node.id);
    const paint = this.looks.nodes[this.theme][node.group];
    const same = { background: paint.fill, border: paint.border };
    const faint = this.lit && !this.lit.has(node.id);
    const border = this.looks.borders[node.group] * (many ? 0.4 : 1);
    const drawn = {
      id: node.id, x: place.x, y: place.y, shape: node.shape,
      size: many ? node.size * 1.6 : node.size,
      borderWidth: border,
      borderWidthSelected: border + 4,
      color: { ...same, highlight: same, hover: same },
      opacity: faint ? FAINT : 1,
      fixed: place.pinned,
    };
    drawn.key = JSON.stringify(drawn);
    drawn.title = lines([node.name, this.looks.roles[node.group], ...node.tip, ...noted(this.state.notes[node.id])]);
    return drawn;
  }

  edge(edge, dense) {
    const faint = this.lit && !(this.lit.has(edge.from) && this.lit.has(edge.to));
    const color = this.looks.edges[this.theme][edge.kind];
    const drawn = {
      id: edge.id, from: edge.from, to: edge.to, width: dense ? edge.width * 0.6 : edge.width,
      dashes: edge.dashes,
      arrows: edge.arrows, smooth: edge.smooth,
      color: { color, highlight: color, hover: color, inherit: false, opacity: faint ? FAINT : dense ? 0.4 : 1 },
    };
    drawn.key = JSON.stringify(drawn) + (this.state.notes[edge.id] ?? "");
    const told = edge.facts.slice(0, 6).map((f) => cut(f.text, 200)).filter(Boolean);
    drawn.title = lines([this.looks.ties[edge.kind], ...told, ...noted(this.state.notes[edge.id])]);
    return drawn;
  }

  repaint() {
    if (this.view) this.draw(this.view, this.state, this.lit);
  }

  select(id) {
    this.selected = id;
    this.mark();
  }

  // The selected and the marked are shown as selected.
  mark() {
    const nodes = [this.selected, ...this.marked].filter((id) => id && this.nodes.get(id));
    const chosen = new Set(nodes);
    this.names = this.names.map((name) => ({
      ...name, weight: (name.weight % Labels.CHOSEN) + (chosen.has(name.id) ? Labels.CHOSEN : 0),
    }));
    const edges = this.selected && this.edges.get(this.selected) ? [this.selected] : [];
    this.network.setSelection({ nodes, edges }, { highlightEdges: false });
  }

  // --- looking ------------------------------------------------------------------------------

  fit() {
    this.touched = false;
    if (!this.nodes.length) return;
    this.labels.frame(1.2);
  }

  look([x, y, scale]) {
    this.touched = true;
    this.network.moveTo({ position: { x, y }, scale: Math.min(4, Math.max(0.02, scale)) });
  }

  zoom(factor) {
    this.look([
      ...Object.values(this.network.getViewPosition()), this.network.getScale() * factor,
    ]);
    this.looked();
  }

  // Brings somebody into sight, if they are not.
  show(id, near = false) {
    const place = this.state?.nodes.get(id);
    if (!place) return;
    const spot = this.network.canvasToDOM(place);
    const { clientWidth: w, clientHeight: h } = this.stage;
    const scale = this.network.getScale();
    const readable = near ? Math.max(scale, 0.7) : scale;
    if (spot.x > 40 && spot.y > 40 && spot.x < w - 40 && spot.y < h - 40 && readable === scale) return;
    const animation = calm.matches ? false : { duration: 250, easingFunction: "easeInOutQuad" };
    this.network.moveTo({ position: { x: place.x, y: place.y }, scale: readable, animation });
    this.touched = true;
  }

  // --- keyboard -----------------------------------------------------------------------------

  key(event) {
    if (event.altKey) return;
    const tell = (name, detail) => this.dispatchEvent(new CustomEvent(name, { detail }));
    const { key } = event;
    if (event.ctrlKey || event.metaKey) return;
    if (WAYS[key]) this.walk(WAYS[key]);
    else if (key === "Enter") tell("enter", this.selected);
    else if (key === "+" || key === "=") this.zoom(1.3);
    else if (key === "-") this.zoom(1 / 1.3);
    else if (key === "0") this.fit();
    else if (key === "Escape") tell("select", null);
    else if ("ehcpm".includes(key) && this.selected) tell("key", key);
    else return;
    event.preventDefault();
  }

  // The nearest in a direction; what lies straight ahead counts as nearer.
  walk([dx, dy]) {
    const tell = (id) => this.dispatchEvent(new CustomEvent("select", { detail: id }));
    const from = this.state.nodes.get(this.selected);
    if (!from) {
      const first = this.view.nodes.find((n) => n.group === "focal") ?? this.view.nodes[0];
      if (first) tell(first.id);
      return;
    }
    let best = null;
    let least = Infinity;
    for (const { id } of this.view.nodes) {
      const { x, y } = this.state.nodes.get(id);
      const ahead = (x - from.x) * dx + (y - from.y) * dy;
      if (id === this.selected || ahead <= 1) continue;
      const aside = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
      if (ahead + 2.2 * aside < least) [best, least] = [id, ahead + 2.2 * aside];
    }
    if (best !== null) {
      tell(best);
      this.show(best);
    }
  }
}

const noted = (note) => (note ? [`✎ ${cut(note, 200)}`] : []);

function lines(texts) {
  return made("div", {}, texts.map((text) => made("div", {}, text)));
}
