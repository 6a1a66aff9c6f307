import { afterEach, beforeEach, describe } from 'vitest';
import type { KvBackend } from '../../kv.js';
import { compactionCases } from './compaction-cases.js';
import { expiryCases } from './expiry-cases.js';
import { type KvCapabilities, KvContext } from './kv-context.js';
import { lifecycleCases } from './lifecycle-cases.js';
import { listCases } from './list-cases.js';
import { readWriteCases } from './read-write-cases.js';
import { watchCases } from './watch-cases.js';

/** Declares one group of cases; `context` gives the running test's. */
export type KvCases = (context: () => KvContext) => void;

const GROUPS: Readonly<Record<string, KvCases>> = {
  'get, put and delete': readWriteCases,
  list: listCases,
  watch: watchCases,
  compaction: compactionCases,
  expiry: expiryCases,
  lifecycle: lifecycleCases,
};

/**
 * Declares the tests that every `KvBackend` passes. `open` is called for each test and its backend closed after it; the
 * backends may share one store, as long as nobody else compacts it meanwhile.
 */
export function describeKvBackend(name: string, open: () => Promise<KvBackend>, capabilities: KvCapabilities): void {
  describe(`KvBackend: ${name}`, () => {
    let context: KvContext;
    beforeEach(async () => {
      context = new KvContext(await open(), capabilities);
    });
    afterEach(() => context.end());
    for (const [group, cases] of Object.entries(GROUPS)) describe(group, () => cases(() => context));
  });
}
