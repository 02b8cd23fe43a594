import * as tf from '@tensorflow/tfjs';
import { whyNoRule } from './backend/fallback-kernels.ts';
import { evaluateConstant } from './evaluate-constant.ts';
import type { Attributes, Node, Value } from './graph.ts';
import { kernelTable } from './kernels/table.ts';
import { isList, listOf, type AnyKernel, type KernelInputs } from './kernels/kernel.ts';
import { valueFactory } from './onnx-builder.ts';
import { distributionOf, type Distribution } from './random-inputs.ts';
import { asDType, formatType, toTensorData, type TensorData, type TensorType } from './tensor-type.ts';

/** Name under which the recording backend is registered with tfjs. */
export const traceBackendName = 'narrows-trace';

/** What the backend knows of one data id of tfjs. */
interface Entry {
  readonly content: Recorded | Known | Foreign;
  references: number;
}

/** A tensor that some trace has recorded; it has no elements. */
interface Recorded {
  readonly value: Value;
}

/** A tensor that existed before the trace or was made from numbers inside it. */
interface Known extends TensorType {
  readonly data: TensorData;
}

/** A known tensor of a dtype that graphs do not hold. It may be there as long as nothing is computed from it. */
interface Foreign {
  readonly foreign: tf.backend_util.BackendValues;
}

/** Inputs of a kernel by name; tfjs leaves optional ones out, or `undefined`, or `null`. */
type OptionalInputs = Readonly<Record<string, tf.TensorInfo | null | undefined>>;

/** What one trace has recorded so far. */
export interface Recording {
  readonly nodes: Node[];
  readonly constants: Map<Value, TensorData>;
  /** The constant that stands for each known tensor used so far. */
  readonly constantOf: Map<Known, Value>;
  /** The layers being applied, innermost last. */
  readonly layers: tf.layers.Layer[];
  /** Values that layers drew at random, which become inputs of the graph. */
  readonly random: { readonly value: Value; readonly distribution: Distribution }[];
  readonly values: ReturnType<typeof valueFactory>;
}

/**
 * A tfjs backend whose kernels record what they would compute. Tensors that come from another backend, or are made from
 * numbers, become constants of the graph. Reading a recorded tensor is an error, since nothing has been computed, unless
 * it depends on constants only.
 */
export class TraceBackend extends tf.KernelBackend {
  readonly #entries: tf.DataStorage<Entry>;
  #recording: Recording | undefined;

  constructor() {
    super();
    this.#entries = new tf.DataStorage<Entry>(this, tf.engine());
  }

  /** Runs `body` while recording and returns what was recorded with what `body` returned. */
  record<T>(body: (recording: Recording) => T): T {
    if (this.#recording !== undefined) {
      throw new Error(
        'Cannot start a trace inside of a traced function: traces do not nest; trace the outer one only.',
      );
    }
    const recording: Recording = {
      nodes: [],
      constants: new Map(),
      constantOf: new Map(),
      layers: [],
      random: [],
      values: valueFactory(),
    };
    this.#recording = recording;
    try {
      return body(recording);
    } finally {
      this.#recording = undefined;
    }
  }

