/**
 * Times each train step of the study with all passes of the compiler, and with each left out, in turn in one process:
 *
 *     npx nx run tools:bench-passes
 *     npx nx run tools:bench-passes -- --models=cnn --rounds=9 --steps=40 --threads=2
 *
 * A step is loss and gradients of one batch of 64 images, without the optimizer, which is no part of the graph. Figures are
 * what leaving a pass out multiplies the step's time by: the median over rounds, each beside a step with all passes.
 */
import { parseArgs } from 'node:util';
import { passNames, type PassName, type Target } from '@narrows/compiler';
import { findModel, type TrainableModel } from '@narrows/models';
import { compileGradients, machineTarget, mnistDescription, openOnnxSession } from '@narrows/trainer';
import { median, spread } from './statistics.ts';
import { markdownTable } from './training/markdown-table.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'basic-32,deeper-64,cnn' },
    rounds: { type: 'string', default: '7' },
    steps: { type: 'string', default: '30' },
    threads: { type: 'string', default: '2' },
  },
});
const batchSize = 64;
const target = await machineTarget();
const variants: readonly (PassName | undefined)[] = [undefined, ...passNames];

process.stderr.write(`blocked channels of this machine: ${target.blockedChannels ?? 'none'}\n`);
const header = ['left out'];
const columns: Map<PassName | undefined, string>[] = [];
for (const id of values.models.split(',')) {
  header.push(id);
  columns.push(await timeModel(id, target));
}
process.stdout.write(
  markdownTable(
    header,
    variants.map((left) => [left ?? 'none', ...columns.map((column) => column.get(left)!)]),
  ),
);

/** What each variant's step takes: milliseconds for all passes, else a factor of that. */
async function timeModel(id: string, on: Target): Promise<Map<PassName | undefined, string>> {
  const { height, width, channels, classNames } = mnistDescription;
  const found = findModel(id, { imageShape: [height, width, channels], classes: classNames.length });
  if (found === undefined) throw new RangeError(`Cannot bench "${id}": there is no such model.`);
  const model = found.model as TrainableModel;
  const compiledBy = new Map<PassName | undefined, Uint8Array>();
  for (const left of variants) {
    const options = { target: on, without: left === undefined ? [] : [left] };
    compiledBy.set(left, compileGradients({ model }, batchSize, options).bytes);
  }
  const inputs = inputsOf(model);
  const all: number[] = [];
  const factors = new Map<PassName, number[]>();
  for (let round = 0; round < Number(values.rounds); round++) {
    const before = await timeStep(compiledBy.get(undefined)!, inputs);
    all.push(before);
    for (const left of passNames) {
      const factor = (await timeStep(compiledBy.get(left)!, inputs)) / before;
      factors.set(left, [...(factors.get(left) ?? []), factor]);
    }
    process.stderr.write(`${id}: round ${round + 1} of ${values.rounds}\n`);
  }
  const text = (numbers: readonly number[], digits: number): string => {
    const [least, most] = spread(numbers);
    return `${median(numbers).toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
  };
  return new Map<PassName | undefined, string>([
    [undefined, `${text(all, 2)} ms`],
    ...[...factors].map(([left, numbers]): [PassName, string] => [left, `${text(numbers, 2)}×`]),
  ]);
}

/** Milliseconds of a step, the median of several, in a session of its own. */
async function timeStep(bytes: Uint8Array, inputs: StepInputs): Promise<number> {
  const session = await openOnnxSession(bytes, { device: 'cpu', threads: Number(values.threads) });
  const times: number[] = [];
  for (let step = 0; step < Number(values.steps); step++) {
    const begin = performance.now();
    await session.run(inputs);
    times.push(performance.now() - begin);
  }
  await session.close();
  return median(times);
}

type StepInputs = Parameters<Awaited<ReturnType<typeof openOnnxSession>>['run']>[0];

/** Images, labels and parameters that are neither zero nor all alike. */
function inputsOf(model: TrainableModel): StepInputs {
  const pixels = batchSize * model.imageShape.reduce((product, size) => product * size, 1);
  return {
    images: {
      data: Uint8Array.from({ length: pixels }, (_, i) => (i * 37) % 256),
      shape: [batchSize, ...model.imageShape],
      dtype: 'uint8',
    },
    labels: {
      data: Uint8Array.from({ length: batchSize }, (_, i) => i % 10),
      shape: [batchSize],
      dtype: 'uint8',
    },
    ...Object.fromEntries(
      model.parameters.map(({ name, shape }) => {
        const size = shape.reduce((product, length) => product * length, 1);
        const data = Float32Array.from({ length: size }, (_, i) => 0.05 * Math.sin(i * 12.9898));
        return [`parameters/${name}`, { data, shape, dtype: 'float32' as const }];
      }),
    ),
  };
}
