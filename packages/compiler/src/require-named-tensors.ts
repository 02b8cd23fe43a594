import * as tf from '@tensorflow/tfjs';

/**
 * Refuses what a function returned unless it is an object with names, as JavaScript lets it return anything.
 *
 * @param source where it comes from, as in `the function returns`.
 * @param expected what it should have returned.
 * @throws TypeError when it is nothing, a tensor, a promise, a list or no object at all.
 */
export function requireNames(
  returned: unknown,
  source: string,
  expected: string,
): asserts returned is Readonly<Record<string, unknown>> {
  if (isPromise(returned)) {
    // What goes wrong in it, now that the trace has ended, is of no use, and would end the process if nobody took it.
    returned.then(undefined, () => undefined);
  }
  const isNamed = typeof returned === 'object' && returned !== null;
  if (isNamed && !(returned instanceof tf.Tensor) && !isPromise(returned) && !Array.isArray(returned)) return;
  const advice = isPromise(returned)
    ? 'leave out async and await, there is nothing to wait for'
    : 'return that';
  throw new TypeError(
    `Cannot trace what ${source}: it must be ${expected}, and is ${kindOf(returned)}; ${advice}.`,
  );
}

/**
 * Refuses what a function returned unless it is tensors by name that can be read after it.
 *
 * @param source where it comes from, as in `the function returns`.
 * @throws TypeError when it is anything else, or one of the tensors is disposed.
 */
export function requireNamedTensors(
  returned: unknown,
  source = 'the function returns',
): asserts returned is Readonly<Record<string, tf.Tensor>> {
  requireNames(returned, source, 'tensors by name, as in { y }');
  for (const [name, tensor] of Object.entries(returned)) {
    if (!(tensor instanceof tf.Tensor)) {
      throw new TypeError(
        `Cannot trace output "${name}": ${source} tensors by name, and this is ${kindOf(tensor)}; return a tensor, as tf.scalar makes one of a number.`,
      );
    }
    if (tensor.isDisposed) {
      throw new TypeError(
        `Cannot trace output "${name}": its tensor must be there at the end, and is disposed; return it from the tf.tidy in which it is made, or leave out its dispose.`,
      );
    }
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value instanceof tf.Tensor) return 'a tensor without a name';
  if (isPromise(value)) return 'a promise';
  return Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
}
