import { findModel, type Codec, type ModelContext } from '@narrows/models';
import type { SweepConfiguration } from './sweep-configuration.ts';

/** One codec to be trained and measured. */
export interface Trial {
  /** Unique in its sweep, and of its place in the grid alone: `basic-16-linear-s2`, `pca-16`, `pca-16-s1-retrained`. */
  readonly id: string;
  /** `basic-L-linear` */
  readonly family: string;
  /** `basic-16-linear` */
  readonly model: string;
  readonly kind: Codec['kind'];
  readonly latent: number;
  /** `null` where nothing about the trial is random. */
  readonly seed: number | null;
}

/** The id of a family's codec at a width: `basic-L-linear` at 16 is `basic-16-linear`. */
export function modelIdAt(family: string, latent: number): string {
  return family.replace(/(?<=^|-)L(?=-|$)/, String(latent));
}

/**
 * The form that a family's ids have, for what a user may call it: `basic` and `basic-L` are `basic-L`, `basic-L-linear`
 * is itself.
 */
export function familyForm(name: string): string {
  return /(^|-)L(-|$)/.test(name) ? name : `${name}-L`;
}

/** The codec of a trial. */
export function trialCodec({ model: id }: Pick<Trial, 'model'>, context: ModelContext): Codec {
  const model = findModel(id, context)?.model;
  if (model === undefined || model.kind === 'classifier') {
    throw new RangeError(`Cannot try "${id}": it must be the id of a codec, and there is none of that name.`);
  }
  return model;
}

/**
 * The trials of a sweep by family, width and seed. PCA has no random part: where the classifier is fixed it is tried once
 * for each width, without a seed; where each trial trains a classifier, that one has a seed.
 *
 * @throws RangeError if a family has no codec of a width.
 */
export function expandGrid(
  {
    families,
    latents,
    seeds,
    classifier,
  }: Pick<SweepConfiguration, 'families' | 'latents' | 'seeds' | 'classifier'>,
  context: ModelContext,
): Trial[] {
  const ending = classifier === 'retrained' ? '-retrained' : '';
  return families.flatMap((family) =>
    latents.flatMap((latent) => {
      const model = modelIdAt(family, latent);
      const { kind } = trialCodec({ model }, context);
      const own: readonly (number | null)[] = kind === 'pca' && classifier === 'fixed' ? [null] : seeds;
      return own.map((seed) => ({
        id: `${model}${seed === null ? '' : `-s${seed}`}${ending}`,
        family,
        model,
        kind,
        latent,
        seed,
      }));
    }),
  );
}
