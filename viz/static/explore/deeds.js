// What users do to a picture: expand, collapse, hide, add, arrange, ask.

const MOST = 2000;

export class Deeds {
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
    if (key === "p") this.pin(id);
  }

  pin(id) {
    const pinned = !this.store.state.nodes.get(id).pinned;
    this.store.flag(id, "pinned", pinned);
    this.say(`${this.model.nodes.get(id).name} is ${pinned ? "pinned: it stays where it is" : "free again"}.`);
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
      const found = await this.model.post("begin", { actor: name, limit, as_of: this.store.state.day || this.store.state.asOf, known_at: this.store.state.knownAt });
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
