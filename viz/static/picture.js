// Draws the pictures of a page with vis-network. Positions come from the server; nothing is simulated.
// All texts go into the page as text, never as markup.

import { Labels } from "./labels.js";

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const FAINT = 0.18;

function lines(texts) {
  const box = document.createElement("div");
  for (const text of texts) {
    const line = document.createElement("div");
    line.textContent = text;
    box.append(line);
  }
  return box;
}

function element(name, text, more = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  return Object.assign(made, more);
}

class Picture {
  constructor(figure) {
    this.figure = figure;
    this.data = JSON.parse(document.getElementById(figure.dataset.picture).textContent);
    this.stage = figure.querySelector(".picture-canvas");
    this.card = figure.querySelector(".picture-card");
    this.byId = new Map(this.data.nodes.map((node) => [node.id, node]));
    this.near = new Map(this.data.nodes.map((node) => [node.id, new Set([node.id])]));
    for (const edge of this.data.edges) {
      this.near.get(edge.from)?.add(edge.to);
      this.near.get(edge.to)?.add(edge.from);
    }
    this.selected = null;
    this.lit = null;
    this.shape();
    this.draw();
    this.listen();
  }

  get theme() {
    return this.data.styles[dark.matches ? "dark" : "light"];
  }

  get tall() {
    return this.stage.clientWidth < 560;
  }

  // A wide and low picture gets no more height than it fills.
  shape() {
    this.stage.style.height = "";
    const places = this.data.nodes.map((node) => this.place(node));
    const [wide, high] = [0, 1].map((axis) => {
      const values = places.map((place) => place[axis]);
      return Math.max(...values) - Math.min(...values) + 160;
    });
    const { clientWidth, clientHeight } = this.stage;
    const needed = Math.max(260, (clientWidth / wide) * high);
    if (needed < clientHeight) this.stage.style.height = `${needed}px`;
  }

  place(node) {
    return this.tall && node.tall ? node.tall : [node.x, node.y];
  }

  node(node) {
    const [x, y] = this.place(node);
    // Its name is written by Labels.
    return { ...node, x, y, label: undefined, title: lines([node.name, ...node.tip]), opacity: 1 };
  }

  edge(edge) {
    const color = { color: this.theme.edges[edge.kind], inherit: false, opacity: 1 };
    color.highlight = color.hover = color.color;
    return { ...edge, color, title: lines(edge.tip) };
  }

  draw() {
    this.nodes = new vis.DataSet(this.data.nodes.map((node) => this.node(node)));
    this.edges = new vis.DataSet(this.data.edges.map((edge) => this.edge(edge)));
    const options = { ...this.data.options, groups: this.theme.groups, autoResize: true };
    this.network = new vis.Network(
      this.stage,
      { nodes: this.nodes, edges: this.edges },
      options,
    );
    this.frame = this.stage.querySelector(".vis-network");
    this.frame.setAttribute("role", "application");
    this.frame.setAttribute("aria-roledescription", "picture of a network");
    this.frame.setAttribute(
      "aria-label",
      `${this.stage.dataset.alt} Arrow keys go from node to node. The same is in words below.`,
    );
    this.labels = new Labels(this.network, this.stage, () => this.named());
    this.wasTall = this.tall;
    this.network.once("afterDrawing", () => this.figure.setAttribute("data-drawn", ""));
    this.fit();
  }

  named() {
    const { color, strokeColor } = this.theme.font;
    return this.data.nodes.map((node) => {
      const chosen = node.id === this.selected || ["focal", "target"].includes(node.group);
      return {
        id: node.id, text: node.label, size: node.font.size, radius: node.size,
        weight: (chosen ? Labels.ALWAYS : 0) + node.size + this.near.get(node.id).size,
        faint: this.lit && !this.lit.has(node.id), colour: color, halo: strokeColor,
      };
    });
  }

  listen() {
    const network = this.network;
    network.on("click", ({ nodes }) => this.select(nodes[0] ?? null));
    network.on("doubleClick", ({ nodes }) => nodes[0] && this.open(nodes[0]));
    network.on("hoverNode", ({ node }) => this.light(this.near.get(node)));
    network.on("blurNode", () => this.light(this.selected && this.near.get(this.selected)));
    document.addEventListener("way", ({ detail }) => this.way(detail));
    // The wheel scrolls the page, as everywhere, until the picture is in use.
    const zoom = (zoomView) => network.setOptions({ interaction: { zoomView } });
    this.frame.addEventListener("focusin", () => zoom(true));
    this.frame.addEventListener("focusout", () => zoom(false));
    this.frame.addEventListener("pointerdown", () => this.frame.focus({ preventScroll: true }));
    this.frame.addEventListener("keydown", (event) => this.key(event));
    dark.addEventListener("change", () => this.recolour());
    new ResizeObserver(() => {
      if (this.tall !== this.wasTall) this.turn();
      else if (!this.touched) this.fit();
    }).observe(this.stage);
    const tools = this.figure.querySelector(".picture-tools");
    const help = this.figure.querySelector(".picture-help");
    tools.hidden = help.hidden = false;
    tools.addEventListener("click", ({ target }) => this.do(target.closest("button")?.dataset.do));
    const cover = this.figure.querySelector(".picture-cover");
    if (window.matchMedia("(pointer: coarse)").matches) {
      // One finger scrolls the page until the picture is asked for.
      cover.hidden = false;
      cover.addEventListener("click", () => (cover.hidden = true));
    }
  }

