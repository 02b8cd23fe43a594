import type * as tf from '@tensorflow/tfjs';
import type { NamedTensors } from '../trace.ts';
import type { Range } from './draw-values.ts';
import type { CaseInput } from './kernel-case.ts';
import type { ToleranceName } from './tolerances.ts';

/** How the gradient of a layer is checked where the usual checks make no sense. Each has to say why. */
export type LayerGradient =
  /** Not at all: tfjs has no gradient. */
  | { readonly check: 'none'; readonly because: string }
  /** Against tfjs, but not by differences. */
  | { readonly check: 'without differences'; readonly because: string };

/** One row of the tables of layers and losses. `run-layer-case.ts` says what is checked of each. */
export interface LayerCase {
  /** Unique in its table. */
  readonly name: string;
  /** Inputs with their batch axis, in the order in which the layer takes them. */
  readonly inputs: Readonly<Record<string, CaseInput>>;
  /** The layer, or a function where there is none. */
  readonly of: (() => tf.layers.Layer) | { readonly fn: (inputs: NamedTensors) => tf.Tensor };
  /** Whether the layer is applied as in training; false unless given. */
  readonly training?: boolean;
  /** What the layer's weights are drawn from; `unit` unless given. */
  readonly weights?: Range;
  /** Left out, the gradient by every float32 input and trainable weight is checked against tfjs and by differences. */
  readonly gradient?: LayerGradient;
  /** Of the results; that of a sum unless given. */
  readonly tolerance?: ToleranceName;
}
