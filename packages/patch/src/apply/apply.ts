import {
  ApiError,
  badRequest,
  type GroupVersionKind,
  type JsonObject,
  jsonEqual,
  type ManagedFieldsEntry,
  parseGroupVersion,
  plainFailure,
} from '@keelson/machinery';
import { isDeeperThan, maxDepth } from '../json/max-depth.js';
import { isJsonObject } from '../json/own-property.js';
import { describeMisfit } from '../managed-fields/describe-misfit.js';
import { difference, emptySet, intersection, isEmpty, recursiveDifference } from '../managed-fields/field-set.js';
import { ListItemError } from '../managed-fields/list-element.js';
import {
  entrySet,
  type ManagedEntries,
  type ManagedEntry,
  managedEntry,
  managedFieldsOf,
  managerIdentity,
  storedEntries,
  withSet,
  writeEntries,
} from '../managed-fields/managed-entries.js';
import { objectType } from '../managed-fields/merge-type.js';
import { checkFits, fittingIn, MisfitError } from '../managed-fields/misfit-error.js';
import { reconcile } from '../managed-fields/reconcile.js';
import { withoutServerFields } from '../managed-fields/stripped-fields.js';
import { recordUpdate } from '../managed-fields/track-update.js';
import { checkInVersions, type RequestVersion, VersionedComparisons } from '../managed-fields/versions.js';
import { withoutManagedFields } from '../managed-fields/without-managed-fields.js';
import { appliedSet } from './applied-set.js';
import { type Conflict, conflictAnswer, conflictsOf, conflictsOutside } from './conflicts.js';
import { kubectlManager, renewLastApplied, unchangedSinceLastApplied } from './last-applied.js';
import { mergeApplied } from './merge-applied.js';
import { pruneAbandoned } from './prune.js';

export interface ApplyRequest extends RequestVersion {
  /** Kind of the endpoint, which the applied object must have. */
  readonly kind: string;
  /** The object as it is, in the version of the request; absent when the apply creates it. */
  readonly live?: JsonObject | undefined;
  /** What an object of this kind is with nothing set, see `UpdateTracking`. */
  readonly empty?: JsonObject | undefined;
  /** The parsed body, neither decoded nor defaulted: only what the manager names. */
  readonly applied: JsonObject;
  readonly manager: string;
  readonly subresource?: string | undefined;
  /** Takes fields of other managers instead of failing. */
  readonly force: boolean;
  /** RFC 3339, whole seconds, UTC. */
  readonly now: string;
}

export interface ApplyOutcome {
  /** To be decoded, which drops the nulls that removal leaves, and defaulted. Without managedFields. */
  readonly object: JsonObject;
  /** Undefined means none. */
  readonly managedFields: ManagedFieldsEntry[] | undefined;
  /** False when the object stays as it is; who manages what may still have changed. */
  readonly changed: boolean;
}

/**
 * Server-side apply (KEP-555): sets what the manager names, removes what it named before and no longer does, and
 * records that it owns it. Throws `ApiError`: 409 with every field that another manager owns, 400 for an object of
 * another kind, 500 for one that does not fit the schema. Neither object is changed.
 */
export function apply(request: ApplyRequest): ApplyOutcome {
  const { applied, live, empty = {} } = request;
  checkApplied(request);
  const current = live ?? empty;
  const entries = currentEntries(current, request);
  checkTyped(request);
  const conflicts: Conflict[] = [];
  const result = tracked(() => applyTo(current, entries, request, conflicts));
  if (!request.force) refuseConflicts(conflicts, current, request);
  const object = request.manager === kubectlManager ? renewLastApplied(result.object, applied) : result.object;
  return { ...result, object };
}

function checkApplied({ applied, apiVersion, kind }: ApplyRequest): void {
  if (isDeeperThan(applied, maxDepth)) throw badRequest('error decoding YAML: exceeded max depth');
  if (applied.apiVersion !== apiVersion || applied.kind !== kind) throw badRequest(`invalid object type: ${describeKind(applied)}`);
  if (Array.isArray(managedFieldsOf(applied.metadata))) throw badRequest('metadata.managedFields must be nil');
}

function checkTyped({ applied, live, type, unjudged }: ApplyRequest): void {
  const misfit = describeMisfit(applied, objectType(type));
  if (misfit !== '') throw plainFailure(`failed to create typed patch object (${describeObject(applied)}): ${misfit}`);
  if (live && unjudged) tracked(() => checkFits(live, objectType(type), `failed to create typed live object (${describeObject(live)}): `));
}

