// Prediction's three views: the question, later the answer beside what was measured, and at the end a count.
// The answer and its outcome live in the question's model, and nowhere else.

const withUnit = (number, unit) =>
  `${Number(number.toPrecision(4))}${/^\p{L}/u.test(unit) ? " " : ""}${unit}`.replace("-", "−");

/** The words for an answer or a measured figure of a question. */
const inWords = (question, value) =>
  question.get("options").length ? value : withUnit(Number(value), question.get("unit"));

function renderQuestion({ model, el }) {
  const options = model.get("options");
  // Radio buttons of two views must not exclude one another; a count would not do: each model has this module anew.
  const group = `lessons-prediction-${Math.random()}`;
  const answer = (words) => {
    model.set("said", words);
    model.save_changes();
  };
  const fieldset = element(
    "fieldset",
    { class: "lessons-prediction" },
    element("legend", {}, element("b", {}, "Predict first: "), model.get("question")),
  );
  const inputs = options.map((option) => {
    const input = element("input", {
      type: "radio",
      name: group,
      value: option,
      onchange: () => answer(option),
    });
    fieldset.append(element("label", {}, input, ` ${option}`));
    return input;
  });
  const reading = element("output", {});
  if (!options.length) {
    const [min, max, step] = model.get("ends");
    const name = { "aria-label": model.get("question") };
    const slider = element("input", { type: "range", min, max, step, value: (min + max) / 2, ...name });
    slider.oninput = () => answer(slider.value);
    inputs.push(slider);
    fieldset.append(slider, reading);
  }
  const status = element("div", { class: "lessons-status", role: "status" });
  el.append(fieldset, status);

  function sync() {
    const [said, over] = [model.get("said"), model.get("outcome") !== ""];
    for (const input of inputs) {
      input.disabled = over; // what was measured is known now
      if (options.length) input.checked = input.value === said;
      else if (said) input.value = said;
    }
    if (said && !options.length) reading.textContent = inWords(model, said);
    const open = said ? "Your answer is kept; you can change it until you compare." : "Choose an answer, then go on.";
    status.textContent = over ? "Compared below." : open;
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  sync();
  return listen(model, ["said", "outcome"], sync);
}

async function renderComparison({ model, el }) {
  const [question] = await controls(model, "questions");
  const words = element("div", { class: "lessons-comparison", "aria-live": "polite" });
  const button = element(
    "button",
    { class: "lessons-compare", onclick: compare },
    "Compare my prediction with what was measured",
  );
  el.append(button, words);

  function compare() {
    const said = question.get("said");
    const right = question.get("options").length
      ? said === model.get("measured")
      : Math.abs(Number(said) - Number(model.get("measured"))) <= model.get("within");
    question.set("outcome", said ? (right ? "right" : "wrong") : "unanswered");
    question.save_changes();
  }

  function sync() {
    const outcome = question.get("outcome");
    button.hidden = outcome !== "";
    const first = question.get("said") ? `You said ${inWords(question, question.get("said"))}` : "You gave no answer";
    const measured = element("b", {}, inWords(question, model.get("measured")));
    words.replaceChildren(...(outcome ? [`${first}; measured: `, measured, outcome === "right" ? " ✓" : ""] : []));
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  sync();
  return listen(question, ["outcome"], sync);
}

async function renderCount({ model, el }) {
  const questions = await controls(model, "questions");
  const words = element("div", { class: "lessons-count", role: "status" });
  el.append(words);

  function sync() {
    const count = (trait, ...values) => questions.filter((question) => values.includes(question.get(trait))).length;
    const made = questions.length - count("said", "");
    words.textContent =
      `You made ${made} of ${questions.length} predictions. Of the ${count("outcome", "right", "wrong")} that you ` +
      `compared, ${count("outcome", "right")} came out as you said.`;
    el.dispatchEvent(new CustomEvent("drawn"));
  }

  sync();
  const stops = questions.map((question) => listen(question, ["said", "outcome"], sync));
  return () => stops.forEach((stop) => stop());
}

const views = { question: renderQuestion, comparison: renderComparison, count: renderCount };

async function render(context) {
  context.el.classList.add("lessons-widget");
  const stop = await views[context.model.get("part")](context);
  const letKeysGo = keepPlainKeys(() => context.el);
  return () => {
    stop();
    letKeysGo();
  };
}

export default { render };
