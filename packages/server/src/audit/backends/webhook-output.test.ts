import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { RemoteServer } from '@keelson/machinery';
import { afterEach, describe, expect, it } from 'vitest';
import { authority, server as serving } from '../../http/testing/certificates.js';
import { sampleEvent } from '../testing/sample-event.js';
import { WebhookOutput } from './webhook-output.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function setUp(answer: (req: IncomingMessage, res: ServerResponse) => unknown, initialBackoffMs = 1): Promise<WebhookOutput> {
  const server: Server = createServer({ key: serving.key, cert: serving.certificate }, answer);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/audit?x=1`;
  const output = new WebhookOutput(new RemoteServer({ server: url, certificateAuthority: authority, insecureSkipTlsVerify: false }), {
    initialBackoffMs,
  });
  ends.push(
    () => output.close(),
    () => {
      server.closeAllConnections();
      server.close();
    },
  );
  return output;
}

const records = (output: WebhookOutput) => ['a', 'b'].map((id) => output.record(sampleEvent(id)));

describe('a webhook', () => {
  it('is sent a list of events', async () => {
    const received: unknown[] = [];
    const output = await setUp(async (req, res) => {
      received.push(req.method, req.url, req.headers['content-type'], JSON.parse(await text(req)));
      res.writeHead(204).end();
    });
    await output.write(records(output));
    expect(received).toEqual([
      'POST',
      '/audit?x=1',
      'application/json',
      {
        kind: 'EventList',
        apiVersion: 'audit.k8s.io/v1',
        metadata: {},
        items: ['a', 'b'].map((id) => JSON.parse(sampleEvent(id).body.toString())),
      },
    ]);
  });

  it('is asked again, whatever is wrong', async () => {
    let attempts = 0;
    const output = await setUp((req, res) => {
      attempts++;
      if (attempts === 1) req.socket.destroy();
      else res.writeHead(attempts === 2 ? 403 : attempts === 3 ? 500 : 200).end();
    });
    await output.write(records(output));
    expect(attempts).toBe(4);
  });

  it('is given up after five attempts', async () => {
    let attempts = 0;
    const output = await setUp((_, res) => {
      attempts++;
      res.writeHead(500).end();
    });
    await expect(output.write(records(output))).rejects.toThrow('the server answered 500');
    expect(attempts).toBe(5);
  });

  it('that hangs is given up with the server', async () => {
    const output = await setUp(() => output.close());
    await expect(output.write(records(output))).rejects.toThrow('The operation was aborted');
  });

  it('is not waited for when the server ends between two attempts', async () => {
    const output = await setUp((_, res) => void res.writeHead(500).end(() => output.close()), 600_000);
    await expect(output.write(records(output))).rejects.toThrow(/aborted|answered 500/);
  });
});
