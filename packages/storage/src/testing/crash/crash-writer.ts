import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedBackend } from '../../embedded/embedded-backend.js';
import type { Revision } from '../../kv.js';
import { reportLine, sealedValue, unseal } from './crash-record.js';

const WRITERS = 8;
/** Compaction, and with it sweeping, runs beside the writes from the start. */
const COMPACT_EVERY = 100;
const KEEP_REVISIONS = 150;

/**
 * The program that is killed: writes on and on to the store in the directory it is given, going on where it finds its
 * keys, and reports each write on standard output at once when it is acknowledged.
 */
async function main(dir: string): Promise<void> {
  const backend = await EmbeddedBackend.open({ dir });
  await Promise.all([
    ...Array.from({ length: WRITERS }, (_, i) => update(backend, `updated/${i}`)),
    createWithTtl(backend),
    recreate(backend),
  ]);
}

async function update(backend: EmbeddedBackend, key: string): Promise<void> {
  const { kv } = await backend.get(key);
  let revision = kv?.modRevision ?? 0;
  for (let sequence = kv === undefined ? 1 : unseal(kv.value) + 1; ; sequence++) {
    revision = await write(backend, key, sequence, revision);
    // Another writer may have compacted further; what matters here is only that somebody does.
    if (revision % COMPACT_EVERY === 0) await backend.compact(revision - KEEP_REVISIONS).catch(() => undefined);
  }
}

/** Every second key is to expire soon, the others not for an hour. */
async function createWithTtl(backend: EmbeddedBackend): Promise<void> {
  const { count } = await backend.list('ttl/long/', { limit: 1, keysOnly: true });
  for (let sequence = count + 1; ; sequence++) {
    await write(backend, `ttl/short/${process.pid}-${sequence}`, sequence, 0, 1);
    await write(backend, `ttl/long/${sequence}`, sequence, 0, 3600);
  }
}

async function recreate(backend: EmbeddedBackend): Promise<void> {
  const { kv } = await backend.get('recreated');
  if (kv !== undefined) await backend.delete('recreated', kv.modRevision);
  for (let sequence = 1; ; sequence++) {
    const revision = await write(backend, 'recreated', sequence, 0);
    await backend.delete('recreated', revision);
  }
}

async function write(backend: EmbeddedBackend, key: string, sequence: number, expected: Revision, ttlSeconds?: number): Promise<Revision> {
  const result = await backend.put(key, sealedValue(sequence), expected, ttlSeconds === undefined ? {} : { ttlSeconds });
  if (!result.ok) throw new Error(`${key} was not at ${expected}`);
  await report(reportLine({ key, sequence, revision: result.revision }));
  return result.revision;
}

/** The line is in the pipe when this resolves. It goes in whole or not at all: the pipe is full while its reader is busy. */
async function report(line: string): Promise<void> {
  for (;;) {
    try {
      writeSync(process.stdout.fd, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await delay(1);
    }
  }
}

await main(process.argv[2] ?? '');
