import { lowerWithPasses } from '../lower-with-passes.ts';
import { onnxModel } from '../onnx/onnx-model.ts';
import { encodeModel } from '../onnx/protobuf.ts';
import { sizeOf } from '../tensor-type.ts';
import { andThen, type Eventually, type GraphRuntime, type LoadedGraph } from './graph-runtime.ts';
import { sizeOfValue, type LazyValue } from './lazy-value.ts';
import { graphOf, numberOf, type Cut, type PendingNode } from './pending-graph.ts';

/** A cut's structure as loaded models. */
interface Structure {
  /** Inputs that were not the same number each time so far, and so are inputs of the model. */
  readonly varying: Set<number>;
  /** The numbers that inputs were when the structure was last asked for. */
  lastNumbers: readonly (number | undefined)[];
  /** How often a number varied that was a constant until then. */
  changes: number;
  /** Loaded models by the numbers that are constants in them. */
  readonly loaded: Map<string, Eventually<LoadedGraph>>;
}

/** Loaded models by structure. */
export interface GraphCache {
  /** The model for a cut, compiled when no cut of its structure has come before. */
  get(cut: Cut): { graph: Eventually<LoadedGraph>; constants: ReadonlySet<number> };
  /** Models compiled so far, dropped ones included. */
  readonly compiled: number;
  readonly size: number;
  close(): void;
}

/** Elements of a result below which one thread is faster than two. */
const smallElements = 16_384;

/** Kernels that go through memory once, for which the threads of one model would only get in the way of another's. */
const lightKernels: ReadonlySet<string> = new Set([
  ...['GatherV2', 'Slice', 'Reshape', 'Fill', 'Cast', 'Concat', 'Pack', 'Transpose', 'ZerosLike', 'OnesLike'],
  ...['Add', 'Sub', 'Multiply', 'RealDiv', 'Square', 'Neg', 'OneHot', 'Tile', 'ExpandDims', 'Identity'],
]);

function isLarge({ kernel, outputs }: PendingNode): boolean {
  return !lightKernels.has(kernel.name) && outputs.some(({ shape }) => sizeOf(shape) >= smallElements);
}

/** Positions of the inputs that are known to be others next time: numbers that were computed, and variables. */
function varyingInputs({ inputs }: Cut): Set<number> {
  const varies = (input: LazyValue): boolean => input.isVariable || (sizeOfValue(input) === 1 && input.owned);
  return new Set(inputs.flatMap((input, position) => (varies(input) ? [position] : [])));
}

/** Changes of numbers after which all numbers of a structure are inputs: whatever else changes costs nothing then. */
const mostChanges = 3;

/**
 * Compiles cuts and keeps the models.
 *
 * A number such as a learning rate, or a tensor that is full of one, is a constant of the model at first, which lets passes
 * reckon with it. When a later cut of the same structure has something else in its place, it becomes an input there for
 * good, so that a schedule costs one more compilation and not one each step; where numbers vary one after the other, all
 * become inputs with the third. Numbers that were computed and what variables hold, such as an optimizer's counters, are
 * inputs at once.
 *
 * @param limit how many models stay loaded; the one unused for longest is closed first.
 */
export function graphCache(runtime: GraphRuntime, limit: number): GraphCache {
  const structures = new Map<string, Structure>();
  let compiled = 0;
  let size = 0;

  const closeAll = ({ loaded }: Structure): void => {
    for (const graph of loaded.values()) {
      size--;
      // A model that could not be loaded has nothing to close, and whoever asked for it knows.
      void Promise.resolve(andThen(graph, (it) => it.close())).catch(() => undefined);
    }
    loaded.clear();
  };

  const structureOf = (cut: Cut, numbers: Structure['lastNumbers']): Structure => {
    const known = structures.get(cut.structure);
    const structure = known ?? {
      varying: varyingInputs(cut),
      lastNumbers: numbers,
      changes: 0,
      loaded: new Map(),
    };
    // Last used is last in the map.
    structures.delete(cut.structure);
    structures.set(cut.structure, structure);
    const { varying, lastNumbers } = structure;
    const changed = [...numbers.keys()].filter(
      (position) => !varying.has(position) && !Object.is(numbers[position], lastNumbers[position]),
    );
    for (const position of changed) varying.add(position);
    // What is a number for the first time has been an input all along.
    if (changed.some((position) => lastNumbers[position] !== undefined)) structure.changes++;
    if (structure.changes === mostChanges) for (const position of numbers.keys()) varying.add(position);
    structure.lastNumbers = numbers;
    return structure;
  };

  const compile = (cut: Cut, constants: ReadonlySet<number>): Eventually<LoadedGraph> => {
    const lowered = lowerWithPasses(graphOf(cut, constants), { target: runtime.target });
    const bytes = encodeModel(onnxModel(lowered, { name: 'lazy' }));
    const isSmall = !cut.nodes.some(isLarge);
    return runtime.load(bytes, { isSmall, nodes: lowered.nodes.length });
  };

  /** Forgets a structure whose model could not be made. */
  const forget = (structure: Structure, cut: Cut): void => {
    closeAll(structure);
    if (structures.get(cut.structure) === structure) structures.delete(cut.structure);
  };

  return {
    get(cut) {
      const numbers = cut.inputs.map(numberOf);
      const structure = structureOf(cut, numbers);
      const constants = new Set<number>();
      let key = '';
      numbers.forEach((number, position) => {
        if (number === undefined || structure.varying.has(position)) return;
        constants.add(position);
        key += `${position}=${Object.is(number, -0) ? '-0' : number};`;
      });
      let graph = structure.loaded.get(key);
      if (graph === undefined) {
        // Models with other constants of this structure won't be asked for again, now that these vary.
        closeAll(structure);
        try {
          graph = compile(cut, constants);
        } catch (error) {
          forget(structure, cut);
          throw error;
        }
        compiled++;
        size++;
        structure.loaded.set(key, graph);
        if (graph instanceof Promise) {
          graph.catch(() => {
            forget(structure, cut);
          });
        }
        for (const [oldest, other] of structures) {
          if (size <= limit || other === structure) break;
          closeAll(other);
          structures.delete(oldest);
        }
      }
      return { graph, constants };
    },
    get compiled() {
      return compiled;
    },
    get size() {
      return size;
    },
    close() {
      for (const structure of structures.values()) closeAll(structure);
      structures.clear();
    },
  };
}
