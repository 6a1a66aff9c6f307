import { type AuthorizationAttributes, internalError } from '@keelson/machinery';
import { refused } from '../filters/authorization.js';
import type { WriteRequest } from './write-request.js';

/** Who makes an object by changing one that is not there must be allowed to create it: what was asked before is whether it may be changed. */
export async function authorizeCreate(request: WriteRequest): Promise<void> {
  const attributes = createAttributes(request);
  const { decision, reason = '', error } = await request.services.authorizer.authorize(attributes);
  if (decision === 'allow') return;
  if (error !== undefined) throw internalError(error);
  throw refused(attributes, reason);
}

function createAttributes({ user, version, subresource, namespace, name }: WriteRequest): AuthorizationAttributes {
  return {
    user,
    verb: 'create',
    resourceRequest: true,
    apiGroup: version.group,
    apiVersion: version.version,
    resource: version.resource.resource,
    subresource,
    namespace,
    name,
    path: '',
    labelSelector: undefined,
    fieldSelector: undefined,
  };
}
