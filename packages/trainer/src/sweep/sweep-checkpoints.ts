import { z } from 'zod';
import type { ModelContext } from '@narrows/models';
import { decodeCheckpoint, encodeCheckpoint } from '../run-folder/checkpoint.ts';
import { sweepClassifier, type FittedPca, type TrainedClassifier } from './run-job.ts';
import type { SweepFolder } from './sweep-folder.ts';

const classifierFile = 'classifier.safetensors';
const pcaFile = 'pca.safetensors';

const classifierMeta = z.strictObject({
  trainMs: z.number(),
  accuracy: z.number(),
  crossEntropy: z.number(),
});
const pcaMeta = z.strictObject({ trainMs: z.number() });

/** Keeps the classifier that the trials need. */
export function keepClassifier(
  folder: SweepFolder,
  { parameters, ...meta }: TrainedClassifier,
  models: ModelContext,
): void {
  const tensors = sweepClassifier(models).parameters.map(({ name, shape }) => ({
    name,
    shape,
    data: parameters[name],
  }));
  folder.writeCheckpoint(classifierFile, encodeCheckpoint({ meta, tensors }));
}

/** The classifier that was kept, `undefined` if none was. */
export function keptClassifier(folder: SweepFolder): TrainedClassifier | undefined {
  const bytes = folder.readCheckpoint(classifierFile);
  if (bytes === undefined) return undefined;
  const { meta, tensors } = decodeCheckpoint(bytes, classifierFile);
  const parameters = Object.fromEntries(tensors.map(({ name, data }) => [name, data]));
  return { parameters, ...classifierMeta.parse(meta) };
}

/** Keeps the fit of PCA that the trials need. */
export function keepPca(folder: SweepFolder, { mean, components, trainMs }: FittedPca): void {
  const pixels = mean.length;
  const tensors = [
    { name: 'mean', shape: [pixels], data: mean },
    { name: 'components', shape: [components.length / pixels, pixels], data: components },
  ];
  folder.writeCheckpoint(pcaFile, encodeCheckpoint({ meta: { trainMs }, tensors }));
}

/** The fit of PCA that was kept, `undefined` if none was. */
export function keptPca(folder: SweepFolder): FittedPca | undefined {
  const bytes = folder.readCheckpoint(pcaFile);
  if (bytes === undefined) return undefined;
  const { meta, tensors } = decodeCheckpoint(bytes, pcaFile);
  const dataOf = (wanted: string): Float32Array => tensors.find(({ name }) => name === wanted)!.data;
  return { mean: dataOf('mean'), components: dataOf('components'), ...pcaMeta.parse(meta) };
}
