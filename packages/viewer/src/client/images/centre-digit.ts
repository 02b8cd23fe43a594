/** A drawing as ink on a grid. */
export interface Drawing {
  /** `[height, width]`: 0 where nothing was drawn, 1 where the pen was, between at the edges of strokes. */
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** What of an image's side the digit's box takes: 20 of MNIST's 28 pixels. */
const boxShare = 20 / 28;
/** Values up to this are no ink: what anti-aliasing leaves at the very edge of a stroke. */
const faint = 0.02;

/**
 * Makes an image of a drawing as MNIST's were made: the drawn part scaled to fit a box of 20 × 20 pixels with its
 * proportions kept and edges smoothed, then moved in whole pixels so that its centre of mass comes nearest to row and
 * column 14, counted from 0, of the 28 × 28 image, where MNIST's digits have theirs. Where that would cut something off,
 * it is moved less.
 *
 * Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", http://yann.lecun.com/exdb/mnist/
 *
 * @param size side of the image in pixels, ≥ 2; the box shrinks and grows with it
 * @returns float32 `[size, size]` in [0, 1]; all 0 for a drawing with nothing in it
 */
export function centreDigit(drawing: Drawing, size = 28): Float32Array {
  const box = inkBox(drawing);
  const image = new Float32Array(size * size);
  if (box === undefined) return image;
  const scale = Math.round(boxShare * size) / Math.max(box.height, box.width);
  const rows = Math.max(1, Math.round(box.height * scale));
  const columns = Math.max(1, Math.round(box.width * scale));
  const digit = scaleBox(drawing, box, { rows, columns });

  const mass = centreOfMass(digit, columns);
  const placed = (centre: number, length: number): number =>
    Math.min(size - length, Math.max(0, Math.round(size / 2 - centre)));
  const top = placed(mass.row, rows);
  const left = placed(mass.column, columns);
  for (let row = 0; row < rows; row++) {
    image.set(digit.subarray(row * columns, (row + 1) * columns), (top + row) * size + left);
  }
  return image;
}

interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The smallest box with all ink in it; `undefined` if there is none. */
function inkBox({ values, height, width }: Drawing): Box | undefined {
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!(values[row * width + column] > faint)) continue;
      top = Math.min(top, row);
      bottom = row;
      left = Math.min(left, column);
      right = Math.max(right, column);
    }
  }
  if (bottom === -1) return undefined;
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** The box at another size: each pixel is the mean of the area that it covers. */
function scaleBox(
  { values, width }: Drawing,
  box: Box,
  { rows, columns }: { rows: number; columns: number },
): Float32Array {
  const rowParts = coverage(box.height, rows);
  const columnParts = coverage(box.width, columns);
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    let sum = 0;
    for (const { at: row, share: rowShare } of rowParts[Math.floor(i / columns)]) {
      for (const { at: column, share: columnShare } of columnParts[i % columns]) {
        sum += rowShare * columnShare * values[(box.top + row) * width + box.left + column];
      }
    }
    return Math.min(1, sum);
  });
}

/** For each of `cells` equal parts of a length, the pixels in it and which share of the part each makes up. */
function coverage(length: number, cells: number): { readonly at: number; readonly share: number }[][] {
  const cellLength = length / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const [from, to] = [cell * cellLength, Math.min(length, (cell + 1) * cellLength)];
    const parts = [];
    for (let at = Math.floor(from); at < to; at++) {
      parts.push({ at, share: (Math.min(to, at + 1) - Math.max(from, at)) / cellLength });
    }
    return parts;
  });
}

function centreOfMass(image: Float32Array, columns: number): { row: number; column: number } {
  let [mass, row, column] = [0, 0, 0];
  image.forEach((value, i) => {
    mass += value;
    row += value * Math.floor(i / columns);
    column += value * (i % columns);
  });
  return { row: row / mass, column: column / mass };
}
