/**
 * Child of the bench: compiles a model's train step as the trainer does on the cpu, in a fresh process, where nothing is
 * warm, and opens it. Where the step depends on what the machine can do, finding that out is timed beside the compiling.
 *
 *     node --import tsx compile.ts JOB
 */
import { findModel, type TrainableModel } from '@narrows/models';
import { compileForMachine, machineTarget, mnistDescription, openOnnxSession } from '@narrows/trainer';
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
  let probeMs = 0;
  const probe: typeof machineTarget = async () => {
    const asked = performance.now();
    const target = await machineTarget();
    probeMs = performance.now() - asked;
    return target;
  };
  const begin = performance.now();
  const bytes = await compileForMachine({ model: model as TrainableModel }, job.batchSize, probe);
  const compiled = performance.now();
  const session = await openOnnxSession(bytes, { device: 'cpu', threads: job.threads });
  const opened = performance.now();
  await session.close();
  return {
    version: `Narrows ${packageVersion('@narrows/compiler')}`,
    compile: { compileMs: compiled - begin - probeMs, probeMs, sessionMs: opened - compiled },
  };
});
