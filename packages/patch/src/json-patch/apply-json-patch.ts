import { type Json, type JsonObject, jsonEqual } from '@keelson/machinery';
import { jsonSize } from '../json/max-depth.js';
import { getOwn } from '../json/own-property.js';
import { type DraftPlace, JsonDraft } from './json-draft.js';
import { inPatch, JsonPatchError, JsonPatchTestError } from './json-patch-error.js';

/** Bytes that all copy operations of one patch may add together. */
const maxCopiedBytes = 3 * 1024 * 1024;
const MISSING = 'missing value';

interface PatchState {
  readonly draft: JsonDraft;
  copiedBytes: number;
}

type Operation = (state: PatchState, operation: JsonObject) => void;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['add', ({ draft }, op) => add(draft, op)],
  ['remove', ({ draft }, op) => remove(draft, op)],
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
    const given = getOwn(step, 'op');
    const kind = typeof given === 'string' ? given : 'unknown';
    const operation = operations.get(kind);
    if (!operation) throw new JsonPatchError(`Unexpected kind: ${kind}`);
    operation(state, step);
  }
  return state.draft.finished();
}

function add(draft: JsonDraft, op: JsonObject): void {
  const path = text(op, 'path') ?? undecodable('add operation failed to decode path', MISSING);
  const place = draft.find(path) ?? missing(`add operation does not apply: doc is missing path: "${path}"`);
  inPatch(`error in add for path: '${path}'`, () => place.add(givenValue(op)));
}

function remove(draft: JsonDraft, op: JsonObject): void {
  const path = text(op, 'path') ?? undecodable('remove operation failed to decode path', MISSING);
  const place = draft.find(path) ?? missing(`remove operation does not apply: doc is missing path: "${path}"`);
  inPatch(`error in remove for path: '${path}'`, () => place.remove());
}

function replace(draft: JsonDraft, op: JsonObject): void {
  const path = text(op, 'path') ?? undecodable('replace operation failed to decode path', NO_PATH);
  const value = givenValue(op);
  if (path === '') {
    if (typeof value !== 'object' || value === null)
      throw new JsonPatchError('replace operation value must be object or array: %!w(<nil>)');
    draft.replaceRoot(value);
    return;
  }
  const place = draft.find(path) ?? missing(`replace operation does not apply: doc is missing path: ${path}`);
  if (!holds(place)) missing(`replace operation does not apply: doc is missing key: ${path}`);
  place.set(value);
}

function move(draft: JsonDraft, op: JsonObject): void {
  const from = text(op, 'from') ?? undecodable('move operation failed to decode from', NO_FROM);
  const source = draft.find(from) ?? missing(`move operation does not apply: doc is missing from path: ${from}`);
  const value = inPatch(`error in move for path: '${source.token}'`, () => {
    const moved = source.get() ?? null;
    source.remove();
    return moved;
  });
  const path = text(op, 'path') ?? undecodable('move operation failed to decode path', NO_PATH);
  const place = draft.find(path) ?? missing(`move operation does not apply: doc is missing destination path: ${path}`);
  inPatch(`error in move for path: '${path}'`, () => place.add(value));
}

function copy(state: PatchState, op: JsonObject): void {
  const { draft } = state;
  const from = text(op, 'from') ?? undecodable('copy operation failed to decode from', NO_FROM);
  const source = draft.find(from) ?? missing(`copy operation does not apply: doc is missing from path: ${from}`);
  const value = inPatch(`error in copy for from: '${from}'`, () => source.get() ?? null);
  const path = text(op, 'path') ?? undecodable('copy operation failed to decode path', MISSING);
  const place = draft.find(path) ?? missing(`copy operation does not apply: doc is missing destination path: ${path}`);
  state.copiedBytes += jsonSize(value, maxCopiedBytes - state.copiedBytes);
  if (state.copiedBytes > maxCopiedBytes) throw copiesTooLarge(state.copiedBytes);
  // The draft changes containers in place, so that one must not stand in two places.
  inPatch('error while adding value during copy', () => place.add(structuredClone(value)));
}

function test(draft: JsonDraft, op: JsonObject): void {
  const path = text(op, 'path') ?? undecodable('test operation failed to decode path', NO_PATH);
  const value = path === '' ? draft.root : valueAt(draft, path);
  if (!jsonEqual(value, givenValue(op))) throw new JsonPatchTestError(`testing value ${path} failed: test failed`);
}

function valueAt(draft: JsonDraft, path: string): Json {
  const place = draft.find(path) ?? missing(`test operation does not apply: is missing path: ${path}`);
  return inPatch(`error in test for path: '${path}'`, () => place.get() ?? null);
}

function holds(place: DraftPlace): boolean {
  try {
    place.get();
    return true;
  } catch (error) {
    if (error instanceof JsonPatchError) return false;
    throw error;
  }
}

const NO_PATH = `operation missing path field: ${MISSING}`;
const NO_FROM = `operation, missing from field: ${MISSING}`;

function text(op: JsonObject, member: 'path' | 'from'): string | undefined {
  const value = getOwn(op, member);
  return typeof value === 'string' ? value : undefined;
}

function givenValue(op: JsonObject): Json {
  return getOwn(op, 'value') ?? null;
}

function missing(what: string): never {
  throw new JsonPatchError(`${what}: ${MISSING}`);
}

function undecodable(what: string, why: string): never {
  throw new JsonPatchError(`${what}: ${why}`);
}

function copiesTooLarge(bytes: number): JsonPatchError {
  const limit = `exceeding the limit ${maxCopiedBytes}`;
  return new JsonPatchError(`Unable to complete the copy, the accumulated size increase of copy is ${bytes}, ${limit}`);
}
