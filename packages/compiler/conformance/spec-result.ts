/** What became of one spec of the suite. */
export interface SpecResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'pending';
  /** Kernels that ran on tfjs's `cpu` backend while the spec ran. */
  readonly fallbacks: readonly string[];
  /** Why it failed, from the suite. */
  readonly message: string;
}
