// Notes on the whole view, and a story: steps with a text, each with what is lit, the day and the place.

import { button, made } from "./dom.js";
import { words } from "./filters.js";

export class Story {
  constructor(root, desk) {
    this.desk = desk;
    this.list = root.querySelector("[data-steps]");
    this.title = root.querySelector("[data-title]");
    this.note = root.querySelector("[data-view-note]");
    this.stage = root.querySelector("[data-telling]");
    const form = root.querySelector("[data-new-step]");
    this.title.addEventListener("change", () => desk.store.change({ title: this.title.value.trim() }));
    this.note.addEventListener("change", () => desk.store.change({ note: this.note.value.trim() }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [title, text] = [form.elements.title.value.trim(), form.elements.text.value.trim()];
      if (!title && !text) return form.elements.title.focus();
      const { state } = desk.store;
      const steps = [...state.steps, { title, text, lit: this.lit(state), day: state.day, camera: desk.camera() }];
      desk.store.change({ steps });
      form.reset();
      desk.say(`Step ${steps.length} is kept.`);
    });
  }

  // What a new step is about: what is lit, else who is chosen and marked.
  lit(state) {
    if (state.lit.length) return state.lit;
    const { marked, selected, model } = this.desk;
    return [...new Set([...marked, ...(model.nodes.has(selected) ? [selected] : [])])];
  }

  go(number) {
    const { store } = this.desk;
    const step = store.state.steps[number];
    if (!step) return store.change({ step: -1, lit: [] }, { quiet: true });
    store.change({ step: number, lit: step.lit, day: step.day }, { quiet: true });
    if (step.camera) this.desk.look(step.camera);
  }

  show() {
    const { state } = this.desk.store;
    if (document.activeElement !== this.title) this.title.value = state.title;
    if (document.activeElement !== this.note) this.note.value = state.note;
    const { steps } = state;
    const swap = (i, j) => {
      const changed = [...steps];
      [changed[i], changed[j]] = [changed[j], changed[i]];
      this.desk.store.change({ steps: changed, step: -1 });
    };
    this.list.replaceChildren(...steps.map((step, i) => made("li", {},
      made("p", {}, made("strong", {}, step.title || "Without a title"), step.day ? made("span", { className: "small" }, ` ${words(step.day)}`) : ""),
      made("p", { className: "small" }, step.text),
      made("div", { className: "doing" },
        button("Show", () => this.go(i), { ariaLabel: `Show step ${i + 1}` }),
        i ? button("Up", () => swap(i, i - 1), { ariaLabel: `Move step ${i + 1} up` }) : "",
        button("Remove", () => this.desk.store.change({ steps: steps.filter((_, n) => n !== i), step: -1 }), { ariaLabel: `Remove step ${i + 1}` })))));
    this.tell(state);
  }

  tell({ steps, step, note }) {
    const now = steps[step];
    this.stage.hidden = !steps.length && !note;
    const focused = this.stage.contains(document.activeElement) && document.activeElement.dataset.go;
    const go = (name, text, to) => button(text, () => this.go(to), { data: { go: name }, disabled: to >= steps.length });
    this.stage.replaceChildren(
      now ? made("div", { role: "status" }, made("h2", {}, now.title), made("p", {}, now.text))
        : made("div", {}, note ? made("p", {}, note) : ""),
      steps.length ? made("div", { className: "doing" },
        now ? made("span", { className: "small" }, `Step ${step + 1} of ${steps.length}`) : "",
        step > 0 ? go("back", "Back", step - 1) : "",
        step < steps.length - 1 ? go("on", now ? "On" : `Tell the story (${steps.length})`, step + 1) : "",
        now ? button("End", () => this.go(-1), { data: { go: "end" } }) : "") : "");
    if (focused) (this.stage.querySelector(`[data-go="${focused}"]`) ?? this.stage.querySelector("button"))?.focus();
  }
}
