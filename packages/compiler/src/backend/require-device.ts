import type { Graph } from '../graph.ts';
import { lowerWithPasses } from '../lower-with-passes.ts';
import { onnxModel } from '../onnx/onnx-model.ts';
import { valueFactory } from '../onnx-builder.ts';
import { encodeModel } from '../onnx/protobuf.ts';
import { andThen, orElse, type Eventually, type GraphRuntime } from './graph-runtime.ts';
import { inputName, outputName } from './pending-graph.ts';

/**
 * Runs a graph of one operator, since most runtimes notice a missing device at the first graph only.
 * @param advice what to do where it is missing, for the end of the error's text.
 * @returns the runtime, once the graph has run.
 * @throws Error with the runtime's reason in it.
 */
export function requireDevice(runtime: GraphRuntime, advice: string): Eventually<GraphRuntime> {
  const x = { shape: [1], dtype: 'float32', data: Float32Array.of(1) } as const;
  return orElse(
    () =>
      andThen(runtime.load(smallestModel(), { isSmall: true, nodes: 1 }), (loaded) =>
        andThen(loaded.run(new Map([[inputName(0), x]]), new Map()), () =>
          andThen(loaded.close(), () => runtime),
        ),
      ),
    (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `Cannot compute on ${runtime.name}: it must run a graph of one operator, and says: ${asSentence(reason)} ${advice}`,
        { cause: error },
      );
    },
  );
}

/** What onnxruntime says, without the place in its sources and the condition there. */
function asSentence(text: string): string {
  return `${text
    .trim()
    .replace(/^\S+\.(cc|h):\d+ .* was false\. /s, '')
    .replace(/[.:]$/, '')}.`;
}

/** `o0 = -i0`, float32 `[1]`, as an ONNX file. */
function smallestModel(): Uint8Array {
  const factory = valueFactory();
  const [x, y] = [0, 1].map(() => factory.value({ shape: [1], dtype: 'float32' }));
  const graph: Graph = {
    inputs: [{ name: inputName(0), value: x }],
    outputs: [{ name: outputName(0), value: y }],
    nodes: [{ op: 'Neg', domain: 'tfjs', inputs: [x], outputs: [y], attributes: {}, layer: '' }],
    constants: new Map(),
  };
  return encodeModel(onnxModel(lowerWithPasses(graph), { name: 'smallest' }));
}
