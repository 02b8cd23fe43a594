import * as tf from '@tensorflow/tfjs';
import type { LazyBackend } from './lazy-backend.ts';
import type { RecordedStep } from './recorded-step.ts';
import { isGone } from './step-variables.ts';
import { sameDependencies, stepDependencies } from './step-dependencies.ts';

/** A step of a model for batches of one shape, with what tfjs does around it. */
interface ModelStep {
  readonly recorded: RecordedStep;
  /** What it reads, in the order of its inputs: variables, and places in the batch. */
  readonly reads: readonly (tf.Variable | number)[];
  /** Variables that get new values, in the order of its outputs, after the results. */
  readonly assigned: readonly tf.Variable[];
  /** Whether tfjs keeps each result beyond the scope that it is made in. */
  readonly kept: readonly boolean[];
}

/** Steps by the batch's shapes; for one that could not be taken again, how often it has been recorded since. */
type Steps = Map<string, ModelStep | number>;

/** What is known of a model's steps as long as they depend on the same things. */
interface KnownModel {
  readonly backend: LazyBackend;
  dependencies: readonly unknown[];
  readonly steps: Steps;
}

/** Shapes of batches that steps are kept for. */
const mostShapes = 16;

/** A train or test function of tfjs: gives loss and metrics on inputs, targets and, in training, weights of samples. */
type StepFunction = (batch: (tf.Tensor | null | undefined)[]) => tf.Tensor[];

/** What tfjs makes steps with: `makeTestFunction` gives nothing and sets the model's `testFunction`. */
interface StepMakers {
  makeTrainFunction: (this: tf.LayersModel) => StepFunction;
  makeTestFunction: (this: tf.LayersModel) => void;
}

/**
 * Lets `fit`, `fitDataset` and `trainOnBatch`, and `evaluate` and what they validate with, take a step that was recorded
 * before without recording it again: of what a small step takes, tfjs's own bookkeeping for some 250 ops is the most. A step
 * is recorded once more whenever something has changed that it depends on, and models for which nobody can tell are
 * recorded at every step, see `step-dependencies.ts`.
 *
 * @param current the backend, if it is the one that tfjs is on.
 */
export function replaySteps(current: () => LazyBackend | undefined): void {
  const prototype = tf.LayersModel.prototype as unknown as StepMakers;
  const { makeTrainFunction, makeTestFunction } = prototype;
  const [replayTraining, replayTest] = [replayOf(current, true), replayOf(current, false)];
  prototype.makeTrainFunction = function () {
    return replayTraining(this, makeTrainFunction.call(this));
  };
  prototype.makeTestFunction = function () {
    makeTestFunction.call(this);
    const made = this as unknown as { testFunction: StepFunction };
    made.testFunction = replayTest(this, made.testFunction);
  };
}

/** Makes step functions that take recorded steps where they can, of those that record. */
function replayOf(
  current: () => LazyBackend | undefined,
  isTraining: boolean,
): (model: tf.LayersModel, record: StepFunction) => StepFunction {
  const models = new WeakMap<tf.LayersModel, KnownModel>();
  const gone = new FinalizationRegistry(forget);
  return (model, record) => (batch) => {
    const backend = current();
    const { profiling, gradientDepth } = tf.engine().state;
    // Gradients go through the ops of an evaluation, too.
    const isWatched = profiling || gradientDepth > 0 || tf.env().getBool('DEBUG');
    const dependencies =
      backend?.runtime.isSynchronous && !isWatched ? stepDependencies(model, isTraining) : undefined;
    if (backend === undefined || dependencies === undefined) return record(batch);
    const recordAlone = (): tf.Tensor[] => {
      const results = record(batch);
      backend.runRecorded();
      return results;
    };
    let known = models.get(model);
    if (known?.backend !== backend) {
      if (known !== undefined) forget(known.steps);
      known = { backend, dependencies, steps: new Map() };
      models.set(model, known);
      gone.register(model, known.steps);
      // Optimizers make variables at their first step, so the next may be another.
      if (isTraining) return recordAlone();
    }
    if (!sameDependencies(known.dependencies, dependencies)) {
      known.dependencies = dependencies;
      forget(known.steps);
      return recordAlone();
    }
    const { steps } = known;
    const key = batchKey(batch);
    const step = steps.get(key) ?? 0;
    if (typeof step === 'number' && isPowerOfTwo(step + 1)) {
      const { results, step: recorded } = recordOnce(backend, model, batch, record);
      if (!steps.has(key) && steps.size === mostShapes) forget(steps, [steps.keys().next().value!]);
      steps.set(key, recorded ?? step + 1);
      return results;
    }
    if (typeof step === 'number') {
      steps.set(key, step + 1);
      return recordAlone();
    }
    const results = takeAgain(backend, step, batch);
    if (results === undefined) return recordAlone();
    if (isTraining) (model.optimizer as unknown as { incrementIterations(): void }).incrementIterations();
    return results;
  };
}

