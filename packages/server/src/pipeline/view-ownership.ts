import { type KubeObject, type ManagedFieldsEntry, plainFailure } from '@keelson/machinery';
import { apply, describeObject, fromScaleEntries, type ReplicasPaths, toScaleEntries, trackUpdate } from '@keelson/patch';
import type { KindSchema } from '@keelson/schema';
import { apiVersionOf } from '../resource/resource.js';
import { type AppliedObject, type ParsedApply, readApplied, typed } from './apply-object.js';
import { asJson } from './as-json.js';
import type { WriteRequest } from './write-request.js';

/** Applies to a view, of which only the replicas are owned (KEP-2896), and brings ownership back to the parent. */
export function applyView(
  request: WriteRequest,
  { applied, force }: ParsedApply,
  schema: KindSchema,
  view: KubeObject,
  parent: KubeObject,
): AppliedObject {
  const { version, manager, subresource, context, part } = request;
  const apiVersion = apiVersionOf(schema);
  const live = ownedView(request, schema, view, parent);
  const isOfKind = applied.apiVersion === apiVersion && applied.kind === schema.kind;
  if (part?.isAppliedInVain && isOfKind && live.metadata.managedFields === undefined)
    throw inVain(
      `failed to create manager for existing fields: failed to convert live object (/; ${apiVersion}, Kind=${schema.kind})`,
      schema,
    );
  const outcome = apply({
    apiVersion,
    type: schema.type,
    kind: schema.kind,
    empty: typed(schema, schema.codec.fromJson({})),
    applied,
    live: typed(schema, live),
    manager,
    subresource,
    force,
    now: context.now,
  });
  if (part?.isAppliedInVain && outcome.changed) throw inVain(`failed to convert new object (${describeObject(applied)})`, schema);
  const owned = fromScaleEntries(parent.metadata.managedFields, outcome.managedFields, version.apiVersion, replicasPaths(request));
  return { object: readApplied(schema, outcome, applied), managedFields: owned, changed: outcome.changed };
}

function inVain(what: string, schema: KindSchema): Error {
  return plainFailure(`${what} to proper version: request to convert CR to an invalid group/version: ${apiVersionOf(schema)}`);
}

/** A view that tells who owns the replicas, as it is patched. */
export function ownedView(request: WriteRequest, schema: KindSchema, view: KubeObject, parent: KubeObject): KubeObject {
  const managedFields = toScaleEntries(parent.metadata.managedFields, apiVersionOf(schema), replicasPaths(request));
  return managedFields === undefined ? view : { ...view, metadata: { ...view.metadata, managedFields } };
}

/** Who owns the fields of the parent after a write through a view. Where nobody owned what it shows, nobody does. */
export function ownedThroughView(
  request: WriteRequest,
  schema: KindSchema,
  view: (parent: KubeObject) => KubeObject,
  hub: KubeObject,
  old: KubeObject,
): ManagedFieldsEntry[] | undefined {
  const { version, manager, subresource, context } = request;
  const entries = trackUpdate({
    apiVersion: apiVersionOf(schema),
    type: schema.type,
    object: asJson(view(hub)),
    live: asJson(ownedView(request, schema, view(old), old)),
    empty: asJson(schema.codec.fromJson({})),
    manager,
    subresource,
    now: context.now,
  });
  return fromScaleEntries(old.metadata.managedFields, entries, version.apiVersion, replicasPaths(request));
}

function replicasPaths({ version, part }: WriteRequest): ReplicasPaths {
  return part?.replicasPaths ?? new Map([...version.resource.versions.keys()].map((apiVersion) => [apiVersion, 'spec.replicas']));
}
