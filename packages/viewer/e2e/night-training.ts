import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunProgress } from '@narrows/shared';

/** How far a training is after so many epochs of three, told as the trainer tells it. */
export function progressAfter(epochs: number): RunProgress {
  return {
    schemaVersion: 1,
    name: 'Night training',
    preset: 'study',
    startedAt: new Date().toISOString(),
    updatedAt: new Date().toISOString(),
    state: 'running',
    phase: 'train',
    task: { label: 'basic-32', fraction: epochs / 3 },
    models: [
      {
        id: 'basic-32',
        title: 'One hidden layer of 128',
        kind: 'autoencoder',
        plannedEpochs: 3,
        epochs: Array.from({ length: epochs }, (_, i) => ({
          epoch: i + 1,
          trainLoss: 0.02 / (i + 1),
          durationMs: 1000,
          learningRate: 0.001,
        })),
      },
    ],
    etaSeconds: 60 - 20 * epochs,
  };
}

/**
 * Reports as a trainer does.
 * @param run name of the run's folder, once it is finished
 */
export async function report(runsFolder: string, run: string, progress: RunProgress): Promise<void> {
  const folder = join(runsFolder, `${run}.partial`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/progress.json.new`, JSON.stringify(progress));
  await rename(`${folder}/progress.json.new`, `${folder}/progress.json`);
}
