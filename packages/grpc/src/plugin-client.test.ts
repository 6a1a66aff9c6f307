import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metadata, status } from '@grpc/grpc-js';
import { afterEach, expect, it } from 'vitest';
import { messagesOf } from './message.js';
import { type Method, PluginClient } from './plugin-client.js';
import { PluginServer } from './testing/index.js';

interface Count {
  readonly text: string;
  readonly count: number;
}

const message = messagesOf('syntax = "proto3"; package sample; message Count { string text = 1; int64 count = 2; }');
const count: Method<Partial<Count>, Count> = { path: '/sample.Counter/Count', request: message('Count'), response: message('Count') };

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function socketOf() {
  const dir = await mkdtemp(join(tmpdir(), 'plugin-'));
  ends.push(() => rm(dir, { recursive: true }));
  const socket = join(dir, 'plugin.sock');
  const client = new PluginClient(socket);
  ends.push(() => client.close());
  const serve = async (handle: (asked: Partial<Count>) => Count) => {
    const server = new PluginServer();
    server.serve(count, handle);
    await server.listen(socket);
    ends.push(() => server.stop());
  };
  return { client, serve };
}

it('calls a plugin, also one that comes after the call', async () => {
  const { client, serve } = await socketOf();
  const answer = client.call(count, { text: 'four' }, 20_000);
  await serve(({ text = '', count: given }) => ({ text, count: text.length + 2 ** 40 + (given ?? 0) }));
  expect(await answer).toEqual({ text: 'four', count: 4 + 2 ** 40 });
});

it('tells what a plugin refuses, and that there is none, as Go does', async () => {
  const { client, serve } = await socketOf();
  await expect(client.call(count, {}, 50)).rejects.toMatchObject({
    code: 'DeadlineExceeded',
    message: 'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  });
  await serve(() => {
    throw Object.assign(new Error('no'), { code: status.FAILED_PRECONDITION, details: 'the vault is closed', metadata: new Metadata() });
  });
  await expect(client.call(count, {}, 20_000)).rejects.toThrow('rpc error: code = FailedPrecondition desc = the vault is closed');
});
