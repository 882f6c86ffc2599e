// DragRegression's view: points, the line, the line without the chosen point, and what each point does to it.
// Which set, which point, and where it stands live in ipywidgets controls; the points of the moment in a trait.

const [WIDTH, HEIGHT] = [520, 400]; // CSS pixels of the plot
const [BARS, MARGIN] = [300, 46]; // beside the plot on a small laptop, with JupyterLab's side bar open
const REACH = 26; // CSS pixels within which a click takes a point

/** Intercept and slope of the line through points, NaN if they stand above one another. */
export function line(points) {
  const n = points.length;
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / n;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const flat = sameX(points);
  const slope = flat ? NaN : points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  return { slope, intercept: meanY - slope * meanX, meanX, spread };
}

const sameX = (points) => points.every(([x]) => x === points[0][0]);

/** For each point residual, leverage and Cook's distance; NaN where it is undefined. */
export function influence(points) {
  const [n, p] = [points.length, 2];
  const { slope, intercept, meanX, spread } = line(points);
  const residuals = points.map(([x, y]) => y - intercept - slope * x);
  const variance = residuals.reduce((sum, e) => sum + e ** 2, 0) / (n - p);
  const largest = (axis) => Math.max(...points.map((point) => Math.abs(point[axis])));
  const rounding = 100 * Number.EPSILON * (largest(1) + Math.abs(intercept) + Math.abs(slope) * largest(0));
  const perfect = Math.sqrt(variance) <= rounding;
  const alone = (i) => !sameX(points) && sameX(points.filter((_, j) => j !== i)); // leverage 1
  const leverage = points.map(([x], i) => alone(i) ? 1 : 1 / n + (x - meanX) ** 2 / spread);
  const cooks = residuals.map((e, i) =>
    leverage[i] === 1 || perfect ? NaN : e ** 2 / (p * variance) * leverage[i] / (1 - leverage[i]) ** 2
  );
  return { slope, intercept, residuals, leverage, cooks };
}

/** Round numbers from low to high, at most nine. */
export function ticks(low, high) {
  const power = 10 ** Math.floor(Math.log10((high - low) / 8));
  const gap = [1, 2, 5, 10].map((times) => times * power).find((size) => (high - low) / size <= 8);
  const [first, last] = [Math.ceil(low / gap), Math.floor(high / gap)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * gap).toPrecision(12)));
}

function tickLabel(value) {
  const size = Math.abs(value);
  const short = size === 0 || (size >= 0.001 && size < 1e5);
  return (short ? `${value}` : value.toExponential().replace("e+", "e")).replaceAll("-", "−");
}

/** What a hand does to the sliders of this window: ipywidgets marks as its doing what is not, and not what it types. */
function watchHand() {
  let [down, last, typed] = [false, -Infinity, -Infinity];
  const notice = (event) => {
    const released = event.type === "pointerup" || event.type === "pointercancel";
    if (released ? !down : !event.target.closest?.(".widget-slider")) return;
    down = event.type === "pointerdown";
    last = performance.now();
    if (event.target.closest?.(".widget-readout") && (event.key === "Enter" || event.type === "blur")) typed = last;
  };
  const kinds = ["pointerdown", "pointerup", "pointercancel", "keydown", "blur"];
  for (const kind of kinds) globalThis.addEventListener(kind, notice, true);
  return {
    /** A pointer is down on a slider, or one was used within the last second. */
    near: () => down || performance.now() - last < 1000,
    /** A number beside a slider has just been confirmed or left. */
    hasTyped: () => performance.now() - typed < 50,
    stop: () => {
      for (const kind of kinds) globalThis.removeEventListener(kind, notice, true);
    },
  };
}

