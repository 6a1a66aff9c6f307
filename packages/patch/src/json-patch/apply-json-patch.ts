import type { Json, JsonObject } from '@keelson/machinery';
import { jsonEqual } from '../json/json-equal.js';
import { jsonSize } from '../json/max-depth.js';
import { getOwn } from '../json/own-property.js';
import { JsonDraft } from './json-draft.js';
import { JsonPatchError } from './json-patch-error.js';

/** Bytes that all copy operations of one patch may add together. */
const maxCopiedBytes = 3 * 1024 * 1024;

interface PatchState {
  readonly draft: JsonDraft;
  copiedBytes: number;
}

type Operation = (state: PatchState, operation: JsonObject) => void;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['add', ({ draft }, op) => draft.add(text(op, 'path'), getOwn(op, 'value') ?? null)],
  ['remove', ({ draft }, op) => draft.remove(text(op, 'path'))],
  ['replace', ({ draft }, op) => replace(draft, op)],
  ['move', ({ draft }, op) => move(draft, op)],
  ['copy', copy],
  ['test', ({ draft }, op) => test(draft, op)],
]);

/**
 * Applies a JSON Patch (RFC 6902) with the reading Kubernetes gives it: indices may be negative, replacing a missing
 * member of an object sets it, and a missing member equals null. Throws `JsonPatchError` when an operation fails.
 * The document is not changed; the result shares what the patch left alone.
 */
export function applyJsonPatch(document: JsonObject, patch: readonly JsonObject[]): Json[] | JsonObject {
  const state: PatchState = { draft: new JsonDraft(document), copiedBytes: 0 };
  for (const step of patch) {
    const kind = getOwn(step, 'op');
    const operation = typeof kind === 'string' ? operations.get(kind) : undefined;
    if (!operation) throw new JsonPatchError(`unexpected kind: ${JSON.stringify(kind ?? null)}`);
    operation(state, step);
  }
  return state.draft.root;
}

function replace(draft: JsonDraft, op: JsonObject): void {
  const path = text(op, 'path');
  const value = getOwn(op, 'value') ?? null;
  if (path !== '') draft.set(path, value);
  else if (typeof value === 'object' && value !== null) draft.replaceRoot(value);
  else throw new JsonPatchError('replace operation value must be object or array');
}

function move(draft: JsonDraft, op: JsonObject): void {
  const from = text(op, 'from');
  const value = draft.get(from) ?? null;
  draft.remove(from);
  draft.add(text(op, 'path'), value);
}

function copy(state: PatchState, op: JsonObject): void {
  const { draft } = state;
  const value = draft.get(text(op, 'from')) ?? null;
  state.copiedBytes += jsonSize(value, maxCopiedBytes - state.copiedBytes);
  if (state.copiedBytes > maxCopiedBytes) throw new JsonPatchError('the accumulated size increase of copy operations exceeds the limit');
  // The draft changes containers in place, so that one must not stand in two places.
  draft.add(text(op, 'path'), structuredClone(value));
}

function test(draft: JsonDraft, op: JsonObject): void {
  const path = text(op, 'path');
  const value = path === '' ? draft.root : (draft.get(path) ?? null);
  const expected = getOwn(op, 'value') ?? null;
  if (!jsonEqual(value, expected)) throw new JsonPatchError(`testing value ${path} failed`);
}

function text(op: JsonObject, member: 'path' | 'from'): string {
  const value = getOwn(op, member);
  if (typeof value !== 'string') throw new JsonPatchError(`operation failed to decode ${member}`);
  return value;
}
