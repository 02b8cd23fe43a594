/**
 * What the page asks of its worker, in which all heavy work is done: files, models, sessions, whole test sets. The page
 * calls these through `lab` (`src/client/lab.ts`), every one answers with a promise, and a failure is an `Error` whose
 * message is one line for people.
 *
 * Images are float32 in [0, 1], `[N, H, W, C]` one after the other, unless a name says `bytes`.
 */
import type { RunManifest } from '@narrows/shared';
import type { CollectionId } from '../../contract/api.ts';

/** Names a model in the worker: `RUN/MODEL` for one of a run, `mine/NUMBER` for one that the visitor dropped. */
export type ModelKey = string;

/** The key of a run's model. */
export function modelKey(runId: CollectionId, modelId: string): ModelKey {
  return `${runId}/${modelId}`;
}

/** What the models run on, chosen by `start`. */
export interface Runtime {
  readonly device: 'wasm' | 'webgpu';
  /** Threads that compute; 1 where the page is not cross-origin isolated. */
  readonly threads: number;
  /**
   * Why, as a key for the interface's own words:
   *
   * | reason | is |
   * | --- | --- |
   * | `default` | WebAssembly, with which `auto` begins |
   * | `asked` | what the visitor asked for |
   * | `adapter` | WebGPU, for `auto` found a GPU whose results agree |
   * | `no-adapter` | WebAssembly, for no GPU answers (a software one counts only where WebGPU was asked for) |
   * | `not-isolated` | WebAssembly on one thread, for the page is not cross-origin isolated |
   * | `disagreed` | WebAssembly, for results on the GPU are off by more than 1e-3 |
   * | `slower` | WebAssembly, for the GPU takes longer for one image, and longer than 50 ms |
   * | `failed` | WebAssembly, for a GPU answers and can't run the models |
   */
  readonly reason:
    'default' | 'asked' | 'adapter' | 'no-adapter' | 'not-isolated' | 'disagreed' | 'slower' | 'failed';
}

/** What the visitor asks for: `auto` starts on WASM and moves to WebGPU once a GPU answers and agrees in its results. */
export type DeviceChoice = 'auto' | 'wasm' | 'webgpu';

/** A model that is loaded and ready to run. */
export interface LabModel {
  readonly key: ModelKey;
  /** Id within the run; for a visitor's own, the name of the file. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'codec' | 'classifier';
  /** Values in the latent vector; `undefined` for a classifier, and for a visitor's autoencoder that is one file. */
  readonly latent: number | undefined;
  /** Bytes of its files. */
  readonly sizeBytes: number;
  /** SHA-256 of each of its files, computed here from what arrived (for a run's files equal to the manifest's). */
  readonly sha256: Readonly<Record<string, string>>;
}

/** What one codec makes of one image. */
export interface CodecResult {
  readonly key: ModelKey;
  /** `[latent]`, `undefined` for a visitor's autoencoder. */
  readonly latents: Float32Array | undefined;
  /** `[H, W, C]` as the decoder gives it, not clipped. */
  readonly reconstruction: Float32Array;
  readonly mse: number;
  /** Class probabilities of each classifier on the reconstruction, in the order asked for; each sums to 1. */
  readonly probabilities: readonly Float32Array[];
}

/** An image through codecs and classifiers. */
export interface Comparison {
  /** Class probabilities of each classifier on the image itself. */
  readonly original: readonly Float32Array[];
  readonly codecs: readonly CodecResult[];
  /** Time it took in the worker, in ms. */
  readonly durationMs: number;
}

/** The principal components of the run's widest PCA; narrower ones are its first. See `reconstructPca`. */
export interface PcaBasis {
  /** Model it belongs to. */
  readonly id: string;
  /** `[pixels]` */
  readonly mean: Float32Array;
  /** `[widest, pixels]`, orthonormal rows */
  readonly components: Float32Array;
  readonly widest: number;
}

/** The run's test set without its pixels, which `testImageBytes` gives. */
export interface TestSet {
  readonly count: number;
  /** `[count]` */
  readonly labels: Uint8Array;
  /** H, W, C */
  readonly imageShape: readonly [number, number, number];
}

/** What the trainer measured of every test image. */
export interface Figures {
  /** By codec: mean squared error, `[count]`. */
  readonly mse: Readonly<Record<string, Float32Array>>;
  /** By codec: structural similarity, `[count]`. */
  readonly ssim: Readonly<Record<string, Float32Array>>;
  /** By `CLASSIFIER/ON`, where ON is `original` or a codec: the class, `[count]`. */
  readonly predicted: Readonly<Record<string, Uint8Array>>;
  /** By `CLASSIFIER/ON`: softmax of that class, `[count]`. */
  readonly probability: Readonly<Record<string, Float32Array>>;
}

/** Where an image lies among the test images. */
export interface Placement {
  /** Test images nearest to it in the space that is mapped, nearest first. */
  readonly neighbours: readonly { readonly index: number; readonly distance: number }[];
  /** On the map: the mean of the neighbours' places, weighted by 1 / distance. */
  readonly at: readonly [number, number];
}

