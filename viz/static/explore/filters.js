// The legend, which is also the filter; and the filters by day, confidence and size of what is shared.

import { button, made, plural } from "./dom.js";
import { swatch, tieSwatch } from "./shapes.js";

const BEAT = 900; // ms between two days of the play
const CONFIDENCES = [0, 0.5, 0.7, 0.9, 1];
const SIZES = [0, 10, 25, 50, 100, 250, 500, 1000];

export class Filters {
  constructor(root, store, model, looks) {
    Object.assign(this, { store, model, looks });
    this.legend = root.querySelector("[data-legend]");
    this.slider = root.querySelector("[data-day]");
    this.exact = root.querySelector("[data-exact-day]");
    this.shown = root.querySelector("[data-day-shown]");
    this.play = root.querySelector("[data-play]");
    this.always = root.querySelector("[data-always]");
    this.confidence = root.querySelector("[data-confidence]");
    this.largest = root.querySelector("[data-largest]");
    for (const c of CONFIDENCES)
      this.confidence.append(new Option(c ? `${c * 100} % or more` : "any", String(c)));
    for (const n of SIZES)
      this.largest.append(new Option(n ? `at most ${n.toLocaleString()}` : "any size", String(n)));
    this.listen();
  }

  listen() {
    const { store } = this;
    this.confidence.addEventListener("change", () =>
      store.change({ confidence: Number(this.confidence.value) }));
    this.largest.addEventListener("change", () => store.change({ largest: Number(this.largest.value) }));
    this.slider.addEventListener("input", () => {
      this.stop();
      this.turn(this.dayAt(Number(this.slider.value)), this.sliding);
      this.sliding = true; // one way back for one movement
    });
    this.slider.addEventListener("change", () => (this.sliding = false));
    this.exact.addEventListener("change", () => this.turn(this.exact.value));
    this.always.addEventListener("click", () => {
      this.stop();
      this.turn("");
    });
    this.play.addEventListener("click", () => (this.timer ? this.stop() : this.start()));
  }

  turn(day, quiet = false) {
    this.store.change({ day }, { quiet });
  }

  start() {
    const last = Number(this.slider.max);
    let at = this.store.state.day ? Number(this.slider.value) : -1;
    if (at >= last) at = -1;
    const step = (quiet) => {
      at += 1;
      this.turn(this.dayAt(at), quiet);
      if (at >= last) this.stop();
    };
    this.timer = setInterval(() => step(true), BEAT);
    this.play.textContent = "Pause";
    step(false);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.play.textContent = "Play";
  }

  // A place of the slider is the last day of a year, or of a month if there are few years.
  dayAt(place) {
    const [low] = this.years;
    const day = this.monthly
      ? new Date(Date.UTC(low, place + 1, 0))
      : new Date(Date.UTC(low + place, 11, 31));
    return day.toISOString().slice(0, 10);
  }

  placeOf(day) {
    const [year, month] = day.split("-").map(Number);
    return this.monthly ? (year - this.years[0]) * 12 + month - 1 : year - this.years[0];
  }

  show(view) {
    const { state } = this.store;
    this.years = this.model.years();
    const box = this.slider.closest("[data-days]");
    box.hidden = !this.years;
    if (this.years) {
      const span = this.years[1] - this.years[0];
      this.monthly = span <= 3;
      this.slider.max = String(this.monthly ? span * 12 + 11 : span);
      this.slider.value = String(state.day ? this.placeOf(state.day) : this.slider.max);
      this.slider.setAttribute("aria-valuetext", state.day || "all on record");
      this.exact.value = state.day;
      this.shown.textContent = state.day ? words(state.day) : "all on record";
      this.always.disabled = !state.day;
    }
    this.confidence.value = String(closest(CONFIDENCES, state.confidence));
    this.largest.value = String(closest(SIZES, state.largest));
    this.showLegend(state, view);
  }

  showLegend(state, view) {
    const roles = new Map();
    for (const id of state.nodes.keys()) {
      if (!this.model.nodes.has(id)) continue;
      const node = view.role(this.model.nodes.get(id));
      const role = roles.get(node.group) ?? { shape: node.shape, count: 0 };
      role.count += 1;
      roles.set(node.group, role);
    }
    const ties = new Map();
    let inferred = 0;
    let among = 0;
    const isAmong = this.model.among(state);
    for (const edge of this.model.edges.values()) {
      if (!state.nodes.has(edge.from) || !state.nodes.has(edge.to)) continue;
      ties.set(edge.kind, (ties.get(edge.kind) ?? 0) + 1);
      inferred += edge.inferred ? 1 : 0;
      among += isAmong(edge) ? 1 : 0;
    }
    const focused = document.activeElement?.dataset?.legendKey;
    const items = [];
    for (const [key, text] of Object.entries(this.looks.roles))
      if (roles.has(key))
        items.push(this.item(`role ${key}`, swatch(key, roles.get(key).shape), text,
          roles.get(key).count, !state.offRoles.includes(key), () => this.store.toggle("offRoles", key)));
    for (const [key, text] of Object.entries(this.looks.ties))
      if (ties.has(key))
        items.push(this.item(`tie ${key}`, tieSwatch(key), text, ties.get(key),
          !state.offTies.includes(key), () => this.store.toggle("offTies", key)));
    if (inferred)
      items.push(this.item("inferred", tieSwatch("other", true), "dashed: inferred by a rule", inferred,
        !state.offInferred, () => this.store.change({ offInferred: !state.offInferred })));
    if (among)
      items.push(this.item("among", tieSwatch("other", true), "inferred among others", among,
        !state.offAmong, () => this.store.change({ offAmong: !state.offAmong })));
    this.legend.replaceChildren(...items.map((item) => made("li", {}, item)));
    if (focused) this.legend.querySelector(`[data-legend-key="${CSS.escape(focused)}"]`)?.focus();
  }

  item(key, mark, text, count, on, act) {
    const item = button("", act, { className: "legend-item", ariaPressed: String(on), data: { legendKey: key } });
    item.append(mark, made("span", {}, text), made("span", { className: "count" }, count.toLocaleString()));
    item.title = on ? `Hide: ${text}` : `Show: ${text}`;
    return item;
  }
}

const closest = (values, wanted) =>
  values.reduce((best, v) => (Math.abs(v - wanted) < Math.abs(best - wanted) ? v : best));

// In the reader's own way of writing dates.
export function words(day) {
  if (!day) return "";
  const [year, month, date] = day.split("-").map(Number);
  return new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    dateStyle: "medium", timeZone: "UTC",
  }).format(new Date(Date.UTC(year, month - 1, date)));
}

export { plural };
