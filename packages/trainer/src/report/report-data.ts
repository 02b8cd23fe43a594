import {
  decodeSafetensors,
  tensorOf,
  type LatentMap,
  type RunManifest,
  type RunModel,
  type SafetensorsDtype,
  seriesStyle,
  type SeriesStyle,
} from '@narrows/shared';
import { ExpectedError } from '../expected-error.ts';
import type { ImageShape } from './pixel-images.ts';

export type CodecModel = Extract<RunModel, { latent: number }>;
export type ClassifierModel = Extract<RunModel, { kind: 'classifier' }>;
type Evaluation = RunManifest['evaluation'];

/** A codec as the test set found it. */
export interface EvaluatedCodec {
  readonly id: string;
  readonly model: CodecModel;
  readonly result: Evaluation['codecs'][number];
  /** How charts draw it. */
  readonly style: SeriesStyle;
  /** Mean squared error of each test image, float32 `[testCount]`. */
  readonly imageErrors: Float32Array;
}

/** What a classifier answered on one source of test images. */
export interface Answers {
  /** `original`, or the codec that the images were seen through. */
  readonly on: string;
  readonly result: Evaluation['classifications'][number];
  /** uint8 `[testCount]` */
  readonly predicted: Uint8Array;
  /** Softmax of the predicted class, float32 `[testCount]`. */
  readonly probability: Float32Array;
}

/** A classifier as the test set found it. */
export interface EvaluatedClassifier {
  readonly id: string;
  readonly model: ClassifierModel;
  readonly answers: readonly Answers[];
}

/** Test images to show, each by its place in the samples. */
export interface Samples {
  /** Places in the test set, int32 `[k]`. */
  readonly indices: Int32Array;
  readonly labels: Uint8Array;
  /** The image at a place, uint8 `[height, width, channels]`: the original, or as a codec gives it back. */
  readonly image: (place: number, source: string) => Uint8Array;
}

/** A latent map with its points. */
export interface LoadedMap {
  readonly map: LatentMap;
  /** float32 `[points, 2]` by method. */
  readonly coordinates: ReadonlyMap<string, Float32Array>;
}

/** Principal components, the most that the run fitted. */
export interface Components {
  readonly model: Extract<RunModel, { kind: 'pca' }>;
  /** float32 `[latent, pixels]` */
  readonly values: Float32Array;
}

/** A run's manifest with the content of its files, as far as a report shows it. */
export interface ReportData {
  readonly run: RunManifest;
  readonly imageShape: ImageShape;
  readonly codecs: readonly EvaluatedCodec[];
  readonly classifiers: readonly EvaluatedClassifier[];
  /** Classes of the test images, uint8 `[testCount]`. */
  readonly labels: Uint8Array;
  readonly samples: Samples;
  readonly maps: readonly LoadedMap[];
  readonly components: Components | undefined;
}

/**
 * Reads the files of a run that its report shows.
 *
 * @param readFile the content of a file of the run, by its path in the manifest
 * @throws ExpectedError for a file that is not what the manifest says of it
 */
export function readReportData(run: RunManifest, readFile: (path: string) => Uint8Array): ReportData {
  const { height, width, channels, testCount } = run.dataset;
  const { files, codecs, classifications } = run.evaluation;
  const tensors = openTensors(readFile);
  const perImage = tensors(files.perImage);
  const models = new Map(run.models.map((model) => [model.id, model]));
  return {
    run,
    imageShape: [height, width, channels],
    codecs: codecs.map((result, i) => ({
      id: result.id,
      model: models.get(result.id) as CodecModel,
      result,
      style: seriesStyle(i),
      imageErrors: perImage(`mse/${result.id}`, 'F32', [testCount]),
    })),
    classifiers: run.models
      .filter((model) => model.kind === 'classifier')
      .map((model) => ({
        id: model.id,
        model,
        answers: classifications
          .filter(({ classifier }) => classifier === model.id)
          .map((result) => ({
            on: result.on,
            result,
            predicted: perImage(`predicted/${model.id}/${result.on}`, 'U8', [testCount]),
            probability: perImage(`probability/${model.id}/${result.on}`, 'F32', [testCount]),
          })),
      }))
      .filter(({ answers }) => answers.length > 0),
    labels: perImage('labels', 'U8', [testCount]),
    samples: readSamples(run, tensors(files.samples)),
    maps: run.latentMaps.map((map) => {
      const ofFile = tensors(map.file);
      const coordinates = map.maps.map(
        ({ method }) => [method, ofFile(method, 'F32', [map.points, 2])] as const,
      );
      return { map, coordinates: new Map(coordinates) };
    }),
    components: readComponents(run, tensors),
  };
}

type ReadTensor = <D extends SafetensorsDtype>(
  name: string,
  dtype: D,
  shape: readonly (number | undefined)[],
) => ReturnType<typeof tensorOf<D>>['data'];

/** Opens files, each for tensors of a known dtype and shape; `undefined` in a shape stands for any size. */
function openTensors(readFile: (path: string) => Uint8Array): (path: string) => ReadTensor {
  return (path) => {
    const where = `the file "${path}"`;
    const content = asExpected(() => decodeSafetensors(readFile(path), where));
    return (name, dtype, shape) => {
      const tensor = asExpected(() => tensorOf(content, name, { dtype, where }));
      if (
        tensor.shape.length !== shape.length ||
        shape.some((size, i) => size !== undefined && size !== tensor.shape[i])
      ) {
        throw new ExpectedError(
          `Cannot read the file "${path}": "${name}" must have the shape [${shape.map((size) => size ?? 'any').join(', ')}], ` +
            `and has [${tensor.shape.join(', ')}]: train the run again.`,
        );
      }
      return tensor.data;
    };
  };
}

/** The format's refusals are about the user's files here. */
function asExpected<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ExpectedError(`${error.message.replace(/\.$/, '')}: train the run again.`, { cause: error });
  }
}

function readSamples({ dataset, evaluation }: RunManifest, tensor: ReadTensor): Samples {
  const { height, width, channels } = dataset;
  const indices = tensor('indices', 'I32', [undefined]);
  const shape = [indices.length, height, width, channels];
  const images = new Map([
    ['original', tensor('originals', 'U8', shape)],
    ...evaluation.codecs.map(({ id }) => [id, tensor(`reconstructions/${id}`, 'U8', shape)] as const),
  ]);
  const size = height * width * channels;
  return {
    indices,
    labels: tensor('labels', 'U8', [indices.length]),
    image: (place, source) => images.get(source)!.subarray(place * size, (place + 1) * size),
  };
}

function readComponents(
  { models, dataset }: RunManifest,
  tensors: (path: string) => ReadTensor,
): Components | undefined {
  const [model] = models.filter((one) => one.kind === 'pca').toSorted((a, b) => b.latent - a.latent);
  if ((model as typeof model | undefined) === undefined) return undefined;
  const pixels = dataset.height * dataset.width * dataset.channels;
  return { model, values: tensors(model.files.components)('components', 'F32', [model.latent, pixels]) };
}
