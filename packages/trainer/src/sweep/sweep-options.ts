import { parseArgs } from 'node:util';
import { findModel, modelFamilies, type ModelContext } from '@narrows/models';
import { nearestName } from '../cli/nearest-name.ts';
import { formatNumber } from '../cli/train-schema.ts';
import { usageError } from '../cli/usage-error.ts';
import { familyForm, modelIdAt } from './expand-grid.ts';
import type { SweepConfiguration } from './sweep-configuration.ts';
import { sweepOptionList, sweepPresets, sweepSchema, type SweepOptionDescription } from './sweep-schema.ts';

/** What the options need from outside. */
export interface SweepOptionsContext {
  /** What codecs are built for. */
  readonly models: ModelContext;
  /** Default of `--workers`, as from `os.availableParallelism()`. */
  readonly availableThreads: number;
}

/** Everything that a sweep is told, as resolved from flags, preset and defaults. */
export interface SweepOptions {
  readonly configuration: SweepConfiguration;
  readonly preset: string;
  readonly workers: number;
  /** Folder of IDX files; `undefined` means the npm package. */
  readonly data: string | undefined;
  readonly out: string;
  readonly resume: boolean;
  readonly overwrite: boolean;
}

/** What the command line asks for. */
export type SweepRequest =
  { readonly kind: 'help' } | { readonly kind: 'sweep'; readonly options: SweepOptions };

const byName = new Map(
  sweepOptionList.flatMap((option) => [
    [option.flag, option] as const,
    [option.key as string, option] as const,
  ]),
);

/**
 * Resolves the options of `sweep`: a flag counts before the preset, the preset before the default. `--epochs 5` and
 * `--epochs=5`, `--train-limit` and `--trainLimit`, `--resume` and `--resume=false` are all understood; a flag given twice
 * counts the last time.
 *
 * @param argv the arguments after `sweep`.
 * @throws ExpectedError (exit code 2), one line with the option, its rule, the value and the fix.
 */
export function parseSweepOptions(argv: readonly string[], context: SweepOptionsContext): SweepRequest {
  const given = readFlags(argv);
  if (given === 'help') return { kind: 'help' };
  const values = sweepSchema.parse(Object.fromEntries(given));
  const preset = sweepPresets[values.preset];
  const { workers, data, out, resume, overwrite } = values;
  if (resume && overwrite) {
    throw usageError(
      'Cannot use --resume with --overwrite: one goes on with a stopped sweep, the other starts anew: leave one out.',
    );
  }
  const latents = values.latents ?? preset.latents;
  const configuration: SweepConfiguration = {
    families: checkFamilies(values.families ?? preset.families, context.models),
    latents: checkLatents(latents, context.models).toSorted((a, b) => a - b),
    seeds: checkOnce(values.seeds ?? preset.seeds, '--seeds', 'seed'),
    epochs: values.epochs ?? preset.epochs,
    classifier: values.classifier,
    classifierEpochs: values.classifierEpochs ?? preset.classifierEpochs,
    trainLimit: values.trainLimit ?? preset.trainLimit,
    testLimit: values.testLimit ?? preset.testLimit,
  };
  return {
    kind: 'sweep',
    options: {
      configuration,
      preset: values.preset,
      workers: workers ?? context.availableThreads,
      data,
      out,
      resume,
      overwrite,
    },
  };
}

/** The values of the flags by key, each checked, or that `--help` is among them. */
function readFlags(argv: readonly string[]): Map<string, unknown> | 'help' {
  const options = Object.fromEntries(
    [...byName].map(
      ([name, { kind }]) => [name, { type: kind === 'boolean' ? 'boolean' : 'string' }] as const,
    ),
  );
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, tokens: true });
  if (argv.some((argument) => argument === '--help' || argument === '-h')) return 'help';
  const given = new Map<string, unknown>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      throw usageError(
        `Cannot use the argument "${token.value}": sweep takes only options, which begin with "--": put it into one ` +
          '(--help lists them) or leave it out.',
      );
    }
    const option = byName.get(token.name);
    if (option === undefined) throw unknownFlag(argv[token.index]);
    const value = readValue(token, argv, option);
    if (!sweepSchema.shape[option.key].safeParse(value).success) {
      const written = token.value ?? '';
      const nearest = nearestName(written, option.choices);
      const fix =
        nearest === undefined
          ? `write for example --${option.flag}=${option.example}.`
          : `did you mean ${nearest}?`;
      throw usageError(`Cannot use --${option.flag}: it takes ${option.takes}, not "${written}": ${fix}`);
    }
    given.set(option.key, value);
  }
  return given;
}

