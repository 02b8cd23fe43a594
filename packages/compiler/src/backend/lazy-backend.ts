import * as tf from '@tensorflow/tfjs';
import type { AnyKernel } from '../kernels/kernel.ts';
import { isList } from '../kernels/kernel.ts';
import { kernelTable } from '../kernels/table.ts';
import { asDType, sameShape, type TensorType } from '../tensor-type.ts';
import type { Eventually, GraphRuntime } from './graph-runtime.ts';
import { andThen, orElse } from './graph-runtime.ts';
import { lazyGraph, type LazyCounts, type LazyGraph } from './lazy-graph.ts';
import { filledValue, knownValue, writtenValue, type LazyValue } from './lazy-value.ts';
import type { RecordedStep } from './recorded-step.ts';
import { sliceOfElements } from './slice-of-elements.ts';
import { stepVariables, type StepVariables } from './step-variables.ts';

/** Name under which the backend is registered with tfjs. */
export const backendName = 'onnx';

/** What the backend knows of one data id of tfjs. */
interface Entry {
  readonly content: LazyValue | Complex | Strings;
  references: number;
  /** The content in other shapes and dtypes, of tensors that share the data id. */
  views?: Map<string, LazyValue>;
}

/** A complex tensor, as two real ones that it owns. */
interface Complex {
  readonly real: tf.TensorInfo;
  readonly imag: tf.TensorInfo;
}

/** A tensor of strings, which never enters a graph. */
interface Strings {
  readonly strings: tf.backend_util.BackendValues;
}

/**
 * Inputs of a kernel by name; tfjs leaves optional ones out, or `undefined`, or `null`. Kernels of any number of inputs get
 * an array, and those on ragged tensors arrays in an object.
 */
export type NamedInputs = Readonly<Record<string, tf.TensorInfo | null | undefined>>;

/**
 * A tfjs backend that records every op and computes when a value is read: what is recorded by then runs as one ONNX graph.
 * Graphs are compiled once for each structure, so that the second step of a training runs what the first compiled.
 */
export class LazyBackend extends tf.KernelBackend {
  readonly runtime: GraphRuntime;
  readonly #entries: tf.DataStorage<Entry>;
  readonly #graph: LazyGraph;
  readonly #variables: StepVariables;
  /** Optimizers that have taken a step. */
  readonly #optimizers = new WeakSet<tf.Optimizer>();
  /** Calls under way that record a gradient or a step of a training. */
  #stepDepth = 0;
  /** Whether one of these has ended, and what it recorded has not run. */
  #isAfterStep = false;
  /** How often elements were asked for. */
  #reads = 0;

