import type { Json, JsonObject, KubeObject } from '@keelson/machinery';
import { type FieldSet, fieldSetOf, trackUpdate, type VersionView } from '@keelson/patch';
import type { ResourceVersion } from '../resource/resource-version.js';
import { set } from './system-metadata.js';
import type { WriteRequest } from './write-request.js';

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

/**
 * Records who owns which field (KEP-555) in the hub's metadata: what `hub` has and `old` had not is the request's
 * manager's. Ownership is told in the request's version. `sent` is what the client itself says of it, where it does.
 */
export function recordManagedFields(request: WriteRequest, hub: KubeObject, old: KubeObject | undefined, sent?: Json): void {
  const { version, part, manager, subresource, context } = request;
  const managed = trackUpdate({
    apiVersion: version.apiVersion,
    type: version.schema.type,
    object: asJson(version.fromHub(hub)),
    ...(old && { live: asJson(version.fromHub(old)) }),
    empty: asJson(version.empty),
    manager,
    subresource,
    now: context.now,
    resetFields: resetSet(part?.resetFields ?? version.resource.definition.resetFields ?? NONE),
    otherVersion: (apiVersion) => viewOf(version, apiVersion),
    ...(sent !== undefined && { sent }),
  });
  set(hub.metadata, 'managedFields', managed);
}

/** Another served version of the same resource, as field ownership compares in it. */
function viewOf(version: ResourceVersion, apiVersion: string): VersionView | undefined {
  const other = version.resource.byApiVersion(apiVersion);
  if (other === undefined) return undefined;
  const between = (from: ResourceVersion, to: ResourceVersion) => (object: JsonObject) =>
    asJson(to.fromHub(from.toHub(object as unknown as KubeObject)));
  return { type: other.schema.type, convert: between(version, other), restore: between(other, version) };
}

function asJson(object: KubeObject): JsonObject {
  return object as unknown as JsonObject;
}
