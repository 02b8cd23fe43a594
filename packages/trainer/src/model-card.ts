import { basename } from 'node:path';
import { psnr, unfinishedEpoch, wilsonInterval, type RunManifest, type RunModel } from '@narrows/shared';
import { markdownReport } from './report/markdown-report.ts';
import { countText, errorText, listText, percentText } from './report/number-text.ts';
import type { Block, Facts, Section, Table, Text } from './report/report-document.ts';

type CodecModel = Exclude<RunModel, { kind: 'classifier' }>;

/**
 * The model card of one of a run's models in Markdown, to lie beside its ONNX files: what it is, how to run it, how it
 * was trained, what the test set says of it, and where its limits are. Every figure is the manifest's.
 *
 * Source: M. Mitchell et al., "Model cards for model reporting", 2019, https://arxiv.org/abs/1810.03993; its sections,
 * but for those on groups of people, whom these models don't judge.
 *
 * @param run with its evaluation; the card itself need not be among `files` yet.
 */
export function writeModelCard(run: RunManifest, model: RunModel): string {
  return markdownReport({
    title: model.title,
    subtitle: `Model card of ${model.id} in the run ${run.name}, ${run.finishedAt.slice(0, 10)}`,
    lead: [{ kind: 'paragraph', text: purpose(run, model) }],
    sections: [
      section('model', 'Model', [modelFacts(run, model)]),
      section('use', 'How to run it', [filesTable(run, model), snippet(run, model)]),
      section('training', 'Training', [trainingFacts(run, model)]),
      section(
        'evaluation',
        'Evaluation',
        model.kind === 'classifier' ? [classifierTable(run, model)] : codecResults(run, model),
      ),
      section('limits', 'Limits', limits(run, model)),
      section('data', 'Data and licences', [dataFacts(run)]),
    ],
  });
}

function section(id: string, title: string, blocks: readonly Block[]): Section {
  return { id, title, blocks };
}

function purpose({ dataset }: RunManifest, model: RunModel): string {
  const { height, width, channels } = dataset;
  const images = `images of ${height} × ${width} pixels${channels === 1 ? '' : ` and ${channels} channels`}`;
  if (model.kind === 'classifier') {
    return `Tells the ${dataset.classNames.length} classes of ${dataset.title} apart in ${images}.`;
  }
  const values = height * width * channels;
  return (
    `Turns ${images}, ${countText(values)} values each, into latent vectors of ${countText(model.latent)} numbers and ` +
    `back. Made to learn how much of ${dataset.title} such a bottleneck lets through.`
  );
}

function modelFacts(run: RunManifest, model: RunModel): Facts {
  return {
    kind: 'facts',
    facts: [
      [
        'Kind',
        { autoencoder: 'autoencoder', pca: 'principal components', classifier: 'classifier' }[model.kind],
      ],
      ['Architecture', model.source],
      ['Sizes', settingsText(model.hyperparameters)],
      ['Parameters', countText(model.parameterCount)],
      ['Made by', `Narrows ${run.narrowsVersion}, seed ${run.seed}, ${versionsText(run.platform.versions)}`],
      ['Weights', storedText(model)],
      [
        'Export',
        `largest difference of the ONNX files from the model they were made from: ` +
          `${model.exportCheck.largestDifference.toExponential(1)} on ${model.exportCheck.images} images`,
      ],
    ],
  };
}

/** What weights were rounded to. */
const integers = { int8: 'int8', int6: 'int8 of at most ±31' } as const;

/** How the files store the parameters. */
function storedText({ weights }: RunModel): string {
  return weights === 'float32'
    ? 'stored as float32, as they were trained'
    : `trained as float32; matrices and filters of 1,024 numbers and more are stored as ${integers[weights]} with a float32 scale for ` +
        'each channel, which the files restore to float32; all figures here are those of the files';
}

/** Shapes and ranges of what goes in and comes out, by role of the file. */
function portsOf(run: RunManifest, model: RunModel): Record<string, [input: Text, output: Text]> {
  const { height, width, channels, classNames } = run.dataset;
  const port = (name: string, shape: readonly (string | number)[], range: string): Text => [
    { code: name },
    ` float32 [${shape.join(', ')}], ${range}`,
  ];
  const shape = ['N', height, width, channels];
  const images = port('images', shape, 'pixels from 0 to 1');
  if (model.kind === 'classifier') {
    const logits = port('logits', ['N', classNames.length], 'any numbers, before the softmax');
    return { classifier: [images, logits] };
  }
  const { latentActivation, outputActivation, highest } = model.hyperparameters;
  const latents = port(
    'latents',
    ['N', model.latent],
    latentActivation === 'relu' ? 'numbers from 0 up' : 'any numbers',
  );
  const bounded = outputActivation === 'sigmoid' || highest === 1;
  const reconstructions = port(
    'reconstructions',
    shape,
    bounded ? 'pixels from 0 to 1' : 'pixels, not clipped to 0 to 1',
  );
  return {
    encoder: [images, latents],
    decoder: [latents, reconstructions],
    autoencoder: [images, reconstructions],
  };
}

