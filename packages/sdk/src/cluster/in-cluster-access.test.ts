import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InClusterAccess } from './in-cluster-access.js';

let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'in-cluster-'));
  await Promise.all(
    Object.entries({ token: 'first\n', 'ca.crt': 'authority', namespace: 'mine\n' }).map(([name, text]) =>
      writeFile(join(dir, name), text),
    ),
  );
});
afterAll(() => rm(dir, { recursive: true }));

describe('InClusterAccess', () => {
  it('is what the files of the service account say', async () => {
    const access = await InClusterAccess.find({ KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }, dir);
    expect(access).toMatchObject({ server: 'https://[fd00::1]:6443', certificateAuthority: 'authority', namespace: 'mine' });
    expect(access?.authorization).toBe('Bearer first');
  });

  it('reads the token again after a minute', async () => {
    const access = await InClusterAccess.find({ KUBERNETES_SERVICE_HOST: '10.0.0.1' }, dir);
    await writeFile(join(dir, 'token'), 'second');
    expect([access?.server, access?.authorization]).toEqual(['https://10.0.0.1:443', 'Bearer first']);
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 61_000);
    expect(access?.authorization).toBe('Bearer second');
    clock.mockRestore();
  });

  it('is nothing outside of a pod', async () => {
    expect(await InClusterAccess.find({}, dir)).toBeUndefined();
  });
});
