import type { KubeObject, Status } from '@keelson/machinery';
import { isStatus } from '../respond/status.js';
import { admissionAttributes } from './admission-attributes.js';
import { defaultedHub } from './defaulting.js';
import { BY_CHANGE, recordManagedFields } from './managed-fields.js';
import { mutate } from './mutation.js';
import { wipeSystemMetadata } from './system-metadata.js';
import type { WriteRequest } from './write-request.js';

/** A virtual object's way: admitted as if it were to be created, then answered instead of stored. */
export async function reviewPipeline(request: WriteRequest, object: KubeObject): Promise<KubeObject | Status> {
  const { version, context, services } = request;
  const hub = defaultedHub(version, object);
  wipeSystemMetadata(hub);
  await recordManagedFields(request, hub, undefined, BY_CHANGE);
  const attributes = admissionAttributes(request, 'CREATE', hub, undefined);
  await mutate(request, attributes);
  await services.admission.validate(attributes);
  const answer = (await version.resource.definition.review?.(hub, context)) ?? hub;
  return isStatus(answer) ? answer : version.fromHub(answer);
}
