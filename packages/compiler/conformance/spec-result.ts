/** What became of one spec of the suite. */
export interface SpecResult {
  /** Tells specs apart; some share a name. */
  readonly id: string;
  readonly name: string;
  /** `pending` is what the suite itself leaves out. */
  readonly status: 'passed' | 'failed' | 'pending';
  /** Kernels that ran on tfjs's `cpu` backend instead of in a graph while the spec ran. */
  readonly fallbacks: readonly string[];
  /** Why it failed, in the suite's words. */
  readonly message: string;
}

/** What a process of the suite is to run. */
export interface SuiteOrder {
  readonly backend: SuiteBackend;
  /** This process takes every `shards`-th spec, beginning with the one numbered `shard`. */
  readonly shard: number;
  readonly shards: number;
  /** Only these specs, unless empty. */
  readonly ids: readonly string[];
  /** Only specs whose names contain this. */
  readonly filter: string;
}

export type SuiteBackend = 'onnx' | 'cpu' | 'wasm';