  do(what) {
    if (what === "fit") this.fit();
    if (what === "in") this.zoom(1.3);
    if (what === "out") this.zoom(1 / 1.3);
    if (what === "save") this.save();
  }

  fit() {
    this.touched = false;
    this.labels.frame(1.2);
  }

  zoom(factor) {
    this.touched = true;
    const scale = Math.min(4, Math.max(0.05, this.network.getScale() * factor));
    this.network.moveTo({ scale });
  }

  save() {
    const from = this.stage.querySelector("canvas");
    const copy = document.createElement("canvas");
    copy.width = from.width;
    copy.height = from.height;
    const pen = copy.getContext("2d");
    pen.fillStyle = getComputedStyle(this.figure).backgroundColor;
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(from, 0, 0);
    copy.toBlob((blob) => {
      const url = URL.createObjectURL(blob);
      Object.assign(document.createElement("a"), { href: url, download: "picture.png" }).click();
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    });
  }

  turn() {
    this.wasTall = this.tall;
    this.shape();
    this.nodes.update(this.data.nodes.map((node) => this.node(node)));
    this.fit();
  }

  recolour() {
    this.network.setOptions({ groups: this.theme.groups });
    this.nodes.update(this.data.nodes.map((node) => this.node(node)));
    this.edges.update(this.data.edges.map((edge) => this.edge(edge)));
  }

  // Everything but some nodes, and the ties among them, becomes faint; null: nothing does.
  light(ids, alsoEdge = (edge) => ids.has(edge.from) && ids.has(edge.to)) {
    if (this.data.nodes.length > 400) return;
    this.lit = ids;
    this.nodes.update(
      this.data.nodes.map(({ id }) => ({ id, opacity: !ids || ids.has(id) ? 1 : FAINT })),
    );
    this.edges.update(
      this.data.edges.map((edge) => {
        const { color } = this.edge(edge);
        return { id: edge.id, color: { ...color, opacity: !ids || alsoEdge(edge) ? 1 : FAINT } };
      }),
    );
  }

  way(ids) {
    if (!ids?.every((id) => this.byId.has(id))) return this.light(this.selected && this.near.get(this.selected));
    const steps = new Set(ids.slice(1).flatMap((id, i) => [`${ids[i]}\n${id}`, `${id}\n${ids[i]}`]));
    this.light(new Set(ids), (edge) => steps.has(`${edge.from}\n${edge.to}`));
  }

  select(id) {
    this.selected = id;
    this.network.selectNodes(id === null ? [] : [id]);
    this.light(id === null ? null : this.near.get(id));
    this.card.replaceChildren();
    if (id === null) return;
    const node = this.byId.get(id);
    this.card.append(element("strong", node.name));
    for (const tip of node.tip) this.card.append(element("span", tip, { className: "small" }));
    const focal = this.data.nodes.find((other) => other.group === "focal");
    const url = this.address(id);
    if (url) this.card.append(element("a", "Open page", { href: url }));
    const { bridges, dated } = this.figure.dataset;
    const askable = ["Firm", "Person"];
    if (bridges && focal && focal !== node && askable.includes(focal.kind) && askable.includes(node.kind)) {
      const query = new URLSearchParams({ from: focal.id, to: id });
      const more = dated ? `&${dated.slice(1)}` : "";
      this.card.append(element("a", "Who bridges to them?", { href: `${bridges}?${query}${more}` }));
    }
  }

  address(id) {
    const { actor, dated } = this.figure.dataset;
    if (!actor || !["Firm", "Person", "Network"].includes(this.byId.get(id).kind)) return "";
    return actor + encodeURIComponent(id).replaceAll("%3A", ":") + dated;
  }

  open(id) {
    const url = this.address(id);
    if (url) window.location.assign(url);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (way[event.key]) this.walk(way[event.key]);
    else if (event.key === "Enter" && this.selected !== null) this.open(this.selected);
    else if (event.key === "+" || event.key === "=") this.zoom(1.3);
    else if (event.key === "-") this.zoom(1 / 1.3);
    else if (event.key === "0") this.fit();
    else if (event.key === "Escape" && this.selected !== null) this.select(null);
    else return;
    event.preventDefault();
  }

  // The nearest node in a direction; what lies straight ahead counts as nearer.
  walk([dx, dy]) {
    const places = this.network.getPositions();
    if (this.selected === null) {
      const focal = this.data.nodes.find((node) => node.group === "focal") ?? this.data.nodes[0];
      if (focal) this.select(focal.id);
      return;
    }
    const from = places[this.selected];
    let best = null;
    let least = Infinity;
    for (const [id, { x, y }] of Object.entries(places)) {
      const ahead = (x - from.x) * dx + (y - from.y) * dy;
      if (id === this.selected || ahead <= 1) continue;
      const aside = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
      const far = ahead + 2.2 * aside;
      if (far < least) [best, least] = [id, far];
    }
    if (best === null) return;
    this.select(best);
    const { x, y } = places[best];
    const spot = this.network.canvasToDOM({ x, y });
    const { clientWidth: w, clientHeight: h } = this.stage;
    if (spot.x < 30 || spot.y < 30 || spot.x > w - 30 || spot.y > h - 30) {
      this.touched = true;
      this.network.moveTo({ position: { x, y } });
    }
  }
}

for (const figure of document.querySelectorAll("figure[data-picture]")) {
  figure.picture = new Picture(figure);
}
