// BoundExplorer's view: the posterior beside q, and log P(x) cut into the bound and the KL divergence.
// q's mean and standard deviation live in the ipywidgets sliders; log P(x, z) on a grid of z comes once.

const [CURVES, BARS, HEIGHT] = [520, 300, 300]; // CSS pixels
const PLUNGE = 4; // nats below log P(x) that the bars show

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
  bars.setAttribute("aria-label", "log P(x), the bound and the KL divergence as bars");
  const status = element("div", { class: "lessons-status" });
  const speaker = announcer();
  el.classList.add("lessons-widget");
  el.append(element("div", { class: "lessons-row" }, curves, bars), status, speaker.node);

  function drawCurves({ q, posterior }) {
    const context = sharpContext(curves, CURVES, HEIGHT);
    const top = 1.6 * Math.max(...posterior);
    const across = (value) => 10 + (CURVES - 20) * (value - left) / (right - left);
    const up = (value) => HEIGHT - 30 - (HEIGHT - 60) * Math.min(1.08, value / top);
    const trace = (values) => {
      context.beginPath();
      values.forEach((value, i) => context.lineTo(across(z[i]), up(value)));
    };
    trace(posterior);
    context.fillStyle = blue;
    context.globalAlpha = 0.45;
    context.fill();
    context.globalAlpha = 1;
    trace(q);
    context.strokeStyle = red;
    context.lineWidth = 3;
    context.stroke();
    context.font = "16px sans-serif";
    const legend = [["■", blue, "posterior P(z|x)", 14], ["━", red, "q(z|x)", 170]];
    drawLegend(context, legend);
    context.textAlign = "center";
    const gap = Math.max(1, Math.ceil((right - left) / 14));
    for (let tick = Math.ceil(left / gap) * gap; tick <= right; tick += gap) {
      context.fillRect(across(tick), up(0), 1, 5);
      context.fillText(`${tick}`.replace("-", "−"), across(tick), HEIGHT - 8);
    }
    context.fillText("z", CURVES - 12, up(0) - 10);
  }

  function drawBars({ logP, bound, kl }) {
    const context = sharpContext(bars, BARS, HEIGHT);
    const up = (value) => 40 + (HEIGHT - 70) * Math.min(1, (logP - value) / PLUNGE);
    const bottom = up(logP - PLUNGE);
    const bar = (x, from, to, colour) => {
      context.fillStyle = colour;
      context.fillRect(x, to, 76, Math.max(0, from - to));
    };
    bar(20, bottom, up(logP), grey);
    bar(112, bottom, up(bound), blue);
    bar(112, up(bound), up(logP), orange);
    bar(204, bottom, bottom - (up(bound) - up(logP)), orange);
    context.font = "16px sans-serif";
    context.textAlign = "center";
    context.fillStyle = INK;
    context.fillRect(10, up(logP), BARS - 20, 1);
    for (const [name, value, x] of [["log P(x)", logP, 58], ["bound", bound, 150], ["KL", kl, 242]]) {
      context.fillText(name, x, HEIGHT - 8);
      context.fillText(format(value), x, 24);
    }
    if (logP - bound > PLUNGE) context.fillText("▼ below", 150, bottom - 6);
  }

  function draw() {
    const [mean, sd] = sliders.map((slider) => slider.get("value"));
    const figures = boundFigures(z, logJoint, mean, sd);
    drawCurves(figures);
    drawBars(figures);
    const { logP, bound, kl } = figures;
    const words = [`log P(x) ${format(logP)}`, `bound L ${format(bound)}`, `KL ${format(kl)}`];
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