  constructor(runtime: GraphRuntime) {
    super();
    this.runtime = runtime;
    this.#entries = new tf.DataStorage<Entry>(this, tf.engine());
    this.#graph = lazyGraph(runtime, {
      beginRun: () => {
        this.#isAfterStep = false;
        return this.#variables.beginRun();
      },
      isInStep: () => this.#stepDepth > 0,
      isAfterStep: () => this.#isAfterStep || this.#variables.isUnderWay,
      isInDoubt: () => this.#variables.areInDoubt,
    });
    this.#variables = stepVariables({
      valueOf: (tensor) => this.#valueOf(tensor),
      tensorOf: (value) => tf.engine().makeTensorFromTensorInfo(this.#infoOf(value), this),
      release: (value) => {
        this.#graph.release(value);
      },
    });
  }

  /** Records a call of a kernel. Gives a list where the kernel infers one. */
  record(
    kernel: AnyKernel,
    inputs: readonly (LazyValue | null)[],
    attributes: object,
  ): tf.TensorInfo | tf.TensorInfo[] {
    const [first] = inputs;
    const own = copyOfLists(attributes);
    const number = numberFilledIn(kernel, own);
    // At once: as an attribute of a node, each number would be another graph.
    if (number !== undefined)
      return this.#infoOf(filledValue(kernel.infer(inputs, own) as TensorType, number));
    const rows = kernel.name === 'Slice' && first && sliceOfElements(first, own as tf.SliceAttrs);
    if (rows) return this.#infoOf(rows);
    const made = this.#graph.record(kernel, inputs, own);
    return isList(made) ? made.map((value) => this.#infoOf(value)) : this.#infoOf(made);
  }

  /**
   * The values that a kernel's inputs stand for, in the kernel's order; `undefined` if one is complex or of strings, which
   * no graph holds.
   */
  valuesOf(kernel: AnyKernel, named: NamedInputs): (LazyValue | null)[] | undefined {
    const tensors =
      kernel.inputs === 'list' ? Object.values(named) : kernel.inputs.map((name) => named[name]);
    const values: (LazyValue | null)[] = [];
    for (const tensor of tensors) {
      if (!tensor) {
        values.push(null);
        continue;
      }
      const value = this.#valueOf(tensor);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  #infoOf(value: LazyValue): tf.TensorInfo {
    const dataId = {};
    value.tensors++;
    this.#entries.set(dataId, { content: value, references: 1 });
    return { dataId, shape: [...value.shape], dtype: value.dtype as tf.DataType };
  }

  /** A complex tensor of two real ones, which stay their owners'. */
  complex(real: tf.TensorInfo, imag: tf.TensorInfo): tf.TensorInfo {
    const dataId = {};
    this.#entries.set(dataId, {
      content: { real: this.copy(real), imag: this.copy(imag) },
      references: 1,
    });
    return { dataId, shape: real.shape, dtype: 'complex64' };
  }

  /** The parts of a complex tensor, which stay its own; `undefined` for any other. */
  partsOf({ dataId }: tf.TensorInfo): Complex | undefined {
    const { content } = this.#entries.get(dataId);
    return 'real' in content ? content : undefined;
  }

  /** The same data id once more. */
  share({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    this.incRef(dataId);
    return { dataId, shape, dtype };
  }

  /** Another data id for what a tensor stands for. */
  copy({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    const { content } = this.#entries.get(dataId);
    const value = this.#valueOf({ dataId, shape, dtype });
    if (value !== undefined) return this.#infoOf(value);
    if ('real' in content) return this.complex(content.real, content.imag);
    const copy = {};
    this.#entries.set(copy, { content, references: 1 });
    return { dataId: copy, shape, dtype };
  }

  /**
   * Runs `body`, in which an optimizer takes a step. What is recorded by then runs before it if variables were given values
   * since the last run, and if it is the optimizer's first step: what made the weights is no part of the steps to come.
   */
  minimize<T>(optimizer: tf.Optimizer, body: () => T): T {
    if (this.#variables.isStepBegun || !this.#optimizers.has(optimizer)) this.#startStep();
    this.#optimizers.add(optimizer);
    return this.inStep(body);
  }

  /** Runs `body`, whose kernels are to run together. */
  inStep<T>(body: () => T): T {
    this.#stepDepth++;
    try {
      return body();
    } finally {
      this.#stepDepth--;
      this.#isAfterStep = true;
    }
  }

  /**
   * Notes that a variable is given a value, and runs what is recorded if it was given one before.
   * @throws Error if the value is known not to be computable; then what was assigned since the last run is undone.
   */
  beforeAssign(variable: tf.Variable, given: tf.TensorInfo): void {
    if (this.#variables.isAssigned(variable)) this.#startStep();
    const failure = this.#valueOf(given)?.failure;
    if (failure !== undefined) {
      this.#variables.undo();
      throw failure;
    }
    this.#variables.assign(variable);
  }

  /**
   * Runs `body`, which records a step, and that step, and makes one of it that can be taken again without `body`.
   * @param inputs tensors whose elements will be others then; whatever else the step reads is the same each time.
   * @param body gives the tensors that the step makes. Tensors that it leaves besides forbid to take it again, as does a
   *   value that it looks at, since it may do something else for another value.
   */
  recordStep(
    inputs: readonly tf.TensorInfo[],
    body: () => readonly tf.TensorInfo[],
  ): RecordedStep | undefined {
    const values = inputs.map((tensor) => this.#valueOf(tensor));
    this.#startStep();
    const [reads, { runs }] = [this.#reads, this.counts()];
    const made = this.inStep(body);
    const outputs = made.map((tensor) => this.#valueOf(tensor));
    if (this.#reads !== reads || this.counts().runs !== runs) return undefined;
    const step = outputs.every((value) => value !== undefined)
      ? this.#graph.recordedStep(values, outputs)
      : undefined;
    this.runRecorded();
    return step;
  }

  /** Runs a step by itself, so that the graph is the one that runs when it is taken again, and no other is compiled. */
  runRecorded(): void {
    void this.#graph.flush();
  }

  /**
   * Takes a recorded step.
   * @param inputs what the step {@link RecordedStep.reads}, of the types that it was recorded with.
   * @returns the tensors that it makes, or `undefined` where it can't be taken; then nothing has changed.
   */
  takeStep(step: RecordedStep, inputs: readonly tf.TensorInfo[]): tf.TensorInfo[] | undefined {
    const values = inputs.map((tensor) => this.#valueOf(tensor));
    this.#startStep();
    if (!values.every((value) => value !== undefined)) return undefined;
    return step.take(values)?.map((value) => this.#infoOf(value));
  }

  #startStep(): void {
    this.#variables.beginStep();
    void this.#graph.flush();
    this.#variables.tellWhatWasUndone();
  }

  #valueOf({ dataId, shape, dtype }: tf.TensorInfo): LazyValue | undefined {
    const entry = this.#entries.get(dataId);
    const { content } = entry;
    if (!('readers' in content)) return undefined;
    if (content.dtype === dtype && sameShape(content.shape, shape)) return content;
    return this.#viewOf(entry, content, shape, dtype);
  }

  /** tfjs's cpu backend reshapes and casts under one data id, which comes here with its first shape and dtype. */
  #viewOf(entry: Entry, content: LazyValue, shape: readonly number[], dtype: tf.DataType): LazyValue {
    const key = `${dtype}[${shape.join()}]`;
    const known = entry.views?.get(key);
    if (known !== undefined) return known;
    const call = (name: string, input: LazyValue, attributes: object): LazyValue =>
      this.#graph.record(kernelTable.get(name)!, [input], attributes) as LazyValue;
    const cast = content.dtype === dtype ? content : call('Cast', content, { dtype });
    const view = sameShape(cast.shape, shape) ? cast : call('Reshape', cast, { shape: [...shape] });
    view.tensors++;
    (entry.views ??= new Map()).set(key, view);
    return view;
  }

  /** What has been recorded, compiled and run. */
  counts(): LazyCounts {
    return this.#graph.counts();
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: tf.DataId,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    this.#entries.set(dataId, { content: this.#contentOf(values, shape, dtype), references: refCount });
  }

  #contentOf(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): Entry['content'] {
    if (dtype === 'string') return { strings: values };
    if (dtype === 'complex64') {
      const { real, imag } = tf.backend_util.splitRealAndImagArrays(values as Float32Array);
      const part = (data: Float32Array): tf.TensorInfo =>
        this.#infoOf(knownValue({ shape, dtype: 'float32' }, data));
      return { real: part(real), imag: part(imag) };
    }
    const type = { shape: [...shape], dtype: asDType(dtype) };
    // A copy, since the program may change its array before what it was recorded for has run.
    const value = writtenValue(type, values as ArrayLike<number>);
    value.tensors++;
    return value;
  }

  override readSync(dataId: tf.DataId): tf.backend_util.BackendValues {
    const values = this.elementsNow(dataId);
    if (values === undefined) {
      throw new Error(
        `Cannot read a tensor with dataSync() on the backend "${backendName}": ${this.runtime.name} only runs asynchronously; ` +
          'use await tensor.data() instead.',
      );
    }
    return values;
  }

  /** The elements of a tensor if they are there, or can be made before this returns; `undefined` if not. */
  elementsNow(dataId: tf.DataId): tf.backend_util.BackendValues | undefined {
    const values = this.#read(dataId);
    if (!(values instanceof Promise)) return values;
    // Whoever reads the tensor later gets the error.
    values.catch(() => undefined);
    return undefined;
  }

  override async read(dataId: tf.DataId): Promise<tf.backend_util.BackendValues> {
    return this.#read(dataId);
  }

  #read(dataId: tf.DataId): Eventually<tf.backend_util.BackendValues> {
    this.#reads++;
    const { content } = this.#entries.get(dataId);
    if ('strings' in content) return content.strings;
    if ('real' in content) {
      return andThen(this.#read(content.real.dataId), (real) =>
        andThen(this.#read(content.imag.dataId), (imag) =>
          tf.backend_util.mergeRealAndImagArrays(real as Float32Array, imag as Float32Array),
        ),
      );
    }
    return orElse(
      () =>
        andThen(this.#graph.elements(content), (elements) => {
          this.#variables.tellWhatWasUndone();
          return elements as tf.backend_util.BackendValues;
        }),
      (error) => {
        this.#variables.forgetWhatWasUndone();
        throw error;
      },
    );
  }

  override refCount(dataId: tf.DataId): number {
    return this.#entries.has(dataId) ? this.#entries.get(dataId).references : 0;
  }

  override incRef(dataId: tf.DataId): void {
    this.#entries.get(dataId).references++;
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.#entries.has(dataId)) return true;
    const entry = this.#entries.get(dataId);
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.#entries.delete(dataId);
    const { content } = entry;
    for (const view of entry.views?.values() ?? []) this.#graph.release(view);
    if ('readers' in content) this.#graph.release(content);
    else if ('real' in content) {
      this.disposeData(content.real.dataId, true);
      this.disposeData(content.imag.dataId, true);
    }
    return true;
  }

  override numDataIds(): number {
    return this.#entries.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override time(run: () => void): Promise<tf.BackendTimingInfo> {
    const before = this.#graph.flush();
    const start = tf.util.now();
    // At once, since tfjs's profiler looks at the results as soon as this returns.
    run();
    const recordMs = tf.util.now() - start;
    // What ran before is not part of it.
    const computed = andThen(before, () => {
      const resumed = tf.util.now();
      return andThen(this.#graph.flush(), () => tf.util.now() - resumed);
    });
    return Promise.resolve(computed).then((computeMs) => ({ kernelMs: recordMs + computeMs }));
  }

  override timerAvailable(): boolean {
    return true;
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {
    this.#graph.close();
  }
}

/** The number that every element of a call's result is, if the kernel knows it without looking at any. */
function numberFilledIn({ name }: AnyKernel, attributes: object): number | undefined {
  if (name === 'Fill') return Number((attributes as tf.FillAttrs).value);
  if (name === 'ZerosLike') return 0;
  return name === 'OnesLike' ? 1 : undefined;
}

/** Attributes with lists of their own: the program may change those that it gave before they are looked at. */
function copyOfLists(attributes: object): object {
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes) as [string, unknown][])
    own[name] = Array.isArray(value) ? structuredClone(value) : value;
  return own;
}
