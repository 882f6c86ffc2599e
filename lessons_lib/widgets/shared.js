// What every widget of the lessons needs. Python puts this text before a widget's own file (see browser.py),
// so that one plain module reaches the browser: no bundler, no network.

/** What canvases draw lines and words with: dark, for the style sheet puts a white card behind each of them. */
export const INK = "#222222";

/** Make a DOM element: element("button", { title: "…", onclick: f }, "text", child, …). */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "class") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children);
  return node;
}

/** Jupyter hands bytes over as a DataView; return its bytes in memory of their own, aligned for any number type. */
export function ownBytes(view) {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
}

/** Return a function that asks for one `draw` at the next animation frame, however often it is called. */
export function oncePerFrame(draw) {
  let waiting = 0;
  const request = () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      draw();
    });
  };
  request.cancel = () => cancelAnimationFrame(waiting);
  return request;
}

/** Listen to traits of a model, and return a function that stops listening. */
export function listen(model, names, callback) {
  for (const name of names) model.on(`change:${name}`, callback);
  return () => {
    for (const name of names) model.off(`change:${name}`, callback);
  };
}

/** The models of the ipywidgets controls that a trait refers to. */
export function controls(model, trait) {
  const ids = model.get(trait).map((reference) => reference.slice("IPY_MODEL_".length));
  return Promise.all(ids.map((id) => model.widget_manager.get_model(id)));
}

/** Set a control's value, as if the student had moved it: in the browser at once, then in the kernel. */
export function setControl(control, value) {
  control.set("value", value);
  control.save_changes();
}

const ICONS = { "fa-play": "play", "fa-pause": "pause", "fa-stop": "back to the start", "fa-retweet": "repeat" };

/** Give names to what ipywidgets leaves without: a slider's handle and number, and Play's buttons, which are icons. */
function tendControls(box) {
  for (const label of box.querySelectorAll("[title=null]")) label.title = ""; // ipywidgets 8 writes "no tooltip" so
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const name = slider.querySelector(".widget-label").textContent || "slider";
    const handle = slider.querySelector(".noUi-handle, .ui-slider-handle");
    const number = slider.querySelector(".widget-readout");
    handle.setAttribute("aria-label", name);
    if (handle.getAttribute("aria-valuetext") !== number.textContent) { // "0.13", not "0.12834523"
      handle.setAttribute("aria-valuetext", number.textContent);
    }
    if (handle.classList.contains("ui-slider-handle")) { // of ipywidgets 7, which does not say what it is either
      handle.setAttribute("role", "slider");
      handle.setAttribute("aria-valuenow", number.textContent);
    }
    number.setAttribute("role", "textbox");
    number.setAttribute("aria-label", `${name} as a number`);
  }
  for (const icon of box.querySelectorAll(".widget-play button i")) {
    const button = icon.parentElement;
    const kind = Object.keys(ICONS).find((name) => icon.classList.contains(name));
    button.title = ICONS[kind];
    button.setAttribute("aria-label", ICONS[kind]); // or the icon, a letter of its font, would be taken for the name
    if (kind === "fa-retweet") button.setAttribute("aria-pressed", button.classList.contains("mod-active"));
  }
}

/**
 * Keep plain keys for the control that they are pressed on: "D D" on a slider would delete JupyterLab's cell. Keys
 * with Control or Command, and Shift with Enter, still run cells and save. Return a function that stops.
 */
export function keepPlainKeys(box) {
  const decide = (event) => {
    if (!box().contains(event.target)) return;
    const forTheNotebook = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !forTheNotebook); // heeded on the target itself only
  };
  globalThis.addEventListener("keydown", decide, true); // before JupyterLab, which listens on the document
  return () => globalThis.removeEventListener("keydown", decide, true);
}

/**
 * Tend the controls beside a view, in the box that Python put both into. Controls may come after the view, and Play
 * changes its icon; the box comes late too: the page puts the view into it. Return a function that stops.
 */
export function watchControls(el) {
  let box = null;
  const changes = new MutationObserver(() => tendControls(box));
  const findBox = () => {
    const found = el.closest(".widget-vbox") ?? el; // a view may stand alone
    if (found === box) return;
    changes.disconnect();
    box = found;
    box.classList.add("lessons-box");
    tendControls(box);
    changes.observe(box, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["class", "aria-valuetext"],
    });
  };
  const findSoon = oncePerFrame(findBox);
  const places = new ResizeObserver(findSoon); // the view is shown, or shown elsewhere
  places.observe(el);
  findSoon();
  const letKeysGo = keepPlainKeys(() => box ?? el);
  return () => {
    letKeysGo();
    findSoon.cancel();
    places.disconnect();
    changes.disconnect();
  };
}

/** A hidden line for screen readers, which speaks when its text has stood still for half a second. */
export function announcer() {
  const node = element("div", { class: "lessons-announcer", "aria-live": "polite" });
  let waiting = 0;
  const say = (words) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => node.textContent = words, 500);
  };
  return { node, say, stop: () => clearTimeout(waiting) };
}

/** Give a canvas the resolution of the screen that it is on; return its 2-D context, scaled to CSS pixels. */
export function sharpContext(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.aspectRatio = `${width} / ${height}`;
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** Write a legend along the upper edge: entries [[mark, its colour, words, x], …]. */
export function drawLegend(context, entries) {
  for (const [mark, colour, words, x] of entries) {
    context.fillStyle = colour;
    context.fillText(mark, x, 20);
    context.fillStyle = INK;
    context.fillText(words, x + 20, 20);
  }
}

/** Where a pointer event lies on an element, as fractions from 0 to 1. */
export function pointerFraction(event, target) {
  const box = target.getBoundingClientRect();
  const within = (value) => Math.min(1, Math.max(0, value));
  return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
}

/**
 * Follow the first pointer that is pressed on an element, mouse, pen or finger, until it is let go.
 * `start` tells whether the press is wanted; `end` hears of a release, not of a pointer that was lost.
 */
export function followPointer(target, { start, move, end }) {
  let pointer = null;
  target.onpointerdown = (event) => {
    const followed = pointer !== null && target.hasPointerCapture(pointer); // not so if the page took the target away
    if (followed || event.button !== 0 || !start(event)) return;
    pointer = event.pointerId;
    target.setPointerCapture(pointer);
  };
  target.onpointermove = (event) => event.pointerId === pointer && move(event);
  target.onpointerup = (event) => event.pointerId === pointer && end?.(event);
  target.onlostpointercapture = (event) => { // after a release, too
    if (event.pointerId === pointer) pointer = null;
  };
}

/** A logit's probability. */
export const sigmoid = (logit) => 1 / (1 + Math.exp(-logit));

/** A number as people read it: two decimals and a true minus sign. */
export function format(number) {
  return number.toFixed(2).replace("-", "−");
}
