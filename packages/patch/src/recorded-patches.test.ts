import { readFileSync } from 'node:fs';
import { type Json, type JsonObject, parseGroupVersion } from '@keelson/machinery';
import { kinds } from '@keelson/schema';
import { describe, expect, it } from 'vitest';
import { applyPatch, type PatchKind } from './apply-patch.js';

/** A patch that Kubernetes v1.34 answered, with the object before and after; without what the server writes. */
interface RecordedPatch {
  readonly case: string;
  readonly patchKind: PatchKind;
  readonly current: JsonObject;
  readonly patch: Json;
  readonly patched: JsonObject;
}

const recordings = new URL('./testdata/recorded-patches.jsonl', import.meta.url);
const patches = readFileSync(recordings, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedPatch);

function replay({ patchKind, current, patch }: RecordedPatch): JsonObject {
  const groupVersion = parseGroupVersion(current.apiVersion as string) ?? { group: '', version: '' };
  const kind = kinds.find(groupVersion.group, groupVersion.version, current.kind as string);
  if (!kind) throw new Error(`no kind ${current.kind}`);
  const patched = applyPatch(patchKind, current, patch, kind.type);
  // Without what the codec notes beside the object.
  const decoded = structuredClone(kind.codec.fromJson(patched) as JsonObject);
  return { apiVersion: current.apiVersion as string, kind: current.kind as string, ...decoded };
}

describe('patches recorded from Kubernetes', () => {
  it.each(patches.map((patch, i) => [`${i} ${patch.patchKind} ${patch.case}`, patch] as const))('%s', (_, recorded) => {
    const before = structuredClone(recorded.current);
    expect(replay(recorded)).toEqual(recorded.patched);
    expect(recorded.current).toEqual(before);
  });
});
