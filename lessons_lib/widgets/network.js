// A small network's forward pass: the layers that Python packed (see network.py), in plain loops.

/** The error function, Abramowitz and Stegun (1964), formula 7.1.26; off by at most 1.5e-7. */
function errorFunction(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

const activations = {
  ReLU: () => (x) => Math.max(0, x),
  LeakyReLU: ({ slope }) => (x) => (x > 0 ? x : slope * x),
  SiLU: () => (x) => x * sigmoid(x),
  GELU: ({ tanh }) => (x) =>
    0.5 * x * (1 + (tanh ? Math.tanh(0.7978845608 * (x + 0.044715 * x ** 3)) : errorFunction(x / Math.SQRT2))),
  Tanh: () => Math.tanh,
  Sigmoid: () => sigmoid,
  Softplus: ({ beta, threshold }) => (x) =>
    beta * x > threshold ? x : (Math.max(0, beta * x) + Math.log1p(Math.exp(-Math.abs(beta * x)))) / beta,
  Softsign: () => (x) => x / (1 + Math.abs(x)),
};

function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

/** Turn the packed layers and their weights (an ArrayBuffer of float32 or float16) into functions. */
export function readNetwork(layers, buffer, precision) {
  const weights = precision === "float16"
    ? Float32Array.from(new Uint16Array(buffer), halfToNumber)
    : new Float32Array(buffer);
  let position = 0;
  const take = (count) => weights.subarray(position, position += count);
  const takeBias = (layer, count) => layer.bias ? take(count) : new Float32Array(count);
  const sent = {}; // weights, by the positions of their layers
  return layers.map((layer, number) => {
    if (layer.type === "Linear") {
      const tied = layer.transposed !== undefined;
      const weight = tied ? sent[layer.transposed] : take(layer.inputs * layer.outputs);
      if (!tied) sent[number] = weight;
      const bias = takeBias(layer, layer.outputs);
      return (values) => (tied ? transposedLinear : linear)(weight, bias, values);
    }
    if (layer.type === "ConvTranspose2d") {
      const [rows, columns] = layer.kernel;
      const weight = take(layer.inputs[0] * layer.outputs[0] * rows * columns);
      const bias = takeBias(layer, layer.outputs[0]);
      return (values) => transposedConvolution(layer, weight, bias, values);
    }
    const activation = activations[layer.type](layer);
    return (values) => values.map((x) => activation(x));
  });
}

/** weight has a row of inputs for each output. */
function linear(weight, bias, values) {
  const outputs = new Float32Array(bias.length);
  let position = 0;
  for (let row = 0; row < outputs.length; row++) {
    let sum = bias[row];
    for (let column = 0; column < values.length; column++) sum += weight[position++] * values[column];
    outputs[row] = sum;
  }
  return outputs;
}

/** weight has a row of outputs for each input: a row at a time is added, as it lies in memory. */
function transposedLinear(weight, bias, values) {
  const sums = Float64Array.from(bias);
  values.forEach((value, row) => {
    if (value === 0) return; // most are, behind a ReLU
    const start = row * sums.length;
    for (let column = 0; column < sums.length; column++) sums[column] += weight[start + column] * value;
  });
  return Float32Array.from(sums);
}

/**
 * Each input pixel puts the kernel, times its value, on the output: a stride further on than its neighbour, less the
 * padding. What falls off the edge is lost. weight has axes for input channel, output channel, row and column.
 */
function transposedConvolution({ inputs, outputs, kernel, stride, padding }, weight, bias, values) {
  const [, height, width] = inputs;
  const [channels, outputHeight, outputWidth] = outputs;
  const [rows, columns] = kernel;
  const pixels = outputHeight * outputWidth;
  const sums = new Float64Array(channels * pixels);
  bias.forEach((value, channel) => sums.fill(value, channel * pixels, (channel + 1) * pixels));
  values.forEach((value, position) => {
    if (value === 0) return;
    const left = (position % width) * stride[1] - padding[1];
    const top = (Math.floor(position / width) % height) * stride[0] - padding[0];
    const [firstRow, endRow] = [Math.max(0, -top), Math.min(rows, outputHeight - top)];
    const [firstColumn, endColumn] = [Math.max(0, -left), Math.min(columns, outputWidth - left)];
    const kernels = Math.floor(position / (height * width)) * channels; // before this input channel's
    for (let channel = 0; channel < channels; channel++) {
      for (let row = firstRow; row < endRow; row++) {
        const from = ((kernels + channel) * rows + row) * columns;
        const to = channel * pixels + (top + row) * outputWidth + left;
        for (let column = firstColumn; column < endColumn; column++) {
          sums[to + column] += weight[from + column] * value;
        }
      }
    }
  });
  return new Float32Array(sums);
}

/** Run a code through the network; return the output as a Float32Array. */
export function decode(network, code) {
  return network.reduce((values, layer) => layer(values), Float32Array.from(code));
}

/** Put an image of values from 0 to 1 on a canvas: grey (1 is ink, black) or RGB, channel after channel. */
export function paintImage(canvas, values, channels) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const size = canvas.width * canvas.height;
  for (let pixel = 0; pixel < size; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = channels === 3 ? values[channel * size + pixel] : 1 - values[pixel];
      image.data[4 * pixel + channel] = Math.round(255 * value); // the browser clamps to 0…255
    }
    image.data[4 * pixel + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}