function filesTable(run: RunManifest, model: RunModel): Table {
  const files = Object.entries(model.files);
  const rows: Text[][] = Object.entries(portsOf(run, model)).map(([role, ports]) => {
    const [, path] = files.find(([name]) => name === role)!;
    return [[{ code: basename(path) }], ...ports];
  });
  if (model.kind === 'pca') {
    const { height, width, channels } = run.dataset;
    const pixels = height * width * channels;
    const tensors = [
      { code: 'mean' },
      ` [${pixels}] and `,
      { code: 'components' },
      ` [${model.latent}, ${pixels}]`,
    ];
    rows.push([[{ code: basename(model.files.components) }], '–', tensors]);
  }
  return {
    kind: 'table',
    title: 'Files',
    caption: 'The .onnx files are of opset 17, with the parameters inside; N is any number of images.',
    head: [
      { text: 'file' },
      { text: 'input' },
      { text: model.kind === 'pca' ? 'output or content' : 'output' },
    ],
    rows,
  };
}

/** Five lines that run as they are, in a module beside the files. */
function snippet({ dataset }: RunManifest, model: RunModel): Block {
  const { height, width, channels } = dataset;
  const [path, output] =
    model.kind === 'classifier'
      ? [model.files.classifier, 'logits']
      : [model.files.autoencoder, 'reconstructions'];
  const lines = [
    `import { InferenceSession, Tensor } from 'onnxruntime-node'; // in a browser 'onnxruntime-web'`,
    `const session = await InferenceSession.create('${basename(path)}'); // in a browser its URL`,
    `const images = new Tensor('float32', new Float32Array(${height * width * channels}), [1, ${height}, ${width}, ${channels}]); // pixels from 0 to 1`,
    `const { ${output} } = await session.run({ images });`,
    model.kind === 'classifier'
      ? `console.log(${output}.data.indexOf(Math.max(...${output}.data))); // the class, counted from 0`
      : `console.log(${output}.dims, ${output}.data);`,
  ];
  return { kind: 'code', language: 'js', text: lines.join('\n') };
}

