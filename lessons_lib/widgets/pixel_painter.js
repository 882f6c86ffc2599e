// PixelPainter's view: the student's part of a picture, and how a recurrent network finishes it, pixel by pixel.
// Digit, row, temperature and pixel live in ipywidgets controls; the endings' seed and what was painted in traits.

const [PAINTED, ENDING] = [280, 154]; // CSS pixels of a picture at most
const PEN = 0.8; // pixels from its middle: one or two wide, as digits are at this size; one where the keyboard paints
const TINT = [0.73, 0.85, 0.97]; // light blue: neither ink nor paper

/** Put a picture's pixels on its canvas, grey (1 is ink), and a tint where its pixels are not there yet. */
function paintPart(canvas, values, count) {
  const size = values.length;
  const colours = new Float32Array(3 * size);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < size; i++) colours[channel * size + i] = i < count ? 1 - values[i] : TINT[channel];
  }
  paintImage(canvas, colours, 3);
}

/** A picture on its card; a line shows where the student's part ends, a box which pixel comes next. */
function picture(side, name) {
  const canvas = element("canvas", { width: side, height: side, role: "img", "aria-label": name });
  const line = element("div", { class: "lessons-line" });
  const next = element("div", { class: "lessons-next" });
  const card = element("div", { class: "lessons-card" }, canvas, line, next);
  return { canvas, line, next, card };
}

/** A figure as wide as a picture's pixels, enlarged by a whole number. */
function figureOf(side, widest, ...parts) {
  const figure = element("figure", { class: "lessons-picture" }, ...parts);
  figure.style.width = `${Math.max(1, Math.floor(widest / side)) * side + 2}px`; // with its border
  return figure;
}

