import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { yamlToJson } from '@keelson/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keelsonProgram } from '../support/keelson-program.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-create-extension-'));
  await run(process.execPath, [keelsonProgram, 'create-extension', 'my-api', '--group', 'things.example.com'], { cwd: dir });
});
afterAll(() => rm(dir, { recursive: true }));

/** What `npm install` would bring, from this checkout. */
async function install(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const link = join(dir, 'my-api', 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
}

describe('keelson create-extension', () => {
  it('makes a project that depends on this installation', async () => {
    const { name, dependencies } = JSON.parse(await readFile(join(dir, 'my-api', 'package.json'), 'utf8'));
    expect([name, dependencies]).toEqual(['my-api', { '@keelson/sdk': `file:${join(root, 'packages', 'sdk')}` }]);
    expect((await readdir(join(dir, 'my-api'))).sort()).toEqual([
      '.gitignore',
      'Dockerfile',
      'README.md',
      'deploy',
      'package.json',
      'src',
      'tsconfig.json',
    ]);
  });

  it('makes one whose own test passes', async () => {
    await install('@keelson/sdk', 'keelson', 'typescript', '@types/node');
    const bin = join(root, 'node_modules', '.bin');
    const { stdout } = await run('npm', ['test'], {
      cwd: join(dir, 'my-api'),
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });
    expect(stdout).toMatch(/^# pass 2$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  it('makes manifests of kinds that clusters have', async () => {
    const deploy = join(dir, 'my-api', 'deploy');
    const texts = await Promise.all((await readdir(deploy)).sort().map((name) => readFile(join(deploy, name), 'utf8')));
    const kinds = texts.flatMap((text) => text.split(/^---$/m)).map((text) => (yamlToJson(text).value as { kind: string }).kind);
    expect(kinds).toEqual([
      'Namespace',
      'ServiceAccount',
      'ClusterRoleBinding',
      'RoleBinding',
      'ClusterRole',
      'ClusterRoleBinding',
      'Role',
      'RoleBinding',
      'Service',
      'StatefulSet',
    ]);
  });

  it('makes an image of it with the checkout that it depends on', async () => {
    const dockerfile = await readFile(join(dir, 'my-api', 'Dockerfile'), 'utf8');
    const instructions = dockerfile.split('\n').filter((line) => /^[A-Z]/.test(line));
    expect(instructions.slice(0, 7)).toEqual([
      'FROM node:22-slim AS keelson',
      `WORKDIR ${join(root, '.')}`.replace(/\/$/, ''),
      'COPY --from=checkout package.json package-lock.json tsconfig.json tsconfig.base.json ./',
      'COPY --from=checkout scripts ./scripts',
      'COPY --from=checkout proto ./proto',
      'COPY --from=checkout packages ./packages',
      'RUN npm ci && npm run build && npm prune --omit=dev',
    ]);
    expect(dockerfile).not.toMatch(/__[A-Z]+__/);
    const readme = await readFile(join(dir, 'my-api', 'README.md'), 'utf8');
    expect(readme).toContain(`docker build --build-context checkout=${root.replace(/\/$/, '')} --tag my-api .\n`);
  });

  it('does not overwrite anything', async () => {
    await expect(run(process.execPath, [keelsonProgram, 'create-extension', 'my-api'], { cwd: dir })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('exists already'),
    });
  });
});
