import { setTimeout } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { LazyBackend } from '../backend/lazy-backend.ts';

/** What a process holds after a number of steps. */
export interface Holdings {
  readonly step: number;
  readonly numTensors: number;
  readonly numDataIds: number;
  /** ONNX models compiled so far, and loaded now. */
  readonly compiled: number;
  readonly loaded: number;
  /** WebAssembly loops compiled so far. */
  readonly loops: number;
  readonly pending: number;
  readonly pooledBytes: number;
  /** JavaScript objects and array buffers that are reachable, in MB. */
  readonly heldMb: number;
  /** Resident memory of the process, in MB (10⁶ bytes). */
  readonly residentMb: number;
}

/** Writes what this process, which is on the lazy backend, holds as a line of JSON on stdout. */
export async function reportHoldings(step: number): Promise<void> {
  globalThis.gc?.();
  // V8 counts the memory of array buffers until another thread has freed it.
  await setTimeout(200);
  globalThis.gc?.();
  const backend = tf.backend() as unknown as LazyBackend;
  const { compiled, loaded, loops, pending, pooledBytes } = backend.counts();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const holdings: Holdings = {
    step,
    numTensors: tf.memory().numTensors,
    numDataIds: backend.numDataIds(),
    compiled,
    loaded,
    loops,
    pending,
    pooledBytes,
    heldMb: Math.round((heapUsed + arrayBuffers) / 1e5) / 10,
    residentMb: Math.round(rss / 1e5) / 10,
  };
  process.stdout.write(`${JSON.stringify(holdings)}\n`);
}
