// The desk: puts the state, what the server told, the picture and all around it together.

import { Along } from "./along.js";
import { Actors } from "./actors.js";
import { Asking } from "./asking.js";
import { Canvas } from "./canvas.js";
import { Details } from "./details.js";
import { Filters } from "./filters.js";
import { nothing, pack, unpack } from "./link.js";
import { Model } from "./model.js";
import { Store } from "./store.js";
import { Story } from "./story.js";
import { tabs } from "./tabs.js";

const MOST = 2000;

class Desk {
  constructor(root) {
    const { looks, start, picture } = JSON.parse(document.getElementById("explore-data").textContent);
    Object.assign(this, { root, looks, start, picture });
    const { base, api } = root.dataset;
    Object.assign(this, { base, api, marked: [], selected: null });
    this.stage = root.querySelector(".picture-canvas");
    this.status = root.querySelector("[data-status]");
    this.store = new Store();
    this.model = new Model(`${base}/explore`);
    this.view = { nodes: [], edges: [], shown: new Set() };
    this.canvas = new Canvas(this.stage, looks);
    this.filters = new Filters(root, this.store, this.model, looks);
    this.details = new Details(root.querySelector("[data-details]"), this);
    this.actors = new Actors(root, this);
    this.asking = new Asking(root.querySelector("[data-answer]"), this);
    this.story = new Story(root, this);
    this.along = new Along(root, this);
    this.openTab = tabs(root.querySelector("[data-tabs]"));
    this.listen();
  }

  listen() {
    const { store, canvas } = this;
    store.addEventListener("changed", () => this.changed());
    store.addEventListener("looked", () => this.write());
    canvas.addEventListener("select", ({ detail }) => this.select(detail));
    canvas.addEventListener("mark", ({ detail }) => this.mark(detail));
    canvas.addEventListener("moved", ({ detail }) => store.moved(detail));
    canvas.addEventListener("looked", ({ detail }) => store.look(detail));
    canvas.addEventListener("open", ({ detail }) => this.grow(detail));
    canvas.addEventListener("enter", () => this.root.querySelector("[data-details] button, [data-details] a")?.focus());
    canvas.addEventListener("key", ({ detail }) => this.key(detail));
    this.root.querySelector("[data-tools]").addEventListener("click", ({ target }) => {
      const what = target.closest("button")?.dataset.do;
      if (what) this.do(what);
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select");
      if (typing || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      this.do(key === "y" || event.shiftKey ? "redo" : "undo");
    });
    const form = this.root.querySelector("[data-add]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.addNamed(form);
    });
    window.addEventListener("hashchange", () => this.follow());
  }

  // --- beginning ----------------------------------------------------------------------------

  async begin() {
    const linked = await this.linked();
    if (this.picture) this.model.take(this.picture);
    if (linked) return this.open(linked);
    if (!this.picture) return this.changed();
    const state = nothing();
    const { focus, roles, way } = this.start;
    Object.assign(state, { focus, roles, lit: way, asOf: this.start.as_of, knownAt: this.start.known_at });
    const places = this.remembered();
    for (const { id, x, y } of this.picture.nodes)
      state.nodes.set(id, { x, y, pinned: false, hidden: false, ...places[id] });
    if (way.length > 1) state.ask = { from: way[0], to: way.at(-1), what: "bridges" };
    this.store.begin(state);
    this.canvas.fit();
    if (state.ask) this.asking.put(state.ask, { silent: true });
  }

  async open(state) {
    if (!this.model.holds(state) || state.asOf !== this.start.as_of || state.focus.join() !== this.start.focus.join()) {
      this.say("Drawing …");
      try {
        await this.model.load(state);
      } catch (problem) {
        return this.say(problem.message);
      }
      this.say(this.model.missing.length ? `${this.model.missing.length} of them are not on record here.` : "");
    }
    this.store.begin(state);
    if (state.camera) this.canvas.look(state.camera);
    else this.canvas.fit();
    if (state.ask) this.asking.put(state.ask, { silent: true });
    else this.asking.hide();
  }

