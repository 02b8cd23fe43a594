import type { SpecResult } from './spec-result.ts';

/** How many specs of the suite did what. */
export interface SpecCounts {
  readonly specs: number;
  readonly passed: number;
  /** Those of them that ran without a kernel of another backend. */
  readonly withoutFallback: number;
  readonly failed: number;
  /** Left out by the suite itself. */
  readonly pending: number;
}

/** Counts results by what became of them. */
export function countSpecs(results: readonly SpecResult[]): SpecCounts {
  const passed = results.filter(({ status }) => status === 'passed');
  return {
    specs: results.length,
    passed: passed.length,
    withoutFallback: passed.filter(({ fallbacks }) => fallbacks.length === 0).length,
    failed: results.filter(({ status }) => status === 'failed').length,
    pending: results.filter(({ status }) => status === 'pending').length,
  };
}
