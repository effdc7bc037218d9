// The state of a picture as text for a link: JSON, deflated, in letters that a URL takes as they are.
// It stands behind the #, which browsers send to nobody.

const LARGEST = 4_000_000; // bytes unpacked; more is no picture of ours
const PINNED = 1;
const HIDDEN = 2;
const LONGEST = 8_000; // letters of an id
const ASKED = ["bridges", "path"];

export const nothing = () => ({
  nodes: new Map(), // id -> { x, y, pinned, hidden }
  focus: [],
  roles: {},
  grown: {}, // anchor -> ids that were added round it
  asOf: "",
  knownAt: "",
  day: "",
  offRoles: [],
  offTies: [],
  offInferred: false,
  offAmong: false,
  confidence: 0,
  largest: 0,
  lit: [],
  avoid: [],
  ask: null, // { from, to, what }
  notes: {},
  note: "",
  title: "",
  steps: [], // { title, text, lit, day, camera }
  step: -1,
  camera: null, // [x, y, scale]
});

export async function pack(state) {
  const bytes = new TextEncoder().encode(JSON.stringify(compact(state)));
  if (!globalThis.CompressionStream) return `j${letters(bytes)}`;
  return `d${letters(await through(bytes, new CompressionStream("deflate-raw")))}`;
}

export async function unpack(text) {
  try {
    let bytes = fromLetters(text.slice(1));
    if (text[0] === "d") bytes = await through(bytes, new DecompressionStream("deflate-raw"));
    else if (text[0] !== "j") return null;
    return full(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null; // cut off on its way, or never one of ours
  }
}

async function through(bytes, stream) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) throw new Error("too large");
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function letters(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768)
    text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromLetters(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

// What is as usual is left out.
function compact(s) {
  const nodes = [...s.nodes].map(([id, { x, y, pinned, hidden }]) => {
    const flags = (pinned ? PINNED : 0) | (hidden ? HIDDEN : 0);
    return flags ? [id, Math.round(x), Math.round(y), flags] : [id, Math.round(x), Math.round(y)];
  });
  const place = new Map([...s.nodes.keys()].map((id, i) => [id, i]));
  const short = (ids) => ids.map((id) => place.get(id) ?? id);
  const said = {
    n: nodes,
    f: short(s.focus),
    r: s.roles,
    g: Object.fromEntries(Object.entries(s.grown).map(([id, ids]) => [id, short(ids)])),
    a: s.asOf, k: s.knownAt, d: s.day,
    or: s.offRoles, ot: s.offTies, oi: s.offInferred ? 1 : 0, oa: s.offAmong ? 1 : 0,
    c: s.confidence, l: s.largest,
    w: short(s.lit), v: s.avoid, q: s.ask ? [s.ask.from, s.ask.to, s.ask.what] : null,
    t: s.notes, x: s.note, h: s.title,
    s: s.steps.map((step) => ({ ...step, lit: short(step.lit) })),
    i: s.step < 0 ? null : s.step, m: s.camera?.map((n) => Math.round(n * 1000) / 1000) ?? null,
  };
  const empty = (v) =>
    v === null || v === "" || v === 0 || (typeof v === "object" && !Object.keys(v).length);
  return Object.fromEntries(Object.entries(said).filter(([, value]) => !empty(value)));
}

// A link may come from anybody: only what has the right form is taken over.
function full(said) {
  const made = nothing();
  for (const item of list(said.n).slice(0, 2000)) {
    if (!Array.isArray(item) || !id_(item[0])) continue;
    const [id, x, y, flags] = item;
    if (!Number.isFinite(x) || !Number.isFinite(y) || Math.abs(x) > 1e6 || Math.abs(y) > 1e6) continue;
    made.nodes.set(id, { x, y, pinned: !!(flags & PINNED), hidden: !!(flags & HIDDEN) });
  }
  const order = [...made.nodes.keys()];
  const long = (ids) =>
    list(ids).map((id) => (typeof id === "number" ? order[id] : id)).filter(id_);
  made.focus = long(said.f).slice(0, 50);
  made.roles = texts(said.r);
  made.grown = Object.fromEntries(
    Object.entries(said.g ?? {}).filter(([id]) => made.nodes.has(id)).map(([id, ids]) => [id, long(ids)]),
  );
  made.asOf = day(said.a);
  made.knownAt = day(said.k);
  made.day = day(said.d);
  made.offRoles = list(said.or).map(String);
  made.offTies = list(said.ot).map(String);
  made.offInferred = !!said.oi;
  made.offAmong = !!said.oa;
  made.confidence = number(said.c, 0, 1);
  made.largest = number(said.l, 0, 1e9);
  made.lit = long(said.w);
  made.avoid = list(said.v).filter(id_).slice(0, 100);
  const [from, to, what] = list(said.q);
  if (made.nodes.has(from) && made.nodes.has(to) && ASKED.includes(what)) made.ask = { from, to, what };
  made.notes = texts(said.t);
  made.note = text(said.x, 4000);
  made.title = text(said.h, 200);
  made.steps = list(said.s).slice(0, 200).map((step) => ({
    title: text(step?.title, 200), text: text(step?.text, 4000),
    lit: long(step?.lit), day: day(step?.day), camera: camera(step?.camera),
  }));
  made.step = Number.isInteger(said.i) && made.steps[said.i] ? said.i : -1;
  made.camera = camera(said.m);
  return made;
}

const list = (value) => (Array.isArray(value) ? value : []);
const text = (value, most) => (typeof value === "string" ? value.slice(0, most) : "");
const day = (value) =>
  /^[1-9]\d{3}-\d\d-\d\d$/.test(value ?? "") && !Number.isNaN(Date.parse(value)) ? value : "";
const id_ = (value) =>
  typeof value === "string" && value !== "" && value.length <= LONGEST && !/\p{Surrogate}/u.test(value);
const number = (value, low, high) => (Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : 0);
const camera = (value) =>
  Array.isArray(value) && value.length === 3 && value.every(Number.isFinite) && value[2] > 0 ? value : null;
const texts = (value) =>
  Object.fromEntries(Object.entries(value ?? {}).map(([id, words]) => [id, text(words, 4000)]));
