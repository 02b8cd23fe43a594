import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,conformance}/**/*.test.{ts,tsx}'],
    // onnxruntime and tfjs are native or global state: one process per test file keeps them apart.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
