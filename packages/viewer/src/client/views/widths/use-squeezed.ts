import { useEffect, useMemo } from 'preact/hooks';
import { projectPca, reconstructPca } from '../../images/pca.ts';
import { lab } from '../../lab.ts';
import { modelKey, modelStates, requestModels } from '../../state/models.ts';
import type { OpenRun } from '../../state/run.ts';
import type { CodecResult, ModelKey, PcaBasis } from '../../worker/lab-api.ts';
import { useAnswer } from '../../state/use-answer.ts';
import type { WidthFamily } from './width-families.ts';

/** An image through the bottleneck of PCA, which may be of any width. */
export interface SqueezedByPca {
  readonly basis: PcaBasis;
  /** `[widest]`, of which a width takes the first. */
  readonly coefficients: Float32Array;
  /** Class probabilities of the reconstruction of width w at w − 1; none until the classifier has answered. */
  readonly probabilities: readonly Float32Array[];
}

/** An image through a trained autoencoder. */
export interface SqueezedByAutoencoder {
  readonly width: number;
  readonly id: string;
  readonly result: CodecResult;
}

/** An image through every bottleneck that there is. */
export interface Squeezed {
  /** Class probabilities of the image itself. */
  readonly original: Float32Array | undefined;
  readonly pca: SqueezedByPca | undefined;
  /** Those that have arrived, narrowest first. */
  readonly autoencoders: readonly SqueezedByAutoencoder[];
  /** What went wrong, each in one line. */
  readonly errors: readonly string[];
}

/**
 * Puts an image through PCA and the autoencoders of all widths at once, so that moving the slider asks nothing of the
 * worker.
 *
 * @param image `undefined` while there is none
 * @param classifierKey the one that judges, which may still be on its way
 */
export function useSqueezed(
  {
    run,
    family,
    classifierKey,
  }: { run: OpenRun; family: WidthFamily | undefined; classifierKey: ModelKey | undefined },
  image: Float32Array | undefined,
): Squeezed {
  const states = modelStates.value;
  const classifierId = classifierKey?.startsWith(`${run.id}/`)
    ? classifierKey.slice(run.id.length + 1)
    : undefined;
  useEffect(() => {
    const ids = [classifierId, ...(family?.codecs ?? []).map(({ id }) => id)];
    void requestModels(
      run.id,
      ids.filter((id) => id !== undefined),
    );
  }, [run.id, family?.form, classifierId]);

  const isJudgeReady = classifierKey !== undefined && states.get(classifierKey)?.kind === 'ready';
  const ready = (family?.codecs ?? []).filter(({ id }) => states.get(modelKey(run.id, id))?.kind === 'ready');
  const classifiers = isJudgeReady ? [classifierKey] : [];
  const inputs = [run.id, image, ready.map(({ id }) => id).join(), isJudgeReady ? classifierKey : undefined];

  const comparison = useAnswer(
    image === undefined
      ? undefined
      : async () => {
          const codecs = ready.map(({ id }) => modelKey(run.id, id));
          const { original, codecs: results } = await lab.compare(image, { codecs, classifiers });
          return {
            image,
            original: original.at(0),
            autoencoders: results.map((result, i) => ({ ...ready[i], result })),
          };
        },
    inputs,
  );

  const basis = useAnswer(async () => ({ runId: run.id, basis: await lab.pcaBasis(run.id) }), [run.id]);
  const basisHere = basis.value?.runId === run.id ? basis.value.basis : undefined;
  const projected = useMemo(
    () =>
      basisHere === undefined || image === undefined
        ? undefined
        : { basis: basisHere, coefficients: projectPca(basisHere, image) },
    [basisHere, image],
  );
  const verdicts = useAnswer(
    projected === undefined || !isJudgeReady
      ? undefined
      : async () => ({
          projected,
          classifierKey,
          probabilities: await classifyAllWidths(projected, classifierKey),
        }),
    [projected, isJudgeReady, classifierKey],
  );
  const areVerdictsCurrent =
    verdicts.value?.projected === projected && verdicts.value?.classifierKey === classifierKey;

  const current = comparison.value?.image === image ? comparison.value : undefined;
  return {
    original: current?.original,
    pca: projected && {
      ...projected,
      probabilities: areVerdictsCurrent ? verdicts.value!.probabilities : [],
    },
    autoencoders: current?.autoencoders ?? [],
    errors: [comparison.error, basis.error, verdicts.error, ...failedLoads()].filter(
      (error) => error !== undefined,
    ),
  };

  function failedLoads(): string[] {
    return [classifierId, ...(family?.codecs ?? []).map(({ id }) => id)].flatMap((id) => {
      const state = id === undefined ? undefined : states.get(modelKey(run.id, id));
      return state?.kind === 'failed' ? [state.message] : [];
    });
  }
}

/** Class probabilities of the reconstructions of width 1 to the widest. */
async function classifyAllWidths(
  { basis, coefficients }: { basis: PcaBasis; coefficients: Float32Array },
  classifierKey: ModelKey,
): Promise<Float32Array[]> {
  const pixels = basis.mean.length;
  const images = new Float32Array(basis.widest * pixels);
  for (let width = 1; width <= basis.widest; width++) {
    images.set(reconstructPca(basis, coefficients, width), (width - 1) * pixels);
  }
  const all = await lab.classify(classifierKey, images);
  const classes = all.length / basis.widest;
  return Array.from({ length: basis.widest }, (_, i) => all.subarray(i * classes, (i + 1) * classes));
}
