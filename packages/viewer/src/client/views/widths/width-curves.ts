import { seriesStyle, type SeriesStyle, type SweepResult } from '@narrows/shared';
import type { OpenRun } from '../../state/run.ts';
import { widthFamilies } from './width-families.ts';

/** A number over the seeds of a sweep; all three are equal where there is one. */
export interface Band {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** A family at one width. */
export interface CurvePoint {
  readonly width: number;
  /** Mean squared error over all test images, pixels in [0, 1]. */
  readonly mse: Band;
  /** Share of the reconstructed test images that the classifier recognises. */
  readonly accuracy: Band;
  /** Trainings that it sums up. */
  readonly trials: number;
}

/** What is known of a family over its widths. */
export interface WidthCurve {
  /** `basic-L-linear` */
  readonly form: string;
  readonly style: SeriesStyle;
  /** Narrowest first. */
  readonly points: readonly CurvePoint[];
  /** The narrowest width from which on, up to the widest, the mean accuracy stays within one point of the originals'. */
  readonly threshold: number | undefined;
}

/** Curves with what they are compared with. */
export interface CurveSet {
  readonly curves: readonly WidthCurve[];
  /** Accuracy on the originals. */
  readonly originals: number;
  /** Test images behind each figure. */
  readonly images: number;
}

/** The curves of a sweep, one for each family that came to a result, drawn as in the sweep's own report. */
export function sweepCurves({ grid, summaries, thresholds, classifier, testCount }: SweepResult): CurveSet {
  const curves = grid.families.map((form, i): WidthCurve => {
    const threshold = thresholds.find(({ family, points }) => family === form && points === 1)?.latent;
    return {
      form,
      style: seriesStyle(i),
      points: summaries
        .filter(({ family }) => family === form)
        .map(({ latent, plain, trials }) => ({
          width: latent,
          mse: plain.mse,
          accuracy: plain.accuracy,
          trials,
        }))
        .sort((a, b) => a.width - b.width),
      threshold: threshold ?? undefined,
    };
  });
  return {
    curves: curves.filter(({ points }) => points.length > 0),
    originals: classifier.accuracy,
    images: testCount,
  };
}

/**
 * What a run's own evaluation says of its codecs, by family.
 * @param options.judge id of the classifier whose accuracy counts
 * @param options.styles of families that are drawn already; others come after them
 * @returns `undefined` where that classifier did not judge the originals
 */
export function runCurves(
  { manifest: { evaluation, dataset }, codecs: models }: OpenRun,
  { judge, styles }: { judge: string | undefined; styles: readonly { form: string; style: SeriesStyle }[] },
): CurveSet | undefined {
  const accuracyOn = (on: string): number | undefined =>
    evaluation.classifications.find((one) => one.classifier === judge && one.on === on)?.accuracy;
  const originals = accuracyOn('original');
  if (originals === undefined) return undefined;
  let next = styles.length;
  const curves = widthFamilies(models.map(({ id }) => id)).map(({ form, codecs }): WidthCurve => {
    const points = codecs.flatMap(({ width, id }): CurvePoint[] => {
      const mse = evaluation.codecs.find((codec) => codec.id === id)?.mse;
      const accuracy = accuracyOn(id);
      return mse === undefined || accuracy === undefined
        ? []
        : [{ width, mse: single(mse), accuracy: single(accuracy), trials: 1 }];
    });
    const style = styles.find((known) => known.form === form)?.style ?? seriesStyle(next++);
    return { form, style, points, threshold: findThreshold(points, originals) };
  });
  return { curves: curves.filter(({ points }) => points.length > 0), originals, images: dataset.testCount };
}

function single(value: number): Band {
  return { mean: value, min: value, max: value };
}

/** See `WidthCurve.threshold`; a difference that is one point but for rounding counts as within. */
function findThreshold(points: readonly CurvePoint[], originals: number): number | undefined {
  const lastBelow = points.findLastIndex(({ accuracy }) => originals - accuracy.mean > 0.01 + 1e-9);
  return points.at(lastBelow + 1)?.width;
}
