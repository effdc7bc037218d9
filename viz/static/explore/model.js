// What the server has told of actors and ties, and which part of it the filters let through.

export class Model {
  constructor(root) {
    this.root = root;
    this.nodes = new Map();
    this.edges = new Map();
    this.sources = {};
    this.missing = [];
  }

  take(data) {
    for (const node of data.nodes) this.nodes.set(node.id, node);
    for (const edge of data.edges) this.edges.set(edge.id, edge);
    Object.assign(this.sources, data.sources);
    this.missing = data.missing ?? [];
    this.near = new Map();
    for (const edge of this.edges.values())
      for (const [one, other] of [[edge.from, edge.to], [edge.to, edge.from]])
        this.near.set(one, (this.near.get(one) ?? new Set()).add(other));
  }

  // Everything among those of a state, and some more; old ones keep their places.
  async load(state, more = []) {
    const nodes = [...new Set([...state.nodes.keys(), ...more])];
    const positions = {};
    for (const [id, { x, y }] of state.nodes) positions[id] = [x, y];
    return this.laid(state, nodes, positions);
  }

  async laid(state, nodes, positions) {
    const data = await this.post("data", { ...this.question(state), nodes, positions });
    // Roles may have changed with the focus, and ties with the dates: nothing old is kept.
    this.nodes.clear();
    this.edges.clear();
    this.take(data);
    return data;
  }

  question(state) {
    const roles = Object.fromEntries(Object.entries(state.roles).slice(0, 200));
    return { focus: state.focus.slice(0, 50), roles, as_of: state.asOf, known_at: state.knownAt };
  }

  async post(what, body) {
    return (await this.send(what, body)).json();
  }

  async send(what, body) {
    return ask(`${this.root}/${what}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  holds(state) {
    return [...state.nodes.keys()].every((id) => this.nodes.has(id) || this.missing.includes(id));
  }

  // --- filters ------------------------------------------------------------------------------

  fact(state) {
    const { day, confidence } = state;
    return (f) =>
      f.confidence >= confidence &&
      (!day || ((!f.since || f.since <= day) && (!f.until || f.until > day)));
  }

  visible(state) {
    const counts = this.fact(state);
    const there = new Set();
    for (const [id, { hidden }] of state.nodes) {
      const node = this.nodes.get(id);
      if (!node || hidden) continue;
      if (state.largest && node.members > state.largest && !state.focus.includes(id)) continue;
      there.add(id);
    }
    const among = this.among(state);
    const edges = [];
    const valid = [];
    const tied = new Set(); // by any tie, counted or not
    const holding = new Set(); // by one that counts
    for (const edge of this.edges.values()) {
      if (!there.has(edge.from) || !there.has(edge.to)) continue;
      tied.add(edge.from).add(edge.to);
      if (!edge.facts.some(counts)) continue;
      holding.add(edge.from).add(edge.to);
      valid.push(edge);
      if (state.offTies.includes(edge.kind) || (state.offInferred && edge.inferred)) continue;
      if (state.offAmong && among(edge)) continue;
      edges.push(edge);
    }
    const role = this.roles(state, valid);
    // Who had no tie yet, or any more, on that day is not there then.
    const gone = (id) => tied.has(id) && !holding.has(id) && !state.focus.includes(id);
    const nodes = [...there].filter((id) => !gone(id)).map((id) => role(this.nodes.get(id)))
      .filter((node) => !state.offRoles.includes(node.group));
    const shown = new Set(nodes.map((node) => node.id));
    return { nodes, edges: edges.filter((e) => shown.has(e.from) && shown.has(e.to)), shown, role };
  }

  // Ties that a rule infers among those who are neither in focus nor expanded: often a thicket.
  among(state) {
    const near = new Set([...state.focus, ...Object.keys(state.grown)]);
    return (edge) => edge.inferred && !near.has(edge.from) && !near.has(edge.to);
  }

  // Ally and competitor as the ties that count make them: on another day they may be neither.
  roles(state, valid) {
    if (!state.day && !state.confidence) return (node) => node;
    const focus = new Set(state.focus);
    const allied = new Set();
    const rivals = new Set();
    const shared = new Set();
    for (const { from, to, kind } of valid)
      for (const [one, other] of [[from, to], [to, from]]) {
        if (!focus.has(one)) continue;
        if (kind === "competition") rivals.add(other);
        if (kind === "alliance") (this.nodes.get(other).kind === "Alliance" ? shared : allied).add(other);
      }
    for (const { from, to } of valid) {
      if (shared.has(to)) allied.add(from);
      if (shared.has(from)) allied.add(to);
    }
    return (node) => {
      if (!["ally", "competitor", "coopetitor"].includes(node.group)) return node;
      const [ally, rival] = [allied.has(node.id), rivals.has(node.id)];
      const group = ally && rival ? "coopetitor" : ally ? "ally" : rival ? "competitor" : "other";
      return group === node.group ? node : { ...node, group };
    };
  }

  // The days between which anything changes, as years.
  years() {
    const found = [];
    for (const edge of this.edges.values())
      for (const { since, until } of edge.facts) found.push(...[since, until].filter(Boolean));
    if (!found.length) return null;
    found.sort();
    const low = Number(found[0].slice(0, 4));
    const high = Math.min(Number(found.at(-1).slice(0, 4)), new Date().getFullYear());
    return low < high ? [low, high] : [low, low + 1];
  }
}

// Fetches from here; what went wrong is said in the words of the answer.
export async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    throw new Error("The server does not answer.");
  }
  if (answer.ok) return answer;
  let detail = "";
  try {
    const problem = await answer.json();
    detail = problem.detail ?? "";
  } catch {
    // An answer without a reason.
  }
  const said = detail || `The server answered ${answer.status}.`;
  throw new Error(said[0].toUpperCase() + said.slice(1));
}
