import type * as tf from '@tensorflow/tfjs';
import { sizeOf } from './tensor-type.ts';
import type { Dimension } from './onnx/onnx-model.ts';

/** What the elements of a random tensor are drawn from, independently of each other. */
export type Distribution =
  /** Uniform in [min, max). */
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly standardDeviation: number };

/** A human's spelling of a distribution, e.g. `uniform(0, 1)` or `normal(1, 0.5)`, by its standard deviation. */
export function formatDistribution(distribution: Distribution): string {
  return distribution.kind === 'uniform'
    ? `uniform(${distribution.min}, ${distribution.max})`
    : `normal(${distribution.mean}, ${distribution.standardDeviation})`;
}

const unitInterval: Distribution = { kind: 'uniform', min: 0, max: 1 };

/** What the layers of tfjs that draw their numbers themselves, and not by `tf.dropout`, draw them from. */
const drawnByLayer: Readonly<Record<string, (layer: never) => Distribution>> = {
  AlphaDropout: () => unitInterval,
  GaussianNoise: ({ stddev }: { stddev: number }) => ({
    kind: 'normal',
    mean: 0,
    standardDeviation: stddev,
  }),
  GaussianDropout: ({ rate }: { rate: number }) => ({
    kind: 'normal',
    mean: 1,
    standardDeviation: Math.sqrt(rate / (1 - rate)),
  }),
};

/**
 * What the numbers are drawn from that tfjs is about to hand over, as far as their origin tells; `undefined` where only
 * the call of the function knows, as for a plain `tf.randomNormal`.
 *
 * @param scopes names of the scopes that tfjs is in, innermost last: `tf.dropout` always draws from [0, 1).
 * @param layer the layer being applied, innermost.
 */
export function distributionOf(
  scopes: readonly string[],
  layer: tf.layers.Layer | undefined,
): Distribution | undefined {
  if (scopes.at(-2) === 'dropout__op') return unitInterval;
  const drawn = drawnByLayer[layer?.getClassName() ?? ''] as ((layer: unknown) => Distribution) | undefined;
  return drawn?.(layer);
}

/** An input of a compiled function that has to be drawn at random for each run. */
interface RandomInput {
  readonly name: string;
  readonly shape: readonly Dimension[];
  readonly distribution?: Distribution;
}

/**
 * Draws new values for the random inputs of a compiled function, which those of dropout and noise are; it passes over
 * the other inputs. Normal numbers come in pairs from two uniform ones (Box and Muller,
 * https://doi.org/10.1214/aoms/1177706645).
 *
 * @param inputs those of the compiled function.
 * @param next gives numbers uniform in [0, 1), such as `Math.random` or a seeded generator.
 * @param sizes the open sizes by name, as in `{ N: 64 }`.
 * @returns for each random input, its elements and its shape.
 * @throws RangeError when an open size is missing.
 */
export function drawRandomInputs(
  inputs: readonly RandomInput[],
  next: () => number,
  sizes: Readonly<Record<string, number>> = {},
): Record<string, { data: Float32Array; shape: number[] }> {
  const drawn: Record<string, { data: Float32Array; shape: number[] }> = {};
  for (const { name, shape: open, distribution } of inputs) {
    if (distribution === undefined) continue;
    const shape = open.map((dimension) => sizeAt(dimension, sizes, name));
    const draw = distribution.kind === 'uniform' ? uniform(distribution, next) : normal(distribution, next);
    drawn[name] = { shape, data: Float32Array.from({ length: sizeOf(shape) }, draw) };
  }
  return drawn;
}

function sizeAt(dimension: Dimension, sizes: Readonly<Record<string, number>>, input: string): number {
  if (typeof dimension === 'number') return dimension;
  // A size may be a multiple of an open one, as in "4*N".
  const [, factor = '1', name] = /^(?:(\d+)\*)?(.*)$/.exec(dimension)!;
  if (!(name in sizes)) {
    throw new RangeError(
      `Cannot draw input "${input}": its size "${name}" is open; pass its value, as in { ${name}: 64 }.`,
    );
  }
  return Number(factor) * sizes[name];
}

function uniform({ min, max }: { min: number; max: number }, next: () => number): () => number {
  return () => min + (max - min) * next();
}

function normal(
  { mean, standardDeviation }: { mean: number; standardDeviation: number },
  next: () => number,
): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    // 1 - next() is never 0, whose logarithm would be infinite.
    const radius = standardDeviation * Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    spare = mean + radius * Math.sin(angle);
    return mean + radius * Math.cos(angle);
  };
}
