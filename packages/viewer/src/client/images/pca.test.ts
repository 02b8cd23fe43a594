import { meanSquaredError } from '@narrows/shared';
import { describe, expect, it } from 'vitest';
import { readFigures, readPcaBasis, readRun, readTestSet } from '../worker/run-files.ts';
import { scaleBytes } from '../worker/scale-bytes.ts';
import { demoFolder, demoRun } from '../worker/testing/demo-run.ts';
import { folderSource } from '../worker/testing/node-lab.ts';
import { projectPca, reconstructPca } from './pca.ts';

const basis = {
  mean: Float32Array.of(1, 1, 1),
  components: Float32Array.of(0.6, 0.8, 0, 0, 0, 1),
  widest: 2,
};

describe('principal components', () => {
  it('give back what lies in their span', () => {
    const image = Float32Array.of(1 + 0.6 * 3, 1 + 0.8 * 3, 1 - 2);
    const coefficients = projectPca(basis, image);
    expect(coefficients[0]).toBeCloseTo(3, 6);
    expect(coefficients[1]).toBeCloseTo(-2, 6);
    expect(meanSquaredError(reconstructPca(basis, coefficients, 2), image)).toBeLessThan(1e-12);
    expect(reconstructPca(basis, coefficients, 1)[2]).toBe(1);
    expect(reconstructPca(basis, coefficients, 0)).toEqual(basis.mean);
  });

  it('are as many as there are', () => {
    expect(() => reconstructPca(basis, Float32Array.of(0, 0), 3)).toThrow(
      new RangeError('Cannot reconstruct from 3 components: their number must be an integer from 0 to 2.'),
    );
    expect(() => reconstructPca(basis, Float32Array.of(0, 0), 1.5)).toThrow(RangeError);
  });

  it("of the demo have the trainer's error on test images, and less with each one", async () => {
    const run = await readRun(folderSource(demoFolder), demoRun);
    const widest = (await readPcaBasis(run))!;
    const { mse } = await readFigures(run);
    const { images } = await readTestSet(run);
    for (let i = 0; i < 200; i++) {
      const image = scaleBytes(images.subarray(i * 784, (i + 1) * 784));
      const coefficients = projectPca(widest, image);
      const errorAt = (width: number) => meanSquaredError(image, reconstructPca(widest, coefficients, width));
      // The model's file has its weights rounded to six bits.
      expect(Math.abs(errorAt(widest.widest) - mse[widest.id][i])).toBeLessThan(5e-4);
      expect(errorAt(8)).toBeGreaterThan(errorAt(widest.widest));
      expect(errorAt(2)).toBeGreaterThan(errorAt(8));
    }
  });
});
