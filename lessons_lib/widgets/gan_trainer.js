// GanTrainer's view: a generator and a discriminator of one number, which train each other here, in the browser. Every
// moment of a run is kept; the slider goes back to it, and from there it can go on another way.

const [WIDTH, HEIGHT, TRACE, LOW] = [640, 380, 208, 120]; // CSS pixels of the picture, and of a curve below it
const [LEFT, RIGHT, BINS] = [-4, 4, 160]; // of x
const TALLEST = 1.6; // density at the upper edge
const [ARROWS, BUDGET] = [24, 9]; // from z to x; milliseconds of training a frame while it runs
const FAIR = -Math.log(4);
const RARE = 0.01; // density

/** A copy of a training, to go back to. */
function copyOf({ seed, drawn, D, G }) {
  const network = (one) => ({
    ...one,
    weights: one.weights.slice(),
    gradient: one.gradient.slice(),
    mean: one.mean.slice(),
    square: one.square.slice(),
  });
  return { seed, drawn, D: network(D), G: network(G) };
}

async function render({ model, el }) {
  const all = await controls(model, "controls");
  const [chooseReal, chooseLoss, chooseSteps, chooseRateD, chooseRateG, chooseBeta, chooseSeed, chooseMoment] = all;
  const tables = model.get("tables").map((bytes) => new Float64Array(ownBytes(bytes)));
  const densities = model.get("densities").map((bytes) => new Float64Array(ownBytes(bytes)));
  const [blue, green, red] = model.get("colours");
  const most = chooseMoment.get("max");

  const plot = element("canvas", { class: "lessons-gan", role: "img" });
  plot.style.width = `${WIDTH}px`;
  plot.setAttribute("aria-label", "real and generated density, what the discriminator says, and arrows from z to x");
  const traces = ["distance", "value", "pull on G"].map((name) => {
    const canvas = element("canvas", { class: "lessons-trace", role: "img", "aria-label": `${name}, over the run` });
    canvas.style.width = `${TRACE}px`;
    return canvas;
  });
  const run = element("button", { onclick: toggle }, "run");
  const buttons = [
    element("button", { onclick: () => act("discriminator") }, "one D step"),
    element("button", { onclick: () => act("generator") }, "one G step"),
    element("button", { onclick: () => act("round") }, "one round"),
    run,
    element("button", { onclick: startAgain }, "back to the start"),
  ];
  const status = element("div", { class: "lessons-status" });
  const speaker = announcer();
  el.classList.add("lessons-widget");
  el.append(
    element("div", { class: "lessons-row" }, ...buttons),
    plot,
    element("div", { class: "lessons-row" }, ...traces),
    status,
    speaker.node,
  );

  let history = []; // moments: what is shown, and the training to go on from
  let moment = 0;
  let running = 0;

  const choiceOf = (control) => control.get("_options_labels")[control.get("index")];
  const isCritic = () => choiceOf(chooseLoss) === "Wasserstein";
  const settings = () => ({
    table: tables[chooseReal.get("index")],
    loss: choiceOf(chooseLoss),
    steps: chooseSteps.get("value"),
    rateD: chooseRateD.get("value"),
    rateG: chooseRateG.get("value"),
    beta1: chooseBeta.get("value"),
  });

  function startAgain() {
    stop();
    moment = 0;
    const training = startTraining(chooseSeed.get("value"));
    history = [{
      training,
      round: 0,
      distance: distance(training.G, settings().table),
      value: null,
      pull: null,
      real: [],
    }];
    setControl(chooseMoment, 0);
    requestDraw();
  }

  /** Go on from the moment that is shown; what came after it is forgotten. */
  function advance(what) {
    const now = settings();
    const before = history[shownMoment()];
    const training = copyOf(before.training);
    let { round, value, pull, real } = before;
    for (let i = what === "round" ? now.steps : Number(what === "discriminator"); i > 0; i--) {
      const step = discriminatorStep(training, now);
      [value, real] = [-step.loss, step.real];
    }
    if (what !== "discriminator") pull = generatorStep(training, now);
    if (what === "round") round += 1;
    history.length = shownMoment() + 1;
    history.push({ training, round, distance: distance(training.G, now.table), value, pull, real });
    moment = history.length - 1;
  }

  const shownMoment = () => Math.min(moment, history.length - 1);

  function act(what) {
    stop();
    if (shownMoment() < most) advance(what);
    setControl(chooseMoment, moment);
    requestDraw();
  }

  function toggle() {
    if (running) return stop();
    run.textContent = "pause";
    running = requestAnimationFrame(trainAWhile);
  }

  function stop() {
    cancelAnimationFrame(running);
    running = 0;
    run.textContent = "run";
  }

  function trainAWhile() {
    const end = performance.now() + BUDGET;
    do {
      if (moment >= most) break;
      advance("round");
    } while (performance.now() < end);
    setControl(chooseMoment, moment);
    draw();
    if (moment >= most) stop();
    else if (running) running = requestAnimationFrame(trainAWhile);
  }

  /** The slider was moved, by a hand or by this: it can't go beyond what has been trained. */
  function goToMoment() {
    const wanted = chooseMoment.get("value");
    if (wanted === moment) return;
    stop();
    moment = Math.min(wanted, history.length - 1);
    if (moment !== wanted) setControl(chooseMoment, moment);
    requestDraw();
  }

  function drawPlot({ training: { D, G }, real }) {
    const context = sharpContext(plot, WIDTH, HEIGHT);
    const [top, floor, bottom] = [34, 244, 346];
    const across = (x) => 12 + (WIDTH - 24) * (x - LEFT) / (RIGHT - LEFT);
    const middle = (bin) => LEFT + (bin + 0.5) * (RIGHT - LEFT) / BINS;
    const up = (share) => floor - (floor - top) * Math.min(1.05, share);
    const trace = (values) => {
      context.beginPath();
      values.forEach((value, bin) => context.lineTo(across(middle(bin)), up(value)));
    };
    const p = densities[chooseReal.get("index")];
    const q = densityOf(G, LEFT, RIGHT, BINS);
    const said = Array.from(p, (_, bin) => forward(D, middle(bin)).value);
    const [least, greatest] = [Math.min(...said), Math.max(...said)];
    const judged = said.map((value) =>
      isCritic() ? (value - least) / Math.max(1e-9, greatest - least) : sigmoid(value)
    );

    context.lineWidth = 1;
    context.strokeStyle = INK;
    context.globalAlpha = 0.4;
    for (let i = 0; i < ARROWS; i++) { // below: from z to x
      const z = (2 * i + 1) / ARROWS - 1;
      const x = forward(G, z).value;
      context.beginPath();
      context.moveTo(across(LEFT + (z + 1) * (RIGHT - LEFT) / 2), bottom);
      context.lineTo(across(x), floor + 22);
      context.stroke();
    }
    context.globalAlpha = 1;
    context.fillStyle = INK;
    for (const x of real) context.fillRect(across(x) - 1.5, floor - 9, 3, 9); // real numbers of the last step
    context.fillRect(12, floor, WIDTH - 24, 1);
    context.fillRect(12, bottom, WIDTH - 24, 1);

    trace(Array.from(p, (value) => value / TALLEST));
    context.strokeStyle = INK;
    context.lineWidth = 2;
    context.setLineDash([2, 4]);
    context.stroke();
    context.setLineDash([]);
    trace(Array.from(q, (value) => value / TALLEST));
    context.lineTo(across(RIGHT), floor);
    context.lineTo(across(LEFT), floor);
    context.fillStyle = green;
    context.globalAlpha = 0.35;
    context.fill();
    context.globalAlpha = 1;
    trace(judged);
    context.strokeStyle = blue;
    context.lineWidth = 3;
    context.stroke();
    if (!isCritic()) {
      context.strokeStyle = red;
      context.lineWidth = 2;
      context.setLineDash([8, 5]);
      context.beginPath();
      Array.from(p).forEach((value, bin) => { // not where hardly a number is, real or generated
        const both = value + q[bin];
        const place = [across(middle(bin)), up(value / both)];
        if (both > RARE) context[bin && p[bin - 1] + q[bin - 1] > RARE ? "lineTo" : "moveTo"](...place);
      });
      context.stroke();
      context.setLineDash([]);
    }
    context.font = "15px sans-serif";
    const legend = [["┅", INK, "real", 14], ["■", green, "generated", 84], [
      "━",
      blue,
      isCritic() ? "D, scaled" : "D",
      196,
    ]];
    if (!isCritic()) legend.push(["╍", red, "best D", 258]);
    drawLegend(context, legend);
    context.textAlign = "center";
    for (let x = LEFT + 1; x < RIGHT; x++) {
      context.fillText(`${x}`.replace("-", "−"), across(x), floor + 17);
    }
    for (const z of [-1, 0, 1]) {
      const place = Math.min(WIDTH - 20, Math.max(20, across(LEFT + (z + 1) * (RIGHT - LEFT) / 2)));
      context.fillText(z === 0 ? "z = 0" : `${z}`.replace("-", "−"), place, HEIGHT - 12);
    }
    return { q, judged };
  }

  function drawTraces() {
    const last = history.length - 1;
    const shown = [
      { name: "distance", of: (each) => each.distance, line: 0 },
      {
        name: "value of D",
        of: (each) => each.value,
        line: isCritic() ? 0 : FAIR,
        lineName: isCritic() ? "" : "−log 4",
      },
      { name: "pull on G (log)", of: (each) => each.pull === null ? null : Math.log10(Math.max(1e-8, each.pull)) },
    ];
    shown.forEach(({ name, of, line, lineName = "" }, i) => {
      const context = sharpContext(traces[i], TRACE, LOW);
      const values = history.map(of);
      const known = values.filter((value) => value !== null && Number.isFinite(value));
      if (line !== undefined) known.push(line);
      const [low, high] = [Math.min(...known, Infinity), Math.max(...known, -Infinity)];
      const across = (at) => 4 + (TRACE - 8) * at / Math.max(20, last);
      const up = (value) => LOW - 8 - (LOW - 36) * (value - low) / Math.max(1e-6, high - low);
      context.font = "14px sans-serif";
      context.fillStyle = INK;
      context.fillText(name, 4, 16);
      if (line !== undefined && known.length) {
        context.fillRect(4, up(line), TRACE - 8, 1);
        context.textAlign = "right";
        context.fillText(lineName, TRACE - 6, up(line) - 4);
      }
      context.strokeStyle = blue;
      context.lineWidth = 2;
      context.beginPath();
      values.forEach((value, at) => value === null || context.lineTo(across(at), up(value)));
      context.stroke();
      context.fillStyle = red;
      context.fillRect(across(shownMoment()) - 1, 22, 2, LOW - 26);
    });
  }

  function draw() {
    const now = history[shownMoment()];
    const { q, judged } = drawPlot(now);
    drawTraces();
    const { round, value, pull } = now;
    const apart = distance(now.training.G, settings().table); // from the real numbers that are chosen now
    status.textContent = [
      `round ${round}`,
      `distance ${format(apart)}`,
      `value of D ${value === null ? "–" : format(value)}${isCritic() ? "" : ` (−log 4 is ${format(FAIR)})`}`,
      `pull on G ${pull === null ? "–" : pull.toPrecision(2)}`,
    ].join(" · ");
    const { table: _, ...used } = settings();
    const said = { ...used, real: choiceOf(chooseReal), seed: chooseSeed.get("value") };
    plot.dataset.shown = JSON.stringify({
      ...said,
      moment,
      last: history.length - 1,
      round,
      distance: apart,
      value,
      pull,
    });
    plot.drawn = { q, judged, D: now.training.D.weights, G: now.training.G.weights }; // for tests
    if (!running) speaker.say(status.textContent);
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  const requestDraw = oncePerFrame(draw);
  const stops = [
    watchControls(el),
    listen(chooseMoment, ["value"], goToMoment),
    listen(chooseSeed, ["value"], startAgain),
    listen(chooseReal, ["index"], requestDraw),
    listen(chooseLoss, ["index"], requestDraw),
  ];
  startAgain();
  return () => {
    stop();
    for (const stopIt of [...stops, requestDraw.cancel, speaker.stop]) stopIt();
  };
}

export default { render };
