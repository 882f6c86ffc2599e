// FramePlayer's view: the frame whose number the ipywidgets slider holds, with its caption and its sound.

const KEPT = 6; // decoded pictures at a time: each takes megabytes

async function render({ model, el }) {
  const [slider] = await controls(model, "sliders");
  const canvas = element("canvas", { class: "lessons-frame", role: "img" });
  const caption = element("div", { class: "lessons-status" });
  const speaker = announcer();
  el.classList.add("lessons-widget");
  el.append(canvas, caption, speaker.node);
  const sound = model.get("sounds").length ? soundPlayer(model.get("sounds")) : null;
  if (sound) caption.after(sound.audio);
  const decoded = new Map();
  let removed = false;

  /** Decode a frame, and forget the oldest: what comes next is ready when the slider gets there. */
  function picture(frame) {
    if (!decoded.has(frame)) {
      const bytes = model.get("frames")[frame];
      decoded.set(frame, createImageBitmap(new Blob([bytes], { type: "image/png" })));
      if (decoded.size > KEPT) forget(decoded.keys().next().value);
    }
    return decoded.get(frame);
  }

  function forget(frame) {
    decoded.get(frame).then((bitmap) => bitmap.close());
    decoded.delete(frame);
  }

  async function draw() {
    const frame = slider.get("value");
    const bitmap = await picture(frame);
    if (removed || frame !== slider.get("value")) return; // the slider has moved on
    const ratio = model.get("pixel_ratio");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.style.maxWidth = `min(100%, ${bitmap.width / ratio}px)`;
    canvas.style.imageRendering = ratio < 1 ? "pixelated" : "auto";
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    caption.textContent = model.get("captions")[frame];
    canvas.setAttribute("aria-label", caption.textContent);
    speaker.say(caption.textContent);
    sound?.show(frame, caption.textContent);
    el.dispatchEvent(new CustomEvent("drawn"));
    if (frame + 1 < model.get("frames").length) picture(frame + 1);
  }

  const requestDraw = oncePerFrame(draw);
  const stopListening = listen(slider, ["value"], requestDraw);
  const stopNames = watchControls(el);
  requestDraw();
  return () => {
    removed = true;
    stopListening();
    stopNames();
    requestDraw.cancel();
    speaker.stop();
    sound?.stop();
    for (const frame of [...decoded.keys()]) forget(frame);
  };
}

/** The browser's own controls for one of several sounds. Once one was played, each that is shown plays by itself. */
function soundPlayer(sounds) {
  const audio = element("audio", { controls: true, class: "lessons-sound" });
  let shown = null, wanted = false;
  audio.onplay = () => wanted = true; // the first by the student's hand: no page should make a noise unasked

  function show(frame, words) {
    if (frame === shown) return;
    shown = frame;
    forget();
    audio.setAttribute("aria-label", `sound: ${words}`);
    audio.src = URL.createObjectURL(new Blob([sounds[frame]], { type: "audio/wav" }));
    if (wanted) audio.play().catch(() => {}); // the next frame may come before it has begun
  }

  function forget() {
    if (audio.src) URL.revokeObjectURL(audio.src);
  }

  function stop() {
    audio.pause();
    forget();
    audio.removeAttribute("src");
  }

  return { audio, show, stop };
}

export default { render };