/** How far work is, and how long the rest will take at the speed so far. */
export interface WorkProgress {
  /** From 0 to 1. */
  readonly fraction: number;
  /** What is being done, such as a model's id. */
  readonly label: string;
  /** Seconds left; `undefined` while there is no telling. */
  readonly etaSeconds: number | undefined;
}

/** A figure of this browser beside the trainer's. */
export interface VerifiedFigure {
  readonly here: number;
  readonly trainer: number;
  /** Whether they agree: accuracies exactly, errors within 1e-6. */
  readonly agrees: boolean;
}

/** A run's test set through its models in this browser. */
export interface Verification {
  readonly runId: CollectionId;
  readonly images: number;
  readonly durationMs: number;
  readonly runtime: Runtime;
  /** Mean squared error of each codec. */
  readonly codecs: readonly { readonly id: string; readonly mse: VerifiedFigure }[];
  /** Accuracy of each classifier on originals (`original`) and on each codec's reconstructions. */
  readonly classifications: readonly {
    readonly classifier: string;
    readonly on: string;
    readonly accuracy: VerifiedFigure;
    /** Images whose predicted class differs from the trainer's. */
    readonly differing: number;
  }[];
  /** Every file that was used: its SHA-256 as computed here and whether that is the manifest's. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly matches: boolean }[];
}

/** The worker, seen from the page. */
export interface Lab {
  /**
   * Gets onnxruntime ready. Called again with `wasm` or `webgpu`, goes there with every model that is loaded, or stays and
   * says why; with `auto`, answers what is. Rejects where there is no WebAssembly.
   */
  start(choice: DeviceChoice): Promise<Runtime>;
  /** Tells of every other runtime from now on: `auto` moves to a GPU, or finds that it can't, some seconds after the first results. */
  onRuntimeChange(listener: (runtime: Runtime) => void): Promise<void>;

  /**
   * Reads a run's manifest, once. A run may be made anew under the same id: where the manifest at hand has another
   * `finishedAt`, it is read again, and if it is another, all that was read of the run is let go; its models are no longer
   * loaded then.
   * @param finishedAt as the catalogue has it; left out, the manifest at hand will do
   */
  openRun(runId: CollectionId, finishedAt?: string): Promise<RunManifest>;

  /**
   * Loads a model of a run: fetches its files, checks each against the manifest's SHA-256, opens sessions. A codec loads
   * its encoder and decoder. Called again, answers at once.
   */
  load(runId: CollectionId, modelId: string): Promise<LabModel>;

  /**
   * Takes in a visitor's ONNX file: a classifier (one image in, class scores out) or an autoencoder (one image in, an image
   * out), whatever its input and output are called; NHWC or NCHW or flat, with any batch or a fixed one. Tried on a blank
   * image and a ramp first. Rejects with what does not fit and what would.
   */
  addOwnModel(
    name: string,
    bytes: Uint8Array,
    fitting: { imageShape: readonly [number, number, number]; classCount: number },
  ): Promise<LabModel>;
  removeOwnModel(key: ModelKey): Promise<void>;

  /** Images to latent vectors, `[N, latent]`. */
  encode(key: ModelKey, images: Float32Array): Promise<Float32Array>;
  /** Latent vectors to images, not clipped. */
  decode(key: ModelKey, latents: Float32Array): Promise<Float32Array>;
  /** Images through a codec and back. */
  reconstruct(key: ModelKey, images: Float32Array): Promise<Float32Array>;
  /** Class probabilities, `[N, classes]`; the last-layer softmax is applied here. */
  classify(key: ModelKey, images: Float32Array): Promise<Float32Array>;
  /** One image through all of these. Ask for the next when this has answered: requests are done one after the other. */
  compare(
    image: Float32Array,
    models: { codecs: readonly ModelKey[]; classifiers: readonly ModelKey[] },
  ): Promise<Comparison>;

  /** `undefined` where the run has no PCA. */
  pcaBasis(runId: CollectionId): Promise<PcaBasis | undefined>;

  testSet(runId: CollectionId): Promise<TestSet>;
  /** Pixels as bytes, `[indices, H, W, C]`. */
  testImageBytes(runId: CollectionId, indices: readonly number[]): Promise<Uint8Array>;
  figures(runId: CollectionId): Promise<Figures>;

  /**
   * A map's coordinates, `[points, 2]`: `tsne` and `umap` as the trainer made them, `pca` from the latent vectors' two
   * principal axes, computed here.
   * @param of a codec's id, or `pixels`
   */
  latentMap(runId: CollectionId, of: string, method: 'tsne' | 'umap' | 'pca'): Promise<Float32Array>;
  /** An image on that map. */
  place(
    runId: CollectionId,
    of: string,
    method: 'tsne' | 'umap' | 'pca',
    image: Float32Array,
  ): Promise<Placement>;
  /** The latent vectors of test images by this codec, `[count, latent]`; all are computed once and kept. */
  testLatents(runId: CollectionId, modelId: string): Promise<Float32Array>;

  /** Runs the whole test set through every model of the run; what a visitor waits for meanwhile goes first. */
  verify(runId: CollectionId, onProgress: (progress: WorkProgress) => void): Promise<Verification>;
  /** Ends a verification that is under way: its promise rejects with `Stopped.` */
  stopVerifying(): Promise<void>;
}
