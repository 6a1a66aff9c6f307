import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
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

describe('a deferred package', () => {
  it('is loaded one time, when something of it is first called or read', async () => {
    const own = join(dir, 'node_modules', 'mime-types');
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'index.js'), "console.log('loaded'); exports.lookup = (...args) => args; exports.types = { png: 1 };");
    const bundled = join(dir, 'deferred.cjs');
    const contents = `
      const mime = require('mime-types');
      const { lookup } = mime;
      console.log(Object.keys(mime));
      console.log(lookup(1, 2), mime.types);`;
    const program = `
      import { build } from 'esbuild';
      import { deferredPackages } from ${JSON.stringify(file('build/deferred-packages.mjs'))};
      const stdin = { contents: ${JSON.stringify(contents)}, resolveDir: ${JSON.stringify(dir)} };
      await build({ stdin, outfile: ${JSON.stringify(bundled)}, bundle: true, platform: 'node', plugins: [deferredPackages] });`;
    await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: file('.') });
    expect((await run(process.execPath, [bundled])).stdout).toBe("[ 'lookup', 'types' ]\nloaded\n[ 1, 2 ] { png: 1 }\n");
  });
});
