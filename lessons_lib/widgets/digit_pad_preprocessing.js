// MNIST's preprocessing (LeCun et al. 1998): strokes become 28 by 28 pixels, exactly as digit_pad_preprocessing.py
// makes them.

export const [SIDE, BOX] = [28, 20]; // pixels of a picture, and of the box that a digit fills
const FINE = 10; // pixels of the large canvas in one of the picture
export const PEN = 2.5; // the line's width in pixels of the picture
const LEAST = 0.05; // of the pad's side: less is a slip of the pen
const TIE = 1e-6; // rounding a half goes the same way in both languages

/** What the networks see of strokes, [[[x, y], …], …] in units of the pad's side; null if hardly anything is written. */
export function pictureOf(strokes) {
  const points = strokes.flat();
  if (!points.length) return null;
  const ends = [0, 1].map((axis) => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
  const size = Math.max(...ends.map(([low, high]) => high - low));
  if (size < LEAST) return null;
  const scale = (BOX - PEN) * FINE / size;
  const placed = (point) => point.map((value, axis) => (value - ends[axis][0]) * scale + PEN * FINE / 2);
  return asMnist(drawLines(strokes.map((stroke) => stroke.map(placed))), BOX * FINE, BOX * FINE);
}

/** A large picture of a digit, rows one after another (1 is ink), as MNIST has it: Float64Array of 784 pixels. */
export function asMnist(ink, tall, wide) {
  const picture = new Float64Array(SIDE * SIDE);
  let [top, bottom, left, right] = [tall, -1, wide, -1];
  ink.forEach((value, pixel) => {
    if (value <= 0) return;
    const [row, column] = [Math.floor(pixel / wide), pixel % wide];
    [top, bottom, left, right] = [
      Math.min(top, row),
      Math.max(bottom, row),
      Math.min(left, column),
      Math.max(right, column),
    ];
  });
  if (bottom < 0) return picture;
  const lengths = [bottom + 1 - top, right + 1 - left];
  const [height, width] = lengths.map((length) => Math.max(1, Math.floor(BOX * length / Math.max(...lengths) + 0.5)));
  const [ofRows, ofColumns] = [averages(lengths[0], height), averages(lengths[1], width)];
  const small = ofRows.map((rowWeights) =>
    ofColumns.map((columnWeights) => {
      let sum = 0;
      for (const [row, share] of rowWeights) {
        for (const [column, itsShare] of columnWeights) {
          sum += share * itsShare * ink[(top + row) * wide + left + column];
        }
      }
      return sum;
    })
  );
  const add = (sum, value) => sum + value;
  const [down, across] = [
    boxStart(small.map((row) => row.reduce(add))),
    boxStart(small[0].map((_, column) => small.map((row) => row[column]).reduce(add))),
  ];
  small.forEach((row, i) => picture.set(row, (down + i) * SIDE + across));
  return picture;
}

/** Lines with round ends and soft edges, on a canvas of 200 by 200 pixels. */
function drawLines(lines) {
  const side = BOX * FINE;
  const canvas = new Float64Array(side * side);
  const reach = PEN * FINE / 2;
  for (const line of lines) {
    for (let i = 0; i < Math.max(1, line.length - 1); i++) {
      const [[ax, ay], [bx, by]] = [line[i], line[Math.min(i + 1, line.length - 1)]];
      const [dx, dy] = [bx - ax, by - ay];
      const square = dx * dx + dy * dy;
      const first = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - reach - 1));
      const last = (a, b) => Math.min(side, Math.ceil(Math.max(a, b) + reach + 1));
      for (let row = first(ay, by); row < last(ay, by); row++) {
        for (let column = first(ax, bx); column < last(ax, bx); column++) {
          const [x, y] = [column + 0.5 - ax, row + 0.5 - ay];
          const along = square > 0 ? Math.min(1, Math.max(0, (x * dx + y * dy) / square)) : 0;
          const [across, down] = [x - along * dx, y - along * dy];
          const soft = Math.min(1, Math.max(0, reach + 0.5 - Math.sqrt(across * across + down * down)));
          const pixel = row * side + column;
          if (soft > canvas[pixel]) canvas[pixel] = soft;
        }
      }
    }
  }
  return canvas;
}

/** For each of the pixels that a length is averaged into: [[place, share], …]. */
function averages(length, pixels) {
  return Array.from({ length: pixels }, (_, pixel) => {
    const [from, to] = [pixel * length / pixels, (pixel + 1) * length / pixels];
    const shares = [];
    for (let place = Math.floor(from); place < Math.min(length, to); place++) {
      shares.push([place, (Math.min(to, place + 1) - Math.max(from, place)) * pixels / length]);
    }
    return shares;
  });
}

/** Where the box begins, so that the ink, summed along an axis, has its centre at pixel 14. */
function boxStart(sums) {
  let [moment, mass] = [0, 0];
  sums.forEach((sum, place) => {
    moment += sum * place;
    mass += sum;
  });
  return Math.min(SIDE - sums.length, Math.max(0, Math.floor(SIDE / 2 - moment / mass + 0.5 + TIE)));
}
