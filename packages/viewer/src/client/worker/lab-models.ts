import type { RunModel } from '@narrows/shared';
import { modelKey, type LabModel } from './lab-api.ts';
import { openClassifier, openCodec } from './model-runs.ts';
import type { ModelSource, OpenModel } from './open-model.ts';
import type { OrtRuntime } from './ort-session.ts';
import { openOwnModel } from './own-model.ts';
import type { Fitting } from './own-model-layout.ts';
import { imageShapeOf, readFile, type RunFiles } from './run-files.ts';
import { sha256Of } from './sha256-of.ts';

/** Fetches a model of a run: a codec's encoder and decoder, or a classifier. */
export async function fetchModel(run: RunFiles, modelId: string): Promise<ModelSource> {
  const model = run.manifest.models.find(({ id }) => id === modelId);
  if (model === undefined) {
    const ids = run.manifest.models.map(({ id }) => id).join(', ');
    throw new RangeError(
      `Cannot load "${modelId}": it must be a model of the run "${run.id}", which has ${ids}: choose one of these.`,
    );
  }
  const paths = pathsOf(model);
  const files = await Promise.all(paths.map((path) => readFile(run, path)));
  const [first, second] = files.map(({ bytes }) => bytes);
  const imageShape = imageShapeOf(run.manifest);
  return {
    run,
    imageSize: sizeOf(imageShape),
    info: {
      key: modelKey(run.id, modelId),
      id: modelId,
      title: model.title,
      kind: model.kind === 'classifier' ? 'classifier' : 'codec',
      latent: model.kind === 'classifier' ? undefined : model.latent,
      sizeBytes: files.reduce((sum, file) => sum + file.bytes.length, 0),
      sha256: Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256])),
    },
    open: (runtime) =>
      model.kind === 'classifier'
        ? openClassifier(runtime, first, imageShape, run.manifest.dataset.classNames.length)
        : openCodec(runtime, { encoder: first, decoder: second }, imageShape, model.latent),
  };
}

function sizeOf(imageShape: readonly number[]): number {
  return imageShape.reduce((product, length) => product * length, 1);
}

/** The files of a model that run here. */
function pathsOf(model: RunModel): string[] {
  return model.kind === 'classifier' ? [model.files.classifier] : [model.files.encoder, model.files.decoder];
}

/**
 * Takes in a visitor's file, see `openOwnModel`.
 *
 * @param number tells it from the visitor's others
 */
export async function takeOwnModel(
  runtime: OrtRuntime,
  { name, bytes, number }: { name: string; bytes: Uint8Array<ArrayBuffer>; number: number },
  fitting: Fitting,
): Promise<OpenModel> {
  const open = (on: OrtRuntime) => openOwnModel(on, name, bytes, fitting);
  const runs = await open(runtime);
  const info: LabModel = {
    key: `mine/${number}`,
    id: name,
    title: name.replace(/\.onnx$/iu, ''),
    kind: runs.kind,
    latent: undefined,
    sizeBytes: bytes.length,
    sha256: { [name]: await sha256Of(bytes) },
  };
  return {
    source: { run: undefined, imageSize: sizeOf(fitting.imageShape), info, open },
    runsOn: new Map([[runtime, runs]]),
  };
}
