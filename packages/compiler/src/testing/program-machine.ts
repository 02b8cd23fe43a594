import * as tf from '@tensorflow/tfjs';
import { asDType, formatType, type TensorData } from '../tensor-type.ts';
import { drawValues } from './draw-values.ts';
import type { Program, ProgramInput } from './random-programs.ts';
import type { HostTensor } from './run-onnx.ts';

/** What a run of a program depends on besides the program. */
export interface RunOptions {
  /** Seed of all elements. */
  readonly data: number;
  /**
   * Where it is given, each float32 that is about to be rounded in a way that differs from backend to backend is first
   * moved up or down by a millionth of it: what that changes in a result is how far rounding may get.
   */
  readonly noise?: number | undefined;
}

/** A program under way. */
export interface Machine extends RunOptions {
  readonly hasSpecials: boolean;
  tensors: tf.Tensor[];
  readonly variables: tf.Variable[];
  readonly optimizers: Map<string, tf.Optimizer>;
  readonly values: { name: string; value: HostTensor }[];
  readonly reading: Promise<void>[];
  readonly names: Map<number, string>;
  readonly story: string[];
  /** Names of the steps that did something, and did not throw. */
  readonly taken: Set<string>;
  /** Tensors that were given elements so far. */
  drawn: number;
  /** Tensors that were given noise. */
  noisy: number;
}

/** A program before its first step. */
export function machineOf({ hasSpecials }: Program, options: RunOptions): Machine {
  return {
    ...options,
    hasSpecials,
    tensors: [],
    variables: [],
    optimizers: new Map(),
    values: [],
    reading: [],
    names: new Map(),
    story: [],
    taken: new Set(),
    drawn: 0,
    noisy: 0,
  };
}

/**
 * Elements for a tensor of a program: quarters from -2 to 2, whose sums and products are exact, small integers or truths.
 * @param hasSpecials whether floats may be NaN, infinite or -0: every fifth, for every third seed.
 */
export function drawElements(
  { shape, dtype }: ProgramInput,
  { seed, hasSpecials }: { seed: number; hasSpecials: boolean },
): TensorData {
  const elements = drawValues({ shape, dtype, range: 'signed' }, seed);
  if (!(elements instanceof Float32Array)) return elements;
  const specials = [NaN, Infinity, -Infinity, -0];
  const isSpecial = (i: number): boolean => hasSpecials && seed % 3 === 0 && i % 5 === seed % 5;
  return elements.map((element, i) =>
    isSpecial(i) ? specials[(seed + i) % specials.length] : Math.round(4 * element) / 4,
  );
}

/** A tensor of elements of its own. */
export function draw(machine: Machine, input: ProgramInput, hasSpecials = machine.hasSpecials): tf.Tensor {
  const elements = drawElements(input, { seed: nextSeed(machine), hasSpecials });
  return tf.tensor(elements as tf.TypedArray, [...input.shape], input.dtype);
}

/** A seed that nothing else of the program has. */
export function nextSeed(machine: Machine): number {
  return 1000 * machine.data + machine.drawn++;
}

/** Gives a tensor its name in the story, which tells how it was made. */
export function name(machine: Machine, tensor: tf.Tensor, made: string): string {
  const own = `t${machine.names.size}`;
  machine.names.set(tensor.id, own);
  machine.story.push(
    `${own} = ${made}: ${formatType({ shape: tensor.shape, dtype: asDType(tensor.dtype) })}`,
  );
  return own;
}

/** The name of a tensor in the story. */
export function nameOf(machine: Machine, { id }: tf.Tensor): string {
  return machine.names.get(id) ?? '(inside)';
}

/** Gives later steps a tensor to work with. */
export function add(machine: Machine, tensor: tf.Tensor, made: string): void {
  name(machine, tensor, made);
  machine.tensors.push(tensor);
}

/** Reads a tensor while the program goes on. */
export function beginToRead(machine: Machine, tensor: tf.Tensor): void {
  const entry = {
    name: `${nameOf(machine, tensor)} read at line ${machine.story.length}`,
    value: hostTensor(tensor, new Float32Array()),
  };
  machine.story.push(`${nameOf(machine, tensor)}.data()`);
  machine.values.push(entry);
  machine.reading.push(
    tensor.data().then((elements) => {
      entry.value = hostTensor(tensor, elements);
    }),
  );
}

/** What was read, and no copy: an array that the backend used again would give other elements in the end. */
export function hostTensor({ shape, dtype }: tf.Tensor, elements: tf.TypedArray): HostTensor {
  return { shape, dtype: asDType(dtype), data: elements };
}

/** Keeps what was disposed of from later steps. */
export function forgetDisposed(machine: Machine): void {
  machine.tensors = machine.tensors.filter(({ isDisposed }) => !isDisposed);
}

/** A tensor moved by the noise that {@link RunOptions.noise} asks for. */
export function withNoise(machine: Machine, tensor: tf.Tensor): tf.Tensor {
  if (machine.noise === undefined || tensor.dtype !== 'float32') return tensor;
  const { shape } = tensor;
  const drawn = drawValues(
    { shape, dtype: 'float32', range: 'unit' },
    1000 * machine.noise + machine.noisy++,
  );
  return tf.mul(
    tensor,
    tf
      .tensor(drawn as Float32Array, shape)
      .mul(1e-6)
      .add(1),
  );
}
