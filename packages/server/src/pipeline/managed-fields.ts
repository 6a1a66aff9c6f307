import { formatGroupVersion, type Json, type JsonObject, type KubeObject, type ManagedFieldsEntry } from '@keelson/machinery';
import { type FieldSet, fieldSetOf, onlyTimesChanged, type RequestVersion, trackUpdate, type VersionView } from '@keelson/patch';
import type { KindSchema } from '@keelson/schema';
import type { ResourceVersion } from '../resource/resource-version.js';
import { asJson } from './as-json.js';
import { AwaitedConversions } from './awaited-conversions.js';
import { set } from './system-metadata.js';
import { ownedThroughView } from './view-ownership.js';
import type { WriteRequest } from './write-request.js';

/** Who owns the fields after a write (KEP-555). */
export type Ownership =
  /** The request's manager owns what it changes. `sent` is what the client itself says of it, where decoding lost it. */
  | { readonly by: 'change'; readonly sent?: Json }
  /** Apply has already decided. `changed`: false when the object stays as it was. */
  | { readonly by: 'apply'; readonly managedFields: ManagedFieldsEntry[] | undefined; readonly changed: boolean };

export const BY_CHANGE: Ownership = { by: 'change' };

const NONE: readonly string[] = [];
const resetSets = new WeakMap<readonly string[], FieldSet>();

function resetSet(paths: readonly string[]): FieldSet {
  let known = resetSets.get(paths);
  if (known === undefined) {
    known = fieldSetOf(paths);
    resetSets.set(paths, known);
  }
  return known;
}

/** What ownership must know of the version a request speaks, and of what its endpoint cannot write. */
export function requestVersion({ version, part }: WriteRequest, conversions?: AwaitedConversions): RequestVersion {
  return {
    apiVersion: version.apiVersion,
    type: version.schema.type,
    resetFields: resetSet(part?.resetFields ?? version.resource.definition.resetFields ?? NONE),
    unjudged: version.schema.custom === true,
    otherVersion: (apiVersion) => viewOf(version, apiVersion) ?? foreignView(version, apiVersion, conversions),
  };
}

/**
 * Another served version of the same resource, as ownership compares in it. The core group and all others know nothing of
 * each other's versions: what was owned in one of theirs is nobody's after a write in one of its, and the other way round.
 */
function viewOf(version: ResourceVersion, apiVersion: string): VersionView | undefined {
  const other = version.resource.byApiVersion(apiVersion);
  if (other === undefined || (other.group === '') !== (version.group === '')) return undefined;
  const between = (from: ResourceVersion, to: ResourceVersion) => (object: JsonObject) =>
    asJson(to.fromHub(from.toHub(object as unknown as KubeObject)));
  return { type: other.schema.type, convert: between(version, other), restore: between(other, version) };
}

function foreignView(
  { resource }: ResourceVersion,
  apiVersion: string,
  conversions: AwaitedConversions | undefined,
): VersionView | undefined {
  const foreign = conversions && resource.definition.foreignVersion?.(apiVersion);
  return foreign && conversions.view(apiVersion, foreign);
}

/** Does what looks at all versions of an object, at once unless a conversion has to be waited for. Runs `work` again then. */
export function inAllVersions<T>({ version }: WriteRequest, work: (conversions: AwaitedConversions | undefined) => T): T | Promise<T> {
  if (version.resource.definition.foreignVersion === undefined) return work(undefined);
  const conversions = new AwaitedConversions();
  return conversions.run(() => work(conversions));
}

/** Records in the hub's metadata who owns which field. Ownership is told in the request's version. */
export function recordManagedFields(
  request: WriteRequest,
  hub: KubeObject,
  old: KubeObject | undefined,
  ownership: Ownership,
): Promise<void> | undefined {
  const record = (entries: ManagedFieldsEntry[] | undefined) => set(hub.metadata, 'managedFields', entries);
  if (ownership.by === 'apply') {
    record(ownership.managedFields);
    return undefined;
  }
  const entries = inAllVersions(request, (conversions) => changedFields(request, hub, old, ownership.sent, conversions));
  // A write does not fail where nobody can tell who owns what: then nobody does, as in Kubernetes.
  if (entries instanceof Promise) return entries.then(record, () => record(undefined));
  record(entries);
  return undefined;
}

function changedFields(
  request: WriteRequest,
  hub: KubeObject,
  old: KubeObject | undefined,
  sent: Json | undefined,
  conversions: AwaitedConversions | undefined,
): ManagedFieldsEntry[] | undefined {
  const { version, manager, subresource, context, part } = request;
  if (old !== undefined && part?.view !== undefined && part.kind !== undefined)
    return ownedThroughView(request, part.kind, part.view.bind(part), hub, old);
  return trackUpdate({
    ...requestVersion(request, conversions),
    object: asJson(version.fromHub(hub)),
    live: old && asJson(version.fromHub(old)),
    empty: asJson(version.empty),
    manager,
    subresource,
    now: context.now,
    sent,
  });
}

/** Records who sent the body of an action. Nothing of it is stored; those who are shown it expect to be told. */
export function recordActionFields({ manager, subresource, context }: WriteRequest, kind: KindSchema, body: KubeObject): void {
  const entries = trackUpdate({
    apiVersion: formatGroupVersion(kind),
    type: kind.type,
    object: asJson(body),
    empty: asJson(kind.codec.fromJson({})),
    manager,
    subresource,
    now: context.now,
  });
  set(body.metadata, 'managedFields', entries);
}

/** True when a write would store nothing but newer times of managers: it is then no write. */
export function isNoWrite(old: KubeObject, hub: KubeObject): boolean {
  return onlyTimesChanged(asJson(old), asJson(hub));
}
