import { describe, expect, it } from 'vitest';
import { readRun, readTestSet } from '../worker/run-files.ts';
import { scaleBytes } from '../worker/scale-bytes.ts';
import { demoFolder, demoRun } from '../worker/testing/demo-run.ts';
import { folderSource } from '../worker/testing/node-lab.ts';
import { centreDigit, type Drawing } from './centre-digit.ts';

/** A filled rectangle. */
function rectangle(
  [height, width]: readonly [number, number],
  [top, left, rows, columns]: readonly [number, number, number, number],
): Drawing {
  const values = Float32Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width) - top, (i % width) - left];
    return row >= 0 && row < rows && column >= 0 && column < columns ? 1 : 0;
  });
  return { values, height, width };
}

/** Rows and columns with ink, and the centre of mass. */
function measure(image: Float32Array, size = 28) {
  const rows = new Set<number>();
  const columns = new Set<number>();
  let [mass, row, column] = [0, 0, 0];
  image.forEach((value, i) => {
    if (value === 0) return;
    rows.add(Math.floor(i / size));
    columns.add(i % size);
    mass += value;
    row += value * Math.floor(i / size);
    column += value * (i % size);
  });
  return { rows: rows.size, columns: columns.size, row: row / mass, column: column / mass };
}

describe('centreDigit', () => {
  it('scales the longer side to 20 pixels and keeps proportions, wherever it was drawn', () => {
    const tall = measure(centreDigit(rectangle([280, 280], [13, 200, 100, 50])));
    expect(tall).toMatchObject({ rows: 20, columns: 10 });
    const wide = measure(centreDigit(rectangle([300, 500], [250, 3, 10, 40])));
    expect(wide).toMatchObject({ rows: 5, columns: 20 });
    for (const { row, column } of [tall, wide]) {
      expect(Math.abs(row - 14)).toBeLessThanOrEqual(0.5);
      expect(Math.abs(column - 14)).toBeLessThanOrEqual(0.5);
    }
  });

  it('smooths edges that fall between pixels and keeps the ink in between full', () => {
    const image = centreDigit(rectangle([200, 200], [10, 10, 130, 33]));
    const values = new Set(image);
    expect(values).toContain(1);
    expect(Math.max(...image)).toBe(1);
    // 33 of 130 is 5.08 of 20 columns: five of them, each full.
    expect(measure(image).columns).toBe(5);
  });

  it('moves less where the centre of mass would push ink out of the image', () => {
    // A heavy bar with a long thin tail to the right.
    const drawing = rectangle([100, 100], [0, 0, 100, 8]);
    drawing.values.fill(1, 50 * 100, 51 * 100);
    const { columns } = measure(centreDigit(drawing));
    expect(columns).toBe(20);
  });

  it('gives MNIST digits back as they are', async () => {
    const { images } = await readTestSet(await readRun(folderSource(demoFolder), demoRun));
    let worst = 0;
    for (let index = 0; index < 200; index++) {
      const digit = scaleBytes(images.subarray(index * 784, (index + 1) * 784));
      // As a drawing three times as large, at an edge of the pad.
      const values = Float32Array.from({ length: 100 * 100 }, (_, i) => {
        const [row, column] = [Math.floor(i / 300), Math.floor((i % 100) / 3)];
        return row < 28 && column < 28 ? digit[row * 28 + column] : 0;
      });
      const again = centreDigit({ values, height: 100, width: 100 });
      const difference = digit.reduce((sum, value, i) => sum + Math.abs(value - again[i]), 0) / 784;
      worst = Math.max(worst, difference);
    }
    expect(worst).toBeLessThan(0.02);
  });

  it('has nothing to centre in an empty drawing', () => {
    expect(centreDigit(rectangle([50, 50], [0, 0, 0, 0]))).toEqual(new Float32Array(784));
  });
});
