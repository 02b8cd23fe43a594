import { psnr } from '@narrows/shared';
import { formatDuration } from '../cli/format-duration.ts';
import { accuracyOf } from './accuracy-interval.ts';
import { countText, countedText, errorText, listText, percentText } from './number-text.ts';
import type { Answers, EvaluatedClassifier, EvaluatedCodec, ReportData } from './report-data.ts';
import type { Block, Inline, Text } from './report-document.ts';

/** What the run says to its question, in a few sentences made from its figures, and what run it is. */
export function leadBlocks(data: ReportData): Block[] {
  return [...answer(data).map((text): Block => ({ kind: 'paragraph', text })), runFacts(data)];
}

function answer(data: ReportData): Text[] {
  const classifier = mainClassifier(data);
  const original = classifier?.answers.find(({ on }) => on === 'original');
  if (classifier === undefined || original === undefined) return errorAnswer(data);
  const seen = seenThrough(data, classifier);
  if (seen.length === 0) return [classifierAnswer(data, classifier, original)];
  return [
    bestAnswer(data, { classifier, original, seen }),
    ...(seen.length === 1 ? [] : [otherAnswer(data, original, seen)]),
  ];
}

/** A codec, and what the classifier answers on its reconstructions. */
interface SeenThrough {
  readonly codec: EvaluatedCodec;
  readonly answers: Answers;
}

/** The codecs that a classifier was shown the test set through, the best for it first. */
function seenThrough({ codecs }: ReportData, { answers }: EvaluatedClassifier): SeenThrough[] {
  return codecs
    .flatMap((codec) => {
      const entry = answers.find(({ on }) => on === codec.id);
      return entry === undefined ? [] : [{ codec, answers: entry }];
    })
    .sort(
      (a, b) =>
        b.answers.result.accuracy - a.answers.result.accuracy || a.codec.result.mse - b.codec.result.mse,
    );
}

function bestAnswer(
  data: ReportData,
  given: { classifier: EvaluatedClassifier; original: Answers; seen: readonly SeenThrough[] },
): Text {
  const { classifier, original, seen } = given;
  const [best] = seen;
  const { lost, gained } = changedAnswers(data, original, best.answers);
  return [
    ...(seen.length === 1 ? ['Through ', { strong: best.codec.model.title }, ', '] : ranking(data, seen)),
    `${bottleneck(data, best.codec)}, the ${classifier.model.title} recognises ${percentText(best.answers.result.accuracy)} of the ` +
      `${countedText(data.run.dataset.testCount, 'test image')}, against ${percentText(original.result.accuracy)} of the originals. ` +
      `It loses ${countedText(lost, 'image')} that it knew, and gains ${countText(gained)} that it did not.`,
  ];
}

/** Which codecs are the best, several where they leave equally many images, and how far ahead of the next. */
function ranking({ run }: ReportData, seen: readonly SeenThrough[]): Inline[] {
  const rightOf = ({ answers }: SeenThrough): number =>
    Math.round(answers.result.accuracy * run.dataset.testCount);
  const title = ({ codec }: SeenThrough): string => codec.model.title;
  const [best] = seen;
  const tied = seen.filter((one) => rightOf(one) === rightOf(best));
  const runnerUp = seen.at(tied.length);
  return [
    'Of all codecs here, ',
    ...(tied.length === 1
      ? [{ strong: title(best) }, ' serves the classifier best on these test images']
      : [{ strong: listText(tied.map(title)) }, ' serve the classifier equally well on these test images']),
    ...(runnerUp === undefined
      ? []
      : [
          `, ${countedText(rightOf(best) - rightOf(runnerUp), 'image')} ahead of `,
          { strong: title(runnerUp) },
        ]),
    '. Through ',
    { strong: title(best) },
    ', ',
  ];
}

