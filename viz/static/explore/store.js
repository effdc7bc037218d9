// The state of the picture, who wants to know of its changes, and the way back and forth.

import { nothing } from "./link.js";

const KEPT = 100;

export class Store extends EventTarget {
  constructor() {
    super();
    this.state = nothing();
    this.back = [];
    this.forth = [];
  }

  // What is changed is replaced, never altered: hence an older state stays what it was.
  change(changes, { quiet = false } = {}) {
    if (!quiet) {
      this.back.push(this.state);
      if (this.back.length > KEPT) this.back.shift();
      this.forth = [];
    }
    this.state = { ...this.state, ...changes };
    this.tell();
  }

  // Where one looks is part of the link, but nothing to undo.
  look(camera) {
    this.state = { ...this.state, camera };
    this.dispatchEvent(new Event("looked"));
  }

  begin(state) {
    this.state = state;
    this.back = [];
    this.forth = [];
    this.tell();
  }

  undo() {
    if (!this.back.length) return false;
    this.forth.push(this.state);
    this.state = { ...this.back.pop(), camera: this.state.camera };
    this.tell();
    return true;
  }

  redo() {
    if (!this.forth.length) return false;
    this.back.push(this.state);
    this.state = { ...this.forth.pop(), camera: this.state.camera };
    this.tell();
    return true;
  }

  tell() {
    this.dispatchEvent(new Event("changed"));
  }

  // --- what users do ------------------------------------------------------------------------

  moved(places) {
    const nodes = new Map(this.state.nodes);
    for (const [id, { x, y }] of Object.entries(places))
      if (nodes.has(id)) nodes.set(id, { ...nodes.get(id), x: Math.round(x), y: Math.round(y) });
    this.change({ nodes });
  }

  flag(id, name, value) {
    const nodes = new Map(this.state.nodes);
    nodes.set(id, { ...nodes.get(id), [name]: value });
    this.change({ nodes });
  }

  // Takes some away; what hung on them alone stays, with its place.
  without(ids) {
    const gone = new Set(ids);
    const nodes = new Map([...this.state.nodes].filter(([id]) => !gone.has(id)));
    const focus = this.state.focus.filter((id) => !gone.has(id));
    const lit = this.state.lit.filter((id) => !gone.has(id));
    const grown = {};
    for (const [id, ids_] of Object.entries(this.state.grown)) {
      const left = ids_.filter((other) => !gone.has(other));
      if (left.length && !gone.has(id)) grown[id] = left;
    }
    this.change({ nodes, focus, lit, grown });
  }

  toggle(list, key) {
    const off = this.state[list];
    this.change({ [list]: off.includes(key) ? off.filter((k) => k !== key) : [...off, key] });
  }

  write(id, words) {
    const notes = { ...this.state.notes };
    if (words.trim()) notes[id] = words.trim();
    else delete notes[id];
    this.change({ notes });
  }
}