/** Whether it is time to try once more: the longer it has not been possible, the less often. */
function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}

/** Frees steps that are not taken any more: all of them, or those of some shapes. */
function forget(steps: Steps, keys: Iterable<string> = [...steps.keys()]): void {
  for (const key of keys) {
    const step = steps.get(key);
    if (typeof step === 'object') step.recorded.close();
    steps.delete(key);
  }
}

/** Equal for batches of the same types in which the same tensors are one. */
function batchKey(batch: Parameters<StepFunction>[0]): string {
  const ids = batch.map((tensor) => tensor?.dataId);
  return batch
    .map((tensor) => tensor && `${tensor.dtype}[${tensor.shape.join()}]${ids.indexOf(tensor.dataId)}`)
    .join(';');
}

/** The tensors of a batch, each once. */
function tensorsOf(batch: Parameters<StepFunction>[0]): tf.Tensor[] {
  const tensors = new Map(batch.flatMap((tensor) => (tensor ? [[tensor.dataId, tensor]] : [])));
  return [...tensors.values()];
}

/**
 * Variables that a step of a model may read: its own, and those that share no value with them. Optimizers keep theirs where
 * nobody else sees them, and a copy of the model, as reinforcement learning makes, may hold what this one does.
 */
function variablesFor(model: tf.LayersModel): tf.Variable[] {
  const all = Object.values(tf.engine().state.registeredVariables);
  // Not by `read()`, which has words of its own for what is disposed of.
  const weights = model.weights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
  const [own, ids] = [new Set(weights), new Set(weights.map(({ dataId }) => dataId))];
  return all.filter((variable) => own.has(variable) || !ids.has(variable.dataId));
}

function recordOnce(
  backend: LazyBackend,
  model: tf.LayersModel,
  batch: Parameters<StepFunction>[0],
  record: StepFunction,
): { results: tf.Tensor[]; step: ModelStep | undefined } {
  const tensors = tensorsOf(batch);
  const variables = variablesFor(model);
  const before = variables.map(({ dataId }) => dataId);
  let results: tf.Tensor[] = [];
  let assigned: tf.Variable[] = [];
  const recorded = backend.recordStep([...tensors, ...variables], () => {
    results = record(batch);
    assigned = variables.filter((variable, i) => !variable.isDisposed && variable.dataId !== before[i]);
    return [...results, ...assigned];
  });
  if (recorded === undefined) return { results, step: undefined };
  const reads = recorded.reads.map((position) =>
    position < tensors.length ? position : variables[position - tensors.length],
  );
  return { results, step: { recorded, reads, assigned, kept: results.map(({ kept }) => kept) } };
}

/** Does all that tfjs's function would do but count steps. Gives `undefined`, and has done nothing, where the step can't be taken. */
function takeAgain(
  backend: LazyBackend,
  { recorded, reads, assigned, kept }: ModelStep,
  batch: Parameters<StepFunction>[0],
): tf.Tensor[] | undefined {
  const tensors = tensorsOf(batch);
  const inputs = reads.map((read) => (typeof read === 'number' ? tensors[read] : read));
  // tfjs knows what to say about them.
  if (
    inputs.some((input) => input.isDisposed || (input instanceof tf.Variable && isGone(input as tf.Variable)))
  )
    return undefined;
  const infos = backend.takeStep(recorded, inputs);
  if (infos === undefined) return undefined;
  const made = infos.map((info) => tf.engine().makeTensorFromTensorInfo(info));
  const results = made.slice(0, kept.length);
  results.forEach((result, i) => {
    if (kept[i]) tf.keep(result);
  });
  assigned.forEach((variable, i) => {
    const value = made[kept.length + i];
    variable.assign(value);
    value.dispose();
  });
  return results;
}
