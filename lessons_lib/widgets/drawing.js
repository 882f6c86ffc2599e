// A picture that can be drawn on, by hand and by keys. What was drawn is the trait `strokes`, [[digit, pixel, value], …].

/**
 * Let a canvas, which stands in a card, be drawn on.
 * `chooseDigit` is the control that holds the digit's number; a hand that moves it wipes off what was drawn.
 * `radius` is the pen's, in pixels; `rows` tells how many rows can be drawn on, from the top.
 * Return the strokes on the digit that is shown, [[pixel, value], …], as a function; the pen and the button that
 * wipes off, as DOM nodes; and a function that stops.
 */
export function drawing({ model, chooseDigit, canvas, height, width, radius, rows = () => height, speaker }) {
  const cursor = element("div", { class: "lessons-cursor" });
  canvas.after(cursor);
  canvas.classList.add("lessons-drawable");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  const pen = element(
    "select",
    {},
    element("option", { value: 1 }, "ink"),
    element("option", { value: 0 }, "paper"),
  );

  const digit = () => chooseDigit.get("value");
  /** Drawn pixels belong to the digit that they were drawn on: word of another one may come before they are gone. */
  const strokes = () => model.get("strokes").filter(([number]) => number === digit()).map((stroke) => stroke.slice(1));

  function wipeOff() {
    model.set("strokes", []);
    model.save_changes();
  }

  const saveSoon = oncePerFrame(() => model.save_changes());

  /** Paint a line between two places, in pixels across and down. */
  function paint([fromX, fromY], [toX, toY]) {
    const drawn = new Map(strokes());
    const lowest = rows() - 1;
    const steps = 1 + Math.ceil(2 * Math.hypot(toX - fromX, toY - fromY));
    for (let step = 1; step <= steps; step++) {
      const x = fromX + (toX - fromX) * step / steps;
      const y = fromY + (toY - fromY) * step / steps;
      for (let row = Math.max(0, Math.floor(y - radius)); row <= Math.min(lowest, y + radius); row++) {
        for (let column = Math.max(0, Math.floor(x - radius)); column <= Math.min(width - 1, x + radius); column++) {
          const near = Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius;
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
    putOnPixel(cursor, ...place, width, height);
  }
  putCursor(...place);

  let last = null; // where the pointer was
  const drawTo = (event) => {
    const [across, down] = pointerFraction(event, canvas);
    const now = [across * width, down * height];
    paint(last ?? now, now);
    last = now;
    putCursor(...now.map(Math.floor));
  };
  followPointer(canvas, {
    start(event) {
      canvas.focus({ preventScroll: true });
      last = null;
      drawTo(event);
      return true;
    },
    move: drawTo,
  });
  canvas.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter")) return;
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (direction) {
      putCursor(...place.map((value, axis) => value + direction[axis] * (event.shiftKey ? 5 : 1)));
      const outside = place[1] < rows() ? "" : ", which can't be painted";
      speaker.say(`row ${place[1] + 1}, column ${place[0] + 1}${outside}`);
    } else if (event.key === " " || event.key === "Enter") {
      const middle = place.map((value) => value + 0.5);
      paint(middle, middle);
    } else return;
    event.preventDefault();
    event.stopPropagation(); // the notebook would move to another cell
  };

  const stopListening = listen(chooseDigit, ["value"], (_, __, { updated_view }) => {
    if (updated_view) wipeOff(); // only a hand does so: another browser's word may come when this one has drawn anew
  });
  return {
    strokes,
    pen: element("label", {}, "pen ", pen),
    wiper: element("button", { onclick: wipeOff }, "wipe off"),
    stopDrawing() {
      stopListening();
      saveSoon.cancel();
    },
  };
}

/** Put a box over a pixel of the picture in the same card. */
export function putOnPixel(box, column, row, width, height) {
  Object.assign(box.style, {
    left: `${100 * column / width}%`,
    top: `${100 * row / height}%`,
    width: `${100 / width}%`,
    height: `${100 / height}%`,
  });
}
