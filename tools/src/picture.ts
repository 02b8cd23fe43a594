/**
 * Draws test images beside their reconstructions by every codec of a run, as the README shows them:
 *
 *     npx nx run tools:picture -- runs/study docs/reconstructions.svg
 *
 * The images are the first of each class in the test set. A frame marks those that the run's classifier takes for another
 * class.
 */
import { writeFileSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadMnist, openOnnxSession, readManifest } from '@narrows/trainer';
import { drawPictureTable, type PictureRow } from './picture-table.ts';

const [runFolder, target] = process.argv.slice(2) as (string | undefined)[];
if (runFolder === undefined || target === undefined) {
  process.stderr.write(
    'Cannot draw: it takes a run and the SVG file to write, as in runs/study docs/reconstructions.svg.\n',
  );
  process.exit(2);
}
const run = readManifest(runFolder);
const { test, description } = await loadMnist();
const { height, width, channels, classNames } = description;
const imageSize = height * width * channels;
const chosen = classNames.map((_, label) => test.labels.indexOf(label));
const shape = [chosen.length, height, width, channels];
const originals = Float32Array.from(
  chosen.flatMap((index) => [...test.images.subarray(index * imageSize, (index + 1) * imageSize)]),
  (pixel) => pixel / 255,
);

const classifier = run.models.find((model) => model.kind === 'classifier');
const rows: PictureRow[] = [await describe('original', '', originals)];
for (const model of run.models) {
  if (model.kind === 'classifier') continue;
  const images = await infer(model.files.autoencoder, originals, 'reconstructions');
  const { mse } = run.evaluation.codecs.find(({ id }) => id === model.id)!;
  rows.push(await describe(model.id, `MSE ${mse.toFixed(4)}`, images));
}
writeFileSync(target, drawPictureTable(rows, { width, height }));

/** One row: what the run's evaluation says of the whole test set, and which of these images the classifier gets wrong. */
async function describe(id: string, figure: string, images: Float32Array): Promise<PictureRow> {
  if (classifier === undefined) return { title: id, figures: [figure], images, marked: [] };
  const logits = await infer(classifier.files.classifier, images, 'logits');
  const classes = classNames.length;
  const marked = classNames.map((_, label) => {
    const row = logits.subarray(label * classes, (label + 1) * classes);
    return row.indexOf(Math.max(...row)) !== label;
  });
  const entry = run.evaluation.classifications.find(
    (one) => one.classifier === classifier.id && one.on === id,
  )!;
  return {
    title: id,
    figures: [figure, `${(100 * entry.accuracy).toFixed(2)} % recognised`],
    images,
    marked,
  };
}

async function infer(path: string, images: Float32Array, output: string): Promise<Float32Array> {
  const session = await openOnnxSession(readFileSync(join(runFolder!, path)), { device: 'cpu', threads: 1 });
  const results = await session.run({ images: { data: images, shape, dtype: 'float32' } });
  await session.close();
  return results[output].data as Float32Array;
}
