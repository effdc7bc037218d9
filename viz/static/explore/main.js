// The desk: puts the state, what the server told, the picture and all around it together.

import { Along } from "./along.js";
import { Actors } from "./actors.js";
import { Asking } from "./asking.js";
import { Canvas } from "./canvas.js";
import { Deeds } from "./deeds.js";
import { Details } from "./details.js";
import { Filters } from "./filters.js";
import { nothing, pack, unpack } from "./link.js";
import { Model } from "./model.js";
import { Store } from "./store.js";
import { Story } from "./story.js";
import { tabs } from "./tabs.js";

const THICKET = 40; // so many inferred ties among others are not drawn unasked

class Desk extends Deeds {
  constructor(root) {
    super();
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
    if (linked && (await this.open(linked))) return;
    if (!this.picture) {
      await this.changed();
      return;
    }
    const state = nothing();
    const { focus, roles, way, avoid, ask } = this.start;
    Object.assign(state, { focus, roles, lit: way, avoid, day: this.start.as_of, knownAt: this.start.known_at });
    const places = this.remembered();
    for (const { id, x, y } of this.picture.nodes)
      state.nodes.set(id, { x, y, pinned: false, hidden: false, ...places[id] });
    const among = this.model.among(state);
    state.offAmong = this.picture.edges.filter(among).length > THICKET;
    if (ask.length) state.ask = { from: ask[0], to: ask[1], what: "bridges" };
    this.store.begin(state);
    this.canvas.fit();
    if (state.ask) this.asking.put(state.ask, { silent: true });
  }

  async open(state) {
    if (!this.model.holds(state) || state.asOf || state.knownAt !== this.start.known_at || state.focus.join() !== this.start.focus.join()) {
      this.say("Drawing …");
      try {
        await this.model.load(state);
      } catch (problem) {
        this.say("");
        this.broken(problem.message);
        return false;
      }
      const { missing } = this.model;
      if (missing.length === state.nodes.size) {
        this.say("");
        this.broken("Nobody whom it shows is on record here. Was it made with other data?");
        if (this.picture) this.model.take(this.picture);
        return false;
      }
      this.say(missing.length ? `Not on record here, and so not shown: ${missing.length} of ${state.nodes.size}.` : "");
    }
    this.store.begin(state);
    if (state.camera) this.canvas.look(state.camera);
    else this.canvas.fit();
    const { ask } = state;
    if (ask && [ask.from, ask.to].every((id) => this.model.nodes.has(id))) this.asking.put(ask, { silent: true });
    else this.asking.hide();
    return true;
  }

  async linked() {
    const text = window.location.hash.replace(/^#v=/, "");
    if (!text || !window.location.hash.startsWith("#v=")) return null;
    const state = await unpack(text);
    if (state?.nodes.size) return state;
    this.broken("It is incomplete: a part of it got lost on its way.");
    return null;
  }

  // What is wrong with a link, and the way to go on without it.
  broken(why) {
    const box = this.root.querySelector("[data-broken]");
    box.querySelector("[data-why]").textContent = why;
    box.querySelector("a").href = window.location.pathname + window.location.search;
    box.hidden = false;
  }

  async follow() {
    if (window.location.hash === this.hash) return;
    this.root.querySelector("[data-broken]").hidden = true;
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
    this.filters.show(this.view);
    this.details.show(this.selected);
    this.actors.show();
    this.story.show();
    this.along.show();
    this.along.behind();
    this.tools();
    this.root.classList.toggle("empty-picture", !state.nodes.size);
    document.querySelector("#explore-title").textContent =
      state.title || this.start.title || this.named(state) || "Work with a picture";
    this.write();
  }

  named({ focus }) {
    const names = focus.map((id) => this.model.nodes.get(id)?.name).filter(Boolean);
    return names.length ? `${names.slice(0, 3).join(" and ")} and those around` : "";
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
}

const root = document.querySelector("[data-explore]");
if (root) {
  const desk = new Desk(root);
  root.desk = desk;
  desk.begin();
}