  /** A tensor that stands for `value` in the traced function. */
  tensorFor(value: Value): tf.Tensor {
    const shape = [...value.shape];
    return tf
      .engine()
      .makeTensorFromTensorInfo({ dataId: this.#keep(value), shape, dtype: value.dtype as tf.DataType });
  }

  /** Whether a tensor has elements, because it was made from numbers or comes from outside of the trace. */
  isKnown(tensor: tf.TensorInfo): boolean {
    return !('value' in this.#entries.get(tensor.dataId).content);
  }

  /**
   * The value that a tensor stands for; a tensor from elsewhere becomes a constant.
   * @param use what it is used for, for the error, as in `kernel "Concat" on`.
   * @throws TypeError when it is of text or complex numbers.
   */
  tracedValue(tensor: tf.TensorInfo, use: string): Value {
    const recording = this.#active();
    const { content } = this.#entries.get(tensor.dataId);
    if ('value' in content) return content.value;
    if ('foreign' in content) {
      throw new TypeError(
        `Cannot trace ${use} a tensor of ${tensor.dtype}[${tensor.shape.join(',')}]${this.#where()}: graphs hold float32, int32, bool and uint8; convert it before the traced function.`,
      );
    }
    // A known tensor may outlive a trace and be used in the next, as another value of another graph.
    const used = recording.constantOf.get(content);
    if (used !== undefined) return used;
    const constant = recording.values.value(content);
    recording.constantOf.set(content, constant);
    recording.constants.set(constant, content.data);
    return constant;
  }

  /** Records one kernel: types its outputs and appends a node. Gives a list where the kernel infers one. */
  recordKernel(
    kernel: AnyKernel,
    namedInputs: OptionalInputs,
    attributes: object,
  ): tf.TensorInfo | tf.TensorInfo[] {
    const recording = this.#active();
    const tensors =
      kernel.inputs === 'list' ? Object.values(namedInputs) : kernel.inputs.map((name) => namedInputs[name]);
    const inputs: KernelInputs = tensors.map((tensor) =>
      tensor ? this.tracedValue(tensor, `kernel "${kernel.name}" on`) : null,
    );
    const layer = recording.layers.at(-1)?.name ?? '';
    if (kernel.name === 'Identity') return this.#infoOf(inputs[0]!);
    const types = this.#inferTypes(kernel, inputs, attributes);
    const outputs = listOf(types).map((type) => recording.values.value(type));
    recording.nodes.push({
      op: kernel.name,
      domain: 'tfjs',
      inputs,
      outputs,
      attributes: attributes as Attributes,
      layer,
    });
    return isList(types) ? outputs.map((value) => this.#infoOf(value)) : this.#infoOf(outputs[0]);
  }

  /** Refuses a kernel that has no entry in the table. */
  refuseKernel(name: string, namedInputs: OptionalInputs): never {
    const layer = this.#recording?.layers.at(-1)?.name;
    const shapes = Object.entries(namedInputs).flatMap(([input, tensor]) =>
      tensor ? [`${input}: ${tensor.dtype}[${tensor.shape.join(',')}]`] : [],
    );
    throw new UnsupportedKernelError(name, layer ?? '', shapes.join(', '));
  }

  /** Types of a kernel's outputs. Its errors know the kernel; which layer used it is added here. */
  #inferTypes(
    kernel: AnyKernel,
    inputs: KernelInputs,
    attributes: object,
  ): TensorType | readonly TensorType[] {
    try {
      return kernel.infer(inputs, attributes);
    } catch (error) {
      if (error instanceof Error && this.#where() !== '') error.message += ` It happened${this.#where()}.`;
      throw error;
    }
  }

  /** The layer being applied, for the end of a clause. */
  #where(): string {
    const layer = this.#recording?.layers.at(-1);
    return layer === undefined ? '' : ` in layer "${layer.name}"`;
  }

  /** Beginning of a sentence on what is not computed yet. */
  #maker(value: Value): string {
    const node = this.#recording?.nodes.find(({ outputs }) => outputs.includes(value));
    if (node === undefined) return 'nothing has been';
    return `kernel "${node.op}"${node.layer === '' ? '' : ` of layer "${node.layer}"`} has not been`;
  }

  #active(): Recording {
    if (this.#recording === undefined) {
      throw new Error(
        `Cannot run an op on the backend "${traceBackendName}": it only records inside of a trace; call tf.setBackend first.`,
      );
    }
    return this.#recording;
  }

  #keep(value: Value): object {
    const dataId = {};
    this.#entries.set(dataId, { content: { value }, references: 1 });
    return dataId;
  }

