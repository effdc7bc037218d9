// The names in a picture: in a size that can be read from however far, as many as have room, those
// of the most important first. The others come when somebody looks closer, points or chooses.

const LEAST = 11; // px on the screen
const LINE = 1.16; // of the size
const CLOSE = 120; // up to so many nodes all names are tried, and give way to nodes too
const MOST = 70; // of more nodes: more names are a carpet
const AIR = 1.5; // and each wants room around it

export class Labels {
  // `named` gives what is to be written, as { id, text, size, radius, weight, faint }.
  constructor(network, stage, named) {
    Object.assign(this, { network, stage, named, widths: new Map() });
    this.family = getComputedStyle(stage).fontFamily;
    network.on("afterDrawing", (pen) => this.draw(pen));
    network.on("hoverNode", ({ node }) => this.point(node));
    network.on("blurNode", () => this.point(null));
  }

  point(id) {
    this.pointed = id;
    this.network.redraw();
  }

  // All nodes in sight, with room for names round them.
  frame(most) {
    const { stage, network } = this;
    const places = Object.values(network.getPositions());
    if (!places.length) return;
    const [xs, ys] = ["x", "y"].map((axis) => places.map((place) => place[axis]));
    const [left, right, top, low] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const { clientWidth: wide, clientHeight: high } = stage;
    const room = [Math.max(80, wide - Math.min(150, wide * 0.3)), Math.max(80, high - Math.min(160, high * 0.3))];
    const scale = Math.min(most, room[0] / Math.max(1, right - left), room[1] / Math.max(1, low - top));
    network.moveTo({ position: { x: (left + right) / 2, y: (top + low) / 2 }, scale });
  }

  draw(pen) {
    const { network, stage } = this;
    const scale = network.getScale();
    const { x, y } = network.getViewPosition();
    const [halfWide, halfHigh] = [stage.clientWidth / scale / 2, stage.clientHeight / scale / 2];
    const nodes = network.body.nodes; // `getPositions` makes an object of each, sixty times a second
    const near = [];
    const middle = { x: 0, y: 0 };
    let count = 0;
    for (const item of this.sorted()) {
      const at = nodes[item.id];
      if (!at || !item.text) continue;
      middle.x += at.x;
      middle.y += at.y;
      count += 1;
      if (Math.abs(at.x - x) > halfWide || Math.abs(at.y - y) > halfHigh) continue;
      if (item.id === this.pointed) near.unshift(item);
      else near.push(item);
    }
    middle.x /= Math.max(1, count);
    middle.y /= Math.max(1, count);
    const few = near.length <= CLOSE;
    const body = (item) => around(nodes[item.id].x, nodes[item.id].y, item.radius, item.radius);
    const bodies = few ? near.map(body) : [];
    const taken = [];
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    for (const item of near) {
      if (!few && taken.length >= MOST) break;
      const size = Math.max(item.size, LEAST / scale);
      const lines = item.text.split("\n");
      const wide = Math.max(...lines.map((line) => this.width(pen, line))) * size;
      const at = nodes[item.id];
      const inSight = (spot) => Math.abs(spot.x - x) + spot.halfWide <= halfWide
        && Math.abs(spot.y - y) + spot.halfHigh <= halfHigh;
      const spots = sides(at, item.radius, wide, lines.length * LINE * size, 3 / scale, middle)
        .sort((one, other) => inSight(other) - inSight(one));
      const free = (spot, others) =>
        !others.some((other) => over(spot, other) && !(other.x === at.x && other.y === at.y));
      const spot = spots.find((s) => free(s, taken) && free(s, bodies))
        ?? (few ? spots.find((s) => free(s, taken)) : null)
        ?? (item.weight >= Labels.ALWAYS || item.id === this.pointed ? spots[0] : null);
      if (!spot) continue;
      taken.push(few ? spot : { ...spot, halfWide: AIR * spot.halfWide, halfHigh: AIR * spot.halfHigh });
      this.write(pen, lines, spot, size, item);
    }
  }

  // The most important first; sorted when the list is another.
  sorted() {
    const list = this.named();
    if (list !== this.list) {
      this.list = list;
      this.order = [...list].sort((a, b) => b.weight - a.weight);
    }
    return this.order;
  }

  write(pen, lines, spot, size, { faint, colour, halo }) {
    pen.font = `${size}px ${this.family}`;
    pen.globalAlpha = faint ? 0.25 : 1;
    pen.strokeStyle = halo;
    pen.fillStyle = colour;
    pen.lineWidth = size * 0.26;
    lines.forEach((line, i) => {
      const y = spot.y + (i - (lines.length - 1) / 2) * LINE * size;
      pen.strokeText(line, spot.x, y);
      pen.fillText(line, spot.x, y);
    });
    pen.globalAlpha = 1;
  }

  // How wide a line is, in sizes of its letters.
  width(pen, line) {
    if (!this.widths.has(line)) {
      pen.font = `100px ${this.family}`;
      this.widths.set(line, pen.measureText(line).width / 100);
    }
    return this.widths.get(line);
  }
}

Labels.ALWAYS = 1e6; // weight of a name that is shown whatever is in its way
Labels.CHOSEN = 1e7; // what is added while it is chosen

const around = (x, y, halfWide, halfHigh) => ({ x, y, halfWide, halfHigh });
const over = (a, b) =>
  Math.abs(a.x - b.x) < a.halfWide + b.halfWide && Math.abs(a.y - b.y) < a.halfHigh + b.halfHigh;

// Where a name may stand, best first: away from the middle, since ties come from there.
function sides({ x, y }, radius, wide, high, gap, middle) {
  const [w, h] = [wide / 2, high / 2];
  const [below, above] = [1, -1].map((way) => around(x, y + way * (radius + gap + h), w, h));
  const [right, left] = [1, -1].map((way) => around(x + way * (radius + gap + w), y, w, h));
  const rows = y < middle.y - 2 * radius ? [above, below] : [below, above];
  const ends = x < middle.x ? [left, right] : [right, left];
  return Math.abs(x - middle.x) > 3 * Math.abs(y - middle.y) && Math.abs(x - middle.x) > 6 * radius
    ? [rows[0], ends[0], rows[1], ends[1]] : [rows[0], rows[1], ends[0], ends[1]];
}
