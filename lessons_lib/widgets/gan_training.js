// Two small networks that train each other, in plain loops over one number at a time (Goodfellow and others, 2014,
// arXiv:1406.2661). The penalty on D's slope: Gulrajani and others, 2017, arXiv:1704.00028; one-sided, or D could never
// be flat: Petzka and others, 2018, arXiv:1709.08894. Adam: Kingma and Ba, 2015, arXiv:1412.6980.

const [BETA2, EPSILON] = [0.999, 1e-8]; // Adam's, as in PyTorch
const PENALTY = 10; // weight of the penalty on slopes of D steeper than 1
const [SIZES, BATCH] = [[1, 16, 16, 1], 64];
const [POINTS, PIECES] = [200, 400]; // of z: where the distance is measured, and the density

const softplus = (logit) => Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));

/** A network of tanh layers, `sizes` from one input to one output; `numbers`: each layer's weight, then its bias. */
function makeNetwork(sizes, numbers) {
  const count = sizes.slice(1).reduce((sum, outputs, i) => sum + outputs * (sizes[i] + 1), 0);
  const zeros = () => new Float64Array(count);
  return { sizes, weights: Float64Array.from(numbers), gradient: zeros(), mean: zeros(), square: zeros(), steps: 0 };
}

/** Run a number through: the output, its slope d output / d input, and what the way back needs. */
export function forward({ sizes, weights }, x) {
  const layers = [{ values: [x], slopes: [1] }];
  for (let layer = 1, at = 0; layer < sizes.length; layer++) {
    const { values, slopes } = layers[layer - 1];
    const [inputs, outputs] = [sizes[layer - 1], sizes[layer]];
    const now = { values: [], slopes: [], raw: [] }; // raw: slopes before the tanh
    for (let output = 0; output < outputs; output++) {
      let [sum, slope] = [weights[at + inputs * outputs + output], 0];
      for (let input = 0, from = at + output * inputs; input < inputs; input++) {
        sum += weights[from + input] * values[input];
        slope += weights[from + input] * slopes[input];
      }
      const value = layer < sizes.length - 1 ? Math.tanh(sum) : sum;
      now.values.push(value);
      now.raw.push(slope);
      now.slopes.push(layer < sizes.length - 1 ? (1 - value * value) * slope : slope);
    }
    layers.push(now);
    at += outputs * (inputs + 1);
  }
  const last = layers[layers.length - 1];
  return { value: last.values[0], slope: last.slopes[0], layers };
}

/** Add to a network's gradient: `byValue` and `bySlope` are the loss's derivatives by the output and by its slope. */
function backward({ sizes, weights, gradient }, { layers }, byValue, bySlope = 0) {
  let [toValues, toSlopes, end] = [[byValue], [bySlope], weights.length];
  for (let layer = sizes.length - 1; layer >= 1; layer--) {
    const [inputs, outputs] = [sizes[layer - 1], sizes[layer]];
    const start = end - outputs * (inputs + 1);
    const [before, now] = [layers[layer - 1], layers[layer]];
    const [nextValues, nextSlopes] = [new Array(inputs).fill(0), new Array(inputs).fill(0)];
    for (let output = 0; output < outputs; output++) {
      let [bySum, byRaw] = [toValues[output], toSlopes[output]];
      if (layer < sizes.length - 1) { // slope = (1 − value²) raw, value = tanh(sum)
        const value = now.values[output];
        bySum = (bySum - 2 * value * now.raw[output] * byRaw) * (1 - value * value);
        byRaw *= 1 - value * value;
      }
      gradient[start + inputs * outputs + output] += bySum;
      for (let input = 0, at = start + output * inputs; input < inputs; input++, at++) {
        gradient[at] += bySum * before.values[input] + byRaw * before.slopes[input];
        nextValues[input] += weights[at] * bySum;
        nextSlopes[input] += weights[at] * byRaw;
      }
    }
    [toValues, toSlopes, end] = [nextValues, nextSlopes, start];
  }
}

/** One step of Adam, which empties the gradient. */
function adamStep(network, rate, beta1) {
  const { weights, gradient, mean, square } = network;
  network.steps += 1;
  const [first, second] = [1 - beta1 ** network.steps, 1 - BETA2 ** network.steps];
  for (let i = 0; i < weights.length; i++) {
    mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
    square[i] = BETA2 * square[i] + (1 - BETA2) * gradient[i] ** 2;
    weights[i] -= rate * (mean[i] / first) / (Math.sqrt(square[i] / second) + EPSILON);
  }
  gradient.fill(0);
}

