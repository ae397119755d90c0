import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'clients/typescript/**/*.test.ts'],
    exclude: ['test/layers/fixture/**', '**/node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // `.ci/run` counts from this report.
    ...(process.env.CI ? { reporters: ['default', 'json'], outputFile: { json: 'tmp/vitest.json' } } : {}),
  },
});
