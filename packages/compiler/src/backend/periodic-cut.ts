import { sizeOfValue, type LazyValue } from './lazy-value.ts';
import type { PendingNode } from './pending-graph.ts';

/**
 * Where to cut what a loop has recorded without reading, so that the parts are of equal structure and one compiled graph
 * does them all: a whole number of turns from one cut to the next, at the place of a turn that the fewest elements are
 * handed over at.
 *
 * @param nodes recorded nodes in order.
 * @returns how many nodes come before the cut; 0 where the later half of them does not repeat itself.
 */
export function placeToCut(nodes: readonly PendingNode[]): number {
  const period = periodOf(nodes);
  if (period === 0) return 0;
  const handedOver = elementsHandedOver(nodes);
  // Whole turns from the beginning are taken unless another place is better, so that the first part is like the others.
  let best = nodes.length - (nodes.length % period);
  for (let place = nodes.length; place > nodes.length - period; place--) {
    // One turn before, where it is known what the next turn reads.
    if (handedOver[place - period] < handedOver[best - period]) best = place;
  }
  return best;
}

/** For each number of nodes how many elements are made by these and read by those after them. */
function elementsHandedOver(nodes: readonly PendingNode[]): number[] {
  const madeAt = new Map<LazyValue, number>();
  const readLast = new Map<LazyValue, number>();
  nodes.forEach(({ inputs, outputs }, position) => {
    for (const input of inputs) if (input !== null && madeAt.has(input)) readLast.set(input, position);
    for (const output of outputs) madeAt.set(output, position);
  });
  const changes = Array<number>(nodes.length + 1).fill(0);
  for (const [value, position] of readLast) {
    changes[madeAt.get(value)! + 1] += sizeOfValue(value);
    changes[position + 1] -= sizeOfValue(value);
  }
  let sum = 0;
  return changes.map((change) => (sum += change));
}

/** The fewest nodes after which the later half of them repeats itself, at most half of them; 0 if it does not. */
function periodOf(nodes: readonly PendingNode[]): number {
  const half = Math.floor(nodes.length / 2);
  for (let period = 1; period <= half; period++) {
    let position = nodes.length - 1;
    while (position >= nodes.length - half && isAlike(nodes[position], nodes[position - period])) position--;
    if (position < nodes.length - half) return period;
  }
  return 0;
}

function isAlike(a: PendingNode, b: PendingNode): boolean {
  if (a.signature !== b.signature || a.outputs.length !== b.outputs.length) return false;
  return a.outputs.every(({ shape, dtype }, i) => {
    const other = b.outputs[i];
    return dtype === other.dtype && shape.join() === other.shape.join();
  });
}