  #infoOf(value: Value): tf.TensorInfo {
    return { dataId: this.#keep(value), shape: [...value.shape], dtype: value.dtype as tf.DataType };
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const scopes = tf.engine().state.scopeStack.map(({ name }) => name);
    const scope = scopes.at(-1) ?? '';
    if (/^(rand|truncatedNormal)/.test(scope)) {
      const distribution = distributionOf(scopes, this.#recording?.layers.at(-1));
      if (distribution !== undefined) {
        const { values: made, random } = this.#active();
        const value = made.value({ shape, dtype: 'float32' });
        random.push({ value, distribution });
        return this.#keep(value);
      }
      throw new Error(
        `Cannot trace ${scope.replace('__op', '')}: its numbers would be drawn once and frozen into the graph; pass them in as an input.`,
      );
    }
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
    const type = dtype === 'string' || dtype === 'complex64' ? undefined : { shape, dtype: asDType(dtype) };
    const content =
      type === undefined
        ? { foreign: values }
        : { ...type, data: toTensorData(values as ArrayLike<number>, type.dtype) };
    this.#entries.set(dataId, { content, references: refCount });
  }

  override readSync(dataId: tf.DataId): tf.backend_util.BackendValues {
    const { content } = this.#entries.get(dataId);
    if ('value' in content) {
      const elements = this.#recording && evaluateConstant(content.value, this.#recording);
      if (elements !== undefined) return elements as tf.backend_util.BackendValues;
      throw new Error(
        `Cannot read a tensor of ${formatType(content.value)} inside of a traced function${this.#where()}: ${this.#maker(content.value)} computed yet; ` +
          'pass what you need as an input, or return the tensor and read it after the run.',
      );
    }
    return 'foreign' in content ? content.foreign : (content.data as tf.backend_util.BackendValues);
  }

  override read(dataId: tf.DataId): Promise<tf.backend_util.BackendValues> {
    return new Promise((resolve) => {
      resolve(this.readSync(dataId));
    });
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
    return true;
  }

  override dispose(): void {
    // Nothing but tensors' entries, which go with them; tfjs calls this on every backend when it is reset.
  }

  override numDataIds(): number {
    return this.#entries.numDataIds();
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: true, reasons: ['Recorded tensors hold no memory.'] };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }
}

/** A traced function used a tfjs kernel that the compiler has no rule for. */
export class UnsupportedKernelError extends Error {
  readonly kernel: string;
  readonly layer: string;

  constructor(kernel: string, layer: string, inputs: string) {
    const where = layer === '' ? 'outside of any layer' : `in layer "${layer}"`;
    const reason = whyNoRule(kernel);
    const rule =
      reason === undefined
        ? 'the compiler has no rule for it; use another op, or add a rule to packages/compiler/src/kernels'
        : `${reason}, so there is no rule for it; use another op, or compute it outside of the traced function and pass it in as an input`;
    super(`Cannot trace kernel "${kernel}" ${where} with inputs (${inputs}): ${rule}.`);
    this.name = 'UnsupportedKernelError';
    this.kernel = kernel;
    this.layer = layer;
  }
}

let backend: TraceBackend | undefined;

/** The recording backend, registered with tfjs on first use. */
export function traceBackend(): TraceBackend {
  if (backend !== undefined) return backend;
  const created = new TraceBackend();
  tf.registerBackend(traceBackendName, () => created, 0);
  for (const kernel of kernelTable.values()) {
    tf.registerKernel({
      kernelName: kernel.name,
      backendName: traceBackendName,
      kernelFunc: ({ inputs, attrs }) => {
        return created.recordKernel(kernel, inputs, attrs ?? {});
      },
    });
  }
  // The cpu backend implements nearly every kernel of tfjs, so its list tells which ones the table lacks.
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (kernelTable.has(kernelName)) continue;
    tf.registerKernel({
      kernelName,
      backendName: traceBackendName,
      kernelFunc: ({ inputs }) => created.refuseKernel(kernelName, inputs),
    });
  }
  backend = created;
  return created;
}
