import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, stopTestServers, type TestServer } from '../testing/start-test-server.js';
import { installFlagsPage, installStatusPage } from './install-debugging-pages.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  installStatusPage(server.api.paths, '1.34');
  installFlagsPage(
    server.api.paths,
    new Map([
      ['v', '2'],
      ['secure-port', '6443'],
    ]),
  );
});
afterAll(stopTestServers);

const get = (path: string, accept: string) => server.client.get(path, { accept });
const separator = '(?:: ?|=| )';

describe('/statusz', () => {
  it('tells since when the server runs, and what it is', async () => {
    const { code, headers, text } = await get('/statusz', '*/*');
    expect([code, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    const lines = [
      '',
      'apiserver statusz',
      'Warning: This endpoint is not meant to be machine parseable, .*',
      '',
      `Started${separator} .* GMT`,
      `Up${separator} \\d+ hr \\d\\d min \\d\\d sec`,
      `Node.js version${separator} v\\d+\\..*`,
      `Binary version${separator} 1\\.34`,
      `Emulation version${separator} 1\\.34`,
      `Paths${separator}  /flagz /healthz /livez /metrics /readyz /statusz /swagger-2.0.0.json /swagger-2.0.0.pb-v1 /swagger.json /swaggerapi /version`,
      '',
    ];
    expect(text).toMatch(new RegExp(`^${lines.join('\\n')}$`));
  });
});

describe('/flagz', () => {
  it('tells all flags in the order of their names', async () => {
    const { text } = await get('/flagz', 'text/plain;charset=UTF-8');
    expect(text).toMatch(new RegExp(`^\\nkube-apiserver flags\\nWarning: .*\\n\\nsecure-port${separator}6443\\nv${separator}2\\n$`));
  });

  it.each([
    ['application/json', 406],
    ['text/plain;charset=latin1', 406],
    ['text/plain;charset=utf-8;q=1;as=Table', 406],
    ['application/json, text/*', 200],
  ])('is text only: %s', async (accept, code) => {
    const answer = await get('/flagz', accept);
    expect(answer.code).toBe(code);
    if (code === 406) expect(answer.text).toBe('media type not acceptable, must be: text/plain\n');
  });
});
