import { readFileSync } from 'node:fs';
import type { JsonObject, ManagedFieldsEntry } from '@keelson/machinery';
import { parseGroupVersion } from '@keelson/machinery';
import { kinds } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { fieldSetOf } from './stripped-fields.js';
import { trackUpdate } from './track-update.js';

/** A create, update or patch that Kubernetes v1.34 answered, with the object as the request left it (admission comes later). */
interface RecordedWrite {
  readonly case: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly manager: string;
  readonly subresource?: string;
  readonly reset?: readonly string[];
  readonly live?: JsonObject;
  readonly object: JsonObject;
  /** Sorted by operation, manager, apiVersion, subresource; times are masked. */
  readonly managedFields: readonly ManagedFieldsEntry[];
}

const recordings = new URL('./testdata/recorded-writes.jsonl', import.meta.url);
const writes = readFileSync(recordings, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedWrite);

function track(write: RecordedWrite): ManagedFieldsEntry[] {
  const groupVersion = parseGroupVersion(write.apiVersion) ?? { group: '', version: '' };
  const kind = kinds.find(groupVersion.group, groupVersion.version, write.kind);
  if (!kind) throw new Error(`no kind ${write.apiVersion} ${write.kind}`);
  const tracked = trackUpdate({
    live: write.live,
    object: write.object,
    empty: kind.codec.fromJson({}) as JsonObject,
    type: kind.type,
    apiVersion: write.apiVersion,
    manager: write.manager,
    subresource: write.subresource,
    now: '<time>',
    resetFields: write.reset && fieldSetOf(write.reset),
  });
  const order = (e: ManagedFieldsEntry) => JSON.stringify([e.operation, e.manager, e.apiVersion, e.subresource ?? '']);
  return (tracked ?? []).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

describe('writes recorded from Kubernetes', () => {
  it.each(writes.map((write, i) => [`${i} ${write.case}`, write] as const))('%s', (_, write) => {
    expect(track(write)).toEqual(write.managedFields);
  });
});
