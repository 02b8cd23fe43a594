/**
 * Child process of the bench: trains one model for some epochs and prints `{"epochMs": [...]}`.
 *
 *     tsx narrows-epochs.ts MODEL EPOCHS BATCH THREADS
 */
import { findModel, type TrainableModel } from '@narrows/models';
import { chooseEngine, initialProgress, loadMnist, plainTraining, trainModel } from '@narrows/trainer';

const [id, epochs, batchSize, threads] = process.argv.slice(2);
const { train, description } = await loadMnist();
const imageShape = [description.height, description.width, description.channels] as const;
const found = findModel(id, { imageShape, classes: description.classNames.length })!;
const model = found.model as TrainableModel;
const { engine } = await chooseEngine({ engine: 'onnx', device: 'cpu', threads: Number(threads) });
const { progress } = await trainModel(
  {
    engine,
    model,
    data: train,
    settings: { ...plainTraining, epochs: Number(epochs), batchSize: Number(batchSize) },
    seed: 1,
    shouldStop: () => false,
    onStep: () => undefined,
    onEpoch: () => Promise.resolve(),
  },
  initialProgress(model, { seed: 1, averageDecay: 0 }),
);
const losses = progress.epochs.map(({ trainLoss }) => trainLoss);
process.stdout.write(
  `${JSON.stringify({ epochMs: progress.epochs.map(({ durationMs }) => durationMs), losses })}\n`,
);
