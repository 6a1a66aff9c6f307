import { HttpsServer } from '@keelson/auth/testing';
import { expect, it } from 'vitest';
import { freePortRange } from '../up/testing/free-ports.js';
import { probeHealth } from './probe-health.js';

async function probed(code: number, text: string) {
  const asked: (string | undefined)[] = [];
  const component = await HttpsServer.start((request, response) => {
    asked.push(request.url);
    response.writeHead(code).end(text);
  });
  try {
    return { asked, ...(await probeHealth(Number(new URL(component.url).port))) };
  } finally {
    await component.stop();
  }
}

it('tells what a healthy component says, at most the beginning of it', async () => {
  expect(await probed(200, 'ok')).toEqual({ asked: ['/healthz'], healthy: true, message: 'ok' });
  expect((await probed(200, 'x'.repeat(1_000_000))).message).toBe('x'.repeat(10_240));
});

it('tells why one is not healthy, in the words of kube-apiserver', async () => {
  expect(await probed(500, 'secret')).toEqual({ asked: ['/healthz'], healthy: false, message: 'HTTP probe failed with statuscode: 500' });
  const port = await freePortRange(1);
  const refused = `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`;
  expect(await probeHealth(port)).toEqual({ healthy: false, message: refused });
});

it('does not wait for one that hangs', async () => {
  const component = await HttpsServer.start(() => undefined);
  const port = Number(new URL(component.url).port);
  const message = `Get "https://127.0.0.1:${port}/healthz": context deadline exceeded`;
  expect(await probeHealth(port, AbortSignal.timeout(50))).toEqual({ healthy: false, message });
  await component.stop();
});
