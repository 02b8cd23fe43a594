import * as tf from '@tensorflow/tfjs';

/**
 * The weights of a layers model as variables by name (`dense_Dense1/kernel`), for the `variables` of a compiled function:
 * those that are trained and those that are not, such as the moving averages of a batch normalisation.
 *
 * @param model one whose input shape is known, since layers have no weights before.
 */
export function layerVariables(model: tf.LayersModel): Record<string, tf.Variable> {
  return Object.fromEntries(model.weights.map((weight) => [weight.name, variableOf(weight)]));
}

/** A weight of a layer gives away its variable, as a tensor. */
function variableOf(weight: { read(): unknown }): tf.Variable {
  return weight.read() as tf.Variable;
}

/** A slot of an optimizer of tfjs: what it keeps for one variable that it trains. */
interface Slot {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

/**
 * The state of an optimizer of tfjs as variables by name (`optimizer/accBeta1`, `optimizer/dense_Dense1/kernel/m`), for
 * the `variables` of a compiled function. tfjs makes most of it in the first step, which in a trace would be too late, so
 * what is missing is made here, as the first step would make it.
 *
 * @param optimizer any of `tf.train`.
 * @param trained what it trains, in the order in which it gets the gradients: the list given to `minimize`, or without
 *   one all trainable variables of tfjs in the order in which they were made.
 */
export function optimizerVariables(
  optimizer: tf.Optimizer,
  trained: readonly tf.Variable[],
): Record<string, tf.Variable> {
  const before = Object.values(ownVariables(optimizer)).map(
    (variable) => [variable, tf.clone(variable)] as const,
  );
  const { iterations } = optimizer;
  // Without a gradient a variable keeps its value, but gets its slots. What is left to undo is the count of steps.
  optimizer.applyGradients(trained.map(({ name }) => ({ name, tensor: null as unknown as tf.Tensor })));
  Object.assign(optimizer, { iterations_: iterations });
  for (const [variable, value] of before) {
    variable.assign(value);
    value.dispose();
  }
  return Object.fromEntries(
    Object.entries(ownVariables(optimizer)).map(([name, variable]) => [`optimizer/${name}`, variable]),
  );
}

/** An optimizer holds variables themselves, and lists of slots. */
function ownVariables(optimizer: tf.Optimizer): Record<string, tf.Variable> {
  const found: Record<string, tf.Variable> = {};
  for (const [name, value] of Object.entries(optimizer) as [string, unknown][]) {
    if (value instanceof tf.Variable) found[name] = value as tf.Variable;
    else if (Array.isArray(value)) {
      for (const { originalName, variable } of value as Slot[]) found[originalName] = variable;
    }
  }
  return found;
}
