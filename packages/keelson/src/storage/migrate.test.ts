import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invalid, invalidField, path } from '@keelson/machinery';
import { type ScriptedAnswer, type ScriptedRequest, ScriptedServer } from '@keelson/machinery/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateStorage } from './migrate.js';

const all = ['create', 'get', 'list', 'patch', 'update', 'watch'];

/** Discovery of a server that has the same events in two groups, versions of one kind, and what cannot be migrated. */
const discovery: Readonly<Record<string, unknown>> = {
  '/api': { versions: ['v1'] },
  '/apis': {
    groups: [
      { name: 'events.k8s.io', versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } },
      { name: 'apps', versions: [{ version: 'v1beta1' }, { version: 'v1' }], preferredVersion: { version: 'v1' } },
      { name: 'metrics.k8s.io', versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } },
    ],
  },
  '/api/v1': {
    resources: [
      { name: 'bindings', namespaced: true, verbs: ['create'] },
      { name: 'events', namespaced: true, verbs: all, storageVersionHash: 'e' },
      { name: 'nodes', namespaced: false, verbs: all, storageVersionHash: 'n' },
      { name: 'nodes/status', namespaced: false, verbs: ['get', 'patch', 'update'] },
    ],
  },
  '/apis/events.k8s.io/v1': { resources: [{ name: 'events', namespaced: true, verbs: all, storageVersionHash: 'e' }] },
  '/apis/apps/v1': { resources: [{ name: 'deployments', namespaced: true, verbs: all, storageVersionHash: 'd' }] },
  '/apis/apps/v1beta1': {
    resources: [
      { name: 'deployments', namespaced: true, verbs: all, storageVersionHash: 'd' },
      { name: 'scales', namespaced: true, verbs: all },
    ],
  },
  '/apis/metrics.k8s.io/v1': { resources: [{ name: 'pods', namespaced: true, verbs: ['get', 'list'] }] },
};

let dir: string;
let server: ScriptedServer | undefined;
let kubeconfig: string;
let printed: string[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keelson-migrate-'));
  kubeconfig = join(dir, 'config');
  printed = [];
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  await rm(dir, { recursive: true });
});

