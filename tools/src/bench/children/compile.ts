/**
 * Child of the bench: compiles a model's train step in a fresh process, where nothing is warm, and opens it.
 *
 *     node --import tsx compile.ts JOB
 */
import { findModel, type TrainableModel } from '@narrows/models';
import { compileGradients, mnistDescription, openOnnxSession } from '@narrows/trainer';
import { answerJob } from './answer-job.ts';
import { wrongKind } from './job-part.ts';
import { packageVersion } from './package-version.ts';

await answerJob(async (job) => {
  if (job.kind !== 'compile') throw wrongKind(job);
  const { height, width, channels, classNames } = mnistDescription;
  const { model } = findModel(job.model, {
    imageShape: [height, width, channels],
    classes: classNames.length,
  })!;
  const begin = performance.now();
  const { bytes } = compileGradients({ model: model as TrainableModel }, job.batchSize);
  const compiled = performance.now();
  const session = await openOnnxSession(bytes, { device: 'cpu', threads: job.threads });
  const opened = performance.now();
  await session.close();
  return {
    version: `Narrows ${packageVersion('@narrows/compiler')}`,
    compile: { compileMs: compiled - begin, sessionMs: opened - compiled },
  };
});
