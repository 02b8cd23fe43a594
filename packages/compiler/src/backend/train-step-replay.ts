import * as tf from '@tensorflow/tfjs';
import type { LazyBackend } from './lazy-backend.ts';
import type { RecordedStep } from './recorded-step.ts';
import { sameDependencies, stepDependencies } from './step-dependencies.ts';

/** A train step of a model for batches of one shape, with what tfjs does around it. */
interface TrainStep {
  readonly recorded: RecordedStep;
  /** What it reads, in the order of its inputs: variables, and places in the batch. */
  readonly reads: readonly (tf.Variable | number)[];
  /** Variables that get new values, in the order of its outputs, after the results. */
  readonly assigned: readonly tf.Variable[];
  /** Whether tfjs keeps each result beyond the scope that it is made in. */
  readonly kept: readonly boolean[];
}

/** What is known of a model's train steps as long as they depend on the same things. */
interface TrainedModel {
  dependencies: readonly unknown[];
  /** Steps by the batch's shapes; `undefined` for one that can only be recorded each time. */
  readonly steps: Map<string, TrainStep | undefined>;
}

type Steps = TrainedModel['steps'];

/** Shapes of batches that steps are kept for. */
const mostShapes = 16;

/** A train function of tfjs: takes a step on inputs, targets and weights of samples, and gives loss and metrics. */
type TrainFunction = (batch: (tf.Tensor | null | undefined)[]) => tf.Tensor[];

/**
 * Lets `fit`, `fitDataset` and `trainOnBatch` take a step that was recorded before without recording it again: of what a
 * small step takes, tfjs's own bookkeeping for some 250 ops is the most. A step is recorded once more whenever something
 * has changed that it depends on, and models for which nobody can tell are recorded at every step, see
 * `step-dependencies.ts`.
 *
 * @param current the backend, if it is the one that tfjs is on.
 */
export function replayTrainSteps(current: () => LazyBackend | undefined): void {
  const trained = new WeakMap<tf.LayersModel, TrainedModel>();
  const untrained = new FinalizationRegistry(forget);
  const prototype = tf.LayersModel.prototype as unknown as Record<
    'makeTrainFunction',
    (this: tf.LayersModel) => TrainFunction
  >;
  const { makeTrainFunction } = prototype;
  prototype.makeTrainFunction = function (this: tf.LayersModel) {
    const record = makeTrainFunction.call(this);
    return (batch) => {
      const backend = current();
      const isWatched = tf.engine().state.profiling || tf.env().getBool('DEBUG');
      const dependencies = backend?.runtime.isSynchronous && !isWatched ? stepDependencies(this) : undefined;
      if (backend === undefined || dependencies === undefined) return record(batch);
      const known = trained.get(this);
      // Optimizers make variables at their first step, so the next may be another.
      if (known === undefined) {
        const steps: Steps = new Map();
        trained.set(this, { dependencies, steps });
        untrained.register(this, steps);
        return record(batch);
      }
      if (!sameDependencies(known.dependencies, dependencies)) {
        known.dependencies = dependencies;
        forget(known.steps);
        return record(batch);
      }
      const { steps } = known;
      const key = batchKey(batch);
      if (!steps.has(key)) {
        const { results, step } = recordOnce(backend, batch, record);
        if (steps.size === mostShapes) forget(steps, [steps.keys().next().value!]);
        steps.set(key, step);
        return results;
      }
      const step = steps.get(key);
      return (step && takeAgain(backend, step, batch, this.optimizer)) ?? record(batch);
    };
  };
}

/** Frees steps that are not taken any more: all of them, or those of some shapes. */
function forget(steps: Steps, keys: Iterable<string> = [...steps.keys()]): void {
  for (const key of keys) {
    steps.get(key)?.recorded.close();
    steps.delete(key);
  }
}

/** Equal for batches of the same types in which the same tensors are one. */
function batchKey(batch: Parameters<TrainFunction>[0]): string {
  const ids = batch.map((tensor) => tensor?.dataId);
  return batch
    .map((tensor) => tensor && `${tensor.dtype}[${tensor.shape.join()}]${ids.indexOf(tensor.dataId)}`)
    .join(';');
}

/** The tensors of a batch, each once. */
function tensorsOf(batch: Parameters<TrainFunction>[0]): tf.Tensor[] {
  const tensors = new Map(batch.flatMap((tensor) => (tensor ? [[tensor.dataId, tensor]] : [])));
  return [...tensors.values()];
}

function recordOnce(
  backend: LazyBackend,
  batch: Parameters<TrainFunction>[0],
  record: TrainFunction,
): { results: tf.Tensor[]; step: TrainStep | undefined } {
  const tensors = tensorsOf(batch);
  const variables = Object.values(tf.engine().state.registeredVariables);
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

/** Does all that tfjs's train function would do. Gives `undefined`, and has done nothing, where the step can't be taken. */
function takeAgain(
  backend: LazyBackend,
  { recorded, reads, assigned, kept }: TrainStep,
  batch: Parameters<TrainFunction>[0],
  optimizer: tf.Optimizer,
): tf.Tensor[] | undefined {
  const tensors = tensorsOf(batch);
  const inputs = reads.map((read) => (typeof read === 'number' ? tensors[read] : read));
  // tfjs knows what to say about them.
  if (inputs.some(({ isDisposed }) => isDisposed)) return undefined;
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
  (optimizer as unknown as { incrementIterations(): void }).incrementIterations();
  return results;
}
