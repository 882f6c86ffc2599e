// TextMap's view: the map with the query on it, three lists of the nearest documents, and a line that says the same.
// The query lives in the ipywidgets search box, and nowhere else.

const EDGE = 16; // CSS pixels that the map keeps free around the dots
const NEAR = 12; // CSS pixels within which a pointer means a dot
const LETTERS = 14; // CSS pixels of the words on the map
const MARKS = ["circle", "square", "triangle"]; // colours come back after ten topics, marks after three
const LISTS = { code: "by code", LSA: "by LSA", counts: "by raw counts" };
const FEW = 6; // unknown words that are named

/** Add a dot's outline to the path. */
function addMark(context, mark, x, y) {
  if (mark === "circle") {
    context.moveTo(x + 2.4, y);
    context.arc(x, y, 2.4, 0, 2 * Math.PI);
  } else if (mark === "square") context.rect(x - 2.1, y - 2.1, 4.2, 4.2);
  else {
    context.moveTo(x, y - 3);
    context.lineTo(x + 3, y + 2.3);
    context.lineTo(x - 3, y + 2.3);
    context.closePath();
  }
}

/** Names of places in one line, in words: "a, b and 3 more". */
function listed(words) {
  const more = words.length - FEW;
  return more > 0 ? `${words.slice(0, FEW).join(", ")} and ${more} more` : words.join(", ");
}