/** Starts a server that has nodes `n0` (stored in an old version) and `n1`, a page each, and nothing else; `refuse` comes first. */
async function start(refuse: (request: ScriptedRequest) => ScriptedAnswer | undefined = () => undefined): Promise<string> {
  server = new ScriptedServer((request) => refuse(request) ?? answer(request));
  const url = await server.start();
  const named = (name: string, part: string, value: object) => [{ name, [part]: value }];
  const config = {
    clusters: named('c', 'cluster', { server: url }),
    contexts: named('x', 'context', { cluster: 'c' }),
    'current-context': 'x',
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  return url;
}

function answer({ method, path: url }: ScriptedRequest): ScriptedAnswer {
  const [at = '', query] = url.split('?');
  if (method === 'PATCH') return { body: { metadata: { resourceVersion: '5' } } };
  if (discovery[at] !== undefined) return { body: discovery[at] };
  if (at !== '/api/v1/nodes') return { body: { metadata: {}, items: [] } };
  const second = new URLSearchParams(query).get('continue') === 'two';
  const node = { metadata: { name: second ? 'n1' : 'n0', resourceVersion: second ? '5' : '4' } };
  return { body: { metadata: second ? {} : { continue: 'two', remainingItemCount: 1 }, items: [node] } };
}

const output = { print: (text: string) => void printed.push(text), warn: () => undefined, fail: () => undefined };

function migrate(options: { groups?: string[]; resources?: string[]; checkpoint?: string } = {}): Promise<void> {
  return migrateStorage({ kubeconfig, context: '', checkpoint: '', groups: [], resources: [], ...options }, output);
}

/** Paths of lists and patches, in their order. */
function asked(): string[] {
  const requests = server?.requests.filter(({ path: url }) => discovery[url] === undefined) ?? [];
  return requests.map(({ method, path: url }) => `${method} ${url}`);
}

const lists = (...paths: string[]) => paths.map((one) => `GET ${one}?limit=100`);
const patchOf = (name: string) => `PATCH /api/v1/nodes/${name}?fieldManager=keelson-storage-migrate`;
const nodes = [...lists('/api/v1/nodes'), patchOf('n0'), ...lists('/api/v1/nodes').map((one) => `${one}&continue=two`), patchOf('n1')];

describe('migrateStorage', () => {
  it('patches what is stored, once, in the version that is preferred', async () => {
    await start();
    await migrate();
    expect(asked()).toEqual([...lists('/api/v1/events'), ...nodes, ...lists('/apis/apps/v1/deployments', '/apis/apps/v1beta1/scales')]);
    expect(server?.requests.find(({ method }) => method === 'PATCH')).toMatchObject({
      headers: { 'content-type': 'application/merge-patch+json' },
      body: '{}',
    });
    expect(printed).toEqual(['nodes: 1 rewritten, 1 unchanged', '4 resources: 1 rewritten, 1 unchanged']);
  });

  it.each<[string, { groups?: string[]; resources?: string[] }, string[]]>([
    ['the core group', { groups: ['core'] }, [...lists('/api/v1/events'), ...nodes]],
    ['another group', { groups: ['events.k8s.io'] }, lists('/apis/events.k8s.io/v1/events')],
    ['resources', { resources: ['events', 'deployments.apps'] }, lists('/api/v1/events', '/apis/apps/v1/deployments')],
  ])('migrates %s only', async (_, choice, expected) => {
    await start();
    await migrate(choice);
    expect(asked()).toEqual(expected);
  });

  it.each<[{ groups?: string[]; resources?: string[] }, string]>([
    [{ groups: ['none'] }, 'the server has no group "none"'],
    [{ resources: ['bindings'] }, 'the server has no resource "bindings" that is stored'],
    [{ groups: ['apps'], resources: ['nodes'] }, 'the server has no resource "nodes" that is stored in the groups chosen'],
  ])('refuses %j', async (choice, message) => {
    await start();
    await expect(migrate(choice)).rejects.toThrow(message);
    expect(asked()).toEqual([]);
  });

  it('goes on after an object that cannot be written, and fails in the end', async () => {
    const refusal = invalid({ group: '', kind: 'Node' }, 'n0', [invalidField(path('spec'), 'x', 'is bad')]);
    const checkpoint = join(dir, 'checkpoint');
    await start(({ path: url }) => (url.startsWith('/api/v1/nodes/n0') ? { code: 422, body: refusal.status } : undefined));
    await expect(migrate({ groups: ['core'], checkpoint })).rejects.toThrow(
      '1 could not be migrated:\n  nodes n0: Node "n0" is invalid: spec: Invalid value: "x": is bad',
    );
    expect(asked()).toEqual([...lists('/api/v1/events'), ...nodes]);
    expect(printed.at(-1)).toBe('2 resources: 0 rewritten, 1 unchanged');
    expect(existsSync(checkpoint)).toBe(false);
  });

  it('fails when a group does not tell what it has, after the others', async () => {
    const gone = { code: 404, body: 'not here' };
    await start(({ path: url }) => (url === '/apis/metrics.k8s.io/v1' ? gone : undefined));
    await expect(migrate()).rejects.toThrow('1 could not be migrated:\n  metrics.k8s.io/v1: GET /apis/metrics.k8s.io/v1: 404 not here');
    expect(printed.at(-1)).toBe('4 resources: 1 rewritten, 1 unchanged');
  });

  it('goes on from its checkpoint, and counts what was done before', async () => {
    const checkpoint = join(dir, 'checkpoint');
    const ended = { code: 401, body: 'who?' };
    let isOver = false;
    const url = await start((request) => (!isOver && request.path.includes('continue=two') ? ended : undefined));
    await expect(migrate({ checkpoint })).rejects.toThrow('GET /api/v1/nodes: 401 who?');
    expect(JSON.parse(await readFile(checkpoint, 'utf8'))).toEqual({
      server: url,
      done: ['events'],
      current: { resource: 'nodes', continueToken: 'two' },
      counts: { rewritten: 1, unchanged: 0, gone: 0 },
      failures: [],
    });
    isOver = true;
    const before = asked().length;
    await migrate({ checkpoint });
    expect(asked().slice(before)).toEqual([...nodes.slice(2), ...lists('/apis/apps/v1/deployments', '/apis/apps/v1beta1/scales')]);
    expect(printed.at(-1)).toBe('4 resources: 1 rewritten, 1 unchanged');
    expect(existsSync(checkpoint)).toBe(false);
  });

  it.each([
    [
      'of another cluster',
      '{"server":"https://other","done":[],"failures":[],"counts":{}}',
      /^--checkpoint .* is of https:\/\/other, not of http:/,
    ],
    ['that is none', '{"server":', /^--checkpoint .* is no checkpoint$/],
    ['of another form', '[]', /^--checkpoint .* is no checkpoint$/],
  ])('refuses a checkpoint %s', async (_, content, message) => {
    const checkpoint = join(dir, 'checkpoint');
    await start();
    await writeFile(checkpoint, content);
    await expect(migrate({ checkpoint })).rejects.toThrow(message);
    expect(await readFile(checkpoint, 'utf8')).toBe(content);
  });
});