/** Draw the next numbers of a training, uniform from 0 to 1. */
const draw = (training, count) => Array.from({ length: count }, () => uniformNumber(training.seed, training.drawn++));
const drawNoise = (training) => draw(training, BATCH).map((share) => 2 * share - 1);

/** The number that a share, from 0 to 1, of all real numbers lies below, from a table of quantiles. */
function quantile(table, share) {
  const place = Math.min(table.length - 1, Math.max(0, share * table.length - 0.5));
  const before = Math.min(table.length - 2, Math.floor(place));
  return table[before] + (place - before) * (table[before + 1] - table[before]);
}

/** Two networks before their training; weights as PyTorch draws a linear layer's. */
export function startTraining(seed) {
  const training = { seed, drawn: 0 };
  const fresh = () =>
    makeNetwork(
      SIZES,
      SIZES.slice(1).flatMap((outputs, i) =>
        draw(training, outputs * (SIZES[i] + 1)).map((share) => (2 * share - 1) / Math.sqrt(SIZES[i]))
      ),
    );
  return Object.assign(training, { D: fresh(), G: fresh() });
}

/** One step of the discriminator D on real and generated numbers; return its loss and the real numbers. */
export function discriminatorStep(training, { table, loss, rateD, beta1 }) {
  const { D, G } = training;
  const real = draw(training, BATCH).map((share) => quantile(table, share));
  const generated = drawNoise(training).map((z) => forward(G, z).value);
  const shares = draw(training, BATCH); // where between the two D's slope is looked at
  let total = 0;
  for (let i = 0; i < BATCH; i++) {
    const [onReal, onGenerated] = [forward(D, real[i]), forward(D, generated[i])];
    if (loss === "Wasserstein") {
      const between = forward(D, shares[i] * real[i] + (1 - shares[i]) * generated[i]);
      const excess = Math.max(0, Math.abs(between.slope) - 1);
      total += onGenerated.value - onReal.value + PENALTY * excess ** 2;
      backward(D, onReal, -1 / BATCH);
      backward(D, onGenerated, 1 / BATCH);
      backward(D, between, 0, 2 * PENALTY * excess * Math.sign(between.slope) / BATCH);
    } else {
      total += softplus(-onReal.value) + softplus(onGenerated.value);
      backward(D, onReal, -sigmoid(-onReal.value) / BATCH);
      backward(D, onGenerated, sigmoid(onGenerated.value) / BATCH);
    }
  }
  adamStep(D, rateD, beta1);
  return { loss: total / BATCH, real };
}

/** One step of the generator G; return how much its numbers are pulled, the mean of |d loss / d generated|. */
export function generatorStep(training, { loss, rateG, beta1 }) {
  const { D, G } = training;
  let pull = 0;
  for (const z of drawNoise(training)) {
    const made = forward(G, z);
    const { value, slope } = forward(D, made.value);
    const byValue = { saturating: -sigmoid(value), "non-saturating": -sigmoid(-value), Wasserstein: -1 }[loss];
    backward(G, made, byValue * slope / BATCH);
    pull += Math.abs(byValue * slope) / BATCH;
  }
  adamStep(G, rateG, beta1);
  return pull;
}

/** The Wasserstein-1 distance of G's numbers, for evenly spaced z, from the real ones. */
export function distance(G, table) {
  const made = Array.from({ length: POINTS }, (_, i) => forward(G, (2 * i + 1) / POINTS - 1).value);
  made.sort((a, b) => a - b);
  return made.reduce((sum, x, i) => sum + Math.abs(x - quantile(table, (i + 0.5) / POINTS)), 0) / POINTS;
}

/**
 * The density of G's numbers on equal bins from `low` to `high`. Each piece of z spreads its share evenly over the
 * piece of x that it maps to: the change of variables, summed over all branches where G folds.
 */
export function densityOf(G, low, high, bins) {
  const [density, width] = [new Float64Array(bins), (high - low) / bins];
  let before = forward(G, -1).value;
  for (let i = 1; i <= PIECES; i++) {
    const after = forward(G, 2 * i / PIECES - 1).value;
    const from = Math.min(before, after);
    const to = Math.max(before, after, from + 1e-9);
    const last = Math.min(bins - 1, Math.floor((to - low) / width));
    for (let bin = Math.max(0, Math.floor((from - low) / width)); bin <= last; bin++) {
      const overlap = Math.min(to, low + (bin + 1) * width) - Math.max(from, low + bin * width);
      density[bin] += overlap / (to - from) / PIECES / width;
    }
    before = after;
  }
  return density;
}