async function render({ model, el }) {
  const [chooseDigit, chooseRow, chooseTemperature, choosePixel] = await controls(model, "controls");
  const network = readPixelNetwork(model.get("network"), ownBytes(model.get("weights")));
  const { side } = network;
  const size = side * side;
  const images = new Uint8Array(ownBytes(model.get("images")));
  let made = { asked: null }; // the endings, and what they were made from

  const painted = picture(
    side,
    "your part: drag to paint; arrow keys move a cursor, Space paints its pixel",
  );
  painted.canvas.classList.add("lessons-painted");
  painted.next.hidden = true;
  const endings = Array.from({ length: model.get("endings") }, (_, i) => {
    const name = `ending ${i + 1}`;
    const [image, ink] = [picture(side, name), picture(side, `${name}: P(ink) of each pixel, in grey`)];
    const [surprise, next] = [element("div", {}), element("div", { class: "lessons-large" })];
    const caption = element("figcaption", {}, element("strong", {}, name), surprise, next);
    return { image, ink, surprise, next, figure: figureOf(side, ENDING, image.card, caption, ink.card) };
  });
  const status = element("div", { class: "lessons-status" });
  const speaker = announcer();
  const { strokes, pen, wiper, stopDrawing } = drawing({
    model,
    chooseDigit,
    canvas: painted.canvas,
    height: side,
    width: side,
    radius: PEN,
    rows: () => chooseRow.get("value"),
    speaker,
  });
  el.classList.add("lessons-widget");
  el.append(
    element(
      "div",
      { class: "lessons-row lessons-painter" },
      figureOf(
        side,
        PAINTED,
        painted.card,
        element("figcaption", {}, element("strong", {}, "paint above the red line")),
        element("div", { class: "lessons-row" }, pen, wiper),
        element("button", { onclick: otherEndings }, "other endings"),
      ),
      element("div", { class: "lessons-endings" }, ...endings.map(({ figure }) => figure)),
    ),
    status,
    element(
      "div",
      { class: "lessons-status" },
      "Paint by hand, or with arrow keys and Space. Light blue: not drawn yet. In grey: the P(ink) that each pixel had " +
        "when its turn came, yours too. Nats: −log P of all that the network drew, at temperature 1: how much the " +
        "ending surprises it.",
    ),
    speaker.node,
  );

  function otherEndings() {
    model.set("seed", model.get("seed") + 1);
    model.save_changes();
  }

  /** What the pictures are made from, and the endings, drawn anew only if that has changed. */
  function endingsNow() {
    const [digit, row, temperature] = [chooseDigit, chooseRow, chooseTemperature].map((control) =>
      control.get("value")
    );
    const seed = model.get("seed");
    const start = row * side;
    const mine = strokes().filter(([pixel]) => pixel < start);
    const asked = JSON.stringify({ digit, row, temperature, seed, strokes: mine });
    if (asked === made.asked) return made;
    const given = new Uint8Array(size); // blank paper; what stands below the line is never read
    if (digit) given.set(images.subarray((digit - 1) * size, digit * size));
    mine.forEach(([pixel, value]) => given[pixel] = value);
    const uniform = endings.map((_, i) =>
      Float64Array.from(given, (_, pixel) => uniformNumber(seed, i * size + pixel))
    );
    made = { asked, given, finished: finish(network, given, start, uniform, temperature) };
    return made;
  }

  function draw() {
    const { asked, given, finished } = endingsNow();
    const { digit, row, temperature, strokes } = JSON.parse(asked);
    const [start, pixel] = [row * side, choosePixel.get("value")];
    paintPart(painted.canvas, given, start);
    const place = [pixel % side, Math.floor(pixel / side)];
    const pictures = endings.flatMap(({ image, ink }) => [image, ink]);
    for (const { line } of [painted, ...pictures]) line.style.top = `${100 * row / side}%`;
    for (const { next } of pictures) {
      next.hidden = pixel === size;
      putOnPixel(next, ...place, side, side);
    }
    const nats = finished.map(({ image, logits }, i) => {
      const probabilities = logits.map((logit) => inkProbability(logit, temperature));
      paintPart(endings[i].image.canvas, image, pixel);
      paintPart(endings[i].ink.canvas, probabilities, pixel);
      endings[i].next.textContent = pixel < size ? `P(ink) ${format(probabilities[pixel])}` : "P(ink)";
      let sum = 0;
      for (let n = start; n < pixel; n++) sum += surprise(logits[n], image[n]);
      endings[i].surprise.textContent = `${format(sum)} nats`;
      return sum;
    });
    status.textContent = [
      `${digit ? `digit ${digit} of ${images.length / size}` : "blank paper"}, ${partInWords(row, side)}`,
      ...(strokes.length ? [`${strokes.length} pixels painted by hand`] : []),
      temperature ? `temperature ${format(temperature)}` : "temperature 0: always the likelier colour",
      progressInWords(pixel, start, size, place),
    ].join(" · ");
    speaker.say(`${status.textContent} · nats: ${nats.map(format).join(", ")}`);
    painted.canvas.dataset.shown = JSON.stringify({ ...JSON.parse(asked), pixel, nats });
    painted.canvas.finished = finished; // for tests: too much for an attribute
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  const requestDraw = oncePerFrame(draw);
  const stops = [
    stopDrawing,
    watchControls(el),
    ...[chooseDigit, chooseRow, chooseTemperature, choosePixel].map((control) =>
      listen(control, ["value"], requestDraw)
    ),
    listen(model, ["seed", "strokes"], requestDraw),
  ];
  requestDraw();
  return () => {
    for (const stop of [...stops, requestDraw.cancel, speaker.stop]) stop();
  };
}

/** −log P of a pixel's colour, in nats. */
function surprise(logit, ink) {
  const certainty = ink ? logit : -logit;
  return Math.max(0, -certainty) + Math.log1p(Math.exp(-Math.abs(certainty)));
}

function partInWords(row, side) {
  if (row === 0) return "no row is yours";
  if (row === side) return "every row is yours";
  return row === 1 ? "the first row is yours" : `the first ${row} rows are yours`;
}

function progressInWords(pixel, start, size, [column, row]) {
  if (start === size && pixel === size) return "nothing is left to draw";
  if (pixel === size) return `the network has drawn ${size - start} pixels`;
  const next = `pixel ${pixel + 1} of ${size} (row ${row + 1}, column ${column + 1})`;
  if (pixel < start) return `next is ${next}: yours, the network only reads it`;
  return `next is ${next}, which the network draws`;
}

export default { render };
