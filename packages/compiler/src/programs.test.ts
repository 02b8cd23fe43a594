import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { printGraph, type Graph } from './graph.ts';
import { blockedDomain } from './passes/blocked-layout.ts';
import { programs, type Program } from './programs.cases.ts';
import { passNames, type PassName, type PassOptions } from './simplify.ts';
import { blockedChannelsHere } from './testing/blocked-channels-here.ts';
import { specsOf } from './testing/case-functions.ts';
import { drawValues, repeatValues } from './testing/draw-values.ts';
import { findMismatch } from './testing/mismatch.ts';
import { runModel, type HostTensor } from './testing/run-onnx.ts';
import { runInTfjs } from './testing/run-tfjs.ts';
import { tolerances } from './testing/tolerances.ts';

/** Ways to compile a program: all must give what tfjs gives, so that no fault of one pass hides behind another. */
const variants: readonly (readonly [name: string, options: PassOptions])[] = [
  ['all passes', {}],
  ['no passes', { without: passNames }],
  ...passNames.map((pass) => [`all passes but ${pass}`, { without: [pass] }] as const),
];

/** Passes that leave no trace in the graphs of the table, and why. */
const traceless: readonly PassName[] = [
  // Every other pass drops the dead too.
  'removeDead',
];

function pointOf(program: Program): Record<string, HostTensor> {
  const tensors = Object.entries(specsOf(program)).map(([name, spec], i) => {
    const { values, range = 'signed' } = program.inputs[name];
    const data = values === undefined ? drawValues({ ...spec, range }, 700 + i) : repeatValues(values, spec);
    return [name, { ...spec, data }] as const;
  });
  return Object.fromEntries(tensors);
}

function compileProgram(program: Program, options: PassOptions): { bytes: Uint8Array; graph: Graph } {
  return compile(program.fn, specsOf(program), { name: 'program', ...options });
}

/** What differs from tfjs, by output. */
async function mismatches(
  bytes: Uint8Array,
  { point, expected }: { point: Record<string, HostTensor>; expected: Record<string, HostTensor> },
): Promise<Record<string, string>> {
  const actual = await runModel(bytes, point);
  const found = Object.entries(expected).flatMap(([name, reference]) => {
    const mismatch = findMismatch(actual[name], reference, tolerances.gradient);
    return mismatch === undefined ? [] : [[name, mismatch] as const];
  });
  return Object.fromEntries(found);
}

describe.each(programs.map((program) => [program.name, program] as const))('%s', (_, program) => {
  const point = pointOf(program);
  let expected: Record<string, HostTensor>;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    expected = runInTfjs(program.fn, point);
  });

  it.each(variants)('computes what tfjs computes, with %s', async (_variant, options) => {
    const { bytes } = compileProgram(program, options);
    expect(await mismatches(bytes, { point, expected })).toEqual({});
  });

  it('computes what tfjs computes, with channels in blocks', async (context) => {
    const blockedChannels = await blockedChannelsHere();
    if (blockedChannels === undefined) context.skip('onnxruntime has no blocked convolutions here');
    const { bytes } = compileProgram(program, { target: { blockedChannels } });
    expect(await mismatches(bytes, { point, expected })).toEqual({});
  });
});

describe('the table of programs', () => {
  const target = { blockedChannels: 16 };
  const textOf = (program: Program, options: PassOptions): string =>
    printGraph(compileProgram(program, options).graph);
  let texts: readonly string[];

  beforeAll(() => {
    texts = programs.map((program) => textOf(program, { target }));
  });

  it.each(passNames.filter((pass) => !traceless.includes(pass)))(
    'has one in which %s finds something to do',
    (pass) => {
      const isChanged = (program: Program, i: number): boolean =>
        textOf(program, { target, without: [pass] }) !== texts[i];
      expect(programs.some(isChanged)).toBe(true);
    },
  );

  it('has some whose convolutions run in blocks', () => {
    const blocked = programs.filter((_, i) => texts[i].includes(blockedDomain));
    expect(blocked.map(({ name }) => name)).toMatchInlineSnapshot(`
      [
        "the gradient by an activation, as a map of what counts",
        "two blocks of convolution and pool, and a step with momentum",
        "a residual block with batch normalization",
        "a U-Net with a skip at each size",
        "three convolutions of one image, each padded its own way",
      ]
    `);
  });

  it('has unique names', () => {
    const names = programs.map(({ name }) => name);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  });
});
