/** A reason why specs fail on the backend `onnx`, and which. */
export interface KnownFailure {
  readonly reason: string;
  readonly specs: readonly string[];
}

/**
 * Every spec of tfjs-core 4.22 that fails on the backend `onnx`. The test fails when one is missing here, and when one
 * listed here passes.
 */
export const knownFailures: readonly KnownFailure[] = [];
