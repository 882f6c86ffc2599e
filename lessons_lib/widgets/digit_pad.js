// DigitPad's view: a digit is written, and a conditional VAE draws all ten in that hand.
// The style lives in the ipywidgets sliders. Only what the student does on the pad sets them; they only redraw the ten.

const PAD = 280; // units across the pad, CSS pixels where there is room
const LINE = 18; // the pen's width on the pad
const APART = 0.004; // of the pad's side: points that are nearer to the last one add nothing
const ARROW = 1 / 28; // of the pad's side: a step of the keyboard's pen
const STEP = 0.05; // of a slider, as digit_pad.py has it
const TEN = Array.from({ length: 10 }, (_, digit) => digit);

const oneHot = (label) => TEN.map((digit) => Number(digit === label));

/** Logits as probabilities. */
function softmax(logits) {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power);
  return powers.map((power) => power / sum);
}

async function render({ model, el }) {
  const sliders = await controls(model, "sliders");
  const [lowest, highest] = [sliders[0].get("min"), sliders[0].get("max")];
  const [encoder, decoder, classifier] = model.get("layers").map((layers, i) =>
    readNetwork(layers, ownBytes(model.get("weights")[i]), "float32")
  );
  const images = new Uint8Array(ownBytes(model.get("images")));
  const labels = model.get("labels");

  const pad = element("canvas", { class: "lessons-drawable lessons-written", tabIndex: 0, role: "application" });
  pad.setAttribute("aria-label", "pad: write a digit; or arrow keys move the pen, Space puts it down and lifts it");
  const nib = element("div", { class: "lessons-nib", hidden: true }); // only the keyboard needs to see its pen
  const context = sharpContext(pad, PAD, PAD);
  const seen = element("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": "what the networks see" });
  const buttons = [["undo", undo], ["clear", clear], ["another hand", takeHand]].map(([words, onclick]) =>
    element("button", { onclick }, words)
  );
  const picker = TEN.map((digit) =>
    element("button", { onclick: () => choose(digit), "aria-label": `it is ${digit}` }, `${digit}`)
  );
  const names = { style: "in this hand", mean: "mean, z\u00a0=\u00a00" };
  const cells = TEN.map((digit) => {
    const [style, mean] = Object.entries(names).map(([kind, name]) =>
      element("canvas", { width: SIDE, height: SIDE, role: "img", "aria-label": `${digit}, ${name}`, class: kind })
    );
    return { style, mean, head: element("div", { class: "lessons-head" }, `${digit}`) };
  });
  const card = (canvas) => element("div", { class: "lessons-card" }, canvas);
  const rows = [TEN.slice(0, 5), TEN.slice(5)].flatMap((five) => [
    element("div", {}),
    ...five.map((digit) => cells[digit].head),
    ...Object.entries(names).flatMap(([kind, name]) => [
      element("div", { class: "lessons-row-name" }, name),
      ...five.map((digit) => card(cells[digit][kind])),
    ]),
  ]);
  const status = element("div", { class: "lessons-status lessons-read" });
  const speaker = announcer();
  el.classList.add("lessons-widget");
  el.append(
    element(
      "div",
      { class: "lessons-row lessons-digit-pad" },
      element(
        "div",
        { class: "lessons-writing" },
        element("div", { class: "lessons-card" }, pad, nib),
        element("div", { class: "lessons-buttons" }, ...buttons),
        element(
          "div",
          { class: "lessons-seen" },
          element("figure", {}, card(seen), element("figcaption", {}, "what the networks see")),
          element(
            "div",
            { role: "group", "aria-label": "which digit it is" },
            element("span", {}, "it is"),
            ...picker,
          ),
        ),
      ),
      element("div", { class: "lessons-ten" }, ...rows),
    ),
    status,
    speaker.node,
  );

  let nextHand = model.get("hand") + 1;
  const saveSoon = oncePerFrame(() => model.save_changes());
  function save(changes) {
    for (const [name, value] of Object.entries(changes)) model.set(name, value);
    saveSoon();
  }

  /** Write a line on, or begin one. */
  function write(place, begin) {
    const point = place.map((value) => Math.round(1000 * Math.min(1, Math.max(0, value))) / 1000);
    const before = model.get("hand") >= 0 ? [] : model.get("strokes");
    const last = before.at(-1);
    if (begin || !last) {
      save({ strokes: [...before, [point]], ...(before.length ? {} : { hand: -1, chosen: -1 }) });
    } else {
      if (Math.hypot(point[0] - last.at(-1)[0], point[1] - last.at(-1)[1]) < APART) return;
      save({ strokes: [...before.slice(0, -1), [...last, point]] });
    }
    setStyleSoon();
  }

  function undo() {
    if (!model.get("strokes").length) return;
    const strokes = model.get("strokes").slice(0, -1);
    save({ strokes, ...(strokes.length ? {} : { chosen: -1 }) });
    setStyleSoon();
  }

  function clear() {
    putPenDown(false);
    save({ strokes: [], hand: -1, chosen: -1 });
    setStyleSoon();
  }

  function takeHand() {
    putPenDown(false);
    save({ strokes: [], hand: nextHand++ % labels.length, chosen: -1 });
    setStyleSoon();
  }

  function choose(digit) {
    save({ chosen: digit });
    setStyleSoon();
  }

  /** What the networks see, and what they make of it; computed anew only if that has changed. */
  let made = { asked: null };
  function reading() {
    const [strokes, hand, chosen] = ["strokes", "hand", "chosen"].map((name) => model.get(name));
    const asked = JSON.stringify({ strokes, hand, chosen });
    if (asked === made.asked) return made;
    const picture = hand < 0
      ? pictureOf(strokes)
      : Float64Array.from(images.subarray(hand * SIDE * SIDE, (hand + 1) * SIDE * SIDE), (value) => value / 255);
    if (!picture) {
      made = { asked, picture: new Float64Array(SIDE * SIDE), digit: null, style: sliders.map(() => 0) };
      return made;
    }
    const chances = softmax(decode(classifier, picture));
    const read = chances.indexOf(Math.max(...chances));
    const digit = chosen >= 0 ? chosen : hand >= 0 ? labels[hand] : read;
    const mean = decode(encoder, [...picture, ...oneHot(digit)]).subarray(0, sliders.length);
    const onSlider = (value) =>
      Number((STEP * Math.round(Math.min(highest, Math.max(lowest, value)) / STEP)).toFixed(2));
    made = { asked, picture, digit, read, chance: chances[read], style: Array.from(mean, onSlider) };
    return made;
  }

  const setStyleSoon = oncePerFrame(() => {
    const { style } = reading();
    sliders.forEach((slider, i) => slider.get("value") === style[i] || setControl(slider, style[i]));
    requestDraw();
  });

  function drawPad() {
    const hand = model.get("hand");
    context.clearRect(0, 0, PAD, PAD);
    if (hand >= 0) {
      context.imageSmoothingEnabled = false;
      context.drawImage(seen, 0, 0, PAD, PAD);
      return;
    }
    const strokes = model.get("strokes");
    if (!strokes.length) {
      context.fillStyle = INK;
      context.font = "18px sans-serif";
      context.textAlign = "center";
      context.fillText("write a digit", PAD / 2, PAD / 2 + 6);
    }
    context.strokeStyle = INK;
    context.lineWidth = LINE;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) {
      context.beginPath();
      for (const [x, y] of [stroke[0], ...stroke]) context.lineTo(PAD * x, PAD * y);
      context.stroke();
    }
  }

  const ten = (style) => TEN.map((digit) => decode(decoder, [...style, ...oneHot(digit)]));
  ten(sliders.map(() => 0)).forEach((picture, digit) => paintImage(cells[digit].mean, picture, 1));

  function draw() {
    const { asked, picture, digit, read, chance, style: asWritten } = reading();
    const style = sliders.map((slider) => slider.get("value"));
    paintImage(seen, picture, 1);
    drawPad();
    const pictures = ten(style);
    pictures.forEach((values, i) => {
      paintImage(cells[i].style, values, 1);
      cells[i].head.classList.toggle("lessons-chosen", i === digit);
      picker[i].setAttribute("aria-pressed", i === digit);
      picker[i].disabled = digit === null;
    });
    const { hand, chosen } = JSON.parse(asked);
    const moved = style.some((value, i) => Math.abs(value - asWritten[i]) > STEP / 2);
    status.textContent = inWords({ digit, read, chance, hand, chosen, moved });
    speaker.say(status.textContent);
    pad.dataset.shown = JSON.stringify({ ...JSON.parse(asked), digit, read: read ?? null, style });
    pad.drawn = { picture, pictures }; // for tests: too much for an attribute
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  function inWords({ digit, read, chance, hand, chosen, moved }) {
    if (digit === null) {
      const now = moved ? "The ten digits are drawn in the style of the sliders." : "Both rows show the mean style.";
      return `The pad is empty: write one digit, or take another hand. ${now}`;
    }
    const what = hand >= 0
      ? `Held-out digit ${hand + 1} of ${labels.length}, ${labels[hand]} by its label`
      : `Read as ${read} (${Math.round(100 * chance)} %)`;
    const corrected = chosen >= 0 && chosen !== (hand >= 0 ? labels[hand] : read) ? `; you say ${chosen}` : "";
    return `${what}${corrected}. All ten digits are drawn ${
      moved ? "in a style that the sliders changed" : "in this hand"
    }.`;
  }

  const pen = { place: [0.5, 0.5], down: false }; // the keyboard's
  function putPenDown(down) {
    pen.down = down;
    showPen();
  }
  function showPen() {
    Object.assign(nib.style, { left: `${100 * pen.place[0]}%`, top: `${100 * pen.place[1]}%` });
    nib.classList.toggle("lessons-down", pen.down);
  }
  showPen();

  followPointer(pad, {
    start(event) {
      pad.focus({ preventScroll: true });
      putPenDown(false);
      nib.hidden = true;
      write(pointerFraction(event, pad), true);
      return true;
    },
    move(event) {
      const places = event.getCoalescedEvents?.() ?? [];
      for (const each of places.length ? places : [event]) write(pointerFraction(each, pad), false);
    },
  });
  pad.onfocus = () => nib.hidden = !pad.matches(":focus-visible");
  pad.onblur = () => {
    nib.hidden = true;
    putPenDown(false);
  };
  pad.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return;
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (direction) {
      const step = ARROW * (event.shiftKey ? 4 : 1);
      pen.place = pen.place.map((value, axis) => Math.min(1, Math.max(0, value + step * direction[axis])));
      if (pen.down) write(pen.place, false);
      else {speaker.say(`pen at ${
          pen.place.map((value) => Math.round(100 * value)).join(", ")
        } of 100, from the upper left`);}
    } else if (event.key === " " || event.key === "Enter") {
      pen.down = !pen.down;
      if (pen.down) write(pen.place, true);
      else speaker.say(`pen lifted. ${status.textContent}`);
    } else return;
    nib.hidden = false;
    showPen();
    event.preventDefault();
    event.stopPropagation(); // the notebook would move to another cell
  };

  const requestDraw = oncePerFrame(draw);
  const stops = [
    watchControls(el),
    ...sliders.map((slider) => listen(slider, ["value"], requestDraw)),
    listen(model, ["strokes", "hand", "chosen"], requestDraw),
  ];
  requestDraw();
  return () => {
    for (const stop of [...stops, requestDraw.cancel, setStyleSoon.cancel, saveSoon.cancel, speaker.stop]) stop();
  };
}

export default { render };
