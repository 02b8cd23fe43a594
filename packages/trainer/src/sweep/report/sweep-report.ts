import { wilsonInterval, type JsonValue, type SweepResult } from '@narrows/shared';
import { formatDuration } from '../../cli/format-duration.ts';
import { htmlPage } from '../../report/html-page.ts';
import { markdownReport } from '../../report/markdown-report.ts';
import { countText, countedText, listText, percentText, sizeText } from '../../report/number-text.ts';
import type { Block, ReportDocument, Section, Text } from '../../report/report-document.ts';
import { errorSection, rateSection, recognitionSection } from './sweep-sections.ts';
import { pointSection } from './sweep-tables.ts';

/** The question that every sweep is about. */
const question = 'How narrow can a bottleneck get before a classifier stops recognising what comes out?';

/**
 * Makes the report of a sweep, as a page that needs no other file and as Markdown: error, accuracy and bits over the width
 * of the bottleneck for each family of codecs. Reads nothing but the result; the same result gives the same bytes.
 */
export function sweepReport(result: SweepResult): { html: string; markdown: string } {
  const report: ReportDocument = {
    title: `${result.name}, a sweep of Narrows on ${result.dataset.title}`,
    subtitle: question,
    lead: [...answer(result).map((text): Block => ({ kind: 'paragraph', text })), sweepFacts(result)],
    sections: [
      recognitionSection(result),
      errorSection(result),
      rateSection(result),
      pointSection(result),
      ...failureSection(result),
      sweepSection(result),
    ],
  };
  return { html: htmlPage(report), markdown: markdownReport(report) };
}

/** What the sweep says to its question, and how sure that is. */
function answer(result: SweepResult): Text[] {
  return [firstAnswer(result), familyAnswers(result), certainty(result)];
}

function firstAnswer({ thresholds, classifier, grid }: SweepResult): Text {
  const holding = thresholds
    .filter(({ points, latent }) => points === 1 && latent !== null)
    .sort((a, b) => a.latent! - b.latent!);
  const narrowest = holding.at(0)?.latent;
  const best = holding.filter(({ latent }) => latent === narrowest).map(({ family }) => family);
  return narrowest === undefined || narrowest === null
    ? [
        `With ${countedText(grid.latents.at(-1)!, 'latent value')}, the widest bottleneck here, no family keeps the ` +
          `classifier within one percentage point of the ${percentText(classifier.accuracy)} that it recognises of the originals.`,
      ]
    : [
        { strong: countedText(narrowest, 'latent value') },
        ` ${narrowest === 1 ? 'is' : 'are'} enough to stay within one percentage point of the ` +
          `${percentText(classifier.accuracy)} that the classifier recognises of the originals, with ${listText(best)}.`,
      ];
}

function familyAnswers({ thresholds, summaries, grid }: SweepResult): Text {
  const families = grid.families.filter((family) => summaries.some((summary) => summary.family === family));
  const answers = families.map((family) => {
    const widths = summaries.filter((summary) => summary.family === family).map(({ latent }) => latent);
    const [low, high] = [Math.min(...widths), Math.max(...widths)];
    const reach = (latent: number): string => {
      if (low === high) return `at ${low}, its only width`;
      if (latent === low) return 'at every width';
      return latent === high ? `at ${high}, its widest` : `from ${countedText(latent, 'value')} on`;
    };
    const at = (points: number): number | null | undefined =>
      thresholds.find((one) => one.family === family && one.points === points)?.latent;
    const [one, five] = [at(1) ?? undefined, at(5) ?? undefined];
    if (five === undefined) return `${family} loses more than five points even at its widest`;
    if (one === undefined) return `${family} stays within five points ${reach(five)}, and never within one`;
    // Below the narrowest nothing was measured.
    if (one === low) return `${family} stays within one point ${reach(one)}`;
    if (one === five) return `${family} stays within one point ${reach(one)}, and loses more than five below`;
    return `${family} stays within one point ${reach(one)}${one === high ? ',' : ''} and within five ${reach(five)}`;
  });
  return `${answers.join('; ')}.`;
}

function certainty({ classifier, testCount }: SweepResult): Text {
  const { low, high } = wilsonInterval(Math.round(classifier.accuracy * testCount), testCount);
  return (
    `All of it describes these ${countedText(testCount, 'test image')}, thresholds and Pareto fronts too: for others like them, ` +
    `the accuracy on originals is known to ±${(50 * (high - low)).toFixed(2)} percentage points (95\u00a0% Wilson interval).`
  );
}

