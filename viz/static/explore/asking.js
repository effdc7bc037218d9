// Who bridges two actors of the picture, and the shortest path between them: asked, drawn in, told.

import { button, cut, made, plural } from "./dom.js";
import { ask } from "./model.js";

const LONGEST = 6;

export class Asking {
  constructor(box, desk) {
    this.box = box;
    this.desk = desk;
    this.number = 0;
  }

  url(what, { from, to }, more = {}) {
    const { state } = this.desk.store;
    const query = new URLSearchParams({ from, to, ...more });
    if (state.day || state.asOf) query.set("as_of", state.day || state.asOf);
    if (state.knownAt) query.set("known_at", state.knownAt);
    for (const id of state.avoid) query.append("avoid", id);
    return `${this.desk.api}/${what}?${query}`;
  }

  // Asks, and draws in what is on the way; with `silent` the picture has it already.
  async put(question, { silent = false } = {}) {
    const number = ++this.number;
    this.box.hidden = false;
    this.box.replaceChildren(made("p", { role: "status" }, "Looking for ways …"));
    let answer;
    try {
      answer = question.what === "path" ? await this.path(question) : await this.bridges(question);
    } catch (problem) {
      if (number === this.number) this.failed(problem, question, silent);
      return;
    }
    if (number !== this.number) return;
    if (!silent) {
      const { state } = this.desk.store;
      const roles = { ...state.roles };
      for (const [id, role] of Object.entries(roles))
        if (["bridge", "target", "intermediary"].includes(role)) delete roles[id];
      for (const id of answer.bridges) roles[id] = "bridge";
      roles[answer.to.id] = "target";
      roles[answer.from.id] = "focal";
      const lit = [...answer.shown];
      await this.desk.add(lit, { roles, lit: lit.length ? lit : [question.from, question.to], ask: question });
    }
    this.tell(answer, question);
  }

  failed(problem, question, silent) {
    if (!silent) this.desk.store.change({ ask: question });
    this.box.replaceChildren(made("p", { role: "alert" }, problem.message), this.avoided(), this.close());
  }

  async bridges(question) {
    const found = await (await ask(this.url("bridges", question, { limit: 5 }))).json();
    const told = found.bridges.map((bridge) => ({ who: bridge.actor, path: bridge.paths[0] }));
    const paths = [...told.map((t) => t.path), ...(found.direct ? [found.direct] : [])];
    return {
      from: found.focal, to: found.target, summary: found.summary, told, direct: found.direct,
      bridges: told.map((t) => t.who.id), shown: onTheWay(paths), sources: found.sources,
    };
  }

  // The strongest of the shortest: the API ranks by strength, and knows the least length.
  async path(question) {
    let found = await (await ask(this.url("paths", question, { max_steps: LONGEST, limit: 1 }))).json();
    const least = found.searched.shortest;
    if (least && found.paths[0].length > least)
      found = await (await ask(this.url("paths", question, { max_steps: least, limit: 1 }))).json();
    return {
      from: found.focal, to: found.target, summary: found.summary, bridges: [], direct: null,
      told: found.paths.map((path) => ({ who: null, path })), shown: onTheWay(found.paths),
    };
  }

  tell(answer, question) {
    const title = question.what === "path"
      ? `Shortest path from ${answer.from.name} to ${answer.to.name}`
      : `Who bridges ${answer.from.name} to ${answer.to.name}?`;
    const { desk } = this;
    const light = (path) => desk.store.change({ lit: [...onTheWay([path])] });
    const items = answer.told.map(({ who, path }) => made("li", {},
      made("p", {}, made("strong", {}, (who ?? path.actors.at(-1)).name),
        made("span", { className: "small" }, ` ${plural(path.length, "introduction")}, strength ${path.strength.toPrecision(2)}`)),
      made("p", { className: "small" }, cut(path.sentence, 400)),
      made("div", { className: "doing" },
        button("Show this way", () => light(path)),
        ...path.actors.slice(1, -1).map((actor) =>
          button(`Not through ${cut(actor.name, 30)}`, () => desk.avoid(actor.id))))));
    this.box.replaceChildren(
      made("h3", {}, title),
      made("p", { role: "status" }, answer.summary),
      this.avoided(),
      items.length ? made("ol", { className: "ways" }, items) : "",
      made("div", { className: "doing" },
        button("Light them all", () => desk.store.change({ lit: [...answer.shown] })),
        made("a", { className: "button quiet slim", href: this.page(question) }, "The arithmetic, on a page"),
        this.close()));
  }

  page({ from, to }) {
    return this.url("bridges", { from, to }).replace(`${this.desk.api}/`, `${this.desk.base}/`);
  }

  avoided() {
    const { store, model } = this.desk;
    const { avoid } = store.state;
    if (!avoid.length) return "";
    return made("p", { className: "small" }, "Not through: ", avoid.map((id) =>
      button(`${cut(model.nodes.get(id)?.name ?? id, 40)} ×`, () => this.desk.avoid(id),
        { ariaLabel: `Let ${model.nodes.get(id)?.name ?? id} be on the way again` })));
  }

  close() {
    return button("Close", () => {
      this.hide();
      this.desk.store.change({ ask: null, lit: [], avoid: [] });
    });
  }

  hide() {
    this.number += 1;
    this.box.hidden = true;
  }
}

// Everybody on some ways, and what two of them share, where it is more than an alliance of two.
function onTheWay(paths) {
  const ids = new Set();
  for (const path of paths) {
    path.actors.forEach((actor) => ids.add(actor.id));
    for (const step of path.steps) {
      const best = step.ties[0];
      if (best?.shared && (best.shared.label === "Network" || best.participants > 2)) ids.add(best.shared.id);
    }
  }
  return ids;
}
