import { ClassificationTally, ReconstructionTally, type RunManifest } from '@narrows/shared';
import type { CollectionId } from '../../contract/api.ts';
import type { Figures, Runtime, Verification, WorkProgress } from './lab-api.ts';
import type { ClassifierRuns, CodecRuns, Pause } from './model-runs.ts';
import { imageShapeOf, type TestImages } from './run-files.ts';
import { scaleBytes } from './scale-bytes.ts';

/** Everything that a verification runs. */
export interface VerifyRequest {
  readonly runId: CollectionId;
  readonly manifest: RunManifest;
  readonly codecs: readonly { readonly id: string; readonly runs: CodecRuns }[];
  readonly classifiers: readonly { readonly id: string; readonly runs: ClassifierRuns }[];
  readonly testSet: TestImages;
  readonly figures: Figures;
  readonly runtime: Runtime;
  /** Files that were used, with their SHA-256 as computed here. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly onProgress: (progress: WorkProgress) => void;
  /** Called between batches; rejects to end the verification. */
  readonly pause: Pause;
}

/** Images between two reports of progress. */
const stepImages = 200;
/** Mean squared errors agree that are no further apart than this. */
const mseTolerance = 1e-6;
/** Time before a guess at how long the rest takes is worth anything. */
const etaAfterMs = 1000;

type Classification = Verification['classifications'][number];

/**
 * Repeats on a run's test set what its trainer measured, every codec and every classifier on every kind of image, and
 * compares. Errors are summed in float64 and predictions counted as the trainer does it. One kind of
 * image after the other: the originals, then each codec's reconstructions.
 *
 * @throws whatever `pause` rejects with
 */
export async function verifyRun(request: VerifyRequest): Promise<Verification> {
  const { runId, manifest, codecs, testSet, runtime, files, onProgress } = request;
  const startedAt = performance.now();
  const measured = new Map(manifest.evaluation.codecs.map(({ id, mse }) => [id, mse]));
  const sources = [{ id: 'original', runs: undefined }, ...codecs.filter(({ id }) => measured.has(id))];
  const codecFigures: Verification['codecs'][number][] = [];
  const classifications: Classification[] = [];
  for (const [index, source] of sources.entries()) {
    const result = await verifySource(request, source, (fractionOfSource) => {
      const fraction = (index + fractionOfSource) / sources.length;
      const elapsedMs = performance.now() - startedAt;
      const etaSeconds =
        elapsedMs < etaAfterMs ? undefined : ((elapsedMs / fraction) * (1 - fraction)) / 1000;
      onProgress({ fraction, label: source.id, etaSeconds });
    });
    if (result.mse !== undefined) {
      const trainer = measured.get(source.id)!;
      const agrees = Math.abs(result.mse - trainer) <= mseTolerance;
      codecFigures.push({ id: source.id, mse: { here: result.mse, trainer, agrees } });
    }
    classifications.push(...result.classifications);
  }
  const hashes = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
  return {
    runId,
    images: testSet.count,
    durationMs: performance.now() - startedAt,
    runtime,
    codecs: codecFigures,
    classifications,
    files: files.map(({ path, sha256 }) => ({ path, sha256, matches: hashes.get(path) === sha256 })),
  };
}

/** The whole test set, as it is or as one codec gives it back. */
async function verifySource(
  { manifest, classifiers, testSet, figures, pause }: VerifyRequest,
  { id, runs }: { readonly id: string; readonly runs: CodecRuns | undefined },
  onFraction: (fraction: number) => void,
): Promise<{ mse: number | undefined; classifications: Classification[] }> {
  const imageShape = imageShapeOf(manifest);
  const imageSize = imageShape.reduce((product, size) => product * size, 1);
  const classCount = manifest.dataset.classNames.length;
  const errors = new ReconstructionTally({ imageSize, classCount });
  const answers = manifest.evaluation.classifications
    .filter(({ on }) => on === id)
    .map(({ classifier, accuracy }) => ({
      classifier,
      trainerAccuracy: accuracy,
      trainerClasses: figures.predicted[`${classifier}/${id}`],
      runs: classifiers.find((one) => one.id === classifier)!.runs,
      tally: new ClassificationTally({ classCount }),
      differing: 0,
    }));
  for (let start = 0; start < testSet.count; start += stepImages) {
    await pause();
    const end = Math.min(testSet.count, start + stepImages);
    const originals = scaleBytes(testSet.images.subarray(start * imageSize, end * imageSize));
    const labels = testSet.labels.subarray(start, end);
    let images = originals;
    if (runs !== undefined) {
      images = await runs.reconstruct(originals, pause);
      errors.add(originals, images, labels);
    }
    for (const answer of answers) {
      const { classes } = answer.tally.add(await answer.runs.logits(images, pause), labels);
      classes.forEach((predicted, i) => {
        if (predicted !== answer.trainerClasses[start + i]) answer.differing++;
      });
    }
    onFraction(end / testSet.count);
  }
  return {
    mse: runs === undefined ? undefined : errors.result().mse,
    classifications: answers.map(({ classifier, trainerAccuracy: trainer, tally, differing }) => {
      const here = tally.result().accuracy;
      return { classifier, on: id, accuracy: { here, trainer, agrees: here === trainer }, differing };
    }),
  };
}
