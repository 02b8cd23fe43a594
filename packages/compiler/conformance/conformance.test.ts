import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { conformanceFile, conformanceTable } from './conformance-table.ts';
import { countSpecs } from './count-specs.ts';
import { readPeerCounts } from './peer-counts.ts';
import { runSuite } from './run-suite.ts';

describe("tfjs-core's suite on the backend onnx", () => {
  it('passes what CONFORMANCE.md says, no less and no more', { timeout: 300_000 }, async () => {
    const results = await runSuite('onnx');
    const { passed, withoutFallback } = countSpecs(results);
    expect(passed).toBeGreaterThan(readPeerCounts().wasm.passed);
    expect(withoutFallback).toBeGreaterThanOrEqual(3900);
    expect(await conformanceTable(results, readPeerCounts())).toBe(readFileSync(conformanceFile, 'utf8'));
  });
});