async function render({ model, el }) {
  const [chooseSet, choosePoint, ...sliders] = await controls(model, "controls");
  const sets = model.get("sets"); // of { points, first, x, y, formats }: x and y are lower end, upper end and step
  const [blue, , red] = model.get("colours");

  const plot = element("canvas", { class: "lessons-pad lessons-plot", tabIndex: 0, role: "application" });
  const bars = element("canvas", { class: "lessons-influence", role: "img" });
  plot.style.width = `${WIDTH}px`;
  bars.style.width = `${BARS}px`;
  plot.setAttribute(
    "aria-label",
    "points and lines: drag a point; arrow keys move the chosen one, Page Up and Page Down choose another",
  );
  bars.setAttribute("aria-label", "Cook's distance and leverage of each point as bars");
  const status = element("div", { class: "lessons-status" });
  const speaker = announcer();
  const reset = element("button", { onclick: startSet }, "reset");
  const hint = "Drag a point, or click the plot and use the arrow keys; Page Up and Page Down choose another point.";
  el.classList.add("lessons-widget");
  el.append(
    element("div", { class: "lessons-row" }, plot, bars),
    status,
    element("div", { class: "lessons-row" }, reset, element("span", {}, hint)),
    speaker.node,
  );

  const points = () => model.get("points");
  const chosen = () => choosePoint.get("value") - 1;
  const ends = (axis) => sets[chooseSet.get("index")]["xy"[axis]];
  const fraction = (value, [low, high]) => (value - low) / (high - low);
  const across = (x) => MARGIN + (WIDTH - MARGIN - 12) * fraction(x, ends(0));
  const up = (y) => HEIGHT - MARGIN - (HEIGHT - MARGIN - 12) * fraction(y, ends(1));

  // 0.1 + 0.2 is not 0.3, in sliders' arithmetic too.
  const rounded = (value, axis) => Number(value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(ends(axis)[2])))));

  function movePoint(axis, value) {
    const place = rounded(value, axis);
    if (rounded(points()[chosen()][axis], axis) === place) return;
    model.set("points", points().map((point, i) => i === chosen() ? point.with(axis, place) : point));
    model.save_changes();
  }

  /** Put the chosen point somewhere: onto the sliders' steps, within their ranges. */
  function moveTo(...place) {
    place.forEach((value, axis) => {
      const [low, high, step] = ends(axis);
      const onStep = low + Math.round((value - low) / step) * step;
      movePoint(axis, Math.min(high, Math.max(low, onStep)));
    });
  }

  function slidersFromPoint() {
    const { formats } = sets[chooseSet.get("index")];
    points()[chosen()].forEach((value, axis) => {
      const [min, max, step] = ends(axis);
      if (value < min || value > max) return; // another browser's points came before word of their set
      // All at once: one after the other, the slider would push its value into ends that don't belong to it.
      sliders[axis].set({ min, max, step, value, readout_format: formats[axis] });
      sliders[axis].save_changes();
    });
  }

  async function startSet() {
    await null; // the menu tells the kernel first which set it is: another browser hears the same, in this order
    const { points: start, first } = sets[chooseSet.get("index")];
    model.set("points", start);
    model.save_changes();
    choosePoint.set({ max: start.length, value: first + 1 });
    choosePoint.save_changes();
    slidersFromPoint();
  }

  function choose(point) {
    setControl(choosePoint, Math.min(points().length, Math.max(1, point + 1)));
  }

  function nearest(event) {
    const [x, y] = pointerFraction(event, plot);
    const distance = points().map((point) => Math.hypot(across(point[0]) - x * WIDTH, up(point[1]) - y * HEIGHT));
    const best = distance.indexOf(Math.min(...distance));
    return distance[best] <= REACH ? best : -1;
  }

  followPointer(plot, {
    start(event) {
      const point = nearest(event);
      if (point >= 0) choose(point);
      return point >= 0;
    },
    move(event) {
      const [x, y] = pointerFraction(event, plot);
      const [[left, right], [bottom, top]] = [ends(0), ends(1)];
      moveTo(
        left + (x * WIDTH - MARGIN) / (WIDTH - MARGIN - 12) * (right - left),
        bottom + (HEIGHT - MARGIN - y * HEIGHT) / (HEIGHT - MARGIN - 12) * (top - bottom),
      );
    },
  });
  plot.onkeydown = (event) => {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const other = { PageUp: -1, PageDown: 1 }[event.key];
    if (!direction && !other) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab would go to another cell
    if (other) choose(chosen() + other);
    else {
      const step = (axis) => direction[axis] * (ends(axis)[1] - ends(axis)[0]) / 100;
      moveTo(...points()[chosen()].map((value, axis) => value + step(axis)));
    }
  };

  function drawPlot({ cooks, slope, intercept, residuals }, without) {
    const context = sharpContext(plot, WIDTH, HEIGHT);
    context.font = "16px sans-serif";
    context.fillStyle = context.strokeStyle = INK;
    context.textAlign = "center";
    const [left, right] = ends(0);
    for (const x of ticks(left, right)) {
      context.fillText(tickLabel(x), across(x), HEIGHT - MARGIN + 18);
      context.fillRect(across(x), HEIGHT - MARGIN, 1, 5);
    }
    for (const y of ticks(...ends(1))) {
      context.fillText(tickLabel(y), MARGIN - 20, up(y) + 5);
      context.fillRect(MARGIN - 5, up(y), 5, 1);
    }
    context.fillText("x", WIDTH - 24, HEIGHT - 6);
    context.fillText("y", 12, 20);
    context.strokeRect(MARGIN, 12, WIDTH - MARGIN - 12, HEIGHT - MARGIN - 12);
    context.save();
    context.beginPath();
    context.rect(MARGIN, 12, WIDTH - MARGIN - 12, HEIGHT - MARGIN - 12);
    context.clip();
    const stroke = (from, to, colour, width, dash) => {
      context.beginPath();
      context.setLineDash(dash);
      context.moveTo(...from);
      context.lineTo(...to);
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    };
    const whole = (fit) => [left, right].map((x) => [across(x), up(fit.intercept + fit.slope * x)]);
    if (Number.isFinite(without.slope)) stroke(...whole(without), red, 3, [9, 6]);
    if (Number.isFinite(slope)) stroke(...whole({ slope, intercept }), blue, 3.5, []);
    const [x, y] = points()[chosen()];
    if (Number.isFinite(slope)) stroke([across(x), up(y)], [across(x), up(y - residuals[chosen()])], INK, 1.5, [2, 3]);
    context.setLineDash([]);
    points().forEach(([px, py], i) => {
      context.beginPath(); // area: Cook's distance; undefined is drawn hollow
      context.arc(across(px), up(py), 5 + 22 * Math.sqrt(Math.min(cooks[i] || 0, 2) / 2), 0, 7);
      context.fillStyle = i === chosen() ? red : blue;
      context.globalAlpha = 0.55;
      if (!Number.isNaN(cooks[i])) context.fill();
      context.globalAlpha = 1;
      context.lineWidth = i === chosen() ? 3 : 1.5;
      context.strokeStyle = i === chosen() ? red : INK;
      context.stroke();
      if (i === chosen()) { // its number on the side away from the line, unless that is outside
        const below = residuals[i] < 0 ? up(py) + 44 < HEIGHT - MARGIN : up(py) - 34 < 20;
        context.fillStyle = INK;
        context.fillText(`${i + 1}`, across(px), below ? up(py) + 44 : up(py) - 32);
      }
    });
    context.restore();
    context.textAlign = "left";
    context.fillStyle = INK;
    const key = (start, words, colour, dash) => {
      stroke([start, HEIGHT - 11], [start + 36, HEIGHT - 11], colour, 3, dash);
      context.fillText(words, start + 44, HEIGHT - 6);
    };
    key(MARGIN, "all points", blue, []);
    if (Number.isFinite(without.slope)) key(MARGIN + 150, `without point ${chosen() + 1}`, red, [9, 6]);
    context.setLineDash([]);
  }

  function drawBars({ cooks, leverage }) {
    const context = sharpContext(bars, BARS, HEIGHT);
    const width = (BARS - 20) / cooks.length;
    const top = Math.max(1, ...cooks.filter(Number.isFinite));
    context.font = "16px sans-serif";
    const panel = (title, values, full, bottom, height) => {
      context.textAlign = "left";
      context.fillStyle = INK;
      context.fillText(title, 10, bottom - height - 10);
      context.fillRect(10, bottom, BARS - 20, 1);
      context.textAlign = "center";
      values.forEach((value, i) => {
        const tall = Number.isFinite(value) ? height * value / full : 0;
        const middle = 10 + (i + 0.5) * width;
        context.fillStyle = i === chosen() ? red : blue;
        context.fillRect(middle - 0.36 * width, bottom - tall, 0.72 * width, tall);
        context.fillStyle = INK;
        if (Number.isNaN(value)) context.fillText("?", middle, bottom - 6);
        if (width >= 20 || i === chosen()) context.fillText(`${i + 1}`, middle, bottom + 18);
      });
    };
    panel(`Cook's distance (full height: ${format(top)})`, cooks, top, 170, 130);
    panel("leverage (full height: 1)", leverage, 1, HEIGHT - 30, 130);
  }

  function draw() {
    if (!points()[chosen()]) return; // between two sets
    const figures = influence(points());
    const without = line(points().filter((_, i) => i !== chosen()));
    drawPlot(figures, without);
    drawBars(figures);
    const i = chosen();
    const say = (value, otherwise = "undefined") => Number.isFinite(value) ? format(value) : otherwise;
    status.textContent =
      `point ${i + 1}: residual ${say(figures.residuals[i])}, leverage ${say(figures.leverage[i])}, ` +
      `Cook's distance ${say(figures.cooks[i])} · slope ${say(figures.slope)}, without it ${say(without.slope)}`;
    const { slope, intercept, leverage, cooks } = figures;
    plot.dataset.figures = JSON.stringify({
      points: points(),
      chosen: i,
      slope,
      intercept,
      slopeWithout: without.slope,
      interceptWithout: without.intercept,
      leverage,
      cooks,
    });
    speaker.say(status.textContent);
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  const requestDraw = oncePerFrame(draw);
  const hand = watchHand();
  const stops = [
    watchControls(el),
    listen(chooseSet, ["index"], startSet),
    listen(choosePoint, ["value"], () => {
      if (!points()[chosen()]) return; // between two sets
      slidersFromPoint();
      requestDraw();
    }),
    // Only a hand on the slider moves the point: another browser's slider may be about another point. What the slider
    // itself makes of such word, clamped to its ends or rounded to its step, is marked as a hand's doing: put it right.
    ...sliders.map((slider, axis) =>
      listen(slider, ["value"], (_, value, { updated_view }) => {
        const [low, high] = ends(axis);
        const otherEnds = slider.get("min") !== low || slider.get("max") !== high;
        const here = points()[chosen()]?.[axis] ?? value; // no such point: between two sets
        const moved = rounded(here, axis) !== rounded(value, axis);
        const byHand = updated_view ? hand.near() : hand.hasTyped();
        if (otherEnds || (updated_view && moved && !byHand)) queueMicrotask(slidersFromPoint);
        else if (byHand) movePoint(axis, value);
      })
    ),
    listen(model, ["points"], () => {
      if (!points()[chosen()]) return;
      slidersFromPoint();
      requestDraw();
    }),
  ];
  if (points()[chosen()]) slidersFromPoint(); // Python may have chosen another set before
  requestDraw();
  return () => {
    for (const stop of [...stops, hand.stop, requestDraw.cancel, speaker.stop]) stop();
  };
}

export default { render };
