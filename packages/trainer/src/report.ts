import { psnr, type RunManifest, type RunModel } from '@narrows/shared';
import { studyReference } from './study-reference.ts';

/**
 * The report of a run as Markdown: the study's tables with ours beside them, per-class errors, confusion matrices, and
 * everything that is needed to repeat the run. Reads nothing but the manifest.
 */
export function writeReport(run: RunManifest): string {
  const hasReference = run.dataset.name === studyReference.dataset;
  const codecs = run.models.filter((model) => model.kind !== 'classifier');
  const classifiers = run.models.filter((model) => model.kind === 'classifier');
  const sections = [
    `# ${run.name}`,
    introduction(run),
    codecs.length === 0 ? '' : codecTable(run, hasReference),
    classifiers.length === 0 ? '' : classificationTable(run, hasReference),
    codecs.length === 0 ? '' : perClassTable(run, hasReference),
    ...run.evaluation.classifications.map((entry) => confusionTable(run, entry)),
    trainingTable(run),
    filesTable(run),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function introduction({
  dataset,
  preset,
  seed,
  engine,
  platform,
  durations,
  peakMemoryBytes,
  finishedAt,
}: RunManifest): string {
  const minutes = durations.totalMs / 60_000;
  return [
    `${dataset.title}: ${count(dataset.trainCount)} training and ${count(dataset.testCount)} test images. Preset \`${preset}\`, seed ${seed}.`,
    `${engine.reason}; ${platform.cpu}, ${platform.cores} cores, Node ${platform.node}. ` +
      `${minutes.toFixed(1)} minutes, at most ${(peakMemoryBytes / 1e9).toFixed(2)} GB of memory. Finished ${finishedAt}.`,
  ].join('\n\n');
}

function codecTable(run: RunManifest, hasReference: boolean): string {
  const rows = run.evaluation.codecs.map(({ id, mse }) => {
    const model = modelOf(run, id);
    const reference = hasReference ? studyReference.codecs.find((codec) => codec.id === id)?.mse : undefined;
    return [
      model.title,
      'latent' in model ? String(model.latent) : '',
      count(model.parameterCount),
      reference === undefined ? '–' : reference.toFixed(6),
      mse.toFixed(6),
      reference === undefined ? '–' : percent(mse / reference - 1, 1),
      psnr(mse).toFixed(2),
    ];
  });
  const head = ['codec', 'latent', 'parameters', 'study, MSE', 'this run, MSE', 'difference', 'PSNR, dB'];
  return `## Reconstruction error on the test set\n\nMean squared error over all pixels, pixels in [0, 1].\n\n${table(head, rows)}`;
}

function classificationTable(run: RunManifest, hasReference: boolean): string {
  const rows = run.evaluation.classifications.map(({ classifier, on, accuracy, crossEntropy }) => {
    const reference =
      hasReference && classifier === 'cnn'
        ? studyReference.classifications.find((entry) => entry.on === on)
        : undefined;
    return [
      modelOf(run, classifier).title,
      on === 'original' ? 'originals' : modelOf(run, on).title,
      reference === undefined ? '–' : `${(100 * reference.accuracy).toFixed(2)} %`,
      `${(100 * accuracy).toFixed(2)} %`,
      reference === undefined ? '–' : `${signed(100 * (accuracy - reference.accuracy), 2)} points`,
      reference === undefined ? '–' : reference.crossEntropy.toFixed(4),
      crossEntropy.toFixed(4),
    ];
  });
  const head = [
    'classifier',
    'shown',
    'study, accuracy',
    'this run, accuracy',
    'difference',
    'study, loss',
    'this run, loss',
  ];
  return `## Classification of the test set\n\nAccuracy, and mean cross-entropy in nats, of the same classifier on the originals and on what each codec makes of them.\n\n${table(head, rows)}`;
}

function perClassTable(run: RunManifest, hasReference: boolean): string {
  const rows = run.evaluation.codecs.flatMap(({ id, perClass }) => {
    const ours = [
      modelOf(run, id).title,
      ...run.dataset.classNames.map((_, label) => {
        const entry = perClass.find((item) => item.label === label);
        return entry === undefined ? '–' : entry.mse.toFixed(6);
      }),
    ];
    const reference = hasReference
      ? studyReference.codecs.find((codec) => codec.id === id)?.perClass
      : undefined;
    return reference === undefined ? [ours] : [ours, ['study', ...reference.map((mse) => mse.toFixed(6))]];
  });
  return `## Reconstruction error by class\n\n${table(['codec', ...run.dataset.classNames], rows)}`;
}

function confusionTable(
  run: RunManifest,
  { classifier, on, confusion }: RunManifest['evaluation']['classifications'][number],
): string {
  const { classNames } = run.dataset;
  const rows = confusion.map((row, label) => [
    `**${classNames[label]}**`,
    ...row.map((cell) => (cell === 0 ? '·' : String(cell))),
  ]);
  const shown = on === 'original' ? 'originals' : on;
  return `### Confusion of ${classifier} on ${shown}\n\nRows are true classes, columns predicted ones.\n\n${table(['', ...classNames], rows)}`;
}

function trainingTable(run: RunManifest): string {
  const rows = run.models.map(({ id, epochs, trainingMs, exportCheck }) => [
    id,
    epochs.length === 0 ? '–' : String(epochs.length),
    epochs.length === 0 ? '–' : epochs.at(-1)!.trainLoss.toPrecision(4),
    (trainingMs / 1000).toFixed(1),
    epochs.length === 0 ? '–' : (trainingMs / 1000 / epochs.length).toFixed(2),
    exportCheck.largestDifference.toExponential(1),
  ]);
  const head = ['model', 'epochs', 'last training loss', 'training, s', 's per epoch', 'ONNX against tfjs'];
  return `## Training\n\nThe last column is the largest difference of any output of the exported files from tfjs on ${run.models[0]?.exportCheck.images ?? 0} images.\n\n${table(head, rows)}`;
}

function filesTable(run: RunManifest): string {
  const rows = run.files.map(({ path, sizeBytes, sha256 }) => [
    `\`${path}\``,
    count(sizeBytes),
    `\`${sha256.slice(0, 16)}…\``,
  ]);
  return `## Files\n\n${table(['file', 'bytes', 'SHA-256'], rows)}\n\nRepeat it: \`npx nx run trainer:train\` with the configuration in \`run.json\`; check it: \`npx nx run trainer:evaluate RUN\`.`;
}

function modelOf(run: RunManifest, id: string): RunModel {
  return run.models.find((model) => model.id === id)!;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 ? '−' : '+'}${text}`;
}

function percent(fraction: number, digits: number): string {
  return `${signed(100 * fraction, digits)} %`;
}