function sweepFacts(result: SweepResult): Block {
  const { dataset, grid, testCount, classifier, configuration, platform, workers, durations, trials } =
    result;
  const trained =
    configuration['trainLimit'] === null ? dataset.trainCount : Number(configuration['trainLimit']);
  return {
    kind: 'facts',
    facts: [
      [
        'Dataset',
        `${dataset.title}: trained on ${countText(trained)} images, measured on ${countText(testCount)} test images`,
      ],
      ['Families', listText(grid.families)],
      ['Widths', listText(grid.latents.map(String))],
      ['Seeds', listText(grid.seeds.map(String))],
      [
        'Training',
        `${countedText(Number(configuration['epochs']), 'epoch')} of each codec, ` +
          `${countedText(Number(configuration['classifierEpochs']), 'epoch')} of ` +
          (classifier.mode === 'fixed' ? 'the classifier' : 'each classifier') +
          `, Adam at ${JSON.stringify(configuration['learningRate'])} with a cosine schedule`,
      ],
      ['Trials', countText(trials.length)],
      ['Ran on', `${platform.cpu}, ${countedText(workers, 'worker')} of one thread`],
      ['Took', formatDuration(durations.totalMs)],
      ['Finished', result.finishedAt.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')],
    ],
  };
}

function failureSection({ failures }: SweepResult): Section[] {
  if (failures.length === 0) return [];
  return [
    {
      id: 'failures',
      title: 'Trials that came to no result',
      blocks: [
        {
          kind: 'table',
          title: 'Failed trials',
          caption: 'They are left out of all figures.',
          head: [{ text: 'trial' }, { text: 'reason' }],
          rows: failures.map(({ id, reason }) => [[{ code: id }], reason]),
        },
      ],
    },
  ];
}

function sweepSection({
  configuration,
  configurationSha256,
  grid,
  classifier,
  files,
  platform,
}: SweepResult): Section {
  const list = (values: readonly unknown[]): string => values.join(',');
  const flag = (name: string, value: JsonValue): string[] =>
    value === null ? [] : [`--${name}=${JSON.stringify(value)}`];
  const command = [
    'npx nx run trainer:sweep --',
    `--families=${list(grid.families)}`,
    `--latents=${list(grid.latents)}`,
    `--seeds=${list(grid.seeds)}`,
    `--epochs=${JSON.stringify(configuration['epochs'])}`,
    `--classifier=${classifier.mode}`,
    `--classifier-epochs=${JSON.stringify(configuration['classifierEpochs'])}`,
    ...flag('train-limit', configuration['trainLimit']),
    ...flag('test-limit', configuration['testLimit']),
  ].join(' \\\n  ');
  return {
    id: 'sweep',
    title: 'The sweep itself',
    blocks: [
      {
        kind: 'paragraph',
        text:
          'Each codec was trained on one thread, from parameters and an order of images that its seed decides. PCA was fitted ' +
          'once, as wide as the widest bottleneck; its narrower codecs are the first components of that fit. ' +
          (classifier.mode === 'fixed'
            ? 'One classifier, trained on originals from the first seed, judged everything: bands show how codecs vary, not classifiers.'
            : 'For each codec a classifier was trained, from the same seed, on its reconstructions of the training images, clipped to ' +
              '[0, 1] and rounded to bytes, and judged those of the test images clipped and rounded alike; errors are those before.'),
      },
      { kind: 'code', language: 'sh', text: command },
      {
        kind: 'facts',
        facts: [
          ['Configuration, SHA-256', [{ code: configurationSha256 }]],
          ['Node', platform.node],
          ['System', platform.os],
          [
            'Versions',
            Object.entries(platform.versions)
              .map(([name, version]) => `${name} ${version}`)
              .join(', '),
          ],
        ],
      },
      {
        kind: 'table',
        title: 'Files',
        caption: 'What the trials came to in full.',
        head: [{ text: 'file' }, { text: 'size', numeric: true }, { text: 'SHA-256' }],
        rows: files.map(({ path, sizeBytes, sha256 }) => [
          [{ code: path }],
          sizeText(sizeBytes),
          [{ code: sha256 }],
        ]),
      },
    ],
  };
}
