import { defineConfig } from 'vitest/config';

// Tests run on the TypeScript sources: the condition below resolves workspace packages to `src`.
export default defineConfig({
  resolve: { conditions: ['@keelson/source'] },
  ssr: { resolve: { conditions: ['@keelson/source'], externalConditions: ['@keelson/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
