import * as tf from '@tensorflow/tfjs';
import type { Value } from './graph.ts';
import type { TraceBackend } from './trace-backend.ts';

/** A variable that stands for a value of the graph while a function is traced. */
interface Lent {
  readonly variable: tf.Variable;
  /** What it held, and holds again afterwards. */
  readonly own: tf.DataId;
  /** The input of the graph that it stands for. */
  readonly input: Value;
}

/**
 * Lets variables stand for inputs of the graph while `body` runs, and puts back what they held whatever happens. The data
 * itself is not touched, so it may be on any backend.
 *
 * @param inputs the value that each variable stands for, each variable once.
 * @param body may assign to the variables; the second argument gives what a variable stands for by then.
 * @throws Error when `body` disposed one of the variables.
 */
export function lendVariables<T>(
  backend: TraceBackend,
  inputs: readonly (readonly [variable: tf.Variable, input: Value])[],
  body: (currentValues: () => Value[]) => T,
): T {
  const lent = inputs.map(([variable, input]): Lent => {
    const own = variable.dataId;
    // The reference of this tensor goes to the variable. Variable.assign would let go of what the variable holds.
    variable.dataId = backend.tensorFor(input).dataId;
    backend.incRef(variable.dataId);
    return { variable, own, input };
  });
  try {
    return body(() =>
      lent.map(({ variable }) => {
        if (variable.isDisposed) {
          throw new Error(
            `Cannot trace a function that disposes variable "${variable.name}": its new value would be lost; leave it, and dispose it after the run.`,
          );
        }
        return backend.tracedValue(variable, `variable "${variable.name}",`);
      }),
    );
  } finally {
    for (const { variable, own } of lent) giveBack(variable, own);
  }
}

/** Lets go of the recorded tensor that a variable holds, and gives it its own data again. */
function giveBack(variable: tf.Variable, own: tf.DataId): void {
  const { shape, dtype, isDisposed, dataId } = variable;
  variable.dataId = own;
  // A tensor takes over the reference that is not the variable's any more: to the recorded value, or to the data of a
  // variable that was disposed.
  const orphan = { dataId: isDisposed ? own : dataId, shape, dtype };
  tf.engine().makeTensorFromTensorInfo(orphan).dispose();
}

/**
 * Refuses, until the returned function is called, what would leave a recorded tensor, which has no elements, in a variable
 * that outlives the trace: assigning to a variable that is not lent, and making one from a recorded tensor.
 */
export function guardVariables(backend: TraceBackend, lent: readonly tf.Variable[]): () => void {
  const engine = tf.engine();
  const prototype = tf.Variable.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const { assign } = prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const { makeVariable } = engine;
  const assignable = new Set(lent);
  prototype.assign = function (this: tf.Variable, value: tf.Tensor) {
    if (!assignable.has(this)) {
      throw new TypeError(
        `Cannot assign to variable "${this.name}" in a traced function: it is not one of its \`variables\`, so the new value would be lost; pass it in there.`,
      );
    }
    assign.call(this, value);
  };
  engine.makeVariable = (initialValue, trainable, name, dtype) => {
    if (!backend.isKnown(initialValue)) {
      throw new TypeError(
        `Cannot make variable "${name ?? ''}" of [${initialValue.shape.join(',')}] in a traced function: its value is part of the graph, and would be lost; ` +
          "make it before and pass it in as one of the function's `variables` (those of an optimizer: optimizerVariables).",
      );
    }
    const variable = makeVariable.call(engine, initialValue, trainable, name, dtype);
    assignable.add(variable);
    return variable;
  };
  return () => {
    prototype.assign = assign;
    // The method is the prototype's again.
    delete (engine as { makeVariable?: unknown }).makeVariable;
  };
}
