import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keelsonVersion } from './version.js';

const run = promisify(execFile);
const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

let dir: string;

/** As bin/keelson.mjs does, with a bundle of our own. */
const keelson = (...args: string[]) => {
  const program = `import { launch } from ${JSON.stringify(file('bin/launch.mjs'))}; launch(${JSON.stringify(join(dir, 'keelson.cjs'))});`;
  return run(process.execPath, ['--input-type=module', '--eval', program, '--', 'keelson', ...args]);
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-bundle-'));
  await run(process.execPath, [file('build/bundle.mjs'), dir]);
});

afterAll(() => rm(dir, { recursive: true }));

describe('the bundled command line', () => {
  it('runs, and runs again', async () => {
    for (const _ of [1, 2]) {
      expect(await keelson('version')).toMatchObject({ stdout: expect.stringMatching(`^Keelson v${keelsonVersion} `), stderr: '' });
    }
  });

  it('fails with the error and a code', async () => {
    await expect(keelson('apiserver', '--foo')).rejects.toMatchObject({
      code: 1,
      stderr: "Error: unknown flag: --foo\nRun 'keelson apiserver --help' for usage.\n",
    });
  });

  it('keeps compiled code to its owner, whole or not at all', async () => {
    await keelson('version');
    const cache = join(dir, '.cache');
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
    expect((await readdir(cache, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
