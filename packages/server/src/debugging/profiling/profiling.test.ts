import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { Profile } from 'pprof-format';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../../testing/start-test-server.js';
import { samplesOf } from './cpu-profile.js';
import { heldBytes } from './heap-profile.js';
import { installProfiling } from './install-profiling.js';
import { pprofFile } from './pprof.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  installProfiling(server.api.paths);
});

afterAll(stopTestServers);

/** A profile in words: what is measured, and for each sample its functions from the innermost outwards and its values. */
function read(file: Buffer) {
  const profile = Profile.decode(gunzipSync(file));
  const { strings } = profile.stringTable;
  const text = (index: unknown) => strings[Number(index)];
  const functions = new Map(profile.function.map((one) => [one.id, text(one.name)]));
  const locations = new Map(profile.location.map(({ id, line }) => [id, functions.get(line[0]?.functionId ?? 0)]));
  return {
    profile,
    types: profile.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`),
    period: `${text(profile.periodType?.type)}/${text(profile.periodType?.unit)} ${profile.period}`,
    files: profile.function.map(({ filename, startLine }) => `${text(filename)}:${startLine}`),
    samples: profile.sample.map(({ locationId, value }) => ({
      stack: locationId.map((id) => locations.get(id)),
      values: value.map(Number),
    })),
  };
}

function burnCpu(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end) Math.sqrt(end);
}

const kept: unknown[] = [];
function holdMemory(): void {
  for (let i = 0; i < 100_000; i++) kept.push({ i });
}

describe('/debug/pprof', () => {
  it('leads to the list of profiles', async () => {
    const { code, headers, text } = await server.client.get('/debug/pprof');
    expect([code, headers.location, text]).toEqual([302, '/debug/pprof/', '<a href="/debug/pprof/">Found</a>.\n\n']);
    const page = await server.client.get('/debug/pprof/');
    expect([page.code, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect([...page.text.matchAll(/<a href="(\w+)">/g)].map(([, name]) => name)).toEqual(['heap', 'profile']);
  });

  it('is not listed', () => {
    expect(server.api.paths.paths.filter((path) => path.startsWith('/debug'))).toEqual([]);
  });

  it('tells where CPU time went', async () => {
    const asked = server.client.get('/debug/pprof/profile?seconds=1');
    for (let i = 0; i < 5; i++) {
      await sleep(60);
      burnCpu(60);
    }
    const { code, headers, bytes } = await asked;
    expect([code, headers['content-type'], headers['content-disposition']]).toEqual([
      200,
      'application/octet-stream',
      'attachment; filename="profile"',
    ]);
    const { types, period, samples, files, profile } = read(bytes);
    expect([types, period]).toEqual([['samples/count', 'cpu/nanoseconds'], 'cpu/nanoseconds 1000000']);
    expect(Number(profile.durationNanos)).toBeGreaterThanOrEqual(0.99e9);
    expect(Math.abs(Number(profile.timeNanos) / 1e6 - Date.now())).toBeLessThan(60_000);
    const burnt = samples.filter(({ stack }) => stack.includes('burnCpu')).reduce((sum, { values }) => sum + (values[1] ?? 0), 0);
    expect(burnt).toBeGreaterThan(150e6);
    expect(samples.some(({ stack }) => stack.includes('(idle)') || stack.includes('(root)'))).toBe(false);
    expect(files.some((file) => /profiling\.test\.ts:\d+$/.test(file))).toBe(true);
  });

  it('collects one profile of a kind at a time, and ends it when its client leaves', async () => {
    const client = await server.http2();
    void client.open('GET', '/debug/pprof/profile?seconds=200');
    await expect.poll(() => server.api.inFlight.longRunning().length).toBe(1);
    const { code, headers, text } = await server.client.get('/debug/pprof/profile?seconds=1');
    expect([code, headers['x-go-pprof'], text]).toEqual([500, '1', 'Could not enable CPU profiling: cpu profiling already in use\n']);
    expect((await server.client.get('/debug/pprof/heap?seconds=1')).code).toBe(200);
    client.close();
    await expect.poll(async () => (await server.client.get('/debug/pprof/profile?seconds=1')).code, { timeout: 5000 }).toBe(200);
  });

  it('tells who holds memory', async () => {
    const asked = server.client.get('/debug/pprof/heap?seconds=1&gc=1');
    await sleep(300);
    holdMemory();
    const { types, period, samples } = read((await asked).bytes);
    expect([types, period]).toEqual([['inuse_space/bytes'], 'space/bytes 65536']);
    const held = samples.filter(({ stack }) => stack[0] === 'holdMemory').reduce((sum, { values }) => sum + (values[0] ?? 0), 0);
    expect(held).toBeGreaterThan(500_000);
    expect(held).toBeLessThan(50_000_000);
    kept.length = 0;
  });

  it.each([
    ['goroutine', 404, 'Unknown profile\n'],
    ['cmdline', 404, 'Unknown profile\n'],
    ['constructor', 404, 'Unknown profile\n'],
    ['profile?seconds=301', 400, "profile duration exceeds server's WriteTimeout\n"],
    ['heap?seconds=0', 400, 'invalid value for "seconds" - must be a positive integer\n'],
    ['heap?seconds=soon', 400, 'invalid value for "seconds" - must be a positive integer\n'],
  ])('answers %s with %i', async (path, expectedCode, expectedText) => {
    const { code, headers, text } = await server.client.get(`/debug/pprof/${path}`);
    expect([code, headers['x-go-pprof'], text]).toEqual([expectedCode, '1', expectedText]);
  });

  it('is for those who are allowed to', async () => {
    const guarded = await startTestServer({
      authorizer: { authorize: ({ path, verb }) => ({ decision: path === '/debug/pprof/' && verb === 'get' ? 'allow' : 'deny' }) },
    });
    installProfiling(guarded.api.paths);
    const codes = ['/debug/pprof/', '/debug/pprof/profile?seconds=1'].map(async (path) => (await guarded.client.get(path)).code);
    expect(await Promise.all(codes)).toEqual([200, 403]);
  });

  it('ends with the server, with what there is', async () => {
    const ending = await startTestServer();
    installProfiling(ending.api.paths);
    const asked = ending.client.get('/debug/pprof/profile?seconds=200');
    await expect.poll(() => ending.api.inFlight.longRunning().length).toBe(1);
    await sleep(200);
    await ending.api.stop();
    const { code, bytes } = await asked;
    expect(code).toBe(200);
    expect(read(bytes).types).toEqual(['samples/count', 'cpu/nanoseconds']);
  });

  it('is no path unless installed', async () => {
    const { client } = await startTestServer();
    const { code, text } = await client.get('/debug/pprof/profile');
    expect([code, text]).toEqual([404, '404 page not found\n']);
  });
});

const frame = (functionName: string, url = 'file:///a.js', lineNumber = 4) => ({
  functionName,
  url,
  lineNumber,
  columnNumber: 0,
  scriptId: '1',
});

describe('samplesOf', () => {
  it('sums up time by place, without waiting', () => {
    const nodes = [
      { id: 1, callFrame: frame('(root)'), children: [2, 3] },
      { id: 2, callFrame: frame('(idle)') },
      { id: 3, callFrame: frame('outer'), children: [4] },
      { id: 4, callFrame: frame('inner') },
    ];
    const profile = { nodes, startTime: 0, endTime: 9, samples: [4, 2, 3, 4], timeDeltas: [10, 1000, -5, 20] };
    expect(samplesOf(profile).map(({ stack, values }) => [stack.map(({ functionName }) => functionName).join('<'), ...values])).toEqual([
      ['outer', 1, 0],
      ['inner<outer', 2, 30_000],
    ]);
  });
});

describe('heldBytes', () => {
  it('takes a tree apart into stacks', () => {
    const leaf = { callFrame: frame('inner'), selfSize: 7, id: 3, children: [] };
    const tree = {
      callFrame: frame('(root)'),
      selfSize: 0,
      id: 1,
      children: [{ callFrame: frame('outer'), selfSize: 5, id: 2, children: [leaf] }],
    };
    expect(heldBytes(tree).map(({ stack, values }) => [stack.map(({ functionName }) => functionName), values])).toEqual([
      [['outer'], [5]],
      [['inner', 'outer'], [7]],
    ]);
  });
});

describe('pprofFile', () => {
  it('names each function once', async () => {
    const [f, g] = [frame('f'), frame('', 'node:fs', -1)];
    const bytes = { type: 'space', unit: 'bytes' };
    const samples = [
      { stack: [f, g], values: [1] },
      { stack: [g, f], values: [2] },
    ];
    const { profile, ...words } = read(
      await pprofFile({ types: [bytes], samples, period: { measured: bytes, value: 3 } }, new Date('2024-01-01T00:00:00.001Z'), 1.5),
    );
    expect(words).toEqual({
      types: ['space/bytes'],
      period: 'space/bytes 3',
      files: ['/a.js:5', 'node:fs:0'],
      samples: [
        { stack: ['f', '(anonymous)'], values: [1] },
        { stack: ['(anonymous)', 'f'], values: [2] },
      ],
    });
    expect([String(profile.timeNanos), String(profile.durationNanos)]).toEqual(['1704067200001000000', '1500000']);
  });
});
