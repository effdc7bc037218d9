// What stands beside the picture: an actor with what can be done with it, or a tie with its facts.

import { button, cut, made, plural } from "./dom.js";
import { words } from "./filters.js";

const KINDS = {
  alliance: ["Allies", "ally", "allies"],
  ownership: ["Owners and owned", "firm", "firms"],
  person: ["People", "person", "people"],
  membership: ["Networks", "network", "networks"],
  competition: ["Competitors", "competitor", "competitors"],
};
const PAGED = ["Firm", "Person", "Network"];
const STEPS = [5, 10, 25, 100];

export class Details {
  constructor(box, desk) {
    this.box = box;
    this.desk = desk;
    this.many = 10;
    this.asked = 0;
  }

  show(id) {
    const { model } = this.desk;
    const focused = document.activeElement?.closest?.("[data-act]")?.dataset.act;
    const seen = this.desk.view.nodes.find((node) => node.id === id);
    if (id && model.nodes.has(id)) this.node(seen ?? model.nodes.get(id));
    else if (id && model.edges.has(id)) this.edge(model.edges.get(id));
    else this.nobody();
    if (focused) this.box.querySelector(`[data-act="${CSS.escape(focused)}"]`)?.focus();
  }

  nobody() {
    const { store, model, view } = this.desk;
    const hidden = [...store.state.nodes].filter(([, place]) => place.hidden).map(([id]) => id);
    this.box.replaceChildren(
      made("p", { className: "small" },
        `${plural(view.nodes.length, "node")} and ${plural(view.edges.length, "tie")} are shown. ` +
        "Choose an actor or a tie in the picture, or in the list of actors."),
      ...(hidden.length ? [
        made("h3", {}, "Hidden"),
        made("ul", { className: "plain doing" }, hidden.map((id) => made("li", {},
          button(`Show ${cut(model.nodes.get(id)?.name ?? id, 60)}`, () => store.flag(id, "hidden", false))))),
      ] : []),
    );
  }

  // --- an actor -----------------------------------------------------------------------------

  node(node) {
    const { store, desk } = { store: this.desk.store, desk: this.desk };
    const place = store.state.nodes.get(node.id) ?? {};
    const address = PAGED.includes(node.kind) ? desk.address(node.id) : "";
    const act = (name, text, doing) => button(text, doing, { data: { act: name } });
    const head = made("h3", { className: "who" }, address ? made("a", { href: address }, node.name) : node.name);
    const facts = made("ul", { className: "plain small" }, [desk.looks.roles[node.group], ...node.tip].map((tip) => made("li", {}, tip)));
    this.grow = made("div", { className: "grow-by", role: "group", ariaLabel: "Expand" });
    const doing = made("div", { className: "doing" },
      act("collapse", "Collapse", () => desk.collapse(node.id)),
      act("hide", "Hide", () => desk.hide(node.id)),
      act("remove", "Remove", () => desk.remove(node.id)),
      act("pin", place.pinned ? "Let go" : "Pin", () => desk.pin(node.id)),
      act("mark", desk.marked.includes(node.id) ? "Unmark" : "Mark", () => desk.mark(node.id)));
    this.box.replaceChildren(head, facts, this.grow, doing, this.asking(node, act), this.note(node.id),
      this.ties(node));
    this.expandable(node);
  }

  asking(node, act) {
    const { desk } = this;
    if (!["Firm", "Person"].includes(node.kind)) return "";
    const from = desk.other(node.id);
    if (!from) return made("p", { className: "small" }, "Mark two actors to ask who bridges between them.");
    const name = cut(from.name, 40);
    return made("div", { className: "doing" },
      act("bridges", `Who bridges ${name} to them?`, () => desk.ask(from.id, node.id, "bridges")),
      act("path", `Shortest path from ${name} to here`, () => desk.ask(from.id, node.id, "path")),
      desk.store.state.ask
        ? act("avoid", "Not through them", () => desk.avoid(node.id)) : "");
  }