interface OptionToken {
  readonly index: number;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

/** A flag's text as what the schema takes where it reads as such; whether it is right is for the schema to say. */
function readValue(
  { index, value, inlineValue }: OptionToken,
  argv: readonly string[],
  { flag, kind, takes, example }: SweepOptionDescription,
): unknown {
  if (kind === 'boolean')
    return value === undefined ? true : value === 'true' ? true : value === 'false' ? false : value;
  // parseArgs takes whatever follows: "--epochs --resume" has no value for the first.
  const isNextFlag = inlineValue === false && /^-(?![\d.])/.test(argv[index + 1] ?? '');
  if (value === undefined || value === '' || isNextFlag) {
    throw usageError(
      `Cannot use --${flag}: it takes ${takes}, and no value follows it: write for example --${flag}=${example}.`,
    );
  }
  // "1e3" and "5.0" are numbers to JavaScript, but more likely a slip where a count is expected.
  const integer = (text: string): unknown =>
    /^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
  const items = value.split(',').map((item) => item.trim());
  switch (kind) {
    case 'integer':
      return integer(value);
    case 'integers':
      return items.map(integer);
    case 'texts':
      return items;
    case 'text':
      return value;
  }
}

function unknownFlag(argument: string): Error {
  const written = argument.split('=')[0];
  const nearest = nearestName(written.replace(/^-+/, ''), [
    ...sweepOptionList.map(({ flag }) => flag),
    'help',
  ]);
  const fix = nearest === undefined ? '--help lists those there are.' : `did you mean --${nearest}?`;
  return usageError(`Cannot use ${written}: sweep has no such option: ${fix}`);
}

/** Forms of ids that a sweep can take, for help and for what a wrong one may have meant. */
export function knownFamilies(context: ModelContext): string[] {
  const forms = modelFamilies
    .flatMap(({ examples }) => examples)
    .filter((id) => findModel(id, context)?.model.kind !== 'classifier')
    .map((id) => id.replace(/(?<=-)\d+(?=-|$)/, 'L'));
  return [...new Set(forms)];
}

function checkFamilies(names: readonly string[], context: ModelContext): string[] {
  const forms = names.map(familyForm);
  for (const [i, form] of forms.entries()) {
    // Every family that there is has a codec of one value.
    const model = findModel(modelIdAt(form, 1), context)?.model ?? findModel(names[i], context)?.model;
    if (model?.kind === 'classifier') {
      throw usageError(
        `Cannot use --families: a family is of codecs, and "${names[i]}" is the classifier that judges them: leave it out.`,
      );
    }
    if (
      model === undefined ||
      !/(^|-)L(-|$)/.test(form) ||
      findModel(modelIdAt(form, 1), context) === undefined
    ) {
      const known = knownFamilies(context);
      const nearest = nearestName(names[i], [...known, ...known.map((one) => one.replace(/-L$/, ''))]);
      const fix = nearest === undefined ? `known are ${known.join(', ')}.` : `did you mean ${nearest}?`;
      throw usageError(
        `Cannot use --families: a family is the first word of its codecs' ids, or an id with L for the width, not ` +
          `"${names[i]}": ${fix}`,
      );
    }
  }
  return checkOnce(forms, '--families', 'family');
}

function checkLatents(latents: readonly number[], { imageShape }: ModelContext): readonly number[] {
  const pixels = imageShape[0] * imageShape[1] * imageShape[2];
  const wide = latents.find((latent) => latent > pixels);
  if (wide !== undefined) {
    throw usageError(
      `Cannot use --latents: a bottleneck is at most as wide as an image has values, ${formatNumber(pixels)}, not ` +
        `${formatNumber(wide)}: lower it.`,
    );
  }
  return checkOnce(latents, '--latents', 'width');
}

function checkOnce<T extends string | number>(values: readonly T[], flag: string, noun: string): T[] {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) {
    throw usageError(
      `Cannot use ${flag}: each ${noun} is swept once, and "${twice}" is named twice: name it once.`,
    );
  }
  return [...values];
}
