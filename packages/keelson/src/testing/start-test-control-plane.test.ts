import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { startTestControlPlane, type TestControlPlane, type TestControlPlaneOptions } from './start-test-control-plane.js';

const running: TestControlPlane[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((plane) => plane.stop()));
});

async function start(options: TestControlPlaneOptions = {}): Promise<TestControlPlane> {
  const plane = await startTestControlPlane(options);
  running.push(plane);
  return plane;
}

const configMaps = '/api/v1/namespaces/default/configmaps';

function create({ client }: TestControlPlane, name: string): Promise<unknown> {
  return client.post(configMaps, { metadata: { name } });
}

async function names({ client }: TestControlPlane): Promise<string[]> {
  const { items } = await client.get<{ items: { metadata: { name: string } }[] }>(configMaps);
  return items.map(({ metadata }) => metadata.name);
}

describe('startTestControlPlane', () => {
  it('gives many API servers at once, each with objects of its own', async () => {
    const planes = await Promise.all(Array.from({ length: 5 }, () => start()));
    await Promise.all(planes.map((plane, at) => create(plane, `of-${at}`)));
    expect(await Promise.all(planes.map(names))).toEqual([['of-0'], ['of-1'], ['of-2'], ['of-3'], ['of-4']]);
  });

  it('gives a kubeconfig that kubectl reads', async () => {
    const { kubeconfig } = await start();
    const dir = await mkdtemp(join(tmpdir(), 'test-control-plane-'));
    try {
      await writeFile(join(dir, 'kubeconfig'), kubeconfig);
      const { stdout } = await promisify(execFile)('kubectl', ['auth', 'can-i', 'delete', 'nodes'], {
        env: { ...process.env, KUBECONFIG: join(dir, 'kubeconfig') },
      });
      expect(stdout).toBe('yes\n');
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('takes flags of kube-apiserver', async () => {
    const { client } = await start({ flags: { 'runtime-config': 'batch/v1=false' } });
    const { groups } = await client.get<{ groups: { name: string }[] }>('/apis');
    expect(groups.map(({ name }) => name)).not.toContain('batch');
  });
});
