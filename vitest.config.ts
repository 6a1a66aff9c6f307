import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.mjs';

/** Packages whose tests start no other programs. */
const inProcess = 'packages/{admission,aggregator,api,auth,cel,controllers,extensions,machinery,patch,schema,server}/src/**/*.test.ts';
/** Tests of what a process can have only once, or one way. */
const apart = 'packages/*/src/**/*.apart.test.ts';

// Tests run on the TypeScript sources: the condition below resolves workspace packages to `src`.
export default defineConfig({
  resolve: { conditions: ['@keelson/source'] },
  ssr: { resolve: { conditions: ['@keelson/source'], externalConditions: ['@keelson/source'] } },
  test: {
    reporters: [process.env.CI ? 'dot' : 'default', new ClosingLine()],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
    unstubEnvs: true,
    restoreMocks: true,
    projects: [
      // One after another in the same process: loading the sources takes most of these longer than what they do.
      { extends: true, test: { name: 'together', isolate: false, include: [inProcess], exclude: [apart] } },
      {
        extends: true,
        test: {
          name: 'apart',
          include: [
            apart,
            'packages/{grpc,keelson,pki,sdk,storage}/src/**/*.test.ts',
            'packages/sdk/examples/**/*.test.ts',
            'test/**/*.test.ts',
          ],
        },
      },
    ],
  },
});
