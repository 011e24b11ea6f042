// The heatmap of one target: time across, frequency up, colour = audibility margin.
const heat = {
  target: -1, steps: null, blame: null, marked: null, cursor: null,
  left: 58, top: 8, width: 0, height: 340,

  show(target, marked) {
    this.target = target;
    this.marked = marked || null;
    this.cursor = null;
    const columns = data.heat.columns;
    this.steps = new Uint8Array(columns * data.band_hz.length);
    let at = 0;
    for (const byte of bytesOf(data.heat.maps[target])) {
      const end = at + (byte & 15) + 1;
      this.steps.fill(byte >> 4, at, end);
      at = end;
    }
    this.blame = bytesOf(data.blame.targets[target]);
    element("heat-readout").textContent = marked ? marked.sentence : "\u00a0";
    this.draw();
  },

  cam(hz) { return 21.366 * Math.log10(0.004368 * hz + 1); },
  y(hz) {
    const low = this.cam(20);
    return this.top + this.height * (1 - (this.cam(hz) - low) / (this.cam(20000) - low));
  },
  x(seconds) { return this.left + this.width * (seconds - data.session.from_s) / Math.max(data.session.duration_s, 1e-9); },
  centre(step) { return -13.5 + 3 * step; },  // dB

  image() {
    const columns = data.heat.columns;
    const bands = data.band_hz.length;
    const canvas = document.createElement("canvas");
    canvas.width = columns;
    canvas.height = bands;
    const context = canvas.getContext("2d");
    const pixels = context.createImageData(columns, bands);
    const colours = [];
    for (let step = 0; step < 16; ++step) colours.push(colourAt(data.margin_map, marginPlace(this.centre(step))));
    for (let band = 0; band < bands; ++band) {
      for (let column = 0; column < columns; ++column) {
        const step = this.steps[band * columns + column];
        const at = 4 * ((bands - 1 - band) * columns + column);
        pixels.data.set(step === 0 ? [255, 255, 255] : colours[step], at);
        pixels.data[at + 3] = 255;
      }
    }
    context.putImageData(pixels, 0, 0);
    return canvas;
  },

  draw() {
    if (this.target < 0 || data.heat.columns === 0) return;
    const canvas = element("heat");
    const room = canvas.parentElement.clientWidth;
    this.width = room - this.left - 14;
    const context = contextOf(canvas, room, this.top + this.height + 42);
    context.fillStyle = "#ffffff";
    context.fillRect(this.left, this.top, this.width, this.height);
    const upper = this.y(data.edges_hz[data.edges_hz.length - 1]);
    const lower = this.y(data.edges_hz[0]);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.image(), this.left, upper, this.width, lower - upper);
    this.hatch(context, this.top, upper);
    this.hatch(context, lower, this.top + this.height);
    this.drawAxes(context);
    this.drawMarks(context);
    this.drawLegend();
  },

  hatch(context, top, bottom) {
    context.save();
    context.beginPath();
    context.rect(this.left, top, this.width, bottom - top);
    context.clip();
    context.fillStyle = "#ececf0";
    context.fillRect(this.left, top, this.width, bottom - top);
    context.strokeStyle = "#b0b0b8";
    context.lineWidth = 1;
    for (let x = this.left - (bottom - top); x < this.left + this.width; x += 7) {
      context.beginPath();
      context.moveTo(x, bottom);
      context.lineTo(x + bottom - top, top);
      context.stroke();
    }
    context.restore();
  },

  drawAxes(context) {
    context.font = '11px system-ui, "DejaVu Sans", sans-serif';
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const hz of [50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000]) {
      context.fillStyle = "#00000022";
      context.fillRect(this.left, this.y(hz), this.width, 1);
      context.fillStyle = variable("--quiet");
      context.fillText(hertz(hz), this.left - 6, Math.max(this.y(hz), this.top + 4));
    }
    context.textAlign = "center";
    const {from_s, duration_s, bar_s} = data.session;
    const bottom = this.top + this.height;
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
    const step = steps.find((s) => s * this.width >= 56 * duration_s) || 7200;
    for (let s = Math.ceil(from_s / step - 1e-9) * step; s <= from_s + duration_s + 1e-6; s += step) {
      context.fillStyle = "#00000022";
      context.fillRect(this.x(s), this.top, 1, this.height);
      context.fillStyle = variable("--quiet");
      context.fillText(clock(s), this.x(s), bottom + 12);
    }
    if (bar_s === null) return;
    let bars = 1;
    while (bars * bar_s * this.width < 56 * duration_s) bars *= 2;
    const first = Math.ceil(from_s / (bars * bar_s) - 1e-9);
    for (let i = first; i * bars * bar_s <= from_s + duration_s + 1e-6; ++i) {
      context.fillText(i === first ? `bar ${i * bars + 1}` : String(i * bars + 1), this.x(i * bars * bar_s), bottom + 29);
    }
  },

  drawMarks(context) {
    if (this.marked) {
      const {from_s, to_s, low_hz, high_hz} = this.marked;
      context.lineWidth = 2;
      context.strokeStyle = "#d1360b";
      context.strokeRect(this.x(from_s), this.y(high_hz), this.x(to_s) - this.x(from_s), this.y(low_hz) - this.y(high_hz));
    }
    if (!this.cursor) return;
    const [column, band] = this.cursor;
    const x = this.left + (column + 0.5) * this.width / data.heat.columns;
    context.fillStyle = "#d1360b";
    context.fillRect(x - 0.5, this.top, 1, this.height);
    context.fillRect(this.left, this.y(data.band_hz[band]) - 0.5, this.width, 1);
  },

  drawLegend() {
    const canvas = element("heat-legend");
    const width = Math.min(canvas.parentElement.clientWidth - 16, 560);
    const context = contextOf(canvas, width + 16, 46);
    for (let x = 0; x < width; ++x) {
      context.fillStyle = css(colourAt(data.margin_map, x / width));
      context.fillRect(8 + x, 16, 1, 12);
    }
    const at = (db) => 8 + width * Math.min(Math.max(marginPlace(db), 0), 1);
    context.font = `${width < 420 ? 9 : 11}px system-ui, "DejaVu Sans", sans-serif`;
    context.fillStyle = variable("--quiet");
    context.textBaseline = "middle";
    context.textAlign = "center";
    [["inaudible", -10, 0], ["heavily masked", 0, 6], ["partly masked", 6, 15], ["clear", 15, 25]].forEach(([words, from, to]) => {
      context.fillText(words, (at(from) + at(to)) / 2, 38);
      if (from > -10) context.fillText(`${from} dB`, at(from), 7);
      if (from > -10) context.fillRect(at(from), 13, 1, 18);
    });
  },

  point(column, band) {
    const bounded = (value, count) => Math.min(Math.max(value, 0), count - 1);
    this.cursor = [bounded(column, data.heat.columns), bounded(band, data.band_hz.length)];
    this.draw();
    element("heat-readout").textContent = this.words(...this.cursor);
  },

  words(column, band) {
    const {from_s, duration_s} = data.session;
    const since = (column + 0.5) * duration_s / data.heat.columns;
    const step = this.steps[band * data.heat.columns + column];
    const place = `${data.tracks.names[this.target]}, ${timeWords(from_s + since)}, ${hertz(data.band_hz[band])}: `;
    if (step === 0) return place + "does not sound here.";
    const low = -15 + 3 * step;
    const kind = low < 0 ? "inaudible" : low < 6 ? "heavily masked" : low < 15 ? "partly masked" : "clear";
    const range = step === 1 ? "under \u22129 dB" : step === 12 ? "over 21 dB" : `${low} to ${low + 3} dB`.replaceAll("-", "\u2212");
    return `${place}${kind} (${range}).${this.blameWords(since, band)}`;
  },

  // Who hides it in that stretch and band group.
  blameWords(since, band) {
    const groups = data.edges_hz.length - 1;
    const group = Math.floor(band * groups / data.band_hz.length);
    const stretch = Math.floor(since / data.blame.stretch_s);
    const named = [];
    for (let i = 0; i < 3; ++i) {
      const at = ((stretch * groups + group) * 3 + i) * 3;
      const share = this.blame[at + 2] / 255;
      if (share >= 0.05) named.push(`${data.tracks.names[this.blame[at] + 256 * this.blame[at + 1]]} (${percent(share)})`);
    }
    if (named.length === 0) return "";
    const from = data.session.from_s + stretch * data.blame.stretch_s;
    const to = Math.min(from + data.blame.stretch_s, data.session.from_s + data.session.duration_s);
    return ` Hidden most, ${clock(from)}\u2013${clock(to)} and ${hertz(data.edges_hz[group])}\u2013${hertz(data.edges_hz[group + 1])}, by ${named.join(", ")}.`;
  },

  cellAt(event) {
    const box = element("heat").getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - this.left) * data.heat.columns / this.width);
    const y = event.clientY - box.top;
    const upper = this.y(data.edges_hz[data.edges_hz.length - 1]);
    const lower = this.y(data.edges_hz[0]);
    const band = Math.floor((lower - y) / (lower - upper) * data.band_hz.length);
    const inside = column >= 0 && column < data.heat.columns && band >= 0 && band < data.band_hz.length;
    return inside ? [column, band] : null;
  },

  key(event) {
    const move = {ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]}[event.key];
    if (!move) return;
    const [column, band] = this.cursor || [0, 37];
    const stride = event.shiftKey ? 10 : 1;
    this.point(column + move[0] * stride, band + move[1] * stride);
    event.preventDefault();
  },
};
