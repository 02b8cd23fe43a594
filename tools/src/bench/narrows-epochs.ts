/**
 * Child process of the bench: trains one model for some epochs and prints `{"epochMs": [...]}`.
 *
 *     tsx narrows-epochs.ts MODEL EPOCHS BATCH THREADS
 */
import { findModel, adamDefaults } from '@narrows/models';
import { chooseEngine, initialProgress, loadMnist, trainModel } from '@narrows/trainer';

const [id, epochs, batchSize, threads] = process.argv.slice(2);
const { train, description } = await loadMnist();
const imageShape = [description.height, description.width, description.channels] as const;
const { model } = findModel(id, { imageShape, classes: description.classNames.length })!;
const { engine } = await chooseEngine({ engine: 'onnx', device: 'cpu', threads: Number(threads) });
const result = await trainModel(
  {
    engine,
    model,
    data: train,
    epochs: Number(epochs),
    batchSize: Number(batchSize),
    seed: 1,
    optimizer: adamDefaults,
    shouldStop: () => false,
    onStep: () => undefined,
    onEpoch: () => Promise.resolve(),
  },
  initialProgress(model, 1),
);
const losses = result.epochs.map(({ trainLoss }) => trainLoss);
process.stdout.write(
  `${JSON.stringify({ epochMs: result.epochs.map(({ durationMs }) => durationMs), losses })}\n`,
);
