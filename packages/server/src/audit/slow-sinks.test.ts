import { afterEach, describe, expect, it } from 'vitest';
import { AuditMetrics } from '../metrics/audit-metrics.js';
import { MetricsRegistry } from '../metrics/registry/metrics-registry.js';
import { startTestServer, stopTestServers } from '../testing/start-test-server.js';
import { Auditing } from './auditing.js';
import type { AuditBackend } from './backends/audit-backend.js';
import { BatchingBackend } from './backends/batching-backend.js';
import { BlockingBackend } from './backends/blocking-backend.js';
import { LostEvents } from './lost-events.js';
import { AuditPolicy } from './policy/audit-policy.js';
import { HeldOutput, settled } from './testing/held-output.js';

afterEach(stopTestServers);

const path = '/api/v1/namespaces/a/configmaps';
const once = { bufferSize: 2, maxBatchSize: 1, maxBatchBytes: 1000, maxWaitMs: 0, throttle: undefined, concurrency: 1 };

async function setUp(
  makeBackend: (output: HeldOutput, lost: LostEvents) => AuditBackend,
  { requestTimeoutMs = 60_000, flushMs = 50 } = {},
) {
  const output = new HeldOutput();
  const metrics = new AuditMetrics(new MetricsRegistry());
  const policy = new AuditPolicy({ metadata: {}, rules: [{ level: 'RequestResponse' }] });
  const log = { error: () => undefined, warn: () => undefined, info: () => undefined, enabled: () => false };
  const backend = makeBackend(output, new LostEvents(metrics, log));
  const server = await startTestServer({ auditing: new Auditing({ policy, backend, metrics, flushMs }), chain: { requestTimeoutMs } });
  const written = () => expect.poll(() => output.held.length).toBe(1);
  return { output, metrics, server, client: server.client, written };
}

describe('batch mode', () => {
  it('answers while the sink hangs, and counts what is lost', async () => {
    const { client, metrics } = await setUp((output, lost) => new BatchingBackend(output, lost, once));
    for (let count = 0; count < 5; count++) expect((await client.get(path)).code).toBe(200);
    // One event is being written, and two wait.
    expect([metrics.events.value, metrics.errors('buffered').value, metrics.rejections.value]).toEqual([10, 7, 0]);
  });

  it('gets its events out when the server ends', async () => {
    const { client, output, server } = await setUp(
      (held, lost) => new BatchingBackend(held, lost, { ...once, maxBatchSize: 10, maxWaitMs: 60_000 }),
      { flushMs: 60_000 },
    );
    await client.get(path);
    expect(output.held).toEqual([]);
    const stopped = server.stop();
    await expect.poll(() => output.held.length).toBe(1);
    expect(output.isClosed).toBe(false);
    await output.finish();
    await stopped;
    expect([output.written.length, output.isClosed]).toEqual([1, true]);
  });
});

describe.each(['HTTP/1.1', 'HTTP/2'])('blocking mode over %s', (version) => {
  it('serves a request when its first event is written, and ends the answer when its last one is', async () => {
    const { client: http1, output, server, written } = await setUp((held, lost) => new BlockingBackend(held, lost, false));
    const client = version === 'HTTP/2' ? await server.http2() : http1;
    let isAnswered = false;
    const answer = client.post(path, { metadata: { name: 'one' } }).finally(() => {
      isAnswered = true;
    });
    await written();
    expect(await server.api.loopback.get({ group: '', version: 'v1', resource: 'configmaps' }, 'a', 'one')).toBeUndefined();
    await output.finish();
    await written();
    expect(await server.api.loopback.get({ group: '', version: 'v1', resource: 'configmaps' }, 'a', 'one')).toBeDefined();
    await settled();
    expect(isAnswered).toBe(false);
    await output.finish();
    expect((await answer).code).toBe(201);
  });

  it('serves although events are lost', async () => {
    const { client: http1, metrics, output, server, written } = await setUp((held, lost) => new BlockingBackend(held, lost, false));
    const client = version === 'HTTP/2' ? await server.http2() : http1;
    const answer = client.get(path);
    for (let count = 0; count < 2; count++) {
      await written();
      await output.fail(new Error('disk is full'));
    }
    expect([(await answer).code, metrics.errors('log').value]).toEqual([200, 2]);
  });

  it('gives up on a sink that hangs when the time of the request has passed, and does not do late what was asked for', async () => {
    const {
      client: http1,
      output,
      server,
      written,
    } = await setUp((held, lost) => new BlockingBackend(held, lost, false), { requestTimeoutMs: 100 });
    const client = version === 'HTTP/2' ? await server.http2() : http1;
    expect((await client.post(path, { metadata: { name: 'late' } })).failure).toMatch(/^504 Timeout/);
    // The second one is that of the 504.
    await expect.poll(() => output.held.length).toBe(2);
    await output.finish();
    await output.finish();
    expect(await server.api.loopback.get({ group: '', version: 'v1', resource: 'configmaps' }, 'a', 'late')).toBeUndefined();
    const answer = client.get(path);
    await written();
    await output.finish();
    // What is ready to be sent is sent.
    expect((await answer).code).toBe(200);
  });
});

describe('blocking-strict mode', () => {
  it('does not serve a request whose first event is lost', async () => {
    const { client, metrics, output, server, written } = await setUp((held, lost) => new BlockingBackend(held, lost, true));
    const answer = client.post(path, { metadata: { name: 'one' } });
    await written();
    await output.fail(new Error('disk is full'));
    const { code, text } = await answer;
    expect([code, text]).toEqual([500, `Internal Server Error: "${path}": failed to store audit event\n`]);
    expect([metrics.rejections.value, metrics.events.value, output.held]).toEqual([1, 1, []]);
    expect(await server.api.loopback.get({ group: '', version: 'v1', resource: 'configmaps' }, 'a', 'one')).toBeUndefined();
  });
});
