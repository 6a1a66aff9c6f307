import { type FieldError, invalid, type KubeObject, plainFailure, underFeatures, validateObjectMeta } from '@keelson/machinery';
import { dropDisabled } from '../resource/gated-field.js';
import { admissionAttributes } from './admission-attributes.js';
import { authorizeCreate } from './authorize-create.js';
import { defaultedHub } from './defaulting.js';
import { BY_CHANGE, type Ownership, recordManagedFields } from './managed-fields.js';
import { mutate } from './mutation.js';
import { reserve } from './reservation.js';
import { fillSystemMetadata, wipeSystemMetadata } from './system-metadata.js';
import type { WriteRequest } from './write-request.js';

/**
 * A new object's way from the client's words to what is stored, in upstream's order. `object` is canonical, in the
 * request's version, and consumed; the result is in the hub's shape.
 */
export async function createPipeline(request: WriteRequest, object: KubeObject, ownership: Ownership = BY_CHANGE): Promise<KubeObject> {
  const { admission } = request.services;
  wipeSystemMetadata(object);
  const hub = underFeatures(request.context.features, () => defaultedHub(request.version, object));
  const recorded = recordManagedFields(request, hub, undefined, ownership);
  if (recorded !== undefined) await recorded;
  const attributes = admissionAttributes(request, 'CREATE', hub, undefined);
  await mutate(request, attributes);
  await request.version.resource.definition.authorizeWrite?.(hub, undefined, request.context);
  prepare(request, hub);
  await reserve(request, hub, undefined);
  await validate(request, hub);
  // What is created by its path is changed or applied, for all that was asked of the user.
  if (request.name !== '') await authorizeCreate(request);
  await admission.validate(attributes);
  request.version.resource.definition.completeForStorage?.(hub);
  // The store refuses it, which a dry run does not come to.
  if (!request.context.dryRun) refuseResourceVersion(hub);
  return hub;
}

/** What no store could have counted is no version at all. */
const revisionForm = /^\d+$/;

function refuseResourceVersion(object: KubeObject): void {
  const { resourceVersion = '' } = object.metadata;
  if (revisionForm.test(resourceVersion) && Number(resourceVersion) !== 0)
    throw plainFailure('resourceVersion should not be set on objects to be created');
  delete object.metadata.resourceVersion;
}

function prepare({ version, namespace, context }: WriteRequest, hub: KubeObject): void {
  const { definition, namespaced } = version.resource;
  fillSystemMetadata(hub, namespaced ? namespace : '', context.now, definition.generateName);
  if (definition.resetOnCreate !== false)
    for (const field of definition.resetFields ?? []) delete (hub as unknown as Record<string, unknown>)[field];
  if (definition.generationOf !== undefined) hub.metadata.generation = 1;
  dropDisabled(definition.gatedFields ?? [], context.features, hub);
  definition.prepareForCreate?.(hub, context);
}

async function validate({ version, context }: WriteRequest, hub: KubeObject): Promise<void> {
  const { definition } = version.resource;
  const name = hub.metadata.name ?? '';
  const ofMetadata = validateObjectMeta(hub.metadata, version.metadataRules);
  const errors: FieldError[] = [
    ...((await definition.validateAgainstOthers?.(hub, undefined, context)) ?? []),
    ...ofMetadata,
    ...(underFeatures(context.features, () => definition.validate?.(hub, undefined, context, ofMetadata)) ?? []),
  ];
  if (errors.length > 0) throw invalid(version.resource.hub, name, errors);
  for (const warning of underFeatures(context.features, () => definition.warnings?.(hub, undefined)) ?? []) context.warn(warning);
}
