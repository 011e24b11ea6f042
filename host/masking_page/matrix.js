// The matrix of who hides whom: of groups, of all tracks, or of the tracks of one pair of groups.
const matrix = {
  view: null, rows: [], columns: [], row: 0, column: 0, cell: 0, left: 0, top: 0, scale: 1,
  onOpen: null,  // called with (view, target, masker)

  show(view, rows, columns, title) {
    this.view = view;
    this.rows = rows;
    this.columns = columns;
    this.row = this.column = -1;
    element("matrix-title").textContent = title;
    for (const id of ["show-groups", "show-tracks"]) element(id).setAttribute("aria-pressed", "false");
    element("matrix-readout").textContent = "\u00a0";
    this.draw();
  },

  // By groups, which stand in the order of their first track.
  clustered(indices) {
    const groups = data.tracks.groups;
    const order = [...new Set(indices.map((i) => groups[i]))];
    return order.flatMap((group) => indices.filter((i) => groups[i] === group));
  },

  widthOfNames(context, font, most) {
    context.font = font;
    const all = [...this.rows, ...this.columns].map((i) => context.measureText(this.view.names[i]).width);
    return Math.min(most, Math.ceil(Math.max(0, ...all)));
  },

  greatest() {
    let greatest = 0;
    for (const r of this.rows) for (const c of this.columns) greatest = Math.max(greatest, clashOf(this.view, r, c));
    const decade = Math.pow(10, Math.floor(Math.log10(greatest || 1)));
    return [1, 2, 5, 10].map((digit) => digit * decade).find((edge) => edge >= greatest * 0.999);
  },

  draw() {
    const canvas = element("matrix");
    const most = Math.max(this.rows.length, this.columns.length, 1);
    const room = canvas.parentElement.clientWidth;
    const longest = Math.min(150, Math.max(80, room * 0.24));
    this.cell = Math.max(11, Math.min(38, Math.floor((room - longest - 20) / most)));
    const font = `${Math.min(13, Math.max(9, this.cell * 0.72))}px system-ui, "DejaVu Sans", sans-serif`;
    const names = this.widthOfNames(canvas.getContext("2d"), font, longest - 12) + 12;
    this.left = this.top = names;
    const width = this.left + this.cell * this.columns.length + 4;
    const height = this.top + this.cell * this.rows.length + 4;
    const context = contextOf(canvas, width, height);
    const scale = this.greatest();
    context.fillStyle = "#ffffff";
    context.fillRect(this.left, this.top, this.cell * this.columns.length, this.cell * this.rows.length);
    this.rows.forEach((target, r) => this.columns.forEach((masker, c) => {
      const clash = clashOf(this.view, target, masker);
      const place = clash > 0 ? 1 + Math.log10(clash / scale) / 2 : -1;
      if (target === masker) context.fillStyle = "#d9d9de";
      else if (place < 0) return;
      else context.fillStyle = css(colourAt(data.amount_map, place));
      context.fillRect(this.left + c * this.cell, this.top + r * this.cell, this.cell, this.cell);
    }));
    this.drawNames(context, font, names - 12);
    this.drawLines(context);
    this.drawLegend(scale);
  },

  drawNames(context, font, room) {
    context.font = font;
    context.textBaseline = "middle";
    context.fillStyle = variable("--ink");
    context.textAlign = "right";
    this.rows.forEach((target, r) => {
      const words = shortened(context, this.view.names[target], room);
      context.fillText(words, this.left - 6, this.top + (r + 0.5) * this.cell);
    });
    context.textAlign = "left";
    this.columns.forEach((masker, c) => {
      context.save();
      context.translate(this.left + (c + 0.5) * this.cell, this.top - 6);
      context.rotate(-Math.PI / 2);
      context.fillText(shortened(context, this.view.names[masker], room), 0, 0);
      context.restore();
    });
  },

  drawLines(context) {
    const right = this.left + this.cell * this.columns.length;
    const bottom = this.top + this.cell * this.rows.length;
    context.lineWidth = 1;
    context.strokeStyle = "#00000088";
    context.strokeRect(this.left + 0.5, this.top + 0.5, right - this.left - 1, bottom - this.top - 1);
    const groups = this.view.groups;
    if (this.view === data.tracks) {
      this.rows.forEach((target, r) => {
        if (r === 0 || groups[target] === groups[this.rows[r - 1]]) return;
        context.strokeRect(this.left, this.top + r * this.cell, right - this.left, 0);
      });
      this.columns.forEach((masker, c) => {
        if (c === 0 || groups[masker] === groups[this.columns[c - 1]]) return;
        context.strokeRect(this.left + c * this.cell, this.top, 0, bottom - this.top);
      });
    }
    if (this.row < 0) return;
    context.lineWidth = 2;
    context.strokeStyle = "#d1360b";
    context.strokeRect(this.left + this.column * this.cell, this.top + this.row * this.cell, this.cell, this.cell);
  },

  drawLegend(scale) {
    const canvas = element("matrix-legend");
    const context = contextOf(canvas, Math.min(canvas.parentElement.clientWidth, 620), 40);
    const width = Math.min(240, canvas.parentElement.clientWidth * 0.4);
    for (let x = 0; x < width; ++x) {
      context.fillStyle = css(colourAt(data.amount_map, x / width));
      context.fillRect(8 + x, 4, 1, 12);
    }
    context.font = '11px system-ui, "DejaVu Sans", sans-serif';
    context.fillStyle = variable("--quiet");
    context.textBaseline = "middle";
    context.textAlign = "center";
    [scale / 100, scale / 10, scale].forEach((value, i) => context.fillText(amount(value), Math.max(14, 8 + i * width / 2), 27));
    context.textAlign = "left";
    context.fillText("sone s at stake; white: less", 22 + width, 10);
  },

  cellAt(event) {
    const box = element("matrix").getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - this.left) / this.cell);
    const row = Math.floor((event.clientY - box.top - this.top) / this.cell);
    const inside = row >= 0 && column >= 0 && row < this.rows.length && column < this.columns.length;
    return inside ? [row, column] : null;
  },

  point(row, column) {
    if (row === this.row && column === this.column) return;
    this.row = row;
    this.column = column;
    this.draw();
    element("matrix-readout").textContent = this.words(this.rows[row], this.columns[column]);
  },

  words(target, masker) {
    const view = this.view;
    const clash = clashOf(view, target, masker);
    if (target === masker && view === data.groups) return `${view.names[target]}: click, or press Enter, to see its tracks among themselves.`;
    if (target === masker) return `${view.names[target]}: nothing masks itself.`;
    if (clash === 0) return `${view.names[masker]} does not hide ${view.names[target]}.`;
    const pair = target * view.count + masker;
    const share = maskersOf(view, target).find(([j]) => j === masker)[1];
    const group = view.band_group[pair];
    const section = Math.round(view.section[pair] * (data.section_count - 1) / 255);
    const from = data.session.from_s + section * data.section_s;
    const to = Math.min(from + data.section_s, data.session.from_s + data.session.duration_s);
    return `${view.names[masker]} hides ${view.names[target]}: ${amount(clash)} sone s at stake, ${percent(share)} of the blame; ` +
        `most between ${hertz(data.edges_hz[group])} and ${hertz(data.edges_hz[group + 1])}, most in ${clock(from)}\u2013${clock(to)}.`;
  },

  open() {
    if (this.row >= 0) this.onOpen(this.view, this.rows[this.row], this.columns[this.column]);
  },

  key(event) {
    const move = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]}[event.key];
    if (move) {
      const bounded = (value, count) => Math.min(Math.max(value, 0), count - 1);
      this.point(bounded(this.row + move[0], this.rows.length), bounded(this.column + move[1], this.columns.length));
    } else if (event.key === "Enter" || event.key === " ") {
      this.open();
    } else if (event.key === "Escape") {
      element("show-groups").click();
    } else {
      return;
    }
    event.preventDefault();
  },
};
