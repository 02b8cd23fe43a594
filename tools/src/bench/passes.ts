/**
 * Times each train step of the study with all passes of the compiler, and with each left out, in one process:
 *
 *     npx nx run tools:bench-passes
 *     npx nx run tools:bench-passes -- --models=cnn --rounds=9 --steps=40 --threads=2
 *
 * A step is loss and gradients of one batch of 64 images, without the optimizer, which is no part of the graph. Figures are
 * what leaving a pass out multiplies the step's time by: the median over rounds, in each of which steps without the pass and
 * steps with all passes take turns, who is first changing from round to round.
 */
import { passNames, type PassName, type Target } from '@narrows/compiler';
import { findModel, type TrainableModel } from '@narrows/models';
import { compileGradients, machineTarget, mnistDescription, openOnnxSession } from '@narrows/trainer';
import { runBench } from './bench-error.ts';
import { namesIn, parseFlags, positiveInteger } from './parse-flags.ts';
import { median, spread } from './statistics.ts';
import { benchModels } from './training/peer-table.ts';
import { markdownTable } from './training/markdown-table.ts';

const flags = {
  models: { type: 'string' },
  rounds: { type: 'string', default: '7' },
  steps: { type: 'string', default: '30' },
  threads: { type: 'string', default: '2' },
  help: { type: 'boolean' },
} as const;

const help = `Usage: npx nx run tools:bench-passes -- [options]

Times each train step with all passes of the compiler and with each left out, in turn, and prints a table.

  --models LIST     of ${benchModels.map(({ id }) => id).join(', ')}, separated by commas [default: all]
  --rounds NUMBER   [default: ${flags.rounds.default}]
  --steps NUMBER    of each variant in a round [default: ${flags.steps.default}]
  --threads NUMBER  [default: ${flags.threads.default}]
  --help            print this
`;

/** How a model is timed. */
interface Timing {
  readonly target: Target;
  readonly rounds: number;
  readonly steps: number;
  readonly threads: number;
}

const batchSize = 64;

await runBench(async () => {
  const values = parseFlags(process.argv.slice(2), flags);
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const known = benchModels.map(({ id }) => id);
  const ids = values.models === undefined ? known : namesIn('models', values.models, known);
  const counts = {
    rounds: positiveInteger('rounds', values.rounds),
    steps: positiveInteger('steps', values.steps),
    threads: positiveInteger('threads', values.threads),
  };
  const target = await machineTarget();
  process.stderr.write(`blocked channels of this machine: ${target.blockedChannels ?? 'none'}\n`);
  const columns: Map<PassName | undefined, string>[] = [];
  for (const id of ids) columns.push(await timeModel(id, { target, ...counts }));
  process.stdout.write(
    markdownTable(
      ['left out', ...ids],
      [undefined, ...passNames].map((left) => [
        left ?? 'none',
        ...columns.map((column) => column.get(left)!),
      ]),
    ),
  );
  return 0;
});

/** What each variant's step takes: milliseconds for all passes, else a factor of that. */
async function timeModel(id: string, timing: Timing): Promise<Map<PassName | undefined, string>> {
  const { target, rounds } = timing;
  const { height, width, channels, classNames } = mnistDescription;
  const model = findModel(id, { imageShape: [height, width, channels], classes: classNames.length })!
    .model as TrainableModel;
  const compileWithout = (without: readonly PassName[]): Uint8Array =>
    compileGradients({ model }, batchSize, { target, without }).bytes;
  const whole = compileWithout([]);
  const variants = passNames.map((left) => ({
    left,
    bytes: compileWithout([left]),
    factors: [] as number[],
  }));
  const inputs = inputsOf(model);
  const all: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { bytes, factors } of variants) {
      // Whoever is always second would have the machine's drift, and the caches' state, for or against it.
      const pair = round % 2 === 0 ? [whole, bytes] : [bytes, whole];
      const times = [await timeStep(pair[0], inputs, timing), await timeStep(pair[1], inputs, timing)];
      const [before, without] = round % 2 === 0 ? times : times.toReversed();
      all.push(before);
      factors.push(without / before);
    }
    process.stderr.write(`${id}: round ${round + 1} of ${rounds}\n`);
  }
  const text = (numbers: readonly number[], digits: number): string => {
    const [least, most] = spread(numbers);
    return `${median(numbers).toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
  };
  return new Map<PassName | undefined, string>([
    [undefined, `${text(all, 2)} ms`],
    ...variants.map(({ left, factors }): [PassName, string] => [left, `${text(factors, 2)}×`]),
  ]);
}

/** Milliseconds of a step, the median of several, in a session of its own. */
async function timeStep(bytes: Uint8Array, inputs: StepInputs, { steps, threads }: Timing): Promise<number> {
  const session = await openOnnxSession(bytes, { device: 'cpu', threads });
  const times: number[] = [];
  for (let step = 0; step < steps; step++) {
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
