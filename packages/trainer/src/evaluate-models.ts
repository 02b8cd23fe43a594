import type { RunFile, RunManifest } from '@narrows/shared';
import type { Progress } from './cli/progress.ts';
import type { Dataset } from './data/dataset.ts';
import { evaluate } from './evaluate.ts';
import { evaluationFiles } from './evaluation/evaluation-files.ts';
import { testSetFile } from './evaluation/test-set-file.ts';
import type { ExportedRunModel } from './export-run.ts';
import type { WorkFolder } from './run-folder/work-folder.ts';

export interface EvaluateModelsOptions {
  readonly dataset: Dataset;
  /** Threads of onnxruntime. */
  readonly threads: number;
  readonly folder: WorkFolder;
  readonly progress: Progress;
}

/**
 * Evaluates the exported files of a run on the test set, and writes what the report and the viewer show of it.
 * @returns what the manifest says of it, and its files.
 */
export async function evaluateModels(
  exported: readonly ExportedRunModel[],
  { dataset, threads, folder, progress }: EvaluateModelsOptions,
): Promise<{ result: RunManifest['evaluation']; files: RunFile[] }> {
  const task = progress.task('evaluation');
  const bytesOf = (role: string) => (model: ExportedRunModel) => ({
    id: model.entry.id,
    bytes: model.bytes[role],
  });
  const { height, width, channels, classNames } = dataset.description;
  const imageShape = [height, width, channels] as const;
  const { perImage, samples, ...result } = await evaluate(
    {
      codecs: exported.filter(({ entry }) => entry.kind !== 'classifier').map(bytesOf('autoencoder')),
      classifiers: exported.filter(({ entry }) => entry.kind === 'classifier').map(bytesOf('classifier')),
    },
    dataset.test,
    {
      imageShape,
      classCount: classNames.length,
      threads,
      onProgress: (fraction) => {
        task.update(fraction);
      },
    },
  );
  task.finish(`${dataset.test.count.toLocaleString('en-US')} test images`);
  const bytes = evaluationFiles({ perImage, samples });
  const testSet = await testSetFile(dataset.test, imageShape);
  const files = {
    perImage: folder.addFile('evaluation/per-image.safetensors', bytes.perImage),
    samples: folder.addFile('evaluation/samples.safetensors', bytes.samples),
    testSet: folder.addFile('evaluation/test-set.safetensors.gz', testSet),
  };
  const paths = {
    perImage: files.perImage.path,
    samples: files.samples.path,
    testSet: files.testSet.path,
  };
  return {
    result: { ...result, files: paths },
    files: Object.values(files),
  };
}
