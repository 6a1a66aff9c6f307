import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { EtcdAddress } from './api-client.js';

export interface StoredValue {
  readonly value: Buffer;
  readonly leased: boolean;
  /** How often the key was written since it was created. */
  readonly version: string;
}

interface RangeAnswer {
  readonly kvs?: readonly {
    readonly key: string;
    readonly value?: string;
    readonly lease?: string;
    readonly version: string;
    readonly mod_revision: string;
  }[];
}

/** Reads one key over etcd's JSON gateway. */
export async function readKey(etcd: EtcdAddress, key: string): Promise<StoredValue | undefined> {
  const { kvs } = (await call(etcd, 'range', { key: Buffer.from(key).toString('base64') })) as RangeAnswer;
  const found = kvs?.[0];
  if (found === undefined) return undefined;
  return { value: Buffer.from(found.value ?? '', 'base64'), leased: (found.lease ?? '0') !== '0', version: found.version };
}

/** Every key below a prefix that ends with a slash, with the revision of its last write. */
export async function readRevisions(etcd: EtcdAddress, prefix: string): Promise<Record<string, string>> {
  const { kvs = [] } = await readRange(etcd, prefix, { keys_only: true });
  return Object.fromEntries(kvs.map(({ key, mod_revision }) => [Buffer.from(key, 'base64').toString(), mod_revision]));
}

/** What is stored below a prefix that ends with a slash, by key. */
export async function readValues(etcd: EtcdAddress, prefix: string): Promise<ReadonlyMap<string, Buffer>> {
  const { kvs = [] } = await readRange(etcd, prefix, {});
  return new Map(kvs.map(({ key, value = '' }) => [Buffer.from(key, 'base64').toString(), Buffer.from(value, 'base64')]));
}

async function readRange(etcd: EtcdAddress, prefix: string, options: object): Promise<RangeAnswer> {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const range = { key: base64(prefix), range_end: base64(`${prefix.slice(0, -1)}0`), ...options };
  return (await call(etcd, 'range', range)) as RangeAnswer;
}

/** Writes one key, whatever it holds. */
export async function putKey(etcd: EtcdAddress, key: string, value: Uint8Array): Promise<void> {
  await call(etcd, 'put', { key: Buffer.from(key).toString('base64'), value: Buffer.from(value).toString('base64') });
}

export async function compact(etcd: EtcdAddress, revision: string): Promise<void> {
  await call(etcd, 'compaction', { revision, physical: true });
}

/** Discards all history, gives the space back, and ends the alarm that there was none. */
export async function makeRoom(etcd: EtcdAddress): Promise<void> {
  const { header } = (await call(etcd, 'range', { key: Buffer.from('/').toString('base64') })) as { header: { revision: string } };
  await compact(etcd, header.revision);
  await call(etcd, 'defragment', {}, 'maintenance');
  const { alarms = [] } = (await call(etcd, 'alarm', { action: 'GET' }, 'maintenance')) as { alarms?: readonly object[] };
  for (const alarm of alarms) await call(etcd, 'alarm', { ...alarm, action: 'DEACTIVATE' }, 'maintenance');
}

async function call(etcd: EtcdAddress, method: string, body: object, service = 'kv'): Promise<unknown> {
  const url = new URL(`/v3/${service}/${method}`, etcd.url);
  const { code, text } = await post(url, etcd, JSON.stringify(body));
  if (code !== 200) throw new Error(`etcd ${method}: ${code} ${text}`);
  return JSON.parse(text);
}

function post(url: URL, { ca, cert, key }: EtcdAddress, body: string): Promise<{ code: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
    const sent = url.protocol === 'https:' ? requestTls(url, { ...options, ca, cert, key }) : requestPlain(url, options);
    sent.on('error', reject);
    sent.on('response', async (answer) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of answer) chunks.push(chunk as Buffer);
        resolve({ code: answer.statusCode, text: Buffer.concat(chunks).toString() });
      } catch (error) {
        reject(error);
      }
    });
    sent.end(body);
  });
}
