import { meanSquaredError } from '@narrows/shared';
import type { Comparison, ModelKey } from './lab-api.ts';
import type { ModelShelf } from './model-shelf.ts';
import { softmax } from './softmax.ts';

/**
 * Puts one image through codecs, and it and all reconstructions through classifiers, all of these in one batch.
 *
 * @param image `[H, W, C]`
 */
export async function compareImage(
  shelf: ModelShelf,
  image: Float32Array,
  { codecs, classifiers }: { codecs: readonly ModelKey[]; classifiers: readonly ModelKey[] },
): Promise<Comparison> {
  const startedAt = performance.now();
  const results: { key: ModelKey; latents: Float32Array | undefined; reconstruction: Float32Array }[] = [];
  for (const key of codecs) {
    const { encode, decode, reconstruct } = shelf.codec(key);
    const latents = await encode?.(image);
    const reconstruction = latents === undefined ? await reconstruct(image) : await decode!(latents);
    results.push({ key, latents, reconstruction });
  }
  const views = [image, ...results.map(({ reconstruction }) => reconstruction)];
  const stacked = new Float32Array(views.length * image.length);
  views.forEach((view, i) => {
    stacked.set(view, i * image.length);
  });
  /** By view, then by classifier. */
  const probabilities: Float32Array[][] = views.map(() => []);
  for (const key of classifiers) {
    const { logits, classCount } = shelf.classifier(key);
    const all = softmax(await logits(stacked), classCount);
    views.forEach((_, i) => probabilities[i].push(all.slice(i * classCount, (i + 1) * classCount)));
  }
  return {
    original: probabilities[0],
    codecs: results.map((result, i) => ({
      ...result,
      mse: meanSquaredError(image, result.reconstruction),
      probabilities: probabilities[i + 1],
    })),
    durationMs: performance.now() - startedAt,
  };
}
