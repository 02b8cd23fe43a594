import { expect, test } from 'vitest';
import type { Verification } from '../../worker/lab-api.ts';
import { areEqual, summarise } from './verification-summary.ts';
import { verificationJson, verificationMarkdown } from './verification-text.ts';

const verification: Verification = {
  runId: 'study',
  images: 1000,
  durationMs: 2000,
  runtime: { device: 'wasm', threads: 2, reason: 'default' },
  codecs: [
    { id: 'pca-8', mse: { here: 0.0100004, trainer: 0.01, agrees: true } },
    { id: 'basic-8', mse: { here: 0.02, trainer: 0.02, agrees: true } },
  ],
  classifications: [
    {
      classifier: 'cnn',
      on: 'original',
      accuracy: { here: 0.99, trainer: 0.99, agrees: true },
      differing: 0,
    },
    { classifier: 'cnn', on: 'pca-8', accuracy: { here: 0.9, trainer: 0.9, agrees: true }, differing: 2 },
  ],
  files: [{ path: 'models/cnn/classifier.onnx', sha256: 'ab'.repeat(32), matches: true }],
};
const context = { runName: 'study', userAgent: 'Browser 1', verifiedAt: '2026-11-25T00:00:00.000Z' };

test('a verification is confirmed when errors, accuracies and files agree, whatever single images do', () => {
  const summary = summarise(verification);
  expect(summary).toMatchObject({
    isConfirmed: true,
    differingAnswers: 2,
    answers: 2000,
    passesPerSecond: 2000,
  });
  expect(summary.largestDifference).toBeCloseTo(4e-7, 12);
});

test('one figure or file that differs is enough not to confirm', () => {
  const [file] = verification.files;
  const [codec] = verification.codecs;
  const [answers] = verification.classifications;
  const differing: Partial<Verification>[] = [
    { files: [{ ...file, matches: false }] },
    { codecs: [{ ...codec, mse: { ...codec.mse, agrees: false } }] },
    { classifications: [{ ...answers, accuracy: { ...answers.accuracy, agrees: false } }] },
  ];
  for (const change of differing) {
    const changed = { ...verification, ...change };
    expect(summarise(changed).isConfirmed).toBe(false);
    expect(verificationMarkdown(changed, context)).toContain('not confirmed');
    expect(verificationMarkdown(changed, context)).toContain('**differs**');
  }
});

test('a run without codecs has no difference', () => {
  expect(summarise({ ...verification, codecs: [] }).largestDifference).toBe(0);
});

test('what there was nothing of to compare is neither confirmed nor refuted', () => {
  expect([areEqual(2, 2), areEqual(1, 2), areEqual(0, 0)]).toEqual([true, false, undefined]);
});

test('the Markdown has a row for every figure and a line for every file', () => {
  expect(verificationMarkdown(verification, context)).toMatchInlineSnapshot(`
    "# Verification of the run study: confirmed

    1000 test images, onnxruntime-web on wasm with 2 thread(s), 2.0 s, 2026-11-25T00:00:00.000Z, Browser 1.
    1 of 1 files have the SHA-256 of the manifest.

    | figure | here | trainer | difference | |
    | --- | ---: | ---: | ---: | --- |
    | MSE of pca-8 | 0.01000040 | 0.01000000 | 4.0e-7 | agrees |
    | MSE of basic-8 | 0.02000000 | 0.02000000 | 0.0e+0 | agrees |
    | accuracy of cnn on original | 0.99 | 0.99 | 0 images of another class | agrees |
    | accuracy of cnn on pca-8 | 0.9 | 0.9 | 2 images of another class | agrees |

    - \`abababababababababababababababababababababababababababababababab\` models/cnn/classifier.onnx
    "
  `);
});

test('the JSON holds the verification and where it was made', () => {
  expect(JSON.parse(verificationJson(verification, context))).toEqual({ ...context, ...verification });
});
