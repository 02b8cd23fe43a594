import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunProgress } from '@narrows/shared';
import { expect, test } from './watched-test.ts';

/** How far a training is after so many epochs of three, told as the trainer tells it. */
function progressAfter(epochs: number): RunProgress {
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

test('a training under way is shown as it goes on, and its end, without a reload', async ({
  page,
  ownServer,
}) => {
  const folder = join(ownServer.runsFolder, 'night.partial');
  const report = async (progress: RunProgress) => {
    await writeFile(`${folder}/progress.json.new`, JSON.stringify(progress));
    await rename(`${folder}/progress.json.new`, `${folder}/progress.json`);
  };
  await page.goto(`${ownServer.origin}/results`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await mkdir(folder);
  await report(progressAfter(1));

  await expect(page.getByRole('main')).toContainText('Night training');
  const bar = page.getByRole('progressbar').first();
  await expect(bar).toHaveAttribute('aria-valuenow', '33');
  await report(progressAfter(2));
  await expect(bar).toHaveAttribute('aria-valuenow', '67');
  await report({ ...progressAfter(2), state: 'stopped' });
  await expect(page.getByRole('progressbar')).toHaveCount(0);
});
