import { expect, test } from 'vitest';
import { leadBlocks } from './lead.ts';
import { readReportData, type ReportData } from './report-data.ts';
import { makeRun } from './testing/made-run.ts';

/** The lead of a run of 6 test images whose codecs' reconstructions, the closest first, are wrongly answered so often. */
function leadOf(...wrong: readonly number[]): string[] {
  const { run, readFile } = makeRun({ basic: wrong.map((_, i) => wrong.length - i) });
  const data = readReportData(run, readFile);
  const [cnn] = data.classifiers;
  const answers = cnn.answers.map((answer, i) => {
    const errors = i === 0 ? 0 : wrong[i - 1];
    const predicted = data.labels.map((label, image) => (image < errors ? 1 - label : label));
    const result = { ...answer.result, accuracy: (data.labels.length - errors) / data.labels.length };
    return { ...answer, predicted, result };
  });
  const changed: ReportData = { ...data, classifiers: [{ ...cnn, answers }] };
  return leadBlocks(changed).flatMap((block) => {
    if (block.kind !== 'paragraph') return [];
    const parts = typeof block.text === 'string' ? [block.text] : block.text;
    return [parts.map((part) => (typeof part === 'string' ? part : Object.values(part)[0])).join('')];
  });
}

test('the best codec is named with the runner-up and how far behind it is', () => {
  const [first, second] = leadOf(3, 1, 4);
  expect(first).toMatch(
    /^Of all codecs here, model basic-2 serves the classifier best on these test images, 2 images ahead of model basic-3\. Through model basic-2, 2 numbers/,
  );
  expect(second).toMatch(/^The closest reconstructions are those of model basic-3, /);
  expect(second).toMatch(
    /Most is lost through model basic-1, which leaves 33\.33\u00a0%, 4 images fewer than the originals\.$/,
  );
});

test('codecs that leave equally many images are all named, the closest of them first', () => {
  const [first] = leadOf(1, 1, 2);
  expect(first).toMatch(
    /^Of all codecs here, model basic-3 and model basic-2 serve the classifier equally well on these test images, 1 image ahead of model basic-1\. Through model basic-3, 3 numbers/,
  );
});

test('where nothing is lost, no codec is said to lose most', () => {
  const [first, second] = leadOf(0, 0);
  expect(first).toMatch(/equally well on these test images\. Through model basic-2, 2 numbers/);
  expect(second).toMatch(
    /\. Through none of them does the classifier recognise fewer images than of the originals\.$/,
  );
});
