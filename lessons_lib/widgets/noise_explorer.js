// NoiseExplorer's view: an image, the same image under noise, and what each network makes of that.
// Kind, amount and digit live in ipywidgets controls; the noise's seed and what was drawn by hand in traits.

const [ROW, WIDEST, GAP] = [1060, 240, 18]; // CSS pixels of all pictures, of one at most, and between them
const PEN = 1.05; // pixels from its middle: about two wide, and a cross where the keyboard paints
const GOLDEN = 0x9e3779b9;

/** The last step of MurmurHash3 (Appleby, 2011) of a whole number modulo 2³². */
export function mix(bits) {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * The numbers that all noise of a seed is made of, as noise.py has them: one uniform and one standard normal a pixel
 * (Box and Muller, 1958), and where a block lies. A counter as SplitMix's (Steele, Lea and Flood, 2014) is mixed.
 */
export function randomNumbers(seed, pixels) {
  const number = (i) => (mix(seed + Math.imul(i + 1, GOLDEN)) + 0.5) / 2 ** 32;
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
  const cursor = element("div", { class: "lessons-cursor" });
  noisy.card.append(cursor);
  noisy.canvas.classList.add("lessons-noisy");
  noisy.canvas.tabIndex = 0;
  noisy.canvas.setAttribute("role", "application");
  noisy.canvas.setAttribute(
    "aria-label",
    "corrupted: drag to draw on it; arrow keys move a cursor, Space paints the pixels around it",
  );
  const pen = element(
    "select",
    {},
    element("option", { value: 1 }, "ink"),
    element("option", { value: 0 }, "paper"),
  );
  const status = element("div", { class: "lessons-status" });
  const speaker = announcer();
  el.classList.add("lessons-widget");
  el.append(
    element("div", { class: "lessons-row" }, ...[clean, noisy, ...rebuilt].map(({ figure }) => figure)),
    status,
    element(
      "div",
      { class: "lessons-row" },
      element("button", { onclick: otherNoise }, "other noise"),
      element("label", {}, "pen ", pen),
      element("button", { onclick: wipeOff }, "wipe off"),
      element("span", {}, "Draw on the corrupted picture: by hand, or with arrow keys and Space."),
    ),
    speaker.node,
  );
  if (model.get("note")) el.append(element("div", { class: "lessons-status" }, model.get("note")));

  const digit = () => chooseDigit.get("value");
  /** Drawn pixels belong to the digit that they were drawn on: word of another one may come before they are gone. */
  const strokes = () => model.get("strokes").filter(([number]) => number === digit()).map((stroke) => stroke.slice(1));

  function otherNoise() {
    model.set("seed", model.get("seed") + 1);
    model.save_changes();
  }

  function wipeOff() {
    model.set("strokes", []);
    model.save_changes();
  }

  const saveSoon = oncePerFrame(() => model.save_changes());

  /** Paint a line between two places, in pixels across and down. */
  function paint([fromX, fromY], [toX, toY]) {
    const drawn = new Map(strokes());
    const steps = 1 + Math.ceil(2 * Math.hypot(toX - fromX, toY - fromY));
    for (let step = 1; step <= steps; step++) {
      const x = fromX + (toX - fromX) * step / steps;
      const y = fromY + (toY - fromY) * step / steps;
      for (let row = Math.max(0, Math.floor(y - PEN)); row <= Math.min(height - 1, y + PEN); row++) {
        for (let column = Math.max(0, Math.floor(x - PEN)); column <= Math.min(width - 1, x + PEN); column++) {
          const near = Math.hypot(column + 0.5 - x, row + 0.5 - y) <= PEN;
          if (near) drawn.set(row * width + column, Number(pen.value));
        }
      }
    }
    model.set("strokes", Array.from(drawn, (stroke) => [digit(), ...stroke]));
    saveSoon();
  }

  let place = [Math.floor(width / 2), Math.floor(height / 2)]; // the cursor's pixel, across and down
  function putCursor(x, y) {
    place = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
    const [left, top] = [place[0] / width, place[1] / height];
    Object.assign(cursor.style, { left: `${100 * left}%`, top: `${100 * top}%` });
  }
  Object.assign(cursor.style, { width: `${100 / width}%`, height: `${100 / height}%` });
  putCursor(...place);

  let last = null; // where the pointer was
  const pointerPlace = (event) => {
    const [across, down] = pointerFraction(event, noisy.canvas);
    return [across * width, down * height];
  };
  const drawTo = (event) => {
    const now = pointerPlace(event);
    paint(last ?? now, now);
    last = now;
    putCursor(...now.map(Math.floor));
  };
  followPointer(noisy.canvas, {
    start(event) {
      noisy.canvas.focus({ preventScroll: true });
      last = null;
      drawTo(event);
      return true;
    },
    move: drawTo,
  });
  noisy.canvas.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return;
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (direction) {
      putCursor(...place.map((value, axis) => value + direction[axis] * (event.shiftKey ? 5 : 1)));
      speaker.say(`row ${place[1] + 1}, column ${place[0] + 1}`);
    } else if (event.key === " " || event.key === "Enter") {
      const middle = place.map((value) => value + 0.5);
      paint(middle, middle);
    } else return;
    event.preventDefault();
    event.stopPropagation(); // the notebook would move to another cell
  };

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
    listen(chooseDigit, ["value"], (_, __, { updated_view }) => {
      if (updated_view) wipeOff(); // only a hand does so: another browser's word may come when this one has drawn anew
      requestDraw();
    }),
    listen(model, ["seed", "strokes"], requestDraw),
  ];
  requestDraw();
  return () => {
    for (const stop of [...stops, requestDraw.cancel, saveSoon.cancel, speaker.stop]) stop();
  };
}

export default { render };
