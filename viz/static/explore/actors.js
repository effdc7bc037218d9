// The actors of the picture as a list to find, choose and mark them without a pointer, and all ties as a table.

import { made, plural } from "./dom.js";
import { words } from "./filters.js";
import { swatch } from "./shapes.js";

const LISTED = 300;
const ROWS = 400;

export class Actors {
  constructor(root, desk) {
    this.desk = desk;
    this.list = root.querySelector("[data-actors]");
    this.find = root.querySelector("[data-find]");
    this.count = root.querySelector("[data-found]");
    this.table = root.querySelector("[data-table]");
    this.find.addEventListener("input", () => this.show());
    this.find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = this.found()[0];
      if (first) this.desk.select(first.id, true);
    });
    this.list.addEventListener("click", ({ target }) => {
      const button = target.closest("button[data-id]");
      if (button) desk.select(button.dataset.id, true);
    });
    this.list.addEventListener("change", ({ target }) => {
      if (target.matches("input[data-id]")) desk.mark(target.dataset.id);
    });
    this.list.addEventListener("keydown", (event) => {
      const at = [...this.list.querySelectorAll("button[data-id]")];
      const here = at.indexOf(document.activeElement);
      const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: at.length - 1 }[event.key];
      if (next === undefined || here < 0 || !at[next]) return;
      event.preventDefault();
      at[next].focus();
    });
    root.querySelector("[data-tabs]").addEventListener("chosen", () => this.show());
    root.querySelector("[data-as-table]").addEventListener("toggle", () => this.showTable());
  }

  found() {
    const wanted = plain(this.find.value.trim());
    const order = (node) => (node.group === "focal" ? 0 : 1);
    return this.desk.view.nodes
      .filter((node) => !wanted || plain(node.name).includes(wanted))
      .sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name));
  }

  show() {
    this.showTable();
    if (this.list.closest("[hidden]")) return; // made when it is looked at
    const { store, marked, selected } = this.desk;
    const focused = this.list.contains(document.activeElement) && document.activeElement.dataset.id;
    const box = document.activeElement?.matches?.("input") ? "input" : "button";
    const found = this.found();
    this.list.replaceChildren(...found.slice(0, LISTED).map((node) => made("li", {},
      ["Firm", "Person"].includes(node.kind)
        ? made("input", { type: "checkbox", checked: marked.includes(node.id), ariaLabel: `Mark ${node.name}`, data: { id: node.id } })
        : made("span", { className: "no-mark" }),
      made("button", { type: "button", className: "actor-item", ariaCurrent: String(node.id === selected), data: { id: node.id } },
        swatch(node.group, node.shape), made("span", {}, node.name),
        store.state.nodes.get(node.id)?.pinned ? made("span", { className: "badge" }, "pinned") : "",
        store.state.notes[node.id] ? made("span", { className: "badge" }, "note") : ""))));
    this.count.textContent = found.length > LISTED
      ? `${LISTED} of ${found.length.toLocaleString()}: type a part of the name` : plural(found.length, "node");
    if (focused) this.list.querySelector(`${box}[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  // Rows of the table behind the picture, as they are shown and as they are taken along.
  rows() {
    const { view, model, store, looks } = this.desk;
    const counts = model.fact(store.state);
    return view.edges.flatMap((edge) => edge.facts.filter(counts).map((fact) => ({
      from: model.nodes.get(edge.from), tie: looks.ties[edge.kind], to: model.nodes.get(edge.to),
      type: fact.type, details: fact.text, since: fact.since, until: fact.until,
      inferred: edge.inferred, confidence: fact.confidence,
      source: model.sources[fact.source]?.title ?? fact.source, note: store.state.notes[edge.id] ?? "",
    })));
  }

  showTable() {
    if (!this.table.closest("details").open) return;
    const rows = this.rows();
    const row = (r) => made("tr", {},
      made("th", { scope: "row" }, r.from.name), made("td", {}, r.tie + (r.inferred ? " (inferred)" : "")),
      made("td", {}, r.to.name), made("td", { className: "date" }, words(r.since)),
      made("td", { className: "date" }, words(r.until)), made("td", { className: "num" }, r.confidence.toLocaleString()),
      made("td", { className: "small" }, r.source));
    this.table.replaceChildren(...rows.slice(0, ROWS).map(row));
    const more = this.table.closest("details").querySelector("[data-more-rows]");
    more.textContent = rows.length > ROWS ? `${ROWS} of ${rows.length.toLocaleString()} rows; the CSV file has all.` : "";
  }
}

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
