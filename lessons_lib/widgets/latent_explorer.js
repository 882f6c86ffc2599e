// LatentExplorer's view: a pad with the encoded data, the decoded image, and a line of text that says the same.
// The code lives in the model's traits z0, z1, …, which ipywidgets sliders share.

const PAD = 364; // CSS pixels of the pad's side
const NEAR = 10; // CSS pixels within which a click means a dot

function render({ model, el }) {
  const dimensions = model.get("low").length;
  const names = Array.from({ length: dimensions }, (_, i) => `z${i}`);
  const [height, width, channels] = model.get("image_size");
  const network = readNetwork(model.get("layers"), ownBytes(model.get("weights")), model.get("precision"));
  const codes = new Float32Array(ownBytes(model.get("codes")));
  const labels = model.get("labels");
  const classes = model.get("classes");
  const colours = model.get("colours");
  const colourOf = (label) => colours[label % colours.length];

  const pad = element("canvas", { class: "lessons-pad", tabIndex: 0, role: "img" });
  const image = element("canvas", { class: "lessons-image", width, height, role: "img" });
  image.style.width = `${Math.max(1, Math.floor(PAD / width)) * width}px`;
  const status = element("div", { class: "lessons-status", "aria-live": "polite" });
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
  );
  if (model.get("note")) el.append(element("div", { class: "lessons-status" }, model.get("note")));

  const context = sharpContext(pad, PAD, PAD);
  const dots = element("canvas");

  function axisChooser(trait) {
    const options = names.map((_, i) => element("option", { value: i }, `z${i + 1}`));
    const choose = element("select", { onchange: () => save({ [trait]: Number(choose.value) }) }, ...options);
    return element("label", {}, trait === "axis_x" ? "across " : "up ", choose);
  }

  function save(values) {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  }

  const code = () => names.map((name) => model.get(name));
  const setCode = (values) => save(Object.fromEntries(names.map((name, i) => [name, values[i]])));
  const randomCode = () => {
    const [low, high] = [model.get("low"), model.get("high")];
    return low.map((value, i) => value + Math.random() * (high[i] - value));
  };

  // Position on the pad, in CSS pixels, of a value on an axis; and back.
  const toPad = (value, axis) => 12 + (PAD - 24) * (value - model.get("low")[axis]) / range(axis);
  const fromPad = (pixel, axis) => {
    const value = model.get("low")[axis] + range(axis) * (pixel - 12) / (PAD - 24);
    return Math.min(model.get("high")[axis], Math.max(model.get("low")[axis], value));
  };
  const range = (axis) => model.get("high")[axis] - model.get("low")[axis];

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
    for (let point = 0; point < codes.length / dimensions; point++) {
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
    for (let point = 0; point < codes.length / dimensions; point++) {
      const [x, y] = dotPosition(point);
      layer.fillStyle = colourOf(labels[point] ?? 0);
      layer.globalAlpha = 0.7;
      layer.fillRect(x - 2, y - 2, 4, 4);
      members[labels[point]]?.push([x, y]);
    }
    layer.globalAlpha = 1;
    layer.font = "bold 15px sans-serif";
    layer.textAlign = "center";
    layer.textBaseline = "middle";
    members.forEach((positions, label) => {
      if (!positions.length) return;
      const median = (i) => positions.map((p) => p[i]).sort((a, b) => a - b)[positions.length >> 1];
      const [x, y] = [median(0), median(1)];
      const halfWidth = layer.measureText(classes[label]).width / 2 + 5;
      layer.beginPath();
      layer.roundRect(x - halfWidth, y - 11, 2 * halfWidth, 22, 11);
      layer.fillStyle = "white";
      layer.fill();
      layer.strokeStyle = colourOf(label);
      layer.lineWidth = 2.5;
      layer.stroke();
      layer.fillStyle = "black";
      layer.fillText(classes[label], x, y + 1);
    });
  }

  function drawPad() {
    const [axisX, axisY] = [model.get("axis_x"), model.get("axis_y")];
    const x = toPad(model.get(names[axisX]), axisX);
    const y = dimensions > 1 ? PAD - toPad(model.get(names[axisY]), axisY) : PAD / 2;
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
    const shown = `code (${code().map(format).join(", ")})`;
    status.textContent = neighbour === undefined ? shown : `${shown} · nearest dot on the pad: ${neighbour}`;
    pad.setAttribute("aria-label", `Pad with the encoded data. Arrow keys move the code. ${status.textContent}`);
    image.setAttribute("aria-label", `Image decoded from ${shown}`);
  }

  function draw() {
    paintImage(image, decode(network, code()), channels);
    image.dataset.code = JSON.stringify(code());
    drawPad();
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  const requestDraw = oncePerFrame(draw);
  function syncAxesFromModel() {
    axes.forEach((label, i) => label.querySelector("select").value = model.get(["axis_x", "axis_y"][i]));
    drawDots();
    requestDraw();
  }

  let pressed = null; // where the pointer went down, while it is down
  const moveTo = oncePerFrame(() => {
    const values = { [names[model.get("axis_x")]]: fromPad(pressed.x, model.get("axis_x")) };
    if (dimensions > 1) values[names[model.get("axis_y")]] = fromPad(PAD - pressed.y, model.get("axis_y"));
    save(values);
  });
  const place = (event) => pointerFraction(event, pad).map((fraction) => fraction * PAD);
  pad.onpointerdown = (event) => {
    pad.setPointerCapture(event.pointerId);
    pad.focus();
    const [x, y] = place(event);
    pressed = { x, y, startX: x, startY: y, dragging: false };
  };
  pad.onpointermove = (event) => {
    if (!pad.hasPointerCapture(event.pointerId)) return;
    [pressed.x, pressed.y] = place(event);
    pressed.dragging ||= Math.hypot(pressed.x - pressed.startX, pressed.y - pressed.startY) > 3;
    if (pressed.dragging) moveTo();
  };
  pad.onpointerup = () => {
    if (pressed.dragging) return;
    const [point, distance] = nearestDot(pressed.x, pressed.y);
    if (distance <= NEAR) setCode(Array.from(codes.subarray(point * dimensions, (point + 1) * dimensions)));
    else moveTo();
  };
  pad.onkeydown = (event) => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }[event.key] ??
      [0, 0];
    const axis = dx ? model.get("axis_x") : model.get("axis_y");
    if ((!dx && !dy) || (dy && dimensions === 1)) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook would move to another cell
    const value = model.get(names[axis]) + (dx + dy) * range(axis) / (event.shiftKey ? 10 : 50);
    save({ [names[axis]]: Math.min(model.get("high")[axis], Math.max(model.get("low")[axis], value)) });
  };

  const stopCode = listen(model, names, requestDraw);
  const stopAxes = listen(model, ["axis_x", "axis_y"], syncAxesFromModel);
  syncAxesFromModel();
  return () => {
    stopCode();
    stopAxes();
    requestDraw.cancel();
    moveTo.cancel();
  };
}

export default { render };
