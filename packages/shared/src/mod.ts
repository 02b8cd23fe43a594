export { ClassificationTally, type ClassificationResult } from './classification-tally.ts';
export { datasetDescriptionSchema, type DatasetDescription } from './dataset-description.ts';
export { meanSquaredError, psnr } from './metrics.ts';
export { parseRunManifest, RunManifestError } from './parse-run-manifest.ts';
export { philox4x32, type PhiloxBlock, type PhiloxKey } from './philox.ts';
export { randomStream, type RandomStream } from './random-stream.ts';
export { ReconstructionTally, type ClassError, type ReconstructionResult } from './reconstruction-tally.ts';
export {
  runManifestSchema,
  runManifestVersion,
  type JsonValue,
  type RunFile,
  type RunManifest,
  type RunModel,
} from './run-manifest.ts';
export { shuffledIndices } from './shuffled-indices.ts';
