// The page: fills in what the parts show, and passes on what is clicked and typed.
function listOf(events, view) {
  const list = document.createElement("ol");
  for (const event of events) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = event.sentence;
    button.addEventListener("click", () => openEvent(view, event));
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
  return list;
}

// The ten greatest, and the others on demand.
function showEvents(title, events, view) {
  if (events.length === 0) return;
  const heading = document.createElement("h3");
  heading.textContent = title;
  element("events").append(heading, listOf(events.slice(0, 10), view));
  if (events.length <= 10) return;
  const more = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = `${events.length - 10} more`;
  const rest = listOf(events.slice(10), view);
  rest.querySelectorAll("li").forEach((item, i) => { item.value = i + 11; });
  more.append(summary, rest);
  element("events").append(more);
}

function showTarget(target, marked) {
  const tracks = data.tracks;
  element("target").value = String(target);
  const [inaudible, heavily, partly, clear] = tracks.classes[target];
  element("target-classes").textContent = tracks.active[target] === 0 ? "never plays here" :
      `plays ${tracks.active[target]} % of the time; of that ${inaudible} % inaudible, ${heavily} % heavily masked, ` +
      `${partly} % partly masked, ${clear} % clear`;
  heat.show(target, marked);
  const maskers = maskersOf(tracks, target).slice(0, 8);
  const rows = maskers.map(([masker, share]) => {
    const row = document.createElement("tr");
    const name = document.createElement("td");
    name.textContent = tracks.names[masker];
    const words = document.createElement("td");
    words.textContent = percent(share);
    const bar = document.createElement("div");
    bar.style.width = `${100 * share / maskers[0][1]}%`;
    const cell = document.createElement("td");
    cell.append(bar);
    row.append(name, words, cell);
    return row;
  });
  element("maskers").tBodies[0].replaceChildren(...rows);
}

function showGroups() {
  const all = data.groups.names.map((_, i) => i);
  matrix.show(data.groups, all, all, "");
  element("show-groups").setAttribute("aria-pressed", "true");
}

function showTracks(targetGroup, maskerGroup) {
  const of = (group) => matrix.clustered(data.tracks.names.map((_, i) => i)
      .filter((i) => group === undefined || data.tracks.groups[i] === group));
  const title = targetGroup === undefined ? "" : `${targetGroup}, hidden by ${maskerGroup}`;
  matrix.show(data.tracks, of(targetGroup), of(maskerGroup), title);
  element("show-tracks").setAttribute("aria-pressed", String(targetGroup === undefined));
}

function openPair(view, target, masker) {
  if (view === data.groups) {
    showTracks(view.names[target], view.names[masker]);
    return;
  }
  showTarget(target);
  element("target-heading").scrollIntoView({behavior: "smooth"});
}

function openEvent(view, event) {
  if (view === data.groups) {
    showTracks(view.names[event.target], view.names[event.masker]);
    element("matrix-heading").scrollIntoView({behavior: "smooth"});
    return;
  }
  showTarget(event.target, event);
  element("target-heading").scrollIntoView({behavior: "smooth"});
}

function fillTargets() {
  const tracks = data.tracks;
  for (const group of [...new Set(tracks.groups)]) {
    const options = document.createElement("optgroup");
    options.label = group;
    tracks.names.forEach((name, i) => {
      if (tracks.groups[i] !== group) return;
      const option = document.createElement("option");
      option.value = String(i);
      option.textContent = name;
      options.append(option);
    });
    element("target").append(options);
  }
}

function fillWords() {
  const session = data.session;
  element("name").textContent = session.name || "session";
  element("about").textContent = `${data.tracks.count} tracks and returns in ${data.groups.count} groups, ` +
      `${clock(session.from_s)}\u2013${clock(session.from_s + session.duration_s)}, computed on ${session.device}.`;
  element("calibration").textContent = session.calibration;
  element("notes").textContent = session.notes.join(" ");
  showEvents("Between groups", data.group_events, data.groups);
  showEvents("Between tracks", data.events, data.tracks);
  if (data.group_events.length + data.events.length === 0) element("events").textContent = data.nothing;
  element("suggestions-section").hidden = data.suggestions.length === 0;
  for (const suggestion of data.suggestions) {
    const item = document.createElement("li");
    item.textContent = suggestion.sentence;
    element("suggestions").append(item);
  }
}

function listen() {
  element("show-groups").addEventListener("click", showGroups);
  element("show-tracks").addEventListener("click", () => showTracks());
  element("target").addEventListener("change", () => showTarget(Number(element("target").value)));
  for (const [part, id] of [[matrix, "matrix"], [heat, "heat"]]) {
    element(id).addEventListener("keydown", (event) => part.key(event));
    element(id).addEventListener("pointermove", (event) => {
      const cell = part.cellAt(event);
      if (cell) part.point(...cell);
    });
  }
  element("matrix").addEventListener("click", (event) => {
    const cell = matrix.cellAt(event);
    if (!cell) return;
    matrix.point(...cell);
    matrix.open();
  });
  element("heat").addEventListener("click", (event) => {
    const cell = heat.cellAt(event);
    if (cell) heat.point(...cell);
  });
  const redraw = () => { matrix.draw(); heat.draw(); };
  window.addEventListener("resize", redraw);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

fillWords();
fillTargets();
matrix.onOpen = openPair;
listen();
if (data.groups.count > 1) showGroups(); else showTracks();
if (data.tracks.count > 0) showTarget(data.events.length > 0 ? data.events[0].target : 0);
