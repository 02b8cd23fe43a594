import type { ModelContext } from '@narrows/models';
import { trialCodec } from './expand-grid.ts';
import { sweepClassifier, type JobContext } from './run-job.ts';
import type { Job } from './worker-messages.ts';

/** Multiplications that the classifier makes with each of its parameters on one image: most are of convolutions. */
const classifierReuse = 10;
/** What a step costs besides its multiplications, as parameters that would cost as much. */
const overheadParameters = 50_000;
/** Training computes the layers, and the gradients of their inputs and of their parameters. */
const trainingPasses = 3;

/**
 * About how much work a job is, in multiplications. It weighs the jobs for the display and puts the longest first, so that
 * none is begun last that the others have to wait for; no figure depends on it.
 */
export function estimateWork(
  job: Job,
  { configuration, models, train, test }: Pick<JobContext, 'configuration' | 'models' | 'train' | 'test'>,
): number {
  const { epochs, classifier: mode, classifierEpochs } = configuration;
  const judging = classifierReuse * sweepClassifier(models).parameterCount;
  const trainingOfClassifier = trainingPasses * judging * train.count * classifierEpochs;
  switch (job.kind) {
    case 'classifier':
      return trainingOfClassifier + judging * test.count;
    case 'pca':
      return pixelsOf(models) ** 2 * train.count;
    case 'trial': {
      const { kind, parameterCount } = trialCodec(job.trial, models);
      const training =
        kind === 'pca' ? 0 : trainingPasses * (parameterCount + overheadParameters) * train.count * epochs;
      // The plain and the quantised code are both judged.
      return training + (mode === 'retrained' ? trainingOfClassifier : 0) + 2 * judging * test.count;
    }
  }
}

function pixelsOf({ imageShape }: ModelContext): number {
  return imageShape[0] * imageShape[1] * imageShape[2];
}
