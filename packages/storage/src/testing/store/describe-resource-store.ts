import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { KvBackend } from '../../kv.js';
import { getCases, listCases, pageCases } from './read-cases.js';
import { StoreFixture } from './store-fixture.js';
import { historyCases, initialCases, selectionCases, watchCases } from './watch-cases.js';
import { createCases, deleteCases, updateCases } from './write-cases.js';

/** A backend for a whole run: every test has a key space of its own in it. */
export interface OpenedBackend {
  readonly backend: KvBackend;
  close(): Promise<void>;
}

const GROUPS = {
  create: createCases,
  get: getCases,
  list: listCases,
  pages: pageCases,
  update: updateCases,
  delete: deleteCases,
  watch: watchCases,
  selection: selectionCases,
  'initial events': initialCases,
  history: historyCases,
};

/** What Kubernetes expects of a store, whether it reads from a backend or from memory. */
export function describeResourceStore(name: string, open: () => Promise<OpenedBackend>): void {
  describe.each(['direct', 'cached', 'uncached'] as const)(`${name}, %s`, (kind) => {
    let opened: OpenedBackend;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    for (const [group, cases] of Object.entries(GROUPS)) {
      describe(group, () => {
        it.each(cases)('$name', async ({ run }) => {
          const fixture = await StoreFixture.open(opened.backend, `/${randomUUID()}/`, kind);
          try {
            await run(fixture);
          } finally {
            await fixture.close();
          }
        });
      });
    }
  });
}
