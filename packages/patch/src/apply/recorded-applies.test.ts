import { readFileSync } from 'node:fs';
import { ApiError, type Json, type JsonObject, type ManagedFieldsEntry, parseGroupVersion, type Status } from '@keelson/machinery';
import { kinds } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { fieldSetOf } from '../managed-fields/stripped-fields.js';
import { type ApplyOutcome, apply } from './apply.js';

/** An apply that Kubernetes v1.34 answered. */
interface RecordedApply {
  readonly case: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly manager: string;
  readonly subresource?: string;
  readonly force?: boolean;
  readonly reset?: readonly string[];
  readonly live?: JsonObject;
  readonly applied: JsonObject;
  /** The object afterwards, where no defaults came in; without what the server writes. */
  readonly object?: JsonObject;
  /** Sorted by operation, manager, apiVersion, subresource; times are masked. */
  readonly managedFields?: readonly ManagedFieldsEntry[];
  /** The refusal; its causes are sorted. */
  readonly status?: Status;
}

const recordings = new URL('./testdata/recorded-applies.jsonl', import.meta.url);
const applies = readFileSync(recordings, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedApply);

function replay(recorded: RecordedApply): ApplyOutcome {
  const groupVersion = parseGroupVersion(recorded.apiVersion) ?? { group: '', version: '' };
  const kind = kinds.find(groupVersion.group, groupVersion.version, recorded.kind);
  if (!kind) throw new Error(`no kind ${recorded.apiVersion} ${recorded.kind}`);
  return apply({
    kind: recorded.kind,
    apiVersion: recorded.apiVersion,
    type: kind.type,
    empty: kind.codec.fromJson({}) as JsonObject,
    live: recorded.live,
    applied: recorded.applied,
    manager: recorded.manager,
    subresource: recorded.subresource,
    force: recorded.force ?? false,
    now: '<time>',
    resetFields: recorded.reset && fieldSetOf(recorded.reset),
  });
}

function refusal(recorded: RecordedApply): Status {
  try {
    replay(recorded);
  } catch (error) {
    if (error instanceof ApiError) return sortedCauses(error.status);
    throw error;
  }
  throw new Error('the apply was accepted');
}

function sortedCauses(status: Status): Status {
  const causes = status.details?.causes;
  const order = (cause: object) => JSON.stringify(Object.entries(cause).sort());
  return causes ? { ...status, details: { causes: [...causes].sort((a, b) => (order(a) < order(b) ? -1 : 1)) } } : status;
}

function withoutServerWrites(object: JsonObject): Json {
  const { resourceVersion: _, generation: __, ...metadata } = object.metadata as JsonObject;
  return withoutNulls({ ...object, metadata });
}

/** Decoding drops the nulls that removal leaves. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}

describe('applies recorded from Kubernetes', () => {
  const order = (e: ManagedFieldsEntry) => JSON.stringify([e.operation, e.manager, e.apiVersion, e.subresource ?? '']);

  it.each(applies.filter((a) => !a.status).map((a, i) => [`${i} ${a.case}`, a] as const))('%s', (_, recorded) => {
    const outcome = replay(recorded);
    const entries = [...(outcome.managedFields ?? [])].sort((a, b) => (order(a) < order(b) ? -1 : 1));
    expect(entries).toEqual(recorded.managedFields);
    if (recorded.object) expect(withoutServerWrites(outcome.object)).toEqual(withoutNulls(recorded.object));
  });

  it.each(applies.filter((a) => a.status).map((a, i) => [`${i} ${a.case}`, a] as const))('refuses %s', (_, recorded) => {
    const expected = recorded.status as Status;
    expect(refusal(recorded)).toEqual(sortedCauses(expected));
  });
});
