import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.mjs';

// Tests run on the TypeScript sources: the condition below resolves workspace packages to `src`.
export default defineConfig({
  resolve: { conditions: ['@keelson/source'] },
  ssr: { resolve: { conditions: ['@keelson/source'], externalConditions: ['@keelson/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/sdk/examples/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: [process.env.CI ? 'dot' : 'default', new ClosingLine()],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
