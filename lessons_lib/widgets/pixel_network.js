// A PixelRNN that Python packed (see pixel_network.py): an LSTM over the pixels of a square binary image, in plain loops.

/**
 * Read a network of `size` = { side, rows, reach, position, units } from an ArrayBuffer of float32.
 * `columns` holds what each input adds to the gates, one input after another, for inputs are 0 or 1.
 */
export function readPixelNetwork(size, buffer) {
  const { side, rows, reach, position, units } = size;
  const inputs = 1 + rows * (2 * reach + 1) + 2 * side * position;
  const weights = new Float32Array(buffer);
  let taken = 0;
  const take = (count) => weights.subarray(taken, taken += count);
  return {
    ...size,
    columns: take(inputs * 4 * units),
    recurrent: take(4 * units * units),
    bias: take(4 * units),
    output: take(units),
    outputBias: take(1)[0],
  };
}

/** Which inputs are 1 at a pixel: the previous pixel, those of the rows above around it, and its row and column. */
function activeInputs({ side, rows, reach, position }, image, pixel) {
  const active = [];
  const [row, column] = [Math.floor(pixel / side), pixel % side];
  if (pixel && image[pixel - 1]) active.push(0);
  const across = 2 * reach + 1;
  for (let up = Math.min(rows, row); up >= 1; up--) {
    for (let x = Math.max(0, column - reach); x <= Math.min(side - 1, column + reach); x++) {
      if (image[(row - up) * side + x]) active.push(1 + (rows - up) * across + x - column + reach);
    }
  }
  if (position) active.push(1 + rows * across + row, 1 + rows * across + side + column);
  return active;
}

/** One step of the LSTM, which changes its state; return the logit of P(ink) at the pixel. */
function step(network, state, image, pixel) {
  const { columns, recurrent, bias, output, outputBias, units } = network;
  const { hidden, cell, gates } = state;
  gates.set(bias); // those of i, f, g and o, one after another, as PyTorch has them
  for (const input of activeInputs(network, image, pixel)) {
    const start = input * gates.length;
    for (let gate = 0; gate < gates.length; gate++) gates[gate] += columns[start + gate];
  }
  const block = units * units; // of the recurrent weights, one a kind of gate
  for (let unit = 0; unit < units; unit++) {
    let [i, f, g, o] = [0, 0, 0, 0];
    for (let from = 0, at = unit * units; from < units; from++, at++) {
      const value = hidden[from];
      i += recurrent[at] * value;
      f += recurrent[at + block] * value;
      g += recurrent[at + 2 * block] * value;
      o += recurrent[at + 3 * block] * value;
    }
    gates[unit] += i;
    gates[unit + units] += f;
    gates[unit + 2 * units] += g;
    gates[unit + 3 * units] += o;
  }
  let logit = outputBias;
  for (let unit = 0; unit < units; unit++) {
    const kept = sigmoid(gates[unit + units]) * cell[unit];
    cell[unit] = kept + sigmoid(gates[unit]) * Math.tanh(gates[unit + 2 * units]);
    hidden[unit] = sigmoid(gates[unit + 3 * units]) * Math.tanh(cell[unit]);
    logit += output[unit] * hidden[unit];
  }
  return logit;
}

/** P(ink) of a logit at a temperature; at 0 the likelier colour is certain. */
export const inkProbability = (logit, temperature) =>
  temperature === 0 ? Number(logit > 0) : sigmoid(logit / temperature);

/**
 * Draw an image's pixels from number `start` on, once for each row of `uniform` numbers, one number a pixel.
 * Return for each ending the image and the logit at every pixel, those before `start` too.
 */
export function finish(network, given, start, uniform, temperature) {
  const size = given.length;
  const { units } = network;
  const before = { hidden: new Float64Array(units), cell: new Float64Array(units), gates: new Float64Array(4 * units) };
  const seen = new Float64Array(size);
  for (let pixel = 0; pixel < start; pixel++) seen[pixel] = step(network, before, given, pixel);
  return uniform.map((numbers) => {
    const state = { hidden: before.hidden.slice(), cell: before.cell.slice(), gates: before.gates };
    const [image, logits] = [Uint8Array.from(given), seen.slice()];
    for (let pixel = start; pixel < size; pixel++) {
      logits[pixel] = step(network, state, image, pixel);
      image[pixel] = Number(numbers[pixel] < inkProbability(logits[pixel], temperature));
    }
    return { image, logits };
  });
}
