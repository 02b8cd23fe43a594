/**
 * Child of the bench: trains by jax-js on its wasm backend. The step is jitted as its documentation advises, in two parts:
 * loss with gradients, and Adam. Its package of optimizers isn't published, so Adam is written here.
 *
 *     node --import tsx jax-js.ts JOB
 *
 * With one thread kernels run in the caller's thread, as they do in Node by themselves; with more they run in workers.
 */
import type { numpy } from '@jax-js/jax';
import { initialParameters } from '@narrows/models';
import { answerTrainingJob } from './answer-job.ts';
import { offerBrowserGlobals } from './browser-globals.ts';
import { packageVersion } from './package-version.ts';
import { requestedThreads } from './requested-threads.ts';
import { scalePixels } from './scale-pixels.ts';
import { stepwiseTraining, type StepBatch } from './stepwise-training.ts';

type JaxArray = numpy.Array;
// What jax-js calls a tree must be an alias of a type with an index.
// eslint-disable-next-line @typescript-eslint/consistent-indexed-object-style, @typescript-eslint/consistent-type-definitions
type Arrays = { [name: string]: JaxArray };

interface JaxModel {
  /** Kernels as tfjs shapes them: `[inputs, outputs]`, `[height, width, inputs, outputs]`. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** `[N, 784]` in [0, 1] → reconstructions or logits. Takes ownership of both arguments, as all functions here do. */
  apply(parameters: Arrays, images: JaxArray): JaxArray;
  /** Output, images and labels → mean loss. */
  loss(output: JaxArray, images: JaxArray, labels: JaxArray): JaxArray;
}

const beta1 = 0.9;
const beta2 = 0.999;

offerBrowserGlobals(requestedThreads());
const jax = await import('@jax-js/jax');
const { numpy: np, nn, lax, tree } = jax;
jax.defaultDevice('wasm');

const models: Readonly<Record<string, JaxModel>> = {
  'basic-32': autoencoder([784, 128, 32, 128, 784]),
  'deeper-64': autoencoder([784, 512, 256, 64, 256, 512, 784]),
  cnn: convolutionalClassifier(),
};

await answerTrainingJob({
  version: `jax-js ${packageVersion('@jax-js/jax')}`,
  open(id, { data, seed }) {
    const model = models[id];
    let parameters = drawParameters(model, seed, id);
    let m = zerosLike(model);
    let v = zerosLike(model);
    let step = 0;
    const gradients = jax.jit((values: Arrays, images: JaxArray, labels: JaxArray): Arrays[] => {
      const lossOf = (own: Arrays): JaxArray =>
        model.loss(model.apply(own, images.ref), images.ref, labels.ref);
      const [loss, gradient] = jax.valueAndGrad(lossOf)(values);
      tree.dispose([images, labels]);
      return [{ loss }, gradient];
    });
    const update = jax.jit(adam);
    const predict = jax.jit((values: Arrays, images: JaxArray) => model.apply(values, images));

    const takeStep = async ({ images, labels, count }: StepBatch): Promise<number> => {
      step++;
      const [{ loss }, gradient] = gradients(
        tree.ref(parameters),
        pixelArray(images, count),
        np.array(Int32Array.from(labels), { dtype: np.int32 }),
      ) as [Arrays, Arrays];
      [parameters, m, v] = update(
        parameters,
        gradient,
        m,
        v,
        np.array(1e-3 / (1 - beta1 ** step)),
        np.array(1 / (1 - beta2 ** step)),
      ) as [Arrays, Arrays, Arrays];
      await jax.blockUntilReady([parameters, m, v]);
      const values = (await loss.data()) as Float32Array;
      return values[0];
    };
    return Promise.resolve({
      ...stepwiseTraining(data.train, seed, takeStep),
      predictor: (batchSize) =>
        Promise.resolve({
          predict: async (images) =>
            (await predict(tree.ref(parameters), pixelArray(images, batchSize)).data()) as Float32Array,
          close: () => Promise.resolve(),
        }),
      close: () => {
        tree.dispose([parameters, m, v]);
        for (const compiled of [gradients, update, predict]) compiled.dispose();
        return Promise.resolve();
      },
    });
  },
});