  async linked() {
    const text = window.location.hash.replace(/^#v=/, "");
    if (!text || !window.location.hash.startsWith("#v=")) return null;
    const state = await unpack(text);
    if (!state) this.say("The link is incomplete: a part of it got lost on its way.");
    return state?.nodes.size ? state : null;
  }

  async follow() {
    if (window.location.hash === this.hash) return;
    const state = await this.linked();
    if (state) this.open(state);
  }

  // --- every change -------------------------------------------------------------------------

  async changed() {
    const { state } = this.store;
    if (state.nodes.size && !this.model.holds(state)) {
      // Back to a state whose actors were taken out of memory since.
      await this.model.load(state).catch((problem) => this.say(problem.message));
      if (state !== this.store.state) return;
    }
    this.view = this.model.visible(state);
    const lit = state.lit.filter((id) => this.view.shown.has(id));
    this.lit = lit.length ? new Set(lit) : null;
    this.marked = this.marked.filter((id) => state.nodes.has(id));
    this.canvas.marked = this.marked;
    this.canvas.draw(this.view, state, this.lit);
    this.filters.show();
    this.details.show(this.selected);
    this.actors.show();
    this.story.show();
    this.along.show();
    this.along.behind();
    this.tools();
    this.root.classList.toggle("empty-picture", !state.nodes.size);
    document.querySelector("#explore-title").textContent =
      state.title || this.start.title || "Work with a picture";
    this.write();
  }

  tools() {
    const set = (what, off) => (this.root.querySelector(`[data-do="${what}"]`).disabled = off);
    set("undo", !this.store.back.length);
    set("redo", !this.store.forth.length);
    set("dark", !this.store.state.lit.length);
    const two = this.root.querySelector("[data-two]");
    two.hidden = this.marked.length !== 2;
    const [one, other] = this.marked.map((id) => this.model.nodes.get(id)?.name ?? id);
    two.querySelector("[data-pair]").textContent = `${one} and ${other} are marked.`;
  }

  // The link follows every change; one write for many that come together.
  write() {
    this.writing ??= new Promise((done) => {
      setTimeout(async () => {
        this.writing = null;
        if (this.store.state.nodes.size) {
          this.hash = `#v=${await pack(this.store.state)}`;
          window.history.replaceState(null, "", this.hash);
          this.remember();
        }
        done();
      }, 150);
    });
    return this.writing;
  }

  written() {
    return this.write();
  }

  get memory() {
    return `alliance-explorer places ${this.start.focus.join(" ")}`;
  }

  // Places of the same actors, for the next visit by another way than the link.
  remember() {
    if (!this.start.focus.length) return;
    const places = [...this.store.state.nodes].slice(0, 500).map(([id, { x, y, pinned }]) => [id, { x, y, pinned }]);
    try {
      localStorage.setItem(this.memory, JSON.stringify(Object.fromEntries(places)));
    } catch {
      // A browser that keeps nothing; the link does.
    }
  }

  remembered() {
    try {
      const places = JSON.parse(localStorage.getItem(this.memory)) ?? {};
      const sound = ([, p]) => Number.isFinite(p?.x) && Number.isFinite(p?.y);
      return Object.fromEntries(Object.entries(places).filter(sound));
    } catch {
      return {};
    }
  }

  // --- doing --------------------------------------------------------------------------------

  say(text) {
    this.status.textContent = text;
  }

  address(id) {
    return `${this.root.dataset.actor}${encodeURIComponent(id).replaceAll("%3A", ":")}`;
  }

  camera() {
    const { x, y } = this.canvas.network.getViewPosition();
    return [x, y, this.canvas.network.getScale()];
  }

  look(camera) {
    this.canvas.look(camera);
    this.store.look(camera);
  }

  select(id, near = false) {
    this.selected = id;
    this.canvas.select(id);
    if (near && id) this.canvas.show(id, true);
    this.details.show(id);
    this.actors.show();
    if (id) this.openTab("details");
  }

  mark(id) {
    const node = this.model.nodes.get(id);
    if (!["Firm", "Person"].includes(node?.kind)) return this.say("Only firms and people can be marked.");
    this.marked = this.marked.includes(id)
      ? this.marked.filter((other) => other !== id) : [...this.marked, id].slice(-2);
    this.canvas.marked = this.marked;
    this.canvas.mark();
    this.details.show(this.selected);
    this.actors.show();
    this.tools();
  }

  // From whom a question about somebody starts: who is marked, else who is in focus.
  other(id) {
    const ids = [...this.marked, ...this.store.state.focus].filter((other) => other !== id);
    return ids.map((other) => this.model.nodes.get(other)).find((node) => ["Firm", "Person"].includes(node?.kind));
  }

  do(what) {
    if (what === "undo" || what === "redo") {
      if (this.store[what]()) this.say(what === "undo" ? "Undone." : "Done again.");
    } else if (what === "in") this.canvas.zoom(1.3);
    else if (what === "out") this.canvas.zoom(1 / 1.3);
    else if (what === "fit") {
      this.canvas.fit();
      this.store.look(null);
    } else if (what === "arrange") this.arrange();
    else if (what === "dark") this.store.change({ lit: [], step: -1 });
    else if (what === "link") this.root.querySelector('[data-take="link"]').click();
    else if (what === "bridges" || what === "path") this.ask(...this.marked, what);
  }

  key(key) {
    const id = this.selected;
    if (!this.model.nodes.has(id)) return;
    if (key === "e") this.grow(id);
    if (key === "c") this.collapse(id);
    if (key === "h") this.hide(id);
    if (key === "m") this.mark(id);
    if (key === "p") this.store.flag(id, "pinned", !this.store.state.nodes.get(id).pinned);
  }

  around(id, kinds, limit) {
    const { state } = this.store;
    return this.model.post("around", {
      actor: id, kinds, limit, nodes: [...state.nodes.keys()],
      as_of: state.day || state.asOf, known_at: state.knownAt,
    });
  }

  // The first kind that has more to show.
  async grow(id) {
    const { kinds } = await this.around(id, [], 0);
    const next = kinds.find((group) => group.left);
    if (next) return this.expand(id, next.kind, this.details.many);
    this.say("All around here is shown.");
  }

  async expand(id, kind, limit) {
    try {
      const { kinds } = await this.around(id, [kind], limit);
      const found = kinds[0]?.shown ?? [];
      const ids = found.flatMap((n) => [...n.through.map((t) => t.id), n.node.id]);
      const added = [...new Set(ids)].filter((other) => !this.store.state.nodes.has(other));
      const grown = { ...this.store.state.grown };
      grown[id] = [...(grown[id] ?? []), ...added];
      await this.add(added, { grown });
      this.say(`${added.length} added around ${this.model.nodes.get(id)?.name}.`);
    } catch (problem) {
      this.say(problem.message);
    }
  }

  // Adds some; all others stay where they are.
  async add(ids, changes = {}) {
    const before = this.store.state;
    const fresh = ids.filter((id) => !before.nodes.has(id));
    if (before.nodes.size + fresh.length > MOST) throw new Error(`A picture holds at most ${MOST.toLocaleString()} actors.`);
    if (fresh.length || changes.roles || changes.focus) {
      const data = await this.model.load({ ...before, ...changes }, fresh);
      const nodes = new Map(this.store.state.nodes);
      for (const { id, x, y } of data.nodes)
        if (!nodes.has(id) && fresh.includes(id)) nodes.set(id, { x, y, pinned: false, hidden: false });
      // Who is asked for is not hidden.
      for (const id of ids) if (nodes.get(id)?.hidden) nodes.set(id, { ...nodes.get(id), hidden: false });
      this.store.change({ ...changes, nodes });
    } else this.store.change(changes);
    const out = fresh.some((id) => {
      const place = this.store.state.nodes.get(id);
      const spot = place && this.canvas.network.canvasToDOM(place);
      return spot && (spot.x < 0 || spot.y < 0 || spot.x > this.stage.clientWidth || spot.y > this.stage.clientHeight);
    });
    if (out || !before.nodes.size) this.do("fit");
  }

  async addNamed(form) {
    const name = form.elements.actor.value.trim();
    if (!name) return;
    try {
      const limit = this.store.state.nodes.size ? 0 : 60;
      const found = await this.model.post("begin", { actor: name, limit, as_of: this.store.state.asOf, known_at: this.store.state.knownAt });
      const focus = this.store.state.focus.length ? this.store.state.focus : [found.id];
      await this.add(found.nodes, { focus });
      if (!this.start.title) this.start.title = `${found.name} and those around`;
      this.select(found.id, true);
      form.reset();
      this.say(`${found.name} is in the picture.`);
    } catch (problem) {
      this.say(problem.message);
    }
  }

  collapse(id) {
    const { state } = this.store;
    const leaf = (other) => [...(this.model.near?.get(other) ?? [])].filter((n) => state.nodes.has(n)).every((n) => n === id);
    const near = [...(this.model.near?.get(id) ?? [])];
    const own = state.grown[id] ?? near.filter(leaf);
    const gone = own.filter((other) => !state.focus.includes(other) && !state.nodes.get(other)?.pinned && !state.notes[other]);
    if (!gone.length) return this.say("Nothing to collapse here.");
    this.store.without(gone);
    this.say(`${gone.length} taken away.`);
  }

  hide(id) {
    this.selected = null;
    this.store.flag(id, "hidden", true);
    this.say(`${this.model.nodes.get(id)?.name} is hidden.`);
  }

  remove(id) {
    this.selected = null;
    this.store.without([id]);
  }

  // All but the pinned get a new place.
  async arrange() {
    const { state } = this.store;
    const positions = {};
    for (const [id, { x, y, pinned }] of state.nodes) if (pinned) positions[id] = [x, y];
    const data = await this.model.laid(state, [...state.nodes.keys()], positions);
    const places = Object.fromEntries(data.nodes.map(({ id, x, y }) => [id, { x, y }]));
    this.store.moved(places);
    this.do("fit");
  }

  async ask(from, to, what) {
    if (!from || !to) return;
    await this.asking.put({ from, to, what });
    this.openTab("details");
  }

  avoid(id) {
    const { avoid, ask } = this.store.state;
    const next = avoid.includes(id) ? avoid.filter((other) => other !== id) : [...avoid, id];
    this.store.change({ avoid: next });
    if (ask) this.asking.put(ask);
  }
}

const root = document.querySelector("[data-explore]");
if (root) {
  const desk = new Desk(root);
  root.desk = desk;
  desk.begin();
}
