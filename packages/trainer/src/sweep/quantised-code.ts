/** Levels of a quantised latent coordinate, so that each is one byte. */
export const codeLevels = 256;

/** The range of each latent coordinate over a set of images. */
export interface CodeRange {
  /** float32 `[latent]` */
  readonly low: Float32Array;
  /** float32 `[latent]`, nowhere below `low`. */
  readonly high: Float32Array;
}

/**
 * The range of each coordinate.
 *
 * @param latents float32 `[n, latent]`, n ≥ 1, finite
 * @throws TypeError unless they are one or more whole vectors
 */
export function codeRange(latents: Float32Array, latent: number): CodeRange {
  requireVectors(latents, latent);
  const low = latents.slice(0, latent);
  const high = latents.slice(0, latent);
  for (let i = latent; i < latents.length; i++) {
    const at = i % latent;
    if (latents[i] < low[at]) low[at] = latents[i];
    if (latents[i] > high[at]) high[at] = latents[i];
  }
  return { low, high };
}

/**
 * Quantises latent vectors to the nearest of 256 levels evenly spread over each coordinate's range, both ends included:
 * `round(255·(z − low)/(high − low))`. What lies outside takes the nearer end; a coordinate that never changes has level 0.
 *
 * @param latents float32 `[n, latent]`
 * @returns uint8 `[n, latent]`
 */
export function quantiseLatents(latents: Float32Array, { low, high }: CodeRange): Uint8Array {
  const latent = low.length;
  requireVectors(latents, latent);
  // A Uint8ClampedArray would round halves to even; what is stored is settled here alone.
  return Uint8Array.from(latents, (value, i) => {
    const at = i % latent;
    const width = high[at] - low[at];
    if (width === 0) return 0;
    const level = Math.round(((codeLevels - 1) * (value - low[at])) / width);
    return Math.min(codeLevels - 1, Math.max(0, level));
  });
}

/**
 * The values that levels stand for: `low + level·(high − low)/255`.
 *
 * @param levels uint8 `[n, latent]`
 * @returns float32 `[n, latent]`
 */
export function levelValues(levels: Uint8Array, { low, high }: CodeRange): Float32Array {
  const latent = low.length;
  return Float32Array.from(levels, (level, i) => {
    const at = i % latent;
    return low[at] + (level * (high[at] - low[at])) / (codeLevels - 1);
  });
}

/** Counts levels, coordinate by coordinate, to tell how many bits they take. */
export class CodeTally {
  readonly #latent: number;
  readonly #counts: Uint32Array;
  #images = 0;

  /** @param latent number of coordinates, at least 1. */
  constructor(latent: number) {
    this.#latent = latent;
    this.#counts = new Uint32Array(latent * codeLevels);
  }

  /** @param levels uint8 `[n, latent]`. */
  add(levels: Uint8Array): void {
    requireVectors(levels, this.#latent);
    for (let i = 0; i < levels.length; i++) this.#counts[(i % this.#latent) * codeLevels + levels[i]]++;
    this.#images += levels.length / this.#latent;
  }

  /**
   * Sum over the coordinates of the entropy of their levels, `Σ −Σ pᵥ·log₂ pᵥ`, in bits per image, from 0 to 8·latent.
   *
   * Source: Shannon 1948; see `codeFields` in the schema of `sweep.json` for what the number leaves out.
   *
   * @throws RangeError if nothing was added
   */
  bitsPerImage(): number {
    if (this.#images === 0)
      throw new RangeError('Cannot tell the bits of a code: add at least one image first.');
    let bits = 0;
    for (const count of this.#counts) {
      if (count > 0) bits += (count / this.#images) * Math.log2(this.#images / count);
    }
    return bits;
  }
}

function requireVectors(values: Float32Array | Uint8Array, latent: number): void {
  if (values.length === 0 || values.length % latent !== 0) {
    throw new TypeError(
      `Cannot use ${values.length} latent values: they must be one or more vectors of ${latent}, without a rest.`,
    );
  }
}