  // What it can be expanded by, and how many there are: asked for when somebody is chosen.
  async expandable(node) {
    const asked = ++this.asked;
    this.grow.replaceChildren(made("p", { className: "small" }, "Looking who is around …"));
    let found;
    try {
      found = await this.around(node.id);
    } catch (problem) {
      if (asked === this.asked) this.grow.replaceChildren(made("p", { className: "small" }, problem.message));
      return;
    }
    if (asked !== this.asked) return;
    const many = made("select", { ariaLabel: "How many at a time", data: { act: "many" } },
      STEPS.map((n) => made("option", { value: String(n), selected: n === this.many }, `${n} at a time`)));
    many.addEventListener("change", () => {
      this.many = Number(many.value);
      this.node(node);
    });
    const rows = found.kinds.map((group) => {
      const [title, one, some] =
        node.kind === "Network" ? ["Members", "member", "members"]
          : node.kind === "Alliance" ? ["Parties", "party", "parties"] : KINDS[group.kind];
      const more = Math.min(group.left, this.many);
      const far = group.beyond ? ` ${plural(group.beyond, "other")} belong${group.beyond === 1 ? "s" : ""} to the same.` : "";
      const says = group.left
        ? `${plural(group.left, one, some)} not shown, of ${group.total.toLocaleString()}.` : `all ${group.total.toLocaleString()} shown.`;
      return made("li", {}, made("strong", {}, title), made("span", { className: "small" }, ` ${says}${far}`),
        group.left ? button(`Show ${more === group.left ? "" : "the first "}${plural(more, one, some)}`,
          () => this.desk.expand(node.id, group.kind, this.many),
          { data: { act: `expand ${group.kind}` }, className: "slim" }) : "");
    });
    this.grow.replaceChildren(
      rows.length ? made("ul", { className: "plain" }, rows) : made("p", { className: "small" }, "Nobody else is on record around here."),
      rows.some((row) => row.querySelector("button")) ? many : "");
  }

  // Asked once, as long as neither who is there nor the day changes.
  around(id) {
    const { nodes, day } = this.desk.store.state;
    const { last } = this;
    if (last?.id === id && last.nodes === nodes && last.day === day) return last.answer;
    const answer = this.desk.around(id, [], 0);
    this.last = { id, nodes, day, answer };
    return answer;
  }

  note(id) {
    const { store } = this.desk;
    const field = made("textarea", { id: "explore-note", rows: 2, maxLength: 4000, value: store.state.notes[id] ?? "", data: { act: "note" } });
    field.addEventListener("change", () => store.write(id, field.value));
    return made("div", { className: "field" }, made("label", { for: "explore-note" }, "Note"), field);
  }

  ties(node) {
    const { view, model } = this.desk;
    const ties = view.edges.filter((e) => e.from === node.id || e.to === node.id).slice(0, 60);
    if (!ties.length) return "";
    return made("details", { className: "own-ties" }, made("summary", {}, `Its ties in the picture (${ties.length})`),
      made("ul", { className: "plain" }, ties.map((edge) => {
        const other = model.nodes.get(edge.from === node.id ? edge.to : edge.from);
        return made("li", {}, button(`${this.desk.looks.ties[edge.kind]}: ${cut(other.name, 60)}`, () => this.desk.select(edge.id)));
      })));
  }

  // --- a tie --------------------------------------------------------------------------------

  edge(edge) {
    const { desk } = this;
    const [one, other] = [edge.from, edge.to].map((id) => desk.model.nodes.get(id));
    const open = (node) => button(cut(node.name, 60), () => desk.select(node.id));
    this.box.replaceChildren(
      made("h3", { className: "who" }, desk.looks.ties[edge.kind], edge.inferred ? made("span", { className: "badge dashed" }, "inferred by a rule") : ""),
      made("p", { className: "ends" }, open(one), made("span", {}, ` ${desk.looks.verbs[edge.kind]} `), open(other)),
      made("ul", { className: "plain facts-of" }, edge.facts.slice(0, 50).map((fact) => this.fact(fact))),
      this.note(edge.id),
    );
  }

  fact(fact) {
    const source = this.desk.model.sources[fact.source];
    const url = /^https?:\/\//.test(source?.url ?? "") ? source.url : "";
    const when = [fact.since && `from ${words(fact.since)}`, fact.until && `until ${words(fact.until)}`].filter(Boolean).join(" ");
    return made("li", {},
      made("span", {}, fact.text || fact.type.toLowerCase().replaceAll("_", " ")),
      made("span", { className: "small" }, when || "no dates on record"),
      made("span", { className: "small" }, `confidence ${fact.confidence.toLocaleString()}`),
      source ? made("span", { className: "small" }, "Source: ", url ? made("a", { href: url, rel: "noopener noreferrer" }, source.title) : source.title) : "");
  }
}
