import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile.ts';
import { caseTable } from '../kernels/table.cases.ts';
import { forwardOf, gradientOf, hasGradient, specsOf } from '../testing/case-functions.ts';
import { fixedWeights, twoBlockModel } from '../testing/small-models.ts';

const python = '/usr/bin/python3';

/** Checks every file of a folder, types and shapes too, and prints what is wrong with each, a line a file. */
const script = `
import os, sys, onnx
for name in sorted(os.listdir(sys.argv[1])):
    try:
        onnx.checker.check_model(onnx.load(os.path.join(sys.argv[1], name)), full_check=True)
    except Exception as error:
        print(name, ' '.join(str(error).split()))
`;

const isInstalled = spawnSync(python, ['-c', 'import onnx']).status === 0;
const title = isInstalled
  ? 'the checker of ONNX'
  : 'the checker of ONNX (skipped: /usr/bin/python3 has no module onnx, which is python3-onnx on Debian)';

describe.skipIf(!isInstalled)(title, () => {
  it('accepts the model of every kernel case, forward and backward, of an open batch size, and of weights in int8', () => {
    const folder = mkdtempSync(join(tmpdir(), 'onnx-checker-'));
    try {
      let count = 0;
      const write = (name: string, bytes: Uint8Array): void => {
        writeFileSync(join(folder, `${count++} ${name.replaceAll(/[^\w ,.×-]/g, '_')}.onnx`), bytes);
      };
      for (const row of Object.values(caseTable).flat()) {
        write(row.name, compile(forwardOf(row), specsOf(row), { name: row.name }).bytes);
        if (hasGradient(row))
          write(`gradient of ${row.name}`, compile(...gradientOf(row), { name: row.name }).bytes);
      }
      const model = twoBlockModel();
      const specs = { x: { shape: ['N', 8, 8, 1], dtype: 'float32' } } as const;
      write('open', compile(({ x }) => ({ y: model.apply(x) as tf.Tensor }), specs, { name: 'open' }).bytes);
      const weights = fixedWeights([64, 32], 70);
      const rows = { x: { shape: ['N', 64], dtype: 'float32' } } as const;
      const options = { name: 'int8', weights: 'int8' } as const;
      write('int8', compile(({ x }) => ({ y: x.matMul(weights) }), rows, options).bytes);
      expect(count).toBeGreaterThan(500);
      expect(execFileSync(python, ['-c', script, folder], { encoding: 'utf8' })).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
