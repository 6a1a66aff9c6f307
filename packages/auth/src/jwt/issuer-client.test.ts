import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HttpsServer } from '../testing/https-server.js';
import { IssuerClient } from './issuer-client.js';

let first: HttpsServer;
let second: HttpsServer;
let seen: string[];
let client: IssuerClient;

const note = (name: string, { url, headers }: IncomingMessage) => seen.push(`${name} ${url} ${headers.authorization}`);

beforeEach(async () => {
  seen = [];
  second = await HttpsServer.start((request, response) => {
    note('second', request);
    response.end('there');
  });
  first = await HttpsServer.start((request, response) => {
    note('first', request);
    const to: Record<string, string> = {
      '/near': '/here',
      '/far': `${second.url}/there`,
      '/plain': 'http://127.0.0.1:1/',
      '/round': '/round',
    };
    const location = to[request.url ?? ''];
    response.writeHead(location === undefined ? 200 : 307, location === undefined ? {} : { location }).end('here');
  }, second.authority);
  client = new IssuerClient(second.authority.cert);
});

afterEach(async () => {
  client.close();
  await first.stop();
  await second.stop();
});

const get = async (path: string) => (await client.get(`${first.url}${path}`, 'Bearer t')).body.toString();

it('keeps what authorizes to the server that it is for', async () => {
  expect([await get('/near'), await get('/far')]).toEqual(['here', 'there']);
  expect(seen).toEqual(['first /near Bearer t', 'first /here Bearer t', 'first /far Bearer t', 'second /there undefined']);
});

it('is not redirected to a server without TLS', async () => {
  await expect(get('/plain')).rejects.toThrow('http://127.0.0.1:1 is not reached over HTTPS');
  expect(seen).toEqual(['first /plain Bearer t']);
});

it('gives up where there is no end', async () => {
  await expect(get('/round')).rejects.toThrow(`Get "${first.url}/round": stopped after 10 redirects`);
  expect(seen).toEqual(new Array(10).fill('first /round Bearer t'));
});