async function render({ model, el }) {
  const [search] = await controls(model, "controls");
  const names = search.get("options"); // they travel once
  const [topics, labels, colours] = ["topics", "labels", "colours"].map((trait) => model.get(trait));
  const numbersOf = (trait, Kind) => new Kind(ownBytes(model.get(trait)));
  const codes = numbersOf("codes", Float32Array);
  const ask = textSearch({
    encoder: readNetwork(model.get("layers"), ownBytes(model.get("weights")), model.get("precision")),
    words: model.get("words"),
    names,
    codes,
    lsa: numbersOf("lsa", Float32Array),
    numbers: numbersOf("numbers", Uint16Array),
    counts: numbersOf("counts", Uint16Array),
    offsets: numbersOf("offsets", Uint32Array),
  });
  const topicOf = (document) => topics[labels[document]];
  const colourOf = (topic) => colours[topic % colours.length];
  const markOf = (topic) => MARKS[topic % MARKS.length];

  const map = element("canvas", { class: "lessons-map", tabIndex: 0, role: "application" });
  map.setAttribute(
    "aria-label",
    `map of ${names.length} documents: arrow keys go from one to the next, Enter searches for it`,
  );
  const status = element("div", { class: "lessons-status" });
  const speaker = announcer();
  const lists = Object.entries(LISTS).map(([kind, title]) => listOf(kind, title));
  const legend = element("div", { class: "lessons-legend" });
  topics.forEach((name, topic) => legend.append(element("span", {}, markNode(topic), name)));
  el.classList.add("lessons-widget");
  el.append(
    element(
      "div",
      { class: "lessons-row" },
      element("div", { class: "lessons-places" }, map, status),
      element("div", { class: "lessons-lists" }, ...lists.map((list) => list.node)),
    ),
    legend,
    element("div", { class: "lessons-status" }, model.get("note")),
    speaker.node,
  );

  function markNode(topic) {
    const mark = element("i", { class: `lessons-${markOf(topic)}` });
    mark.style.background = colourOf(topic);
    return mark;
  }

  /** A list whose entries stay: the focus would get lost with them. */
  function listOf(kind, title) {
    const head = element("div", { class: "lessons-list-name" });
    const entries = Array.from({ length: NEAREST }, () => {
      const entry = { document: -1, button: element("button", {}), node: element("li", {}) };
      Object.assign(entry.button, {
        onclick: () => setControl(search, names[entry.document]),
        onfocus: () => point(entry.document),
        onmouseenter: () => point(entry.document),
        onblur: () => point(-1),
        onmouseleave: () => point(-1),
      });
      entry.node.append(entry.button);
      return entry;
    });
    const ordered = element("ol", { "aria-label": `nearest ${title}` }, ...entries.map((entry) => entry.node));
    return { kind, title, head, entries, node: element("div", {}, head, ordered) };
  }

  let found = null; // what the last query means, and its neighbours
  let pointed = -1; // the document that the pointer or the arrow keys are on
  function point(document) {
    if (document === pointed) return;
    pointed = document;
    requestDraw();
  }

  // The map's size and scale, in CSS pixels; both axes have one scale, for distances to be what they seem.
  const [low, high] = [Math.min, Math.max].map((end) =>
    [0, 1].map((axis) => names.reduce((value, _, i) => end(value, codes[2 * i + axis]), codes[axis]))
  );
  const ranges = [0, 1].map((axis) => high[axis] - low[axis]);
  const aspect = Math.min(1.1, Math.max(0.7, ranges[1] / (ranges[0] || 1)));
  map.style.aspectRatio = `1 / ${aspect}`;
  let [width, height] = [0, 0];
  let context = null;
  const dots = element("canvas");

  function toMap([x, y]) {
    const scale = Math.min(...[width, height].map((side, axis) => (side - 2 * EDGE) / (ranges[axis] || 1)));
    const within = (value, side) => Math.min(side - EDGE / 2, Math.max(EDGE / 2, value));
    return [
      within(width / 2 + scale * (x - (low[0] + high[0]) / 2), width),
      within(height / 2 - scale * (y - (low[1] + high[1]) / 2), height),
    ];
  }
  let places = []; // of the documents

  function nearestDot(x, y, wanted = () => true) {
    let [best, distance] = [-1, Infinity];
    places.forEach(([dotX, dotY], document) => {
      const gap = Math.hypot(dotX - x, dotY - y);
      if (gap < distance && wanted(dotX - x, dotY - y)) [best, distance] = [document, gap];
    });
    return [best, distance];
  }

  /** The dots stand still: draw them once for each size, on a canvas of their own. */
  function drawDots() {
    const layer = sharpContext(dots, width, height);
    places = names.map((_, i) => toMap([codes[2 * i], codes[2 * i + 1]]));
    layer.globalAlpha = 0.85;
    topics.forEach((_, topic) => {
      layer.beginPath();
      places.forEach(([x, y], i) => labels[i] === topic && addMark(layer, markOf(topic), x, y));
      layer.fillStyle = colourOf(topic);
      layer.fill();
    });
    layer.globalAlpha = 1;
    layer.font = `${LETTERS}px sans-serif`;
    layer.fillStyle = INK;
    layer.textAlign = "right";
    layer.fillText("z1 →", width - 6, height - 6);
    layer.textAlign = "left";
    layer.fillText("z2 ↑", 6, LETTERS + 4);
    nameTopics(layer);
  }

  /** Write each topic's name as near to its dots' median as is free: on one of them, or at least not on another name. */
  function nameTopics(layer) {
    layer.font = `bold ${LETTERS}px sans-serif`;
    layer.textAlign = "center";
    layer.textBaseline = "middle";
    layer.lineJoin = "round";
    const taken = [];
    const grid = Array.from({ length: 900 }, (_, i) => [width * (i % 30) / 30, height * Math.floor(i / 30) / 30]);
    topics.forEach((name, topic) => {
      const own = places.filter((_, i) => labels[i] === topic);
      if (!own.length) return;
      const middle = [0, 1].map((axis) => own.map((place) => place[axis]).sort((a, b) => a - b)[own.length >> 1]);
      const half = layer.measureText(name).width / 2 + 4;
      const inside = ([x, y]) => [
        Math.min(width - half, Math.max(half, x)),
        Math.min(height - LETTERS, Math.max(LETTERS, y)),
      ];
      const gap = ([x, y]) => Math.hypot(x - middle[0], y - middle[1]);
      const free = ([x, y]) =>
        taken.every((box) => Math.abs(x - box.x) > half + box.half || Math.abs(y - box.y) > LETTERS + 3);
      const byGap = (some) => some.toSorted((one, other) => gap(one) - gap(other)).map(inside);
      const [x, y] = byGap(own).find(free) ?? byGap(grid).find(free) ?? middle;
      taken.push({ x, y, half });
      layer.strokeStyle = "rgb(255 255 255 / 85%)";
      layer.lineWidth = 5;
      layer.strokeText(name, x, y);
      layer.fillStyle = INK;
      layer.fillText(name, x, y);
    });
  }

  /** Draw twice, in white and on it in black, to be seen on every dot. */
  function outline(radius, arms, [x, y]) {
    for (const [colour, lineWidth] of [["white", 5], ["black", 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = lineWidth;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      for (const [dx, dy] of arms ? [[1, 0], [-1, 0], [0, 1], [0, -1]] : []) {
        context.moveTo(x + radius * dx, y + radius * dy);
        context.lineTo(x + 2 * radius * dx, y + 2 * radius * dy);
      }
      context.stroke();
    }
  }

  function drawMap() {
    if (!width) return; // out of sight
    context.clearRect(0, 0, width, height);
    context.drawImage(dots, 0, 0, width, height);
    if (found.code) outline(8, true, toMap(found.code));
    if (pointed >= 0) outline(6, false, places[pointed]);
  }

  function showLists() {
    const topic = found.document < 0 ? null : labels[found.document];
    for (const { kind, title, head, entries } of lists) {
      const nearest = found.neighbours[kind];
      const same = nearest.filter((document) => labels[document] === topic).length;
      const count = topic === null || !nearest.length ? "" : `: ${same} of ${nearest.length} share its topic`;
      head.textContent = `Nearest ${title}${count}`;
      entries.forEach((entry, place) => {
        entry.document = nearest[place] ?? -1;
        entry.node.hidden = entry.document < 0;
        if (entry.document < 0) return;
        const name = names[entry.document];
        const last = name.lastIndexOf(".") + 1; // a name's end tells most: what has no room is cut from its middle
        const shares = labels[entry.document] === topic;
        entry.button.title = name;
        entry.button.replaceChildren(
          markNode(labels[entry.document]),
          element(
            "span",
            { class: "lessons-name" },
            element("span", {}, name.slice(0, last)),
            element("span", {}, name.slice(last)),
          ),
          element("span", { class: shares ? "lessons-same" : "" }, `${shares ? "✓ " : ""}${topicOf(entry.document)}`),
        );
      });
    }
  }

  function inWords() {
    const { document, known, unknown, code } = found;
    if (document >= 0) {
      const empty = code ? "" : " None of its words is in the vocabulary.";
      return `The query is ${names[document]}, ${topicOf(document)}.${empty}`;
    }
    const sentences = [
      known.length ? `Words that count: ${listed(known)}.` : "",
      unknown.length ? `Not in the vocabulary: ${listed(unknown)}.` : "",
    ];
    return sentences.join(" ").trim() || "Type words, or the name of a document, or choose a dot.";
  }

  /** For ears: what the lists show. */
  function neighboursInWords() {
    if (!found.code) return "";
    return lists.map(({ kind, title }) => {
      const [first] = found.neighbours[kind];
      return first === undefined ? `nearest ${title}: none` : `nearest ${title}: ${names[first]}, ${topicOf(first)}`;
    }).join("; ");
  }

  function draw() {
    const query = search.get("value");
    if (query !== found?.query) {
      found = { query, ...ask(query) };
      pointed = -1; // the line below the map tells of the query first
      showLists();
    }
    drawMap();
    status.textContent = pointed < 0 ? inWords() : `${names[pointed]}, ${topicOf(pointed)}`;
    speaker.say(pointed < 0 ? `${inWords()} ${neighboursInWords()}` : status.textContent);
    map.dataset.shown = JSON.stringify({ ...found, pointed });
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  const requestDraw = oncePerFrame(draw);
  const resize = oncePerFrame(() => {
    if (!map.clientWidth || map.clientWidth === width) return;
    [width, height] = [map.clientWidth, Math.round(aspect * map.clientWidth)];
    context = sharpContext(map, width, height);
    drawDots();
    requestDraw();
  });
  const sizes = new ResizeObserver(resize);
  sizes.observe(map);

  const under = (event) => {
    const [across, down] = pointerFraction(event, map);
    const [document, distance] = nearestDot(across * width, down * height);
    return distance <= NEAR ? document : -1;
  };
  map.onpointermove = (event) => point(under(event));
  map.onpointerleave = map.onblur = () => point(-1);
  map.onclick = (event) => {
    const document = under(event);
    if (document >= 0) setControl(search, names[document]);
  };
  map.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return;
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (direction) {
      const least = event.shiftKey ? width / 8 : 0;
      const ahead = (dx, dy) => { // within 45 degrees of the direction
        const [along, aside] = [dx * direction[0] + dy * direction[1], dx * direction[1] + dy * direction[0]];
        return along > least && Math.abs(aside) <= along;
      };
      const from = places[pointed] ?? places[found.document];
      const start = found.code ? toMap(found.code) : [width / 2, height / 2];
      const [next] = from ? nearestDot(...from, ahead) : nearestDot(...start);
      if (next >= 0) point(next);
    } else if (event.key === "Enter" && pointed >= 0) setControl(search, names[pointed]);
    else return;
    event.preventDefault();
    event.stopPropagation(); // the notebook would move to another cell
  };

  const stops = [watchControls(el), listen(search, ["value"], requestDraw), () => sizes.disconnect()];
  requestDraw();
  return () => {
    for (const stop of [...stops, requestDraw.cancel, resize.cancel, speaker.stop]) stop();
  };
}

export default { render };
