/**
 * Child of the bench: trains by the trainer's engine, whose compiled step is called batch by batch.
 *
 *     node --import tsx narrows.ts JOB
 */
import { adamDefaults, findModel, scalePixels, type TrainableModel } from '@narrows/models';
import { chooseEngine, initialProgress, type Engine, type TrainingState } from '@narrows/trainer';
import { answerTrainingJob } from './answer-job.ts';
import { packageVersion } from './package-version.ts';
import { stepwiseTraining } from './stepwise-training.ts';
import type { PeerModelOptions, Predictor } from './training-peer.ts';

await answerTrainingJob({
  version: `Narrows ${packageVersion('@narrows/compiler')}`,
  async open(id, { data, threads, seed }) {
    const model = trainableModel(id, data);
    const { engine } = await chooseEngine({ engine: 'onnx', device: 'cpu', threads });
    const { state } = initialProgress(model, { seed, averageDecay: 0 });
    const session = await engine.startTraining({ model, state, optimizer: adamDefaults });
    return {
      ...stepwiseTraining(data.train, seed, (batch) =>
        session.step(batch, { learningRate: 1e-3, averageDecay: 0 }),
      ),
      predictor: async (batchSize) => {
        const { parameters } = await session.state();
        return preparePredictor(engine, model, { parameters, batchSize });
      },
      close: () => session.close(),
    };
  },
});

function trainableModel(id: string, { description }: PeerModelOptions['data']): TrainableModel {
  const imageShape = [description.height, description.width, description.channels] as const;
  return findModel(id, { imageShape, classes: description.classNames.length })!.model as TrainableModel;
}

async function preparePredictor(
  engine: Engine,
  model: TrainableModel,
  { parameters, batchSize }: Pick<TrainingState, 'parameters'> & { batchSize: number },
): Promise<Predictor> {
  const images = { shape: [batchSize, ...model.imageShape], dtype: 'uint8' } as const;
  const specs = model.parameters.map(({ name, shape }) => [name, { shape, dtype: 'float32' }] as const);
  const prepared = await engine.prepare(
    ({ images: pixels, ...values }) => {
      const x = scalePixels(pixels);
      const y =
        model.kind === 'classifier'
          ? model.classify(values, x)
          : model.decode(values, model.encode(values, x));
      return { y };
    },
    { images, ...Object.fromEntries(specs) },
  );
  return {
    predict: async (pixels) => (await prepared.run({ images: pixels, ...parameters }))['y'] as Float32Array,
    close: () => prepared.close(),
  };
}
