// LatentExplorer's view: a pad with the encoded data, the decoded image, and a line of text that says the same.
// The code lives in the ipywidgets sliders, one a dimension, and nowhere else.

const PAD = 364; // CSS pixels of the pad's side
const APART = 26; // CSS pixels between the names of two classes
const NEAR = 10; // CSS pixels within which a click means a dot

/** The position nearest to the median that keeps away from the places taken, or the nearest of all. */
function freePlace(positions, taken) {
  const median = (i) => positions.map((p) => p[i]).sort((a, b) => a - b)[positions.length >> 1];
  const middle = [median(0), median(1)];
  const gap = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]);
  const nearest = positions.toSorted((one, other) => gap(one, middle) - gap(other, middle));
  return nearest.find((position) => taken.every((place) => gap(position, place) >= APART)) ?? nearest[0];
}

async function render({ model, el }) {
  const sliders = await controls(model, "sliders");
  const dimensions = sliders.length;
  const names = sliders.map((slider) => slider.get("description"));
  const [low, high] = ["min", "max"].map((end) => sliders.map((slider) => slider.get(end)));
  const [height, width, channels] = model.get("image_size");
  const network = readNetwork(model.get("layers"), ownBytes(model.get("weights")), model.get("precision"));
  const codes = new Float32Array(ownBytes(model.get("codes")));
  const points = codes.length / dimensions;
  const labels = model.get("labels");
  const classes = model.get("classes");
  const colours = model.get("colours");
  const colourOf = (label) => colours[label % colours.length];

  const pad = element("canvas", { class: "lessons-pad", tabIndex: 0, role: "application" });
  const image = element("canvas", { class: "lessons-image", width, height, role: "img" });
  image.style.width = `${Math.max(1, Math.floor(PAD / Math.max(width, height))) * width}px`;
  const status = element("div", { class: "lessons-status" });
  const speaker = announcer();
  const axes = ["axis_x", "axis_y"].map(axisChooser);
  const buttons = [
    element("button", { onclick: () => setCode(randomCode()) }, "random code"),
    element("button", { onclick: () => setCode(model.get("start_code")) }, "reset"),
  ];
  const legend = element("span", { class: "lessons-legend" });
  classes.forEach((name, label) => {
    const dot = element("i", {});
    dot.style.background = colourOf(label);
    legend.append(element("span", {}, dot, name));
  });
  el.classList.add("lessons-widget");
  el.append(
    element("div", { class: "lessons-row" }, pad, image),
    element("div", { class: "lessons-row" }, ...(dimensions > 2 ? axes : []), ...buttons, legend),
    status,
    speaker.node,
  );
  if (model.get("note")) el.append(element("div", { class: "lessons-status" }, model.get("note")));

  const context = sharpContext(pad, PAD, PAD);
  const dots = element("canvas");

  function axisChooser(trait) {
    const other = trait === "axis_x" ? "axis_y" : "axis_x";
    const options = names.map((name, i) => element("option", { value: i }, name));
    const choose = element("select", {
      onchange: () => {
        const axis = Number(choose.value);
        if (model.get(other) === axis) model.set(other, model.get(trait)); // swap: one dimension is no plane
        model.set(trait, axis);
        model.save_changes();
      },
    }, ...options);
    return element("label", {}, trait === "axis_x" ? "across " : "up ", choose);
  }

  const code = () => sliders.map((slider) => slider.get("value"));
  const setCode = (values) => sliders.forEach((slider, i) => setControl(slider, values[i]));
  /** Each number is drawn by itself, from those that the encoded data have there. */
  const randomCode = () => sliders.map((_, i) => codes[Math.floor(Math.random() * points) * dimensions + i]);
  const within = (value, axis) => Math.min(high[axis], Math.max(low[axis], value));
  const range = (axis) => high[axis] - low[axis];

  // Position on the pad, in CSS pixels, of a value on an axis; and back.
  const toPad = (value, axis) => 12 + (PAD - 24) * (value - low[axis]) / range(axis);
  const fromPad = (pixel, axis) => within(low[axis] + range(axis) * (pixel - 12) / (PAD - 24), axis);

  /** With one dimension the pad's height shows the class, a row each. */
  function dotPosition(point) {
    const x = toPad(codes[point * dimensions + model.get("axis_x")], model.get("axis_x"));
    const y = dimensions > 1
      ? PAD - toPad(codes[point * dimensions + model.get("axis_y")], model.get("axis_y"))
      : PAD * ((labels[point] ?? 0) + 0.5) / Math.max(1, classes.length);
    return [x, y];
  }

  function nearestDot(x, y) {
    let [best, distance] = [-1, Infinity];
    for (let point = 0; point < points; point++) {
      const [dotX, dotY] = dotPosition(point);
      const gap = Math.hypot(dotX - x, dotY - y);
      if (gap < distance) [best, distance] = [point, gap];
    }
    return [best, distance];
  }

  /** The dots stand still while the code moves: draw them once, on a canvas of their own. */
  function drawDots() {
    const layer = sharpContext(dots, PAD, PAD);
    const members = classes.map(() => []);
    for (let point = 0; point < points; point++) {
      const [x, y] = dotPosition(point);
      layer.fillStyle = colourOf(labels[point] ?? 0);
      layer.globalAlpha = 0.85;
      layer.fillRect(x - 2, y - 2, 4, 4);
      members[labels[point]]?.push([x, y]);
    }
    layer.globalAlpha = 1;
    layer.fillStyle = INK;
    layer.font = "bold 16px sans-serif";
    layer.textAlign = "right";
    layer.fillText(`${names[model.get("axis_x")]} →`, PAD - 6, PAD - 6);
    layer.textAlign = "left";
    if (dimensions > 1) layer.fillText(`${names[model.get("axis_y")]} ↑`, 6, 18);
    layer.textAlign = "center";
    layer.textBaseline = "middle";
    const places = [];
    members.forEach((positions, label) => {
      if (!positions.length) return;
      const [x, y] = freePlace(positions, places);
      places.push([x, y]);
      const halfWidth = layer.measureText(classes[label]).width / 2 + 5;
      layer.beginPath();
      layer.roundRect(x - halfWidth, y - 11, 2 * halfWidth, 22, 11);
      layer.fillStyle = "white";
      layer.fill();
      layer.strokeStyle = colourOf(label);
      layer.lineWidth = 2.5;
      layer.stroke();
      layer.fillStyle = INK;
      layer.fillText(classes[label], x, y + 1);
    });
  }

  function drawPad() {
    const [axisX, axisY] = [model.get("axis_x"), model.get("axis_y")];
    const shown = code();
    const x = toPad(shown[axisX], axisX);
    const y = dimensions > 1 ? PAD - toPad(shown[axisY], axisY) : PAD / 2;
    context.clearRect(0, 0, PAD, PAD);
    context.drawImage(dots, 0, 0, PAD, PAD);
    for (const [colour, lineWidth] of [["white", 5], ["black", 2.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = lineWidth;
      context.beginPath();
      context.arc(x, y, 8, 0, 2 * Math.PI);
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(x + 8 * dx, y + 8 * dy);
        context.lineTo(x + 16 * dx, y + 16 * dy);
      }
      context.stroke();
    }
    const [point] = nearestDot(x, y);
    const neighbour = classes[labels[point]];
    const words = `code (${shown.map(format).join(", ")})`;
    status.textContent = neighbour === undefined ? words : `${words} · nearest dot on the pad: ${neighbour}`;
    speaker.say(status.textContent);
  }

  function draw() {
    paintImage(image, decode(network, code()), channels);
    image.dataset.code = JSON.stringify(code());
    image.setAttribute("aria-label", "image decoded from the code");
    drawPad();
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  const requestDraw = oncePerFrame(draw);
  function syncAxesFromModel() {
    axes.forEach((label, i) => label.querySelector("select").value = model.get(["axis_x", "axis_y"][i]));
    drawDots();
    requestDraw();
  }

  const loadDot = (point) => setCode(Array.from(codes.subarray(point * dimensions, (point + 1) * dimensions)));
  let pressed = null; // where the pointer went down, and whether it has moved since
  let target = null; // where on the pad the code should go
  const moveToTarget = oncePerFrame(() => {
    const [axisX, axisY] = [model.get("axis_x"), model.get("axis_y")];
    setControl(sliders[axisX], fromPad(target[0], axisX));
    if (dimensions > 1) setControl(sliders[axisY], fromPad(PAD - target[1], axisY));
  });
  const place = (event) => pointerFraction(event, pad).map((fraction) => fraction * PAD);
  pad.setAttribute("aria-label", "Pad with the encoded data: arrow keys move the code, Enter loads the nearest dot");
  followPointer(pad, {
    start(event) {
      pad.focus();
      pressed = { start: place(event), dragging: false };
      return true;
    },
    move(event) {
      target = place(event);
      pressed.dragging ||= Math.hypot(target[0] - pressed.start[0], target[1] - pressed.start[1]) > 3;
      if (pressed.dragging) moveToTarget();
    },
    end() {
      if (pressed.dragging) return;
      target = pressed.start;
      const [point, distance] = nearestDot(...target);
      if (distance <= NEAR) loadDot(point);
      else moveToTarget();
    },
  });
  pad.onkeydown = (event) => {
    const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };
    const [dx, dy] = directions[event.key] ?? [0, 0];
    const [axisX, axisY] = [model.get("axis_x"), model.get("axis_y")];
    if (event.key === "Enter") {
      const y = dimensions > 1 ? PAD - toPad(code()[axisY], axisY) : PAD / 2;
      loadDot(nearestDot(toPad(code()[axisX], axisX), y)[0]);
    } else if (dx || (dy && dimensions > 1)) {
      const axis = dx ? axisX : axisY;
      const step = (dx + dy) * range(axis) / (event.shiftKey ? 10 : 50);
      setControl(sliders[axis], within(code()[axis] + step, axis));
    } else return;
    event.preventDefault();
    event.stopPropagation(); // the notebook would move to another cell
  };

  const stops = [
    watchControls(el),
    ...sliders.map((slider) => listen(slider, ["value"], requestDraw)),
    listen(model, ["axis_x", "axis_y"], syncAxesFromModel),
  ];
  syncAxesFromModel();
  return () => {
    for (const stop of [...stops, requestDraw.cancel, moveToTarget.cancel, speaker.stop]) stop();
  };
}

export default { render };
