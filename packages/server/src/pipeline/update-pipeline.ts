import {
  conflict,
  type FieldError,
  failedPrecondition,
  invalid,
  invalidField,
  type KubeObject,
  type ObjectMeta,
  path,
  pathSegmentName,
  semanticallyEqual,
  underFeatures,
  validateObjectMeta,
  validateObjectMetaChange,
  validateObjectMetaUpdate,
  validateStandardFinalizers,
} from '@keelson/machinery';
import type { ResourceDefinition } from '../resource/definition.js';
import { dropDisabled } from '../resource/gated-field.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { copyField } from '../resource/subresources.js';
import { admissionAttributes } from './admission-attributes.js';
import { defaultedHub } from './defaulting.js';
import { BY_CHANGE, type Ownership, recordManagedFields } from './managed-fields.js';
import { mutate } from './mutation.js';
import { reserve } from './reservation.js';
import { parseRevision } from './revision-text.js';
import { keepSystemMetadata } from './system-metadata.js';
import { storePreconditionFailed, type WriteRequest } from './write-request.js';

/**
 * An update's way from the client's words to what is stored, in upstream's order. `object` is canonical, in the
 * request's version, and consumed; `old` is the stored state in the hub's shape and is not changed. Runs again, from
 * the start, when another writer was faster.
 */
export async function updatePipeline(
  request: WriteRequest,
  object: KubeObject,
  old: KubeObject,
  ownership: Ownership = BY_CHANGE,
): Promise<KubeObject> {
  const { admission } = request.services;
  checkRevision(request, object, old);
  const hub = underFeatures(request.context.features, () => hubOf(request, object, ownership));
  const recorded = recordManagedFields(request, hub, old, ownership);
  if (recorded !== undefined) await recorded;
  const attributes = admissionAttributes(request, 'UPDATE', hub, old);
  await mutate(request, attributes);
  await request.version.resource.definition.authorizeWrite?.(hub, old, request.context);
  prepare(request, hub, old);
  await reserve(request, hub, old);
  await validate(request, hub, old);
  await admission.validate(attributes);
  return hub;
}

/** An apply that changes nothing of an object leaves it without the defaults, too, that the request's version has and the stored one has not. */
function hubOf({ version, part }: WriteRequest, object: KubeObject, ownership: Ownership): KubeObject {
  const isKept = ownership.by === 'apply' && !ownership.changed && part?.view === undefined;
  return isKept ? version.toHub(object) : defaultedHub(version, object);
}

/** True when the last finalizer of an object whose deletion is under way is gone: the write becomes its removal. */
export function endsDeletion({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && !metadata.finalizers?.length && !metadata.deletionGracePeriodSeconds;
}

const OBJECT_MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

function checkRevision(request: WriteRequest, { metadata }: KubeObject, old: KubeObject): void {
  const { resourceVersion: current = '' } = old.metadata;
  if (metadata.resourceVersion === current) return;
  const given = parseRevision(metadata.resourceVersion || '0');
  if (given === 0n) {
    if (request.version.resource.definition.unconditionalUpdate === false) throw requiresRevision(request);
  } else if (given !== parseRevision(current)) {
    throw conflict(request.version.groupResource, request.name, OBJECT_MODIFIED);
  }
  metadata.resourceVersion = current;
}

/** What replaces an object says which one; patches do not, but change it. */
export function checkUid(request: WriteRequest, { metadata: { uid } }: KubeObject, old: KubeObject): void {
  const failed = uid ? failedPrecondition({ uid }, old.metadata) : undefined;
  if (failed !== undefined) throw storePreconditionFailed(request, failed);
}

function requiresRevision({ version, name }: WriteRequest): Error {
  const { group, resource } = version.groupResource;
  return invalid({ group, kind: resource }, name, [
    invalidField(path('metadata').child('resourceVersion'), 0, 'must be specified for an update'),
  ]);
}

function prepare({ version, part, context }: WriteRequest, hub: KubeObject, old: KubeObject): void {
  const { definition } = version.resource;
  keepSystemMetadata(hub, old);
  if (definition.countsDisabled) countChange(definition, hub, old);
  dropDisabled(definition.gatedFields ?? [], context.features, hub, old);
  if (part !== undefined) {
    part.prepareForUpdate(hub, old, context);
  } else {
    for (const field of definition.resetFields ?? []) copyField(hub, old, field);
    definition.prepareForUpdate?.(hub, old, context);
  }
  if (part?.isCounted !== false) countChange(definition, hub, old);
}

function countChange(definition: ResourceDefinition<KubeObject>, hub: KubeObject, old: KubeObject): void {
  const { generationOf, isSameGeneration = semanticallyEqual } = definition;
  if (generationOf === undefined || isSameGeneration(generationOf(hub), generationOf(old))) return;
  hub.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

async function validate({ version, part, name, context }: WriteRequest, hub: KubeObject, old: KubeObject): Promise<void> {
  const { definition } = version.resource;
  const judge = part === undefined || part.isJudgedAsParent ? definition : part;
  const check = judge.validate ?? noErrors;
  const others = await judge.validateAgainstOthers?.(hub, old, context);
  const ofMetadata = validateMetadata(version, part, hub.metadata, old.metadata);
  const errors: FieldError[] = [
    ...ofMetadata,
    ...(others ?? []),
    ...underFeatures(context.features, () => check(hub, old, context, ofMetadata)),
  ];
  if (errors.length > 0) throw invalid((judge === part ? part.kind : undefined) ?? version.resource.hub, name, errors);
  const warn = part?.warnings ?? definition.warnings;
  for (const warning of underFeatures(context.features, () => warn?.(hub, old)) ?? []) context.warn(warning);
}

/** Metadata is looked at as that of any object, and then by the strategy of its kind: what is found is reported as often. */
function validateMetadata(version: ResourceVersion, part: WriteRequest['part'], metadata: ObjectMeta, old: ObjectMeta): FieldError[] {
  const { metadataRules } = version;
  const own = validateObjectMeta(metadata, metadataRules);
  if (own.length === 0 && validateObjectMetaChange(metadata, old).length === 0) return [];
  const changes = validateObjectMetaUpdate(metadata, old);
  const ofAny = validateObjectMeta(metadata, { ...metadataRules, nameForm: pathSegmentName, standardFinalizers: false });
  const ofKind = metadataRules.standardFinalizers ? [...changes, ...validateStandardFinalizers(metadata)] : changes;
  const checks = part === undefined ? version.metadataChecks : { own: 0, changes: 1, ...part.metadataChecks };
  return [...ofAny, ...changes, ...repeated(ofKind, checks.changes), ...repeated(own, checks.own)];
}

function repeated(errors: readonly FieldError[], times: number): FieldError[] {
  return Array.from({ length: times }, () => errors).flat();
}

function noErrors(): FieldError[] {
  return [];
}
