import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { core, unwrap } from '@keelson/schema';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { authority } from '../http/testing/certificates.js';
import { openTls, readToEnd } from '../http/testing/clients.js';
import type { Headers } from '../testing/api-client.js';
import { stopTestServers } from '../testing/start-test-server.js';
import type { Table } from '../testing/table.js';
import { startWatchedMaps, type WatchedMaps } from './testing/watched-maps.js';

let fixture: WatchedMaps;
let server: WatchedMaps['server'];
let client: WatchedMaps['client'];
let watch: WatchedMaps['watch'];
let create: WatchedMaps['create'];
let maps: string;
beforeAll(async () => {
  fixture = await startWatchedMaps();
  ({ server, client, watch, create } = fixture);
});
afterAll(stopTestServers);
beforeEach(() => {
  maps = fixture.nextCase();
});
afterEach(() => fixture.endCase());

interface Message {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

function openWebSocket(path: string, protocols: string | string[] = [], headers: Headers = {}) {
  const socket = new WebSocket(`wss://127.0.0.1:${server.port}${path}`, protocols, { ca: authority, headers });
  const messages: Message[] = [];
  socket.on('message', (data: Buffer, isBinary) => messages.push({ data, isBinary }));
  const take = async (count: number): Promise<Message[]> => {
    while (messages.length < count) await once(socket, 'message');
    return messages.splice(0, count);
  };
  return { socket, take };
}

describe('a watch over a WebSocket', () => {
  it('sends an event a message: text, or bytes of protobuf', async () => {
    const revision = await create('one');
    await create('long', { data: { k: 'x'.repeat(300) } });
    await create('longer', { data: { k: 'x'.repeat(70_000) } });
    const text = openWebSocket(`${maps}?watch=true&resourceVersion=${Number(revision) - 1}`, 'base64.binary.k8s.io');
    const events = await text.take(3);
    expect(text.socket.protocol).toBe('base64.binary.k8s.io');
    expect(events.map(({ data, isBinary }) => [isBinary, JSON.parse(data.toString()).object.metadata.name])).toEqual([
      [false, 'one'],
      [false, 'long'],
      [false, 'longer'],
    ]);
    const accept = 'application/vnd.kubernetes.protobuf';
    const binary = openWebSocket(`${maps}?watch=true&resourceVersion=${Number(revision) - 1}&timeoutSeconds=1`, undefined, { accept });
    const [first] = await binary.take(1);
    expect(first?.isBinary).toBe(true);
    const bytes = first?.data as Buffer;
    expect(bytes.subarray(0, 7).toString()).toBe('\n\x05ADDED');
    const { kind, message } = unwrap(bytes.subarray(bytes.indexOf('k8s\0', 0, 'latin1')));
    expect([kind, core.v1.ConfigMap.codec.decode(message).metadata.name]).toEqual(['ConfigMap', 'one']);
    // Its time ends it as any other.
    expect((await once(binary.socket, 'close'))[0]).toBe(1005);
    text.socket.terminate();
  });

  it('is refused where several protocols are offered', async () => {
    const { socket } = openWebSocket(`${maps}?watch=true`, ['a', 'b']);
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(answer.statusCode).toBe(403);
    answer.destroy();
  });
});

describe('watch, in other forms', () => {
  it('is told the columns of a table once', async () => {
    await create('one', { data: { k: 'v' } });
    const events = await watch(`${maps}?watch=1`, { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' });
    const first = (await events.next<Table>())?.object;
    expect(first?.columnDefinitions?.map(({ name }) => name)).toEqual(['Name', 'Data', 'Age']);
    expect(first?.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([['one', 1]]);
    await create('two');
    const second = (await events.next<Table>())?.object;
    expect(second?.columnDefinitions).toBeNull();
    expect(second?.rows[0]?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'two' } });
  });

  it('can be of metadata alone', async () => {
    await create('one', { data: { k: 'v' } });
    const events = await watch(`${maps}?watch=1`, { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' });
    const { metadata } = (await client.get(`${maps}/one`)).json();
    expect(await events.next()).toEqual({
      type: 'ADDED',
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata },
    });
  });

  it('comes in protobuf frames', async () => {
    await create('one', { data: { k: 'v' } });
    const response = await client.open('GET', `${maps}?watch=1&timeoutSeconds=1`, undefined, {
      accept: 'application/vnd.kubernetes.protobuf',
    });
    expect(response.headers['content-type']).toBe('application/vnd.kubernetes.protobuf;stream=watch');
    const bytes = Buffer.concat(await response.body.toArray());
    expect(bytes.readUInt32BE(0)).toBe(bytes.length - 4);
    expect(bytes.subarray(4, 11).toString()).toBe('\n\x05ADDED');
    const envelope = unwrap(bytes.subarray(bytes.indexOf('k8s\0', 0, 'latin1')));
    const { kind, apiVersion, ...object } = (await client.get(`${maps}/one`)).json();
    expect([envelope.apiVersion, envelope.kind]).toEqual([apiVersion, kind]);
    expect(core.v1.ConfigMap.codec.decode(envelope.message)).toEqual(object);
  });

  it('does not come in YAML', async () => {
    const answer = await client.get(`${maps}?watch=1`, { accept: 'application/yaml' });
    expect([answer.code, answer.headers['content-type']]).toEqual([406, 'application/yaml']);
    expect(answer.text).toContain('\nreason: NotAcceptable\n');
  });
});

describe('a watch over HTTP/1', () => {
  const added = (name: string) => `{"type":"ADDED","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"${name}"`;

  async function exchange(text: string): Promise<string> {
    const socket = await openTls(server.port);
    socket.write(text);
    return readToEnd(socket);
  }

  it('waits for its turn on a connection that asked for something before', async () => {
    await create('one');
    const request = (connection: string) => `GET ${maps}?watch=1&timeoutSeconds=1 HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\n\r\n`;
    const answers = (await exchange(request('keep-alive') + request('close'))).split('HTTP/1.1 200 OK').slice(1);
    expect(answers).toHaveLength(2);
    for (const answer of answers) {
      const [size = '', frame = '', end] = answer.slice(answer.indexOf('\r\n\r\n') + 4).split('\r\n');
      expect([frame.startsWith(added('one')), frame.at(-1), Number.parseInt(size, 16), end]).toEqual([true, '\n', frame.length, '0']);
    }
  });

  it('comes without chunks to clients that know none', async () => {
    await create('one');
    const answer = await exchange(`GET ${maps}?watch=1&timeoutSeconds=1 HTTP/1.0\r\n\r\n`);
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4).startsWith(added('one'))).toBe(true);
    expect(answer.endsWith('}\n')).toBe(true);
  });
});
