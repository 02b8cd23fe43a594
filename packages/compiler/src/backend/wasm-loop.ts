/**
 * Elementwise loops over float32 arrays as WebAssembly: one pass over memory for a whole chain of operations, four elements
 * at a time, and sixteen a round as long as there are as many. Encoded by hand; the format is
 * https://webassembly.github.io/spec/core/binary/modules.html.
 */

/** Operations on one or two operands, rounded to float32 as IEEE 754 says, by their SIMD opcodes. */
const opcodes = {
  abs: [0xfd, 0xe0, 0x01],
  neg: [0xfd, 0xe1, 0x01],
  sqrt: [0xfd, 0xe3, 0x01],
  add: [0xfd, 0xe4, 0x01],
  sub: [0xfd, 0xe5, 0x01],
  mul: [0xfd, 0xe6, 0x01],
  div: [0xfd, 0xe7, 0x01],
  min: [0xfd, 0xe8, 0x01],
  max: [0xfd, 0xe9, 0x01],
} as const;

export type LoopOp = keyof typeof opcodes;

/** What an operation reads: an array's element, a number, or the result of an earlier step. */
export type LoopOperand =
  | { readonly kind: 'array'; readonly index: number }
  | { readonly kind: 'number'; readonly index: number }
  | { readonly kind: 'step'; readonly index: number };

/** What happens to each element. */
export interface LoopBody {
  /** Arrays that are read. */
  readonly arrays: number;
  /** Numbers that are the same for all elements. */
  readonly numbers: number;
  readonly steps: readonly { readonly op: LoopOp; readonly operands: readonly LoopOperand[] }[];
  /** Steps whose results are stored, each into an array of its own. */
  readonly stored: readonly number[];
}

/**
 * A loop that is ready to run.
 * @param bytes length of each array in bytes, above 0; arrays are read and written up to the next multiple of 16.
 * @param pointers byte offsets in the memory, multiples of 16: the arrays that are read, then those that are stored.
 * @param numbers float32 numbers.
 */
export type Loop = (bytes: number, pointers: readonly number[], numbers: readonly number[]) => void;

/** What the loop does between two looks at where it is: as many vectors take a seventh less time than one. */
const vectorsARound = 4;
const vectorBytes = 16;

const i32 = 0x7f;
const f32 = 0x7d;
const v128 = 0x7b;

/** Compiles a loop over arrays in `memory`. */
export function compileWasmLoop(body: LoopBody, memory: WebAssembly.Memory): Loop {
  const module = new WebAssembly.Module(encodeLoop(body));
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const run = instance.exports['loop'] as (...args: number[]) => void;
  return (bytes, pointers, numbers) => {
    run(bytes, ...pointers, ...numbers);
  };
}

/** The module's bytes. Locals: length, pointers and numbers as parameters; offset, splatted numbers and results. */
export function encodeLoop({ arrays, numbers, steps, stored }: LoopBody): Uint8Array<ArrayBuffer> {
  const pointers = arrays + stored.length;
  const parameters = 1 + pointers + numbers;
  const offset = parameters;
  const splats = offset + 1;
  const loads = splats + numbers;
  const results = loads + arrays;
  const get = (local: number): number[] => [0x20, ...unsigned(local)];
  const set = (local: number): number[] => [0x21, ...unsigned(local)];
  const address = (pointer: number): number[] => [...get(1 + pointer), ...get(offset), 0x6a];
  const goOn = (by: number): number[] => [...get(offset), 0x41, ...signed(by), 0x6a, ...set(offset)];
  const localOf = ({ kind, index }: LoopOperand): number =>
    (kind === 'array' ? loads : kind === 'number' ? splats : results) + index;

  /** Four elements of each array, which lie `beyond` bytes after the offset. */
  const elements = (beyond: number): number[] => [
    ...times(arrays, (i) => [...address(i), 0xfd, 0x00, 0x04, ...unsigned(beyond), ...set(loads + i)]),
    ...steps.flatMap(({ op, operands }, i) => [
      ...operands.flatMap((operand) => get(localOf(operand))),
      ...opcodes[op],
      ...set(results + i),
    ]),
    ...stored.flatMap((step, i) => [
      ...address(arrays + i),
      ...get(results + step),
      ...[0xfd, 0x0b, 0x04, ...unsigned(beyond)],
    ]),
  ];
  const code = [
    ...times(numbers, (i) => [...get(1 + pointers + i), 0xfd, 0x13, ...set(splats + i)]),
    // block; loop; leave unless offset + 64 <= length; …; again
    ...[0x02, 0x40, 0x03, 0x40],
    ...[...get(offset), 0x41, ...signed(vectorsARound * vectorBytes), 0x6a, ...get(0), 0x4b, 0x0d, 0x01],
    ...times(vectorsARound, (i) => elements(i * vectorBytes)),
    ...[...goOn(vectorsARound * vectorBytes), 0x0c, 0x00, 0x0b, 0x0b],
    // block; loop; leave unless offset < length; …; again
    ...[0x02, 0x40, 0x03, 0x40],
    ...[...get(offset), ...get(0), 0x4f, 0x0d, 0x01],
    ...elements(0),
    ...[...goOn(vectorBytes), 0x0c, 0x00, 0x0b, 0x0b],
    // end of function
    0x0b,
  ];
  const locals = [2, 1, i32, ...unsigned(numbers + arrays + steps.length), v128];
  const types = [i32, ...times(pointers, () => [i32]), ...times(numbers, () => [f32])];
  const functionBody = [...locals, ...code];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, ...unsigned(parameters), ...types, 0]),
    ...section(2, [1, ...text('env'), ...text('memory'), 0x02, 0x00, 0x01]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('loop'), 0x00, 0x00]),
    ...section(10, [1, ...unsigned(functionBody.length), ...functionBody]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function text(name: string): number[] {
  return [name.length, ...new TextEncoder().encode(name)];
}

function times(count: number, make: (i: number) => readonly number[]): number[] {
  return Array.from({ length: count }, (_, i) => make(i)).flat();
}

/** LEB128 of a number in [0, 8192), of which the sign is a bit. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, value >>> 7];
}

/** LEB128 of a number ≥ 0. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}
