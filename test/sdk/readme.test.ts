import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestProcess } from '../support/child-process.js';
import { keelsonProgram } from '../support/keelson-program.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startCluster } from '../support/start-cluster.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const needed = ['@keelson/sdk', 'keelson', 'typescript', '@types/node'];

let dir: string;
let cluster: RunningKeelson;
let extension: TestProcess | undefined;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-readme-'));
  cluster = await startCluster({ masters: 0 });
});
afterAll(async () => {
  await extension?.stop();
  await cluster?.stop();
  await rm(dir, { recursive: true });
});

/** The shell commands of the section, block by block. */
async function blocks(): Promise<string[]> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const [, section = ''] = /^## Write an extension server\n([\s\S]*?)^## /m.exec(readme) ?? [];
  const all = [...section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)];
  return all.filter(([, language]) => language === '').map(([, , block = '']) => block);
}

/** The same as a script: `npx` finds this checkout, and `npm install` what it would bring. */
async function script(block: string): Promise<string> {
  const bin = join(dir, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'npx'), `#!/bin/sh\nshift\nexec ${process.execPath} ${keelsonProgram} "$@"\n`, { mode: 0o755 });
  return `set -eu\nPATH=${bin}:${join(root, 'node_modules', '.bin')}:$PATH\n${block.replace(/^npm install$/m, 'sh ../install')}`;
}

async function installer(): Promise<string> {
  const links = needed.map(
    (name) => `mkdir -p node_modules/${dirname(name)}\nln -s ${join(root, 'node_modules', name)} node_modules/${name}`,
  );
  return `${links.join('\n')}\n`;
}

it('every command of "Write an extension server" runs', async () => {
  const [create = '', start = '', use = '', envtest = ''] = await blocks();
  await writeFile(join(dir, 'install'), await installer());
  await mkdir(join(dir, '.keelson'));
  await symlink(cluster.kubeconfig, join(dir, '.keelson', 'kubeconfig'));
  const project = join(dir, 'my-api');
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
  expect((await run('bash', ['-c', await script(create)], { cwd: dir })).stdout).toMatch(/^# fail 0$/m);
  // What `npm start` runs once it has built it: signals are to reach it.
  const started = `cd ${project}\n${await script(start.replace('npm start', 'exec node dist/main.js'))}`;
  extension = new TestProcess(['bash', '-c', started], join(dir, 'log'));
  const { stdout } = await run('bash', ['-c', `cd ${project}\n${await script(use)}`], { env });
  expect(stdout).toMatch(/^widget.my-api.example.com\/first created\nNAME +SIZE +COLOR +READY +AGE\nfirst +3 +green +false +\d+s\n/m);
  expect(stdout).toContain('How large it is.');
  expect((await run('bash', ['-c', `${await script(envtest)}\nls $KUBEBUILDER_ASSETS`], { env })).stdout.split('\n')).toContain(
    'kube-apiserver',
  );
});
