// BoundExplorer's view: the posterior beside q, log P(x) beside bound + KL, and KL on an axis of its own.
// q's mean and standard deviation live in the ipywidgets sliders; log P(x, z) on a grid of z comes once.

const [CURVES, BARS, HEIGHT] = [432, 430, 310]; // CSS pixels; both stand in one row of a page
const [TOP, BOTTOM, FLOOR] = [52, 262, 280]; // of the bars: below BOTTOM is the cut, and a stub of what it leaves out
const [AXIS, LEFT, MIDDLE, KL_AXIS, RIGHT, WIDE] = [52, 62, 144, 356, 367, 54]; // axes, bars, and how wide a bar is

/** The integral of values over a grid: the trapezoid rule. */
export function integral(values, z) {
  let sum = 0;
  for (let i = 1; i < z.length; i++) sum += (z[i] - z[i - 1]) * (values[i] + values[i - 1]) / 2;
  return sum;
}

/** log P(x), L_b and KL(q ‖ posterior) for q = N(mean, sd²): each by an integral of its own. */
export function boundFigures(z, logJoint, mean, sd) {
  const highest = Math.max(...logJoint);
  const logP = highest + Math.log(integral(logJoint.map((value) => Math.exp(value - highest)), z));
  const logQ = z.map((value) => -0.5 * ((value - mean) / sd) ** 2 - Math.log(sd) - 0.5 * Math.log(2 * Math.PI));
  const q = logQ.map(Math.exp);
  const posterior = logJoint.map((value) => Math.exp(value - logP));
  const bound = integral(q.map((value, i) => value * (logJoint[i] - logQ[i])), z);
  const kl = integral(q.map((value, i) => value * (logQ[i] - (logJoint[i] - logP))), z);
  return { logP, bound, kl, q, posterior };
}

/**
 * Draw log P(x) beside bound + KL, on an axis that is cut `depth` nats below log P(x), and KL from 0 to `depth`: in
 * all bars a nat is equally high. What goes beyond ends at a cut of its own, and its number says so.
 */
export function drawBars(context, { logP, bound, kl }, depth, [blue, orange, grey]) {
  const high = (nats) => (BOTTOM - TOP) * Math.min(1, Math.max(0, nats / depth));
  const bar = (x, from, to, colour) => {
    context.fillStyle = colour;
    context.fillRect(x, to, WIDE, from - to);
  };
  const split = TOP + high(kl); // between the bound, below, and KL
  bar(LEFT, FLOOR, TOP, grey);
  bar(MIDDLE, FLOOR, split, blue);
  bar(MIDDLE, split, TOP, orange);
  bar(RIGHT, BOTTOM, BOTTOM - high(kl), orange);

  context.fillStyle = INK;
  context.font = "15px sans-serif";
  context.textAlign = "right";
  const step = depth / 4;
  const tick = (axis, y, value) => {
    context.fillRect(axis - 5, y, 5, 1);
    context.fillText(`${Math.round(1e6 * value) / 1e6}`.replace("-", "−"), axis - 8, y + 5);
  };
  for (let value = step * Math.floor(logP / step); value >= logP - depth; value -= step) {
    tick(AXIS, TOP + high(logP - value), value);
  }
  for (let i = 0; i <= 4; i++) tick(KL_AXIS, BOTTOM - high(i * step), i * step);
  context.fillRect(AXIS, TOP, 1, FLOOR - TOP);
  context.fillRect(AXIS, TOP, MIDDLE + WIDE - AXIS, 1); // log P(x)
  context.fillRect(KL_AXIS, TOP, 1, BOTTOM - TOP);
  context.fillRect(KL_AXIS, BOTTOM, RIGHT + WIDE - KL_AXIS, 1); // KL = 0
  cut(context, AXIS - 6, MIDDLE + WIDE + 6, BOTTOM + 8);
  if (kl > depth) cut(context, KL_AXIS - 6, RIGHT + WIDE + 6, TOP + 10);

  context.textAlign = "left";
  context.fillText("nats, cut below", 8, 18);
  context.fillText("nats", KL_AXIS - 30, 18);
  const beside = MIDDLE + WIDE + 8;
  context.fillText(`KL ${format(kl)}`, beside, (TOP + split) / 2 + 5);
  context.fillText(`bound ${format(bound)}`, beside, kl > depth ? FLOOR - 12 : (split + BOTTOM) / 2 + 5);
  if (kl > depth) context.fillText("▼ below the cut", beside, FLOOR + 4);
  context.textAlign = "center";
  context.fillText(format(logP), LEFT + WIDE / 2, TOP - 8);
  context.fillText(`${kl > depth ? "▲ " : ""}${format(kl)}`, RIGHT + WIDE / 2, BOTTOM - high(kl) - 8);
  for (const [name, x] of [["log P(x)", LEFT], ["bound + KL", MIDDLE], ["KL", RIGHT]]) {
    context.fillText(name, x + WIDE / 2, HEIGHT - 8);
  }
}

