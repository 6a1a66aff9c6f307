import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../testing/attributes.js';
import { type Counted, creation, plugin } from '../testing/validating-webhooks.js';
import type { WebhookServer } from '../testing/webhook-server.js';
import { startWebhook, stopWebhooks, webhookSpec } from '../testing/webhooks.js';

afterAll(stopWebhooks);

let server: WebhookServer;
beforeEach(async () => {
  server = await startWebhook();
});

describe('a webhook that keeps failing', () => {
  it('is not asked for a while, where it may be ignored', async () => {
    let nowMs = 0;
    server.answer = (_, res) => void res.destroy();
    const breaker = { failures: 2, openMs: 10, mostOpenMs: 15, patienceMs: 0, nowMs: () => nowMs };
    const counted: Counted = { calls: [] };
    const validating = await plugin([webhookSpec(server, { failurePolicy: 'Ignore' })], counted, { breaker });
    const ask = async (times: number) => {
      for (let at = 0; at < times; at++) await validating.validate(creation());
      return server.reviews.length;
    };
    expect(await ask(4)).toBe(2);
    expect(counted.calls.filter((call) => call.startsWith('failedOpen'))).toHaveLength(4);
    nowMs = 10;
    expect(await ask(2)).toBe(3);
    server.answer = () => ({});
    nowMs = 24;
    expect(await ask(2)).toBe(3);
    nowMs = 25;
    expect(await ask(2)).toBe(5);
  });

  it.each([
    ['at once', 60_000, 3],
    ['after a wait', 0, 1],
  ])('has failed requests that were given up %s, or not', async (_, patienceMs, asked) => {
    const breaker = { failures: 1, openMs: 600_000, mostOpenMs: 600_000, patienceMs };
    const validating = await plugin([webhookSpec(server, { failurePolicy: 'Ignore' })], undefined, { breaker });
    for (let at = 0; at < 3; at++) {
      const request = new AbortController();
      server.answer = () => void request.abort();
      await validating.validate(creation({ signal: request.signal }));
    }
    expect(server.reviews).toHaveLength(asked);
  });

  it('is asked every time as long as it answers at all', async () => {
    server.answer = (_, res) => void res.writeHead(500).end('garbage');
    const breaker = { failures: 1, openMs: 10_000, mostOpenMs: 10_000, patienceMs: 0 };
    const validating = await plugin([webhookSpec(server, { failurePolicy: 'Ignore' })], undefined, { breaker });
    for (let at = 0; at < 3; at++) await validating.validate(creation());
    expect(server.reviews).toHaveLength(3);
  });

  it('is asked every time where it may not', async () => {
    server.answer = (_, res) => void res.destroy();
    const breaker = { failures: 1, openMs: 10_000, mostOpenMs: 10_000, patienceMs: 0 };
    const validating = await plugin([webhookSpec(server)], undefined, { breaker });
    for (let at = 0; at < 3; at++) await failureOf(() => validating.validate(creation()));
    expect(server.reviews).toHaveLength(3);
  });
});
