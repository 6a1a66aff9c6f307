import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KvEvent } from '../kv.js';
import { buildCrashWriter, CrashProcess, removeCrashWriter } from '../testing/crash/crash-process.js';
import { type Acknowledged, sealedValue, unseal } from '../testing/crash/crash-record.js';
import { WatchReader } from '../testing/kv/index.js';
import { EmbeddedBackend } from './embedded-backend.js';

const ROUNDS = 24;
const SHRINKING_ROUNDS = 6;
const APPEARS_MS = 30_000;
/** Number of a sealed value of 20 KB. */
const LARGE = 2321;
const KEPT_VALUES = 750;

describe('EmbeddedBackend, killed', () => {
  let program: string;
  let dir: string;
  beforeAll(async () => {
    program = await buildCrashWriter();
    dir = await mkdtemp(join(tmpdir(), 'keelson-crash-'));
  });
  afterAll(() => Promise.all([removeCrashWriter(program), rm(dir, { recursive: true })]));

  it('loses nothing acknowledged and tears nothing, whenever it is killed', async () => {
    const checker = new Checker();
    for (let round = 0; round < ROUNDS; round++) {
      const writer = new CrashProcess(program, dir);
      // Every fourth time it is killed while it starts, at some moment; else in the middle of writing.
      if (round % 4 === 3) await delay(Math.random() * 300);
      else await writer.acknowledged(1 + Math.floor(Math.random() * 1500));
      const acknowledged = await writer.kill();
      const backend = await EmbeddedBackend.open({ dir });
      await checker.check(backend, acknowledged);
      await backend.close();
    }
    expect(checker.checked).toBeGreaterThan(ROUNDS);
  });

  it('still knows what is to expire, and expires it', async () => {
    const backend = await EmbeddedBackend.open({ dir });
    const { kvs, revision } = await backend.list('ttl/short/');
    const watch = new WatchReader(backend, 'ttl/short/', revision + 1);
    const deleted = kvs.length === 0 ? [] : await watch.next(kvs.length);
    expect(new Set(deleted.map((event) => event.key))).toEqual(new Set(kvs.map((kv) => kv.key)));
    expect(deleted.every((event) => event.type === 'delete')).toBe(true);
    expect(await backend.list('ttl/short/')).toMatchObject({ count: 0 });
    expect((await backend.list('ttl/long/', { keysOnly: true })).count).toBeGreaterThan(0);
    watch.cancel();
    await backend.close();
  });

  it('is opened by one process at a time, which the error names', async () => {
    const writer = new CrashProcess(program, dir);
    await writer.acknowledged(1);
    await expect(EmbeddedBackend.open({ dir })).rejects.toMatchObject({
      code: 'unavailable',
      message: `data directory ${dir} is in use by process ${writer.pid}`,
    });
    await writer.acknowledged(50);
    await writer.kill();
    const backend = await EmbeddedBackend.open({ dir });
    await expect(EmbeddedBackend.open({ dir })).rejects.toMatchObject({ code: 'unavailable' });
    expect((await backend.list('updated/')).count).toBe(8);
    await backend.close();
  });
});

describe('EmbeddedBackend, killed while its data file is made smaller', () => {
  let program: string;
  let dir: string;
  beforeAll(async () => {
    program = await buildCrashWriter();
    dir = await mkdtemp(join(tmpdir(), 'keelson-crash-'));
  });
  afterAll(() => Promise.all([removeCrashWriter(program), rm(dir, { recursive: true })]));

  it('loses nothing', async () => {
    const checker = new Checker();
    await fillWith(dir, KEPT_VALUES, 'kept');
    for (let round = 0; round < SHRINKING_ROUNDS; round++) {
      await emptyAgain(dir, await fillWith(dir, KEPT_VALUES * 3, `gone/${round}`));
      const writer = new CrashProcess(program, dir);
      await appears(join(dir, 'shrinking'));
      await delay(Math.random() * 30);
      const acknowledged = await writer.kill();
      const backend = await EmbeddedBackend.open({ dir });
      await checker.check(backend, acknowledged);
      expect((await backend.list('kept/')).kvs.map(({ value }) => unseal(value))).toEqual(new Array(KEPT_VALUES).fill(LARGE));
      await backend.close();
    }
  });
});

