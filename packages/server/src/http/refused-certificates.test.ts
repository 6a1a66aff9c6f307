import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { authority, client, server as serving, stranger } from './testing/certificates.js';
import { askHttp2, closed, type Identity, openHttp2, openTls, readToEnd } from './testing/clients.js';
import { startServer, stopServers } from './testing/running-server.js';

afterEach(stopServers);

const material = { certificate: serving.certificate, key: serving.key, clientAuthorities: [authority] };
const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

it('asks HTTP/2 connections whose certificate was refused to leave when the authorities change, and no others', async () => {
  const { port, listener } = await startServer();
  const [refused, good, without] = await Promise.all([openHttp2(port, stranger), openHttp2(port, client), openHttp2(port)]);
  const left = [once(refused, 'goaway'), closed(refused)];
  listener.useCertificates(material);
  await Promise.all(left);
  for (const session of [good, without]) {
    expect((await askHttp2(session, '/')).status).toBe(200);
    expect(session.closed).toBe(false);
    session.destroy();
  }
});

it.each<[string, Identity | undefined, boolean]>([
  ['a refused certificate', stranger, true],
  ['a good certificate', client, false],
  ['no certificate', undefined, false],
])('ends HTTP/1.1 connections behind their next answer: with %s, %s', async (_, identity, ends) => {
  const { port, listener } = await startServer();
  const socket = await openTls(port, 'http/1.1', identity);
  socket.write(get);
  expect(String((await once(socket, 'data'))[0])).toMatch(/\r\nConnection: keep-alive\r\n/);
  listener.useCertificates(material);
  if (ends) {
    socket.write(get);
    expect(await readToEnd(socket)).toMatch(/\r\nConnection: close\r\n/);
  } else {
    socket.write(get);
    expect(String((await once(socket, 'data'))[0])).toMatch(/\r\nConnection: keep-alive\r\n/);
    socket.destroy();
  }
});
