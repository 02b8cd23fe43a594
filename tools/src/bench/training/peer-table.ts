import { join } from 'node:path';
import type { Job } from './bench-document.ts';

/** The models that are trained, each with what its test set must say to be called trained. */
export const benchModels: readonly BenchModel[] = [
  { id: 'basic-32', metric: 'mse', target: 0.01 },
  { id: 'deeper-64', metric: 'mse', target: 0.006 },
  { id: 'cnn', metric: 'accuracy', target: 0.985 },
];

export interface BenchModel {
  readonly id: string;
  /** Small is good of an MSE, great of an accuracy. */
  readonly metric: 'mse' | 'accuracy';
  readonly target: number;
}

/** A model of the bench by its id. @throws RangeError if there is none. */
export function findBenchModel(id: string): BenchModel {
  const model = benchModels.find((one) => one.id === id);
  if (model === undefined) {
    throw new RangeError(
      `Cannot train "${id}" in the bench: peers know ${benchModels.map((one) => one.id).join(', ')}.`,
    );
  }
  return model;
}

/** Whether a test set's figure is as good as asked for. */
export function isReached(value: number, { metric, target }: Pick<BenchModel, 'metric' | 'target'>): boolean {
  return metric === 'mse' ? value <= target : value >= target;
}

/** Somebody who is measured. */
export interface Peer {
  readonly id: string;
  /** Name for people. */
  readonly title: string;
  /** A shorter one for pictures, where it has a place there. */
  readonly label?: string;
  /** The program and its arguments; the job follows as JSON. */
  readonly command: readonly string[];
  readonly kinds: readonly Job['kind'][];
  /** Where it can't run on one thread and on several alike. */
  readonly threads?: 'one' | 'several';
  /** Trains whole epochs however long they take. */
  readonly isPatient?: true;
  /** Models that take it seconds a step: a few steps in one round, at the first batch size, must do. */
  readonly slowModels?: readonly string[];
}

const node = (file: string, ...args: string[]): string[] => [
  process.execPath,
  '--import',
  'tsx',
  join(import.meta.dirname, '../children', file),
  ...args,
];
const pytorch = [
  process.env['PYTHON'] ?? '/usr/bin/python3',
  join(import.meta.dirname, '../children/pytorch.py'),
];
const training: readonly Job['kind'][] = ['steps', 'epochs', 'target'];

/** Everybody, in the order in which they take turns. */
export const peers: readonly Peer[] = [
  {
    id: 'narrows',
    title: 'Narrows, compiled step',
    label: 'Narrows',
    command: node('narrows.ts'),
    kinds: training,
    isPatient: true,
  },
  {
    id: 'narrows-fit',
    title: 'Narrows, tfjs `model.fit()` on `onnx`',
    label: 'Narrows, fit()',
    command: node('tfjs-fit.ts', 'onnx'),
    kinds: training,
    isPatient: true,
  },
  {
    id: 'pytorch',
    title: 'PyTorch',
    label: 'PyTorch',
    command: pytorch,
    kinds: training,
    isPatient: true,
  },
  {
    // Small steps are faster without a second thread, by far on some machines.
    id: 'pytorch-one',
    title: 'PyTorch, 1 thread',
    label: 'PyTorch, 1 thread',
    command: pytorch,
    kinds: training,
    threads: 'one',
    isPatient: true,
  },
  {
    id: 'jax-js',
    title: 'jax-js on wasm, 1 thread',
    label: 'jax-js',
    command: node('jax-js.ts'),
    kinds: training,
    threads: 'one',
    slowModels: ['cnn'],
  },
  {
    id: 'jax-js-workers',
    title: 'jax-js on wasm, workers',
    label: 'jax-js, workers',
    command: node('jax-js.ts'),
    kinds: training,
    threads: 'several',
    slowModels: ['cnn'],
  },
  {
    id: 'tfjs-wasm',
    title: 'tfjs `wasm`, `model.fit()`',
    label: 'tfjs wasm',
    command: node('tfjs-fit.ts', 'wasm'),
    kinds: training,
    threads: 'one',
  },
  {
    id: 'tfjs-cpu',
    title: 'tfjs `cpu`, `model.fit()`',
    label: 'tfjs cpu',
    command: node('tfjs-fit.ts', 'cpu'),
    kinds: ['steps'],
    threads: 'one',
    slowModels: ['basic-32', 'deeper-64', 'cnn'],
  },
  { id: 'compile', title: 'compiler', command: node('compile.ts'), kinds: ['compile'] },
  { id: 'ort-node', title: 'onnxruntime-node', command: node('inference.ts', 'node'), kinds: ['inference'] },
  {
    id: 'ort-web',
    title: 'onnxruntime-web (wasm, in Node)',
    command: node('inference.ts', 'web'),
    kinds: ['inference'],
    threads: 'one',
  },
];

/** A peer by its id. @throws RangeError if there is none. */
export function findPeer(id: string): Peer {
  const peer = peers.find((one) => one.id === id);
  if (peer === undefined) {
    throw new RangeError(
      `Cannot measure "${id}": there is no peer of that name: take some of ${peers.map((one) => one.id).join(', ')}.`,
    );
  }
  return peer;
}