function otherAnswer({ run }: ReportData, original: Answers, seen: readonly SeenThrough[]): Text {
  const [best] = seen;
  const worst = seen.at(-1)!;
  const [closest] = seen.toSorted((a, b) => a.codec.result.mse - b.codec.result.mse);
  const fewer = Math.round(
    (original.result.accuracy - worst.answers.result.accuracy) * run.dataset.testCount,
  );
  return [
    ...(closest === best
      ? [
          `Its reconstructions are also the closest, with a mean squared error of ${closeness(closest.codec)}. `,
        ]
      : [
          'The closest reconstructions are those of ',
          { strong: closest.codec.model.title },
          `, with a mean squared error of ${closeness(closest.codec)}, and yet it leaves ${percentText(closest.answers.result.accuracy)}. `,
        ]),
    ...(fewer > 0
      ? [
          'Most is lost through ',
          { strong: worst.codec.model.title },
          `, which leaves ${percentText(worst.answers.result.accuracy)}, ${countedText(fewer, 'image')} fewer than the originals.`,
        ]
      : ['Through none of them does the classifier recognise fewer images than of the originals.']),
  ];
}

function classifierAnswer({ run }: ReportData, { model }: EvaluatedClassifier, original: Answers): Text {
  const { value, low, high } = accuracyOf(original);
  return (
    `The ${model.title} recognises ${percentText(value)} of the ${countedText(run.dataset.testCount, 'test image')} as they are ` +
    `(95\u00a0% interval ${percentText(low)} to ${percentText(high)}). No codec was evaluated, so this run leaves open what a bottleneck costs.`
  );
}

function errorAnswer(data: ReportData): Text[] {
  const { run, codecs } = data;
  if (codecs.length === 0) return [];
  const [closest] = codecs.toSorted((a, b) => a.result.mse - b.result.mse);
  return [
    [
      codecs.length === 1
        ? 'The codec of this run is '
        : `Of ${codecs.length} codecs, the closest reconstructions are those of `,
      { strong: closest.model.title },
      `: ${bottleneck(data, closest)}, with a mean squared error of ${closeness(closest)} on the ${countedText(run.dataset.testCount, 'test image')}. ` +
        'No classifier was evaluated, so this run leaves open what is recognised of them.',
    ],
  ];
}

/** The classifier that the answer is about: the first that was trained on originals, else the first. */
export function mainClassifier({ classifiers }: ReportData): EvaluatedClassifier | undefined {
  return classifiers.find(({ model }) => model.trainedOn === 'original') ?? classifiers.at(0);
}

/** How many images a classifier gets wrong where it was right before, and right where it was wrong. */
export function changedAnswers(
  { labels }: Pick<ReportData, 'labels'>,
  before: Pick<Answers, 'predicted'>,
  after: Pick<Answers, 'predicted'>,
): { lost: number; gained: number } {
  let [lost, gained] = [0, 0];
  labels.forEach((label, image) => {
    const [was, is] = [before.predicted[image] === label, after.predicted[image] === label];
    if (was && !is) lost++;
    if (!was && is) gained++;
  });
  return { lost, gained };
}

function bottleneck({ imageShape }: ReportData, { model }: EvaluatedCodec): string {
  const values = imageShape.reduce((a, b) => a * b);
  return `${countedText(model.latent, 'number')} in place of ${countText(values)} pixel values`;
}

function closeness({ result: { mse } }: EvaluatedCodec): string {
  return mse === 0 ? errorText(mse) : `${errorText(mse)} (${psnr(mse).toFixed(1)} dB)`;
}

function runFacts({ run }: ReportData): Block {
  const { dataset, engine, platform, durations, peakMemoryBytes, models } = run;
  const { height, width, channels } = dataset;
  return {
    kind: 'facts',
    facts: [
      [
        'Dataset',
        `${dataset.title}: ${countText(dataset.trainCount)} training and ${countText(dataset.testCount)} test images, ` +
          `${height} × ${width}${channels === 1 ? '' : ` × ${channels}`}, ${dataset.classNames.length} classes`,
      ],
      ['Models', listText(models.map(({ id }) => id))],
      ['Preset and seed', `${run.preset}, ${run.seed}`],
      [
        'Ran on',
        `${platform.cpu}, ${countedText(engine.threads, 'thread')}, ${engine.name} on ${engine.device}`,
      ],
      [
        'Took',
        `${formatDuration(durations.totalMs)}, at most ${(peakMemoryBytes / 1e9).toFixed(2)} GB of memory`,
      ],
      ['Finished', run.finishedAt.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')],
    ],
  };
}
