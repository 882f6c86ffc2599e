// FramePlayer's view: the frame whose number the model's trait `frame` holds, with its caption.
// An ipywidgets slider and a Play button share that trait.

function render({ model, el }) {
  const canvas = element("canvas", { class: "lessons-frame", role: "img" });
  const caption = element("div", { class: "lessons-status", "aria-live": "polite" });
  el.classList.add("lessons-widget");
  el.append(canvas, caption);

  // Decoded ahead, so that a slider that moves fast shows no blank between two frames.
  const pictures = model.get("frames").map((bytes) => createImageBitmap(new Blob([bytes], { type: "image/png" })));

  async function draw() {
    const frame = model.get("frame");
    const picture = await pictures[frame];
    if (frame !== model.get("frame")) return; // the slider has moved on
    if (canvas.width !== picture.width || canvas.height !== picture.height) {
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.style.maxWidth = `min(100%, ${picture.width / model.get("pixel_ratio")}px)`;
    }
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, 0, 0);
    const words = model.get("captions")[frame];
    caption.textContent = words;
    canvas.setAttribute("aria-label", words);
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  const requestDraw = oncePerFrame(draw);
  const stopListening = listen(model, ["frame"], requestDraw);
  requestDraw();
  return () => {
    stopListening();
    requestDraw.cancel();
    for (const picture of pictures) picture.then((bitmap) => bitmap.close());
  };
}

export default { render };
