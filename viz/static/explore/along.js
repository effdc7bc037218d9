// Taking the picture along: link, saved views, SVG, PNG, one file, tables, graph formats, and the query behind it.

import { button, dark, fileName, made, save } from "./dom.js";
import { ask } from "./model.js";
import { drawn } from "./vector.js";

const VIEWS = "alliance-explorer views";
const COLUMNS = ["from", "from_id", "tie", "to", "to_id", "type", "details", "since", "until", "inferred", "confidence", "source", "note"];

export class Along {
  constructor(root, desk) {
    this.root = root;
    this.desk = desk;
    this.people = root.querySelector("[data-people]");
    this.views = root.querySelector("[data-views]");
    const acts = {
      link: () => this.link(), svg: () => this.svg(), png: () => this.png(), html: () => this.html(),
      csv: () => this.csv(), json: () => this.graph("json"), graphml: () => this.graph("graphml"),
      gexf: () => this.graph("gexf"),
    };
    root.querySelector("[data-along]").addEventListener("click", async ({ target }) => {
      const act = acts[target.closest("button")?.dataset.take];
      if (!act) return;
      try {
        await act();
      } catch (problem) {
        desk.say(problem.message);
      }
    });
    const form = root.querySelector("[data-save-view]");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = form.elements.name.value.trim();
      if (!name) return;
      this.keep({ ...this.kept(), [name]: window.location.href });
      form.reset();
      desk.say(`“${name}” is saved in this browser.`);
    });
    root.querySelector("[data-behind]").addEventListener("toggle", () => this.behind());
  }

  get title() {
    return this.desk.store.state.title || document.querySelector("#explore-title").textContent;
  }

  async link() {
    await this.desk.written();
    await navigator.clipboard.writeText(window.location.href);
    this.desk.say("The link is copied. It holds all: who is shown and where, filters, notes, story.");
  }

  svg() {
    const picture = drawn(this.desk, this.title, dark.matches ? "dark" : "light");
    save(new XMLSerializer().serializeToString(picture), fileName(this.title, "svg"), "image/svg+xml");
  }

  png() {
    const from = this.desk.stage.querySelector("canvas");
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [from.width, from.height];
    const pen = copy.getContext("2d");
    pen.fillStyle = getComputedStyle(this.desk.stage.closest("figure")).backgroundColor;
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(from, 0, 0);
    copy.toBlob((blob) => save(blob, fileName(this.title, "png")));
  }

  // Who is shown now, and where: what a file is made of.
  now() {
    const { store, view, model } = this.desk;
    const positions = {};
    for (const { id } of view.nodes) {
      const { x, y } = store.state.nodes.get(id);
      positions[id] = [x, y];
    }
    return { ...model.question(store.state), nodes: view.nodes.map((n) => n.id), positions };
  }

  async html() {
    const { store, view, model } = this.desk;
    const { state } = store;
    const name = (id) => {
      const edge = model.edges.get(id);
      if (edge) return `${model.nodes.get(edge.from).name} – ${model.nodes.get(edge.to).name}`;
      return model.nodes.get(id)?.name ?? id;
    };
    const day = state.day ? ` on ${state.day}` : "";
    const answer = await model.send("file", {
      ...this.now(), title: this.title + day, note: state.note, ties: view.edges.map((e) => e.id),
      notes: Object.entries(state.notes).map(([id, text]) => ({ title: name(id), text })),
      steps: state.steps.map(({ title, text }) => ({ title, text })),
    });
    save(await answer.blob(), fileName(this.title, "html"));
  }

  csv() {
    const told = (row) => this.people.checked || ![row.from, row.to].some(({ kind }) => kind === "Person");
    const all = this.desk.actors.rows();
    const rows = all.filter(told).map((r) => ({ ...r, from: r.from.name, from_id: r.from.id, to: r.to.name, to_id: r.to.id }));
    const lines = [COLUMNS.join(","), ...rows.map((row) => COLUMNS.map((c) => cell(row[c])).join(","))];
    if (rows.length < all.length) this.desk.say("The file leaves people out, unless you ask for them.");
    save(`\ufeff${lines.join("\r\n")}\r\n`, fileName(this.title, "csv"), "text/csv;charset=utf-8");
  }

  async graph(format) {
    const { state } = this.desk.store;
    const body = { nodes: this.now().nodes, focus: state.focus };
    if (state.day || state.asOf) body.as_of = state.day || state.asOf;
    if (state.knownAt) body.known_at = state.knownAt;
    const answer = await ask(`${this.desk.api}/subgraph?${new URLSearchParams({ format, people: this.people.checked })}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    });
    save(await answer.blob(), fileName(this.title, format));
    const left = answer.headers.get("Left-Out");
    if (left) this.desk.say(`The file leaves out: ${left}.`);
  }

  // --- saved views --------------------------------------------------------------------------

  kept() {
    try {
      return JSON.parse(localStorage.getItem(VIEWS)) ?? {};
    } catch {
      return {};
    }
  }

  keep(views) {
    try {
      localStorage.setItem(VIEWS, JSON.stringify(views));
    } catch {
      this.desk.say("This browser keeps nothing. The link holds all the same.");
    }
    this.show();
  }

  show() {
    const views = this.kept();
    const here = (url) => typeof url === "string" && url.startsWith(`${window.location.origin}/`);
    this.views.replaceChildren(...Object.entries(views).filter(([, url]) => here(url)).map(([name, url]) =>
      made("li", {}, made("a", { href: url, data: { view: "" } }, name), button("Remove", () => {
        const { [name]: _, ...rest } = this.kept();
        this.keep(rest);
      }, { ariaLabel: `Remove ${name}` }))));
  }

  // --- what is behind it --------------------------------------------------------------------

  behind() {
    const box = this.root.querySelector("[data-behind]");
    if (!box.open) return;
    const { store, view } = this.desk;
    const ids = view.nodes.map((n) => n.id);
    const asOf = store.state.day || store.state.asOf;
    const body = JSON.stringify({ nodes: ids, ...(asOf ? { as_of: asOf } : {}) });
    const url = `${window.location.origin}${this.desk.api}/subgraph`;
    const set = (name, text) => (box.querySelector(`[data-code="${name}"]`).textContent = text);
    set("parameters", JSON.stringify({ ids }, null, 1));
    set("curl", `curl -X POST '${url}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${body.replaceAll("'", "'\\''")}'`);
    const list = ids.map((id) => `    ${JSON.stringify(id)},`).join("\n");
    const date = asOf ? `, as_of=dt.date.fromisoformat("${asOf}")` : "";
    set("python", `${asOf ? "import datetime as dt\n\n" : ""}from alliance_explorer.engine import open_engine
from alliance_explorer.queries import Explorer
from alliance_explorer.queries.pictures import subgraph

nodes = [\n${list}\n]
with open_engine("ladybug://PATH") as engine:
    graph = subgraph(Explorer(engine), nodes${date})`);
  }
}

// A cell that begins like a formula would be run by a spreadsheet: it is kept text.
function cell(value) {
  let text = String(value ?? "");
  if (/^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
