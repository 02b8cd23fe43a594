import type { Graph, Value } from './graph.ts';
import type { Dimension } from './onnx/onnx-model.ts';
import { unify, type SizedGraph } from './unify.ts';

/** Sizes at which an open axis is always traced. Prime, unequal and larger than 1, so that nothing broadcasts by accident. */
const smallSizes = [5, 7] as const;

/**
 * Sizes of which it is traced at one more, the first that works: two sizes that are close agree where something is rounded
 * down, such as the quarter of an axis, or cut off, such as a slice of four at most. Some functions end before the largest,
 * with a table of positions for instance.
 */
const largeSizes = [101, 53, 29, 17, 11] as const;

/** How a function becomes a graph at one size of its open axis. */
interface AtSize {
  readonly record: (size: number) => Graph;
  /** Takes what was recorded to ONNX operators. */
  readonly lower: (recorded: Graph) => Graph;
}

/**
 * Records and lowers a function at three sizes of its open axis, and makes one graph for every size of them, see
 * {@link unify}.
 *
 * @param name that of the open size.
 * @throws RangeError when the function depends on the size in a way that no axis explains, or fails at every larger size
 *   that would show it; otherwise as `record` and `lower`.
 */
export function lowerOpen(
  name: string,
  { record, lower }: AtSize,
): { graph: Graph; dimensions: ReadonlyMap<Value, readonly Dimension[]> } {
  const recorded = record(smallSizes[0]);
  const first: SizedGraph = { size: smallSizes[0], graph: lower(recorded) };
  const second: SizedGraph = { size: smallSizes[1], graph: lower(record(smallSizes[1])) };
  // Most that can't stay open shows up here, where the function's own errors about its size can't come before.
  unify([first, second], name);
  // From the first size to one that is a stride larger, every rounding takes at least one step.
  const smallest = smallSizes[0] + largestStride(recorded);
  const third = atLargeSize(name, smallest, (size) => lower(record(size)));
  return unify([first, second, third], name);
}

/** The largest step of a window or a slice, whatever its axis. */
function largestStride({ nodes }: Graph): number {
  const strides = nodes.flatMap(({ attributes }) => attributes['strides']);
  return Math.max(1, ...strides.map((stride) => (typeof stride === 'number' ? Math.abs(stride) : 1)));
}

function atLargeSize(name: string, smallest: number, graphAt: (size: number) => Graph): SizedGraph {
  const [largest, ...others] = largeSizes;
  const sizes = [Math.max(largest, smallest), ...others.filter((size) => size >= smallest)];
  let failure: unknown;
  for (const size of sizes) {
    try {
      return { size, graph: graphAt(size) };
    } catch (error) {
      failure = error;
    }
  }
  throw new RangeError(
    `Cannot leave the size "${name}" open: the function fails where it is ${sizes.join(' or ')}; give a number instead. It says: ${failure instanceof Error ? failure.message : String(failure)}`,
    { cause: failure },
  );
}