/** Writes so many large values, and gives their revisions by key. */
async function fillWith(dir: string, count: number, prefix: string): Promise<Map<string, number>> {
  const backend = await EmbeddedBackend.open({ dir });
  const keys = Array.from({ length: count }, (_, i) => `${prefix}/${i}`);
  const results = await Promise.all(keys.map((key) => backend.put(key, sealedValue(LARGE), 0)));
  await backend.close();
  return new Map(keys.map((key, i) => [key, results[i]?.revision ?? 0]));
}

/** Deletes them, which leaves their pages to be used again. */
async function emptyAgain(dir: string, revisions: ReadonlyMap<string, number>): Promise<void> {
  const backend = await EmbeddedBackend.open({ dir });
  const deleted = await Promise.all([...revisions].map(([key, revision]) => backend.delete(key, revision)));
  await backend.compact(Math.max(...deleted.map(({ revision }) => revision)));
  await backend.swept();
  await backend.close();
}

/** Looks often enough to see what is there for the time of a copy. */
async function appears(path: string): Promise<void> {
  const untilMs = performance.now() + APPEARS_MS;
  while (!existsSync(path)) {
    if (performance.now() > untilMs) throw new Error(`${path} has not been seen`);
    await delay(1);
  }
}

/** Holds a store against everything that was ever acknowledged by it. */
class Checker {
  /** Newest acknowledged number by key. */
  readonly #newest = new Map<string, number>();
  #revision = 0;
  checked = 0;

  async check(backend: EmbeddedBackend, acknowledged: readonly Acknowledged[]): Promise<void> {
    for (const { key, sequence } of acknowledged) this.#newest.set(key, sequence);
    await this.#checkState(backend);
    await this.#checkHistory(backend, acknowledged);
    this.checked += acknowledged.length;
  }

  /** Every writer's key is at its newest acknowledged write, or at the one that was under way. */
  async #checkState(backend: EmbeddedBackend): Promise<void> {
    const { kvs } = await backend.list('');
    const stored = new Map(kvs.map((kv) => [kv.key, unseal(kv.value)]));
    for (const [key, sequence] of this.#newest) {
      if (key.startsWith('updated/')) expect([sequence, sequence + 1]).toContain(stored.get(key));
      if (key.startsWith('ttl/long/')) expect(stored.get(key)).toBe(sequence);
    }
  }

  /** Acknowledged writes are in history at their revisions; history has no gaps, and never goes back. */
  async #checkHistory(backend: EmbeddedBackend, acknowledged: readonly Acknowledged[]): Promise<void> {
    const current = await backend.currentRevision();
    expect(current).toBeGreaterThanOrEqual(this.#revision);
    this.#revision = current;
    const oldest = await oldestWatchable(backend, current);
    const events = await readHistory(backend, oldest, current);
    expect([...events.keys()]).toEqual(Array.from({ length: current - oldest + 1 }, (_, i) => oldest + i));
    for (const { key, sequence, revision } of acknowledged) {
      expect(revision).toBeLessThanOrEqual(current);
      if (revision < oldest) continue;
      const event = events.get(revision);
      expect(event).toMatchObject({ type: 'put', key });
      expect(unseal(event?.value ?? Buffer.alloc(0))).toBe(sequence);
    }
  }
}

/** The compacted revision, or the first change. */
async function oldestWatchable(backend: EmbeddedBackend, current: number): Promise<number> {
  const error = await backend.get('any', { revision: 1 }).then(
    () => undefined,
    (reason: { revision?: number }) => reason,
  );
  return Math.min(error?.revision ?? 2, current + 1);
}

async function readHistory(backend: EmbeddedBackend, from: number, to: number): Promise<Map<number, KvEvent>> {
  if (from > to) return new Map();
  const watch = new WatchReader(backend, '', from);
  const events = await watch.until(to);
  watch.cancel();
  return new Map(events.filter((event) => event.modRevision <= to).map((event) => [event.modRevision, event]));
}