/** An object that nobody manages yet gets a manager for what it already has. */
function currentEntries(current: JsonObject, request: ApplyRequest): ManagedEntries {
  const entries = storedEntries(managedFieldsOf(current.metadata));
  if (entries.size > 0) return entries;
  const { applied: _, live: __, ...rest } = request;
  const { unjudged, type } = request;
  const where = `failed to create manager for existing fields: failed to convert new object (${describeObject(current)}) to smd typed: `;
  try {
    if (unjudged) checkFits(current, objectType(type), where);
    recordUpdate(entries, { ...rest, object: current, manager: 'before-first-apply' });
  } catch (error) {
    if (error instanceof MisfitError) throw plainFailure(error.message);
    if (error instanceof ListItemError) throw plainFailure(where + describeMisfit(current, objectType(type)));
    throw error;
  }
  return entries;
}

function applyTo(current: JsonObject, entries: ManagedEntries, request: ApplyRequest, conflicts: Conflict[]): ApplyOutcome {
  const { applied, apiVersion, manager, subresource = '', resetFields = emptySet, now } = request;
  const type = objectType(request.type);
  const info = { manager: manager || 'unknown', operation: 'Apply', apiVersion, subresource } as const;
  const identity = managerIdentity(info);
  if (request.live) checkInVersions(request.live, entries.values(), request);
  const last = reconciledLast(entries.get(identity), request);
  const set = recursiveDifference(appliedSet(applied, type), resetFields);
  const entry = managedEntry(info, set, last?.time);
  entries.set(identity, entry);
  const merged = mergeApplied(current, applied, type);
  const object = fittingIn('failed to prune fields: ', () => pruneAbandoned(merged, last, entries, request));
  takeFromOthers(entries, identity, new VersionedComparisons(current, object, request), conflicts);
  const changed = !jsonEqual(current, object);
  const owned = withoutServerFields(set);
  if (isEmpty(owned)) entries.delete(identity);
  else entries.set(identity, managedEntry(info, owned, changed ? now : last?.time));
  return { object: withoutManagedFields(changed ? object : current), managedFields: writeEntries(entries), changed };
}

function reconciledLast(last: ManagedEntry | undefined, request: ApplyRequest): ManagedEntry | undefined {
  if (!last) return undefined;
  const view = last.apiVersion === request.apiVersion || !request.otherVersion ? request : request.otherVersion(last.apiVersion);
  return view && withSet(last, reconcile(entrySet(last), objectType(view.type)));
}

/** Others lose what changed or was removed; what changed is a conflict besides. */
function takeFromOthers(entries: ManagedEntries, applier: string, comparisons: VersionedComparisons, conflicts: Conflict[]): void {
  for (const [identity, entry] of entries) {
    if (identity === applier) continue;
    const type = comparisons.typeOf(entry.apiVersion);
    if (!type) {
      entries.delete(identity);
      continue;
    }
    const { changed, removed } = comparisons.in(entry.apiVersion);
    const set = reconcile(entrySet(entry), type);
    conflicts.push(...conflictsOf(identity, entry, intersection(set, changed)));
    const kept = difference(difference(set, changed), removed);
    if (isEmpty(kept)) entries.delete(identity);
    else entries.set(identity, withSet(entry, kept));
  }
}

function refuseConflicts(conflicts: readonly Conflict[], current: JsonObject, request: ApplyRequest): void {
  if (conflicts.length === 0) return;
  const allowed = request.manager === kubectlManager ? unchangedSinceLastApplied(current, request) : emptySet;
  const remaining = conflictsOutside(conflicts, allowed);
  if (remaining.length > 0) throw conflictAnswer(remaining);
}

/** A live object that is not as its schema says, or whose list items cannot be told apart, cannot be applied to. */
function tracked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MisfitError) throw plainFailure(error.message);
    if (error instanceof ListItemError) throw new ApiError(500, '', error.message, undefined, { cause: error });
    throw error;
  }
}

/** As messages name an applied object, by what it says itself: `ns/name; apps/v1, Kind=Deployment`. */
export function describeObject(applied: JsonObject): string {
  const metadata = isJsonObject(applied.metadata) ? applied.metadata : {};
  return `${text(metadata.namespace)}/${text(metadata.name)}; ${describeKind(applied)}`;
}

export function describeKind(applied: JsonObject): string {
  const { group, version, kind } = kindOf(applied);
  return `${group}/${version}, Kind=${kind}`;
}

function kindOf(applied: JsonObject): GroupVersionKind {
  const groupVersion = parseGroupVersion(text(applied.apiVersion));
  return groupVersion ? { ...groupVersion, kind: text(applied.kind) } : { group: '', version: '', kind: '' };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
