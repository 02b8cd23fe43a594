import { adamDefaults, findModel, type TrainableModel } from '@narrows/models';
import { randomStream } from '@narrows/shared';
import type { Engine, TrainingBatch, TrainingSession } from '../engine/engine.ts';
import { useAndClose } from '../engine/use-and-close.ts';
import { initialProgress } from '../training/train-model.ts';

/** What steps of the doctor are made of: images of noise, since an installation may have no data. */
interface Sample {
  readonly id: string;
  readonly batchSize: number;
  readonly steps: number;
}

/** Products, convolutions, pools and all that training does with them, small enough for plain JavaScript. */
const checked: Sample = { id: 'cnn', batchSize: 2, steps: 2 };
/** What is timed, at the size at which the study trains. */
const timed: Sample = { id: 'basic-32', batchSize: 64, steps: 10 };
const rates = { learningRate: 1e-3, averageDecay: 0 };

/** Losses of a few train steps of the CNN on made-up images: every engine must come to the same. */
export async function sampleLosses(engine: Engine): Promise<number[]> {
  return withSession(engine, checked, async (session, batches) => {
    const losses: number[] = [];
    for (const batch of batches) losses.push(await session.step(batch, rates));
    return losses;
  });
}

/** Median time of a train step of basic-32 on batches of 64, in milliseconds, once everything is compiled. */
export async function sampleStepMs(engine: Engine): Promise<number> {
  return withSession(engine, timed, async (session, batches) => {
    const times: number[] = [];
    for (const together of [batches.slice(0, 2), ...timesOver(batches, session)]) {
      const begin = performance.now();
      if (session.several === undefined) for (const batch of together) await session.step(batch, rates);
      else
        await session.several.steps(
          together,
          together.map(() => rates),
        );
      times.push((performance.now() - begin) / together.length);
    }
    // The first took the time to compile.
    const sorted = times.slice(1).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  });
}

/** The calls that are timed: all steps in each where the engine takes several at once, else one. */
function timesOver(batches: readonly TrainingBatch[], { several }: TrainingSession): TrainingBatch[][] {
  return several === undefined ? batches.map((batch) => [batch]) : [[...batches], [...batches], [...batches]];
}

async function withSession<T>(
  engine: Engine,
  { id, batchSize, steps }: Sample,
  use: (session: TrainingSession, batches: readonly TrainingBatch[]) => Promise<T>,
): Promise<T> {
  const model = findModel(id, { imageShape: [28, 28, 1], classes: 10 })!.model as TrainableModel;
  const { state } = initialProgress(model, { seed: 1, averageDecay: 0 });
  const stream = randomStream(1, 'doctor');
  const batches = Array.from({ length: steps }, () => ({
    images: Uint8Array.from({ length: batchSize * 784 }, () => stream.nextInt(256)),
    labels: Uint8Array.from({ length: batchSize }, () => stream.nextInt(10)),
    count: batchSize,
  }));
  const session = await engine.startTraining({ model, state, optimizer: adamDefaults });
  return useAndClose(session, () => use(session, batches));
}