function trainingFacts(run: RunManifest, model: RunModel): Facts {
  const { configuration, dataset, engine } = run;
  const numberOf = (key: string): number | undefined => {
    const value = configuration[key];
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const used = Math.min(dataset.trainCount, numberOf('trainLimit') ?? dataset.trainCount);
  const held = numberOf('validation');
  const images =
    (used < dataset.trainCount ? `the first ${countText(used)} of ` : '') +
    `${countText(dataset.trainCount)} training images of ${dataset.title}` +
    (held === undefined ? '' : `, the last ${countText(held)} of them held out to judge by`);
  const facts: [string, Text][] = [['Images', images]];
  if (model.kind === 'classifier' && model.trainedOn !== 'original') {
    facts.push([
      'Shown',
      `not the images themselves, but what ${model.trainedOn} makes of them, clipped to 0 to 1 and rounded to bytes; ` +
        'its evaluation shows them as they come, neither clipped nor rounded',
    ]);
  }
  if (model.kind === 'pca') {
    const explained = model.explainedVariance.reduce((sum, share) => sum + share, 0);
    facts.push(['Variance explained', `${percentText(explained, 1)} of the training images'`]);
  } else {
    const reasons = {
      epochs: 'as many as asked for',
      'early-stop': 'the validation loss fell no more',
      'time-limit': 'the time was up',
    };
    const last = model.epochs.at(-1);
    const unfinished = unfinishedEpoch(model);
    const weights =
      unfinished === undefined ? `of epoch ${model.keptEpoch}` : `part-way through epoch ${unfinished}`;
    facts.push(
      ['Settings', settingsText(model.training)],
      ['Epochs', `${model.epochs.length}: ${reasons[model.endedBy]}; weights ${weights}`],
      ...(last === undefined
        ? []
        : [['Last training loss', last.trainLoss.toPrecision(4)] as [string, Text]]),
      ...(model.keptValidationLoss === undefined
        ? []
        : [['Validation loss', model.keptValidationLoss.toPrecision(4)] as [string, Text]]),
    );
  }
  facts.push(['Time', `${(model.trainingMs / 1000).toFixed(1)} s; ${engine.reason}; ${run.platform.cpu}`]);
  return { kind: 'facts', facts };
}

function codecResults({ dataset, evaluation, models }: RunManifest, model: CodecModel): Block[] {
  const blocks: Block[] = [];
  const images = `${countText(dataset.testCount)} test images, looked at once, after training`;
  const result = evaluation.codecs.find(({ id }) => id === model.id);
  if (result !== undefined) {
    blocks.push(
      { kind: 'paragraph', text: `On ${images}; pixels from 0 to 1:` },
      {
        kind: 'facts',
        facts: [
          ['Mean squared error', errorText(result.mse)],
          ['Peak signal-to-noise ratio', `${decibels(result.mse)} dB`],
          ['Structural similarity', `${result.ssim.toFixed(4)}, the mean over images`],
        ],
      },
      {
        kind: 'table',
        title: 'Reconstruction error by class',
        caption: 'The mean squared error over all pixels of the images of a class.',
        head: [{ text: 'class' }, ...numeric('images', 'MSE', 'PSNR, dB')],
        rows: result.perClass.map(({ label, count, mse }) => [
          dataset.classNames[label],
          countText(count),
          errorText(mse),
          decibels(mse),
        ]),
      },
    );
  }
  const answers = evaluation.classifications.filter(({ on }) => on === model.id);
  if (answers.length > 0) {
    blocks.push({
      kind: 'table',
      title: 'What classifiers still recognise',
      caption: `Accuracy on ${images}, as they are and as this model gives them back, with 95 % Wilson intervals.`,
      head: [{ text: 'classifier' }, ...numeric('originals', 'reconstructions')],
      rows: answers.map((answer) => {
        const before = evaluation.classifications.find(
          ({ classifier, on }) => classifier === answer.classifier && on === 'original',
        );
        return [
          titleOf(models, answer.classifier),
          before === undefined ? '–' : accuracyText(before),
          accuracyText(answer),
        ];
      }),
    });
  }
  return blocks;
}

function classifierTable({ dataset, evaluation, models }: RunManifest, model: RunModel): Table {
  return {
    kind: 'table',
    title: 'Accuracy',
    caption:
      `On ${countText(dataset.testCount)} test images, looked at once, after training, as they are and as codecs give ` +
      'them back, with 95 % Wilson intervals; mean cross-entropy in nats.',
    head: [{ text: 'shown' }, ...numeric('accuracy', 'cross-entropy')],
    rows: evaluation.classifications
      .filter(({ classifier }) => classifier === model.id)
      .map((answer) => [
        answer.on === 'original' ? 'originals' : titleOf(models, answer.on),
        accuracyText(answer),
        answer.crossEntropy.toFixed(4),
      ]),
  };
}

function limits({ dataset, seed }: RunManifest, model: RunModel): Block[] {
  const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
  const { classNames } = dataset;
  return [
    paragraph(
      `It knows the images of ${dataset.title} and no others: of another size, ground, contrast or subject they give ` +
        'figures unlike these, and nothing tells that they do.',
    ),
    paragraph(
      model.kind === 'classifier'
        ? `It answers with one of ${classNames.length} classes (${listText(classNames)}) also where an image shows none. ` +
            'The softmax of its logits is no calibrated probability.'
        : 'What it gives back is made up where the latent vector says too little: a likely image, not the one that went ' +
            "in. Don't take a reconstruction for evidence of the original.",
    ),
    paragraph(
      `The figures are of one training with seed ${seed}. Intervals tell what another draw of test images would change, ` +
        'not what another seed would. It is made for study; nothing here speaks for its use in decisions about people.',
    ),
  ];
}

function dataFacts({ dataset }: RunManifest): Facts {
  return {
    kind: 'facts',
    facts: [
      ['Data', `${dataset.title}: ${dataset.source}`],
      ["The data's licence", dataset.licence],
      ['Narrows', 'MIT licence; what may be done with a model also depends on the data it was trained on'],
    ],
  };
}

/** `hidden 512, 256; latent 64` */
function settingsText(settings: RunModel['hyperparameters']): string {
  const text = Object.entries(settings).map(([name, value]) => {
    const values = Array.isArray(value) ? value : [value];
    return `${name} ${values.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join(', ')}`;
  });
  return text.length === 0 ? 'none' : text.join('; ');
}

function versionsText(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

function accuracyText({ accuracy, confusion }: RunManifest['evaluation']['classifications'][number]): string {
  const images = confusion.flat().reduce((a, b) => a + b);
  const correct = confusion.reduce((sum, row, label) => sum + row[label], 0);
  const { low, high } = wilsonInterval(correct, images);
  return `${percentText(accuracy)} (${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)})`;
}

function decibels(mse: number): string {
  return mse === 0 ? '∞' : psnr(mse).toFixed(2);
}

function titleOf(models: readonly RunModel[], id: string): string {
  return models.find((model) => model.id === id)!.title;
}

function numeric(...texts: string[]): { text: string; numeric: true }[] {
  return texts.map((text) => ({ text, numeric: true }));
}
