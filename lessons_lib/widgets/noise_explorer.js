// NoiseExplorer's view: an image, the same image under noise, and what each network makes of that.
// Kind, amount and digit live in ipywidgets controls; the noise's seed and what was drawn by hand in traits.

const [ROW, WIDEST, GAP] = [1060, 240, 18]; // CSS pixels of all pictures, of one at most, and between them
const PEN = 1.05; // pixels from its middle: about two wide, and a cross where the keyboard paints

/**
 * The numbers that all noise of a seed is made of, as noise.py has them: one uniform and one standard normal a pixel
 * (Box and Muller, 1958), and where a block lies.
 */
export function randomNumbers(seed, pixels) {
  const number = (i) => uniformNumber(seed, i);
  const uniform = Float64Array.from({ length: pixels }, (_, i) => number(i));
  const normal = Float64Array.from(
    uniform,
    (_, i) => Math.sqrt(-2 * Math.log(number(pixels + i))) * Math.cos(2 * Math.PI * number(2 * pixels + i)),
  );
  return { uniform, normal, centre: [number(3 * pixels), number(3 * pixels + 1)] };
}

/** A block's side in whole pixels. */
const blockSide = (height, width, amount) => Math.floor(amount * Math.max(height, width) + 0.5);

/** Where a block begins along an axis: its centre in the middle half, all of it inside if it can be. */
function blockStart(length, centre, side) {
  const start = Math.floor(length * (0.25 + 0.5 * centre) - side / 2 + 0.5);
  return Math.max(0, Math.min(start, length - side));
}

/** An image, rows one after another, with noise of a kind on it; not clipped. */
export function corrupt(image, height, width, kind, amount, { uniform, normal, centre }) {
  const noisy = Float64Array.from(image);
  if (kind === "Gaussian") return noisy.map((value, i) => value + amount * normal[i]);
  if (kind === "masking") return noisy.map((value, i) => uniform[i] < amount ? 0 : value);
  if (kind === "salt and pepper") return noisy.map((value, i) => uniform[i] < amount ? Number(normal[i] > 0) : value);
  const side = blockSide(height, width, amount);
  const [top, left] = [blockStart(height, centre[0], side), blockStart(width, centre[1], side)];
  return noisy.map((value, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    return row >= top && row < top + side && column >= left && column < left + side ? 0 : value;
  });
}

/** What the noise does, in words. */
function noiseInWords(kind, amount, height, width) {
  const percent = `about ${Math.round(100 * amount)} % of the pixels`;
  const side = blockSide(height, width, amount);
  return {
    "Gaussian": `noise of standard deviation ${format(amount)} is added to each pixel (pictures show only 0 to 1, ` +
      "the networks get all)",
    "masking": `${percent} are set to 0, paper`,
    "salt and pepper": `${percent} are set to 0 or 1, half of them each`,
    "block": `a square of ${side} by ${side} pixels is set to 0, paper`,
  }[kind];
}

async function render({ model, el }) {
  const [chooseKind, chooseAmount, chooseDigit] = await controls(model, "controls");
  const [height, width] = model.get("image_size");
  const size = height * width;
  const images = new Float32Array(ownBytes(model.get("images")));
  const names = model.get("names");
  const weights = model.get("weights");
  const networks = model.get("layers").map((layers, i) =>
    readNetwork(layers, ownBytes(weights[i]), model.get("precision"))
  );
  let numbers = { seed: null }; // of the seed that is shown

  const count = 2 + names.length;
  const widest = Math.min(WIDEST, (ROW - GAP * (count - 1)) / count);
  const enlarged = Math.max(1, Math.floor(widest / Math.max(height, width)));
  const [clean, noisy, ...rebuilt] = ["clean", "corrupted", ...names].map((name) => {
    const canvas = element("canvas", { width, height, role: "img", "aria-label": `${name}: picture` });
    const card = element("div", { class: "lessons-card" }, canvas);
    const error = element("div", {});
    const figure = element(
      "figure",
      { class: "lessons-picture" },
      card,
      element("figcaption", {}, element("strong", {}, name), error),
    );
    figure.style.width = `${enlarged * width + 2}px`; // with its border
    return { canvas, card, error, figure };
  });
  noisy.canvas.classList.add("lessons-noisy");
  noisy.canvas.setAttribute(
    "aria-label",
    "corrupted: drag to draw on it; arrow keys move a cursor, Space paints the pixels around it",
  );
  const status = element("div", { class: "lessons-status" });
  const speaker = announcer();
  const onNoisy = { model, chooseDigit, canvas: noisy.canvas, height, width, radius: PEN, speaker };
  const { strokes, pen, wiper, stopDrawing } = drawing(onNoisy);
  el.classList.add("lessons-widget");
  el.append(
    element("div", { class: "lessons-row" }, ...[clean, noisy, ...rebuilt].map(({ figure }) => figure)),
    status,
    element(
      "div",
      { class: "lessons-row" },
      element("button", { onclick: otherNoise }, "other noise"),
      pen,
      wiper,
      element("span", {}, "Draw on the corrupted picture: by hand, or with arrow keys and Space."),
    ),
    speaker.node,
  );
  if (model.get("note")) el.append(element("div", { class: "lessons-status" }, model.get("note")));

  const digit = () => chooseDigit.get("value");

  function otherNoise() {
    model.set("seed", model.get("seed") + 1);
    model.save_changes();
  }

  function draw() {
    const seed = model.get("seed");
    if (numbers.seed !== seed) numbers = { seed, ...randomNumbers(seed, size) };
    const kind = chooseKind.get("_options_labels")[chooseKind.get("index")];
    const amount = chooseAmount.get("value");
    const image = images.subarray((digit() - 1) * size, digit() * size);
    const given = corrupt(image, height, width, kind, amount, numbers);
    const drawn = strokes();
    drawn.forEach(([pixel, value]) => given[pixel] = value);
    paintImage(clean.canvas, image, 1);
    const errors = [given, ...networks.map((network) => decode(network, given))].map((values, i) => {
      const { canvas, error } = [noisy, ...rebuilt][i];
      paintImage(canvas, values, 1);
      const squared = values.reduce((sum, value, pixel) => sum + (value - image[pixel]) ** 2, 0);
      error.textContent = `squared error ${format(squared)}`;
      return squared;
    });
    const said = ["corrupted", ...names].map((name, i) => `${name} ${format(errors[i])}`).join(", ");
    status.textContent = `digit ${digit()} of ${images.length / size}: ${noiseInWords(kind, amount, height, width)}` +
      `${drawn.length ? `; ${drawn.length} pixels drawn by hand` : ""} · squared error: ${said}`;
    speaker.say(status.textContent);
    noisy.canvas.dataset.shown = JSON.stringify({ kind, amount, seed, digit: digit(), strokes: drawn, errors });
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  const requestDraw = oncePerFrame(draw);
  const stops = [
    watchControls(el),
    listen(chooseKind, ["index"], requestDraw),
    listen(chooseAmount, ["value"], requestDraw),
    listen(chooseDigit, ["value"], requestDraw),
    listen(model, ["seed", "strokes"], requestDraw),
  ];
  requestDraw();
  return () => {
    for (const stop of [stopDrawing, ...stops, requestDraw.cancel, speaker.stop]) stop();
  };
}

export default { render };
