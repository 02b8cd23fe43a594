/**
 * Child of the bench: latency of an exported model, from float32 pixels to reconstructions or logits.
 *
 *     node --import tsx inference.ts node|web JOB
 *
 * onnxruntime-web runs on WebAssembly in Node, as on a page that isn't cross-origin isolated: with one thread.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { findModel, type TrainableModel } from '@narrows/models';
import { exportModel, initialProgress, mnistDescription, openOnnxSession } from '@narrows/trainer';
import type { JobOf } from '../training/bench-document.ts';
import { median, spread } from '../statistics.ts';
import { answerJob } from './answer-job.ts';
import { wrongKind } from './job-part.ts';
import { packageVersion } from './package-version.ts';

/** Runs a model once on float32 pixels `[count, 28, 28, 1]`. */
type Run = (pixels: Float32Array, count: number) => Promise<unknown>;

const require = createRequire(import.meta.url);
const runtime = process.argv[2] as 'node' | 'web';
const { height, width, channels, classNames } = mnistDescription;
const imageShape = [height, width, channels] as const;

/** Runs before the clock, and at least after. */
const warmUpRuns = 3;
const leastRuns = 3;

await answerJob(async (job) => {
  if (job.kind !== 'inference') throw wrongKind(job);
  const bytes = exportedModel(job.model);
  const run = await (runtime === 'node' ? openNode(bytes, job.threads) : openWeb(bytes));
  const library = `onnxruntime-${runtime}`;
  return { version: `${library} ${packageVersion(library)}`, inference: await timeRuns(run, job) };
});

async function timeRuns(run: Run, { batchSizes, budgetMs }: JobOf<'inference'>) {
  const results = [];
  for (const batchSize of batchSizes) {
    const pixels = Float32Array.from({ length: batchSize * height * width }, (_, i) => (i % 256) / 255);
    for (let i = 0; i < warmUpRuns; i++) await run(pixels, batchSize);
    const times: number[] = [];
    const end = performance.now() + budgetMs;
    while (times.length < leastRuns || performance.now() < end) {
      const begin = performance.now();
      await run(pixels, batchSize);
      times.push(performance.now() - begin);
    }
    const [leastMs, mostMs] = spread(times);
    results.push({ batchSize, medianMs: median(times), leastMs, mostMs, runs: times.length });
  }
  return results;
}

/** The file that has the whole model, with weights as they are drawn: how long it takes doesn't depend on them. */
function exportedModel(id: string): Uint8Array {
  const model = findModel(id, { imageShape, classes: classNames.length })!.model as TrainableModel;
  const { state } = initialProgress(model, { seed: 1, averageDecay: 0 });
  const exported = exportModel(model, state.parameters);
  exported.dispose();
  return exported.files.find(({ role }) => role === 'classifier' || role === 'autoencoder')!.bytes;
}

async function openNode(bytes: Uint8Array, threads: number): Promise<Run> {
  const session = await openOnnxSession(bytes, { device: 'cpu', threads });
  return (data, count) => session.run({ images: { data, shape: [count, ...imageShape], dtype: 'float32' } });
}

async function openWeb(bytes: Uint8Array): Promise<Run> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.logLevel = 'fatal';
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = readFileSync(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    logSeverityLevel: 4,
  });
  return (data, count) => session.run({ images: new ort.Tensor('float32', data, [count, ...imageShape]) });
}
