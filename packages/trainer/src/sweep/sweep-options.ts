import { findModel, modelFamilies, type ModelContext } from '@narrows/models';
import { checkOnce, checkValue, showValue } from '../cli/check-value.ts';
import { nearestName } from '../cli/nearest-name.ts';
import { formatNumber } from '../cli/option-table.ts';
import { readFlags } from '../cli/read-flags.ts';
import { usageError } from '../cli/usage-error.ts';
import { familyForm, modelIdAt } from './expand-grid.ts';
import type { SweepConfiguration } from './sweep-configuration.ts';
import { sweepOptionList, sweepPresets, sweepSchema } from './sweep-schema.ts';

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

/**
 * Resolves the options of `sweep`: a flag counts before the preset, the preset before the default. Spellings are those of
 * `readFlags`.
 *
 * @param argv the arguments after `sweep`.
 * @throws ExpectedError (exit code 2), one line with the option, its rule, the value and the fix.
 */
export function parseSweepOptions(argv: readonly string[], context: SweepOptionsContext): SweepRequest {
  const { help, given } = readFlags(argv, { command: 'sweep', options: sweepOptionList });
  if (help) return { kind: 'help' };
  for (const option of sweepOptionList) {
    const value = given.get(option.key);
    if (value !== undefined) checkValue(value, option);
  }
  const values = sweepSchema.parse(Object.fromEntries([...given].map(([key, { value }]) => [key, value])));
  const preset = sweepPresets[values.preset];
  const { workers, data, out, resume, overwrite } = values;
  if (resume && overwrite) {
    throw usageError(
      'Cannot use --resume with --overwrite: one goes on with a stopped sweep, the other starts anew: leave one out.',
    );
  }
  const configuration: SweepConfiguration = {
    families: familyForms(values.families ?? preset.families, context.models),
    latents: (values.latents ?? preset.latents).toSorted((a, b) => a - b),
    seeds: values.seeds ?? preset.seeds,
    epochs: values.epochs ?? preset.epochs,
    classifier: values.classifier,
    classifierEpochs: values.classifierEpochs ?? preset.classifierEpochs,
    trainLimit: values.trainLimit ?? preset.trainLimit,
    testLimit: values.testLimit ?? preset.testLimit,
  };
  checkLatents(configuration.latents, context.models);
  checkOnce(configuration.families, { name: '--families', rule: 'each family is swept' });
  checkOnce(configuration.latents, { name: '--latents', rule: 'each width is swept' });
  checkOnce(configuration.seeds, { name: '--seeds', rule: 'each seed is swept' });
  return {
    kind: 'sweep',
    options: {
      configuration,
      workers: workers ?? context.availableThreads,
      data,
      out,
      resume,
      overwrite,
    },
  };
}

/** Forms of ids that a sweep can take, for help and for what a wrong one may have meant. */
export function knownFamilies(context: ModelContext): string[] {
  const forms = modelFamilies
    .flatMap(({ examples }) => examples)
    .filter((id) => findModel(id, context)?.model.kind !== 'classifier')
    .map((id) => id.replace(/(?<=-)\d+(?=-|$)/, 'L'));
  return [...new Set(forms)];
}

/** Families as `expandGrid` takes them, with L for the width. */
function familyForms(names: readonly string[], context: ModelContext): string[] {
  const forms = names.map(familyForm);
  for (const [i, form] of forms.entries()) {
    // Every family that there is has a codec of one value.
    const model = findModel(modelIdAt(form, 1), context)?.model ?? findModel(names[i], context)?.model;
    if (model?.kind === 'classifier') {
      throw usageError(
        `Cannot use --families: a family is of codecs, and ${showValue(names[i])} is the classifier that judges them: leave it out.`,
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
          `${showValue(names[i])}: ${fix}`,
      );
    }
  }
  return forms;
}

function checkLatents(latents: readonly number[], { imageShape }: ModelContext): void {
  const pixels = imageShape[0] * imageShape[1] * imageShape[2];
  const wide = latents.find((latent) => latent > pixels);
  if (wide !== undefined) {
    throw usageError(
      `Cannot use --latents: a bottleneck is at most as wide as an image has values, ${formatNumber(pixels)}, not ` +
        `${formatNumber(wide)}: lower it.`,
    );
  }
}