/** Cut through what is drawn, along a zigzag: here a piece of the axis is left out. */
function cut(context, from, to, y) {
  context.save();
  context.globalCompositeOperation = "destination-out";
  context.lineWidth = 4;
  context.beginPath();
  for (let x = from, i = 0; x <= to; x += 6, i++) context.lineTo(x, y + (i % 2 ? 3 : -3));
  context.stroke();
  context.restore();
}

async function render({ model, el }) {
  const sliders = await controls(model, "sliders");
  const z = Array.from(new Float64Array(ownBytes(model.get("z"))));
  const logJoint = Array.from(new Float64Array(ownBytes(model.get("log_joint"))));
  const [blue, orange, red, grey] = model.get("colours");
  const room = (sliders[0].get("max") - sliders[0].get("min")) / 4; // seen beyond the reach of q's mean
  const [left, right] = [sliders[0].get("min") - room, sliders[0].get("max") + room];

  const curves = element("canvas", { class: "lessons-curves", role: "img" });
  const bars = element("canvas", { class: "lessons-bars", role: "img" });
  curves.style.width = `${CURVES}px`;
  bars.style.width = `${BARS}px`;
  curves.setAttribute("aria-label", "the posterior and q over z");
  bars.setAttribute("aria-label", "as bars: log P(x), the bound plus the KL divergence, and the KL divergence alone");
  const status = element("div", { class: "lessons-status" });
  const speaker = announcer();
  el.classList.add("lessons-widget");
  el.append(element("div", { class: "lessons-row" }, curves, bars), status, speaker.node);

  function drawCurves({ q, posterior }) {
    const context = sharpContext(curves, CURVES, HEIGHT);
    const top = 1.6 * Math.max(...posterior);
    const across = (value) => 24 + (CURVES - 34) * (value - left) / (right - left);
    const up = (value) => HEIGHT - 30 - (HEIGHT - 60) * Math.min(1.08, value / top);
    const trace = (values) => {
      context.beginPath();
      values.forEach((value, i) => context.lineTo(across(z[i]), up(value)));
    };
    context.save();
    context.beginPath();
    context.rect(24, 0, CURVES - 34, HEIGHT);
    context.clip();
    trace(posterior);
    context.fillStyle = blue;
    context.globalAlpha = 0.45;
    context.fill();
    context.globalAlpha = 1;
    trace(q);
    context.strokeStyle = red;
    context.lineWidth = 3;
    context.stroke();
    context.restore();
    context.font = "16px sans-serif";
    const legend = [["■", blue, "posterior P(z|x)", 28], ["━", red, "q(z|x)", 190]];
    drawLegend(context, legend);
    context.textAlign = "center";
    const gap = Math.max(1, Math.ceil((right - left) / 14));
    for (let tick = Math.ceil(left / gap) * gap; tick <= right; tick += gap) {
      context.fillRect(across(tick), up(0), 1, 5);
      context.fillText(`${tick}`.replace("-", "−"), across(tick), HEIGHT - 8);
    }
    context.fillText("z", CURVES - 12, up(0) - 10);
    context.translate(16, HEIGHT / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("density", 0, 0);
  }

  function draw() {
    const [mean, sd] = sliders.map((slider) => slider.get("value"));
    const figures = boundFigures(z, logJoint, mean, sd);
    drawCurves(figures);
    drawBars(sharpContext(bars, BARS, HEIGHT), figures, model.get("depth"), [blue, orange, grey]);
    const { logP, bound, kl } = figures;
    const words = [`log P(x) ${format(logP)}`, `bound ${format(bound)}`, `KL ${format(kl)}`];
    status.textContent = `${words[0]} = ${words[1]} + ${words[2]} nats`;
    bars.dataset.figures = JSON.stringify({ mean, sd, logP, bound, kl });
    speaker.say(status.textContent);
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  const requestDraw = oncePerFrame(draw);
  const stops = [watchControls(el), ...sliders.map((slider) => listen(slider, ["value"], requestDraw))];
  requestDraw();
  return () => {
    for (const stop of [...stops, requestDraw.cancel, speaker.stop]) stop();
  };
}

export default { render };