/** One step of Adam on every parameter. */
function adam(
  values: Arrays,
  gradient: Arrays,
  m: Arrays,
  v: Arrays,
  stepSize: JaxArray,
  secondScale: JaxArray,
): Arrays[] {
  const next: [Arrays, Arrays, Arrays] = [{}, {}, {}];
  for (const name of Object.keys(values)) {
    const g = gradient[name];
    const mean = m[name].mul(beta1).add(g.ref.mul(1 - beta1));
    const square = v[name].mul(beta2).add(g.ref.mul(g).mul(1 - beta2));
    const root = np.sqrt(square.ref.mul(secondScale.ref)).add(1e-8);
    next[0][name] = values[name].sub(mean.ref.mul(stepSize.ref).div(root));
    next[1][name] = mean;
    next[2][name] = square;
  }
  tree.dispose([stepSize, secondScale]);
  return next;
}

function autoencoder(sizes: readonly number[]): JaxModel {
  const layers = sizes.slice(1).map((outputs, i) => ({ inputs: sizes[i], outputs }));
  return {
    shapes: Object.fromEntries(
      layers.flatMap(({ inputs, outputs }, i) => [
        [`kernel${i}`, [inputs, outputs]],
        [`bias${i}`, [outputs]],
      ]),
    ),
    apply: (values, images) =>
      layers.reduce((x, _, i) => {
        const sum = np.dot(x, values[`kernel${i}`]).add(values[`bias${i}`]);
        return i === layers.length - 1 ? nn.sigmoid(sum) : nn.relu(sum);
      }, images),
    loss(output, images, labels) {
      labels.dispose();
      const difference = output.sub(images);
      return difference.ref.mul(difference).mean();
    },
  };
}

function convolutionalClassifier(): JaxModel {
  const block = (x: JaxArray, kernel: JaxArray, bias: JaxArray): JaxArray => {
    const sum = lax.convGeneralDilated(x, np.transpose(kernel, [3, 2, 0, 1]), [1, 1], 'SAME');
    return lax.reduceWindow(nn.relu(sum.add(bias.reshape([-1, 1, 1]))), np.max, [2, 2], [2, 2]);
  };
  return {
    shapes: {
      kernel1: [3, 3, 1, 32],
      bias1: [32],
      kernel2: [3, 3, 32, 64],
      bias2: [64],
      kernel3: [3136, 128],
      bias3: [128],
      kernel4: [128, 10],
      bias4: [10],
    },
    apply(values, images) {
      const first = block(images.reshape([-1, 1, 28, 28]), values['kernel1'], values['bias1']);
      const second = block(first, values['kernel2'], values['bias2']).reshape([-1, 3136]);
      const hidden = nn.relu(np.dot(second, values['kernel3']).add(values['bias3']));
      return np.dot(hidden, values['kernel4']).add(values['bias4']);
    },
    loss(logits, images, labels) {
      images.dispose();
      const [count] = labels.shape;
      return nn
        .logSoftmax(logits)
        .mul(nn.oneHot(labels, 10))
        .sum()
        .mul(-1 / count);
    },
  };
}

function pixelArray(images: Uint8Array, count: number): JaxArray {
  return np.array(scalePixels(images)).reshape([count, 784]);
}

function drawParameters({ shapes }: JaxModel, seed: number, id: string): Arrays {
  const drawn = initialParameters(
    Object.entries(shapes).map(([name, shape]) => ({ name, shape })),
    seed,
    id,
  );
  return arraysOf(shapes, (name) => drawn[name]);
}

function zerosLike({ shapes }: JaxModel): Arrays {
  return arraysOf(
    shapes,
    (name) => new Float32Array(shapes[name].reduce((size, length) => size * length, 1)),
  );
}

function arraysOf(shapes: JaxModel['shapes'], valuesOf: (name: string) => Float32Array): Arrays {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      np.array(valuesOf(name) as Float32Array<ArrayBuffer>).reshape([...shape]),
    ]),
  );
}
