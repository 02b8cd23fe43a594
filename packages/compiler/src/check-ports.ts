import type { Port } from './graph.ts';
import type { Dimension } from './onnx/onnx-model.ts';
import { sizeOf } from './tensor-type.ts';

/** What an input may hold. `uint8` arrives in a function as an `int32` tensor of 0…255. */
export type InputDType = (typeof inputDTypes)[number];

const inputDTypes = ['float32', 'int32', 'bool', 'uint8'] as const;

/**
 * Checks the types that inputs are to have, since those who write JavaScript get no help with them.
 *
 * @param specs by name.
 * @param open whether a size may be open, and be a name.
 * @throws TypeError that names the input whose shape is missing or no shape, or whose dtype no graph can hold.
 */
export function checkInputTypes(
  specs: Readonly<Record<string, { readonly shape: readonly Dimension[]; readonly dtype: InputDType }>>,
  { open = false }: { readonly open?: boolean } = {},
): void {
  for (const [name, { shape, dtype }] of Object.entries(specs)) {
    const given: unknown = shape;
    if (!Array.isArray(given)) {
      throw new TypeError(
        `Cannot trace input "${name}": it must have a shape, a list of sizes, and has ${String(shape)}; give one, as in { shape: [2, 3], dtype: 'float32' }.`,
      );
    }
    const isName = (size: Dimension): boolean => open && typeof size === 'string' && size !== '';
    const sizes = shape.filter((size) => !isName(size)) as number[];
    if (!sizes.every((size) => Number.isInteger(size) && size >= 0) || !Number.isSafeInteger(sizeOf(sizes))) {
      throw new TypeError(
        `Cannot trace input "${name}" of shape [${shape.map(String).join(',')}]: sizes must be whole numbers from 0 up` +
          `${open ? ", or a name where a size is to stay open, as in ['N', 2]" : ''}.`,
      );
    }
    if (!inputDTypes.includes(dtype)) {
      throw new TypeError(
        `Cannot trace input "${name}" of dtype "${dtype}": graphs take ${inputDTypes.join(', ')}; convert what you feed to one of them.`,
      );
    }
  }
}

/**
 * Checks that inputs and outputs have names, and each its own, by which a run feeds and fetches them.
 * @throws TypeError that names the one that has none of its own.
 */
export function checkPortNames(inputs: readonly Port[], outputs: readonly Port[]): void {
  const taken = new Map<string, string>();
  const ports = [
    ...inputs.map((port) => ['input', port] as const),
    ...outputs.map((port) => ['output', port] as const),
  ];
  for (const [kind, { name }] of ports) {
    const other = taken.get(name);
    if (name === '' || other !== undefined) {
      throw new TypeError(
        `Cannot trace ${kind} "${name}": inputs and outputs must have names of their own, and this is ${name === '' ? 'none' : `an ${other}'s`}; choose another.`,
      );
    }
    taken.set(name, kind);
  }
}
