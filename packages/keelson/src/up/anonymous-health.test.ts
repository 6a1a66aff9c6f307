import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { anonymousHealth, ensureAuthenticationConfiguration } from './anonymous-health.js';
import { clusterPaths } from './cluster-paths.js';

const paths = clusterPaths('/cluster');

it.each([
  [[], true],
  [['v', 'client-ca-file'], true],
  [['anonymous-auth'], false],
  [['authentication-config'], false],
  [['oidc-issuer-url', 'oidc-client-id'], false],
])('beside %j: %j', (names, is) => {
  const flags = is ? { 'authentication-config': '/cluster/authentication.yaml' } : {};
  expect(
    anonymousHealth(
      paths,
      names.map((name) => ({ name, text: '' })),
    ),
  ).toEqual(flags);
});

it('writes the file once, for its owner only', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'anonymous-'));
  const own = clusterPaths(dir);
  await ensureAuthenticationConfiguration(own);
  expect((await stat(own.authentication)).mode & 0o777).toBe(0o600);
  expect(await readFile(own.authentication, 'utf8')).toContain('kind: AuthenticationConfiguration\n');
  await writeFile(own.authentication, 'mine');
  await ensureAuthenticationConfiguration(own);
  expect(await readFile(own.authentication, 'utf8')).toBe('mine');
  await rm(dir, { recursive: true });
});
