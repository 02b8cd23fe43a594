export { ClassificationTally, type ClassificationResult, type Predictions } from './classification-tally.ts';
export { datasetDescriptionSchema, type DatasetDescription } from './dataset-description.ts';
export { meanSquaredError, psnr } from './metrics.ts';
export { parseRunManifest, RunManifestError } from './parse-run-manifest.ts';
export { philox4x32, type PhiloxBlock, type PhiloxKey } from './philox.ts';
export { randomStream, type RandomStream } from './random-stream.ts';
export { ReconstructionTally, type ClassError, type ReconstructionResult } from './reconstruction-tally.ts';
export {
  runManifestSchema,
  runManifestVersion,
  storedWeights,
  type JsonValue,
  type LatentMap,
  type RunEpoch,
  type RunFile,
  type RunManifest,
  type RunModel,
} from './run-manifest.ts';
export { parseRunProgress, RunProgressError, runProgressVersion, type RunProgress } from './run-progress.ts';
export {
  decodeSafetensors,
  encodeSafetensors,
  tensorOf,
  type Safetensors,
  type SafetensorsDtype,
  type SafetensorsTensor,
} from './safetensors.ts';
export { shuffledIndices } from './shuffled-indices.ts';
export { structuralSimilarity } from './structural-similarity.ts';
export { referenceOf, type StudyReference } from './study-reference.ts';
export { unfinishedEpoch } from './unfinished-epoch.ts';
export { wilsonInterval } from './wilson-interval.ts';
export {
  parseSweepResult,
  sweepResultSchema,
  sweepResultVersion,
  sweepTrialSchema,
  type SweepResult,
  type SweepSpread,
  type SweepSummary,
  type SweepTrial,
} from './sweep-result.ts';
export {
  classColours,
  parseColour,
  seriesOnDark,
  seriesOnLight,
  seriesStyle,
  type Rgb,
  type SeriesStyle,
} from './palette.ts';
export { blend, contrast } from './contrast.ts';
