import { formatGroupVersion, type GroupVersion } from '@keelson/machinery';
import { OBJECT_MEDIA } from './media.js';
import { groupTag, groupTitle, versionTag, versionTitle } from './naming.js';
import { type Operation, type OperationPath, TEXT } from './operation.js';
import { META_V1 } from './verb-operation.js';

function read(path: string, operation: Omit<Operation, 'method' | 'parameters' | 'codes'>): OperationPath {
  return { path, operations: [{ method: 'get', parameters: [], codes: [200], ...operation }] };
}

function discovery(path: string, id: string, tag: string, description: string, response: string): OperationPath {
  return read(path, { id, tag, description, consumes: OBJECT_MEDIA, produces: OBJECT_MEDIA, response: `${META_V1}.${response}` });
}

export function coreRootPath(): OperationPath {
  return discovery('/api/', 'getCoreAPIVersions', 'core', 'get available API versions', 'APIVersions');
}

export function groupsRootPath(): OperationPath {
  return discovery('/apis/', 'getAPIVersions', 'apis', 'get available API versions', 'APIGroupList');
}

/** `/apis/apps/` */
export function groupPath(group: string): OperationPath {
  return discovery(`/apis/${group}/`, `get${groupTitle(group)}APIGroup`, groupTag(group), 'get information of a group', 'APIGroup');
}

/** `/api/v1/`, `/apis/apps/v1/` */
export function resourceListPath(groupVersion: GroupVersion): OperationPath {
  const path = groupVersion.group === '' ? `/api/${groupVersion.version}/` : `/apis/${formatGroupVersion(groupVersion)}/`;
  const id = `get${versionTitle(groupVersion)}APIResources`;
  return discovery(path, id, versionTag(groupVersion), 'get available resources', 'APIResourceList');
}

export function versionPath(): OperationPath {
  return read('/version/', {
    id: 'getCodeVersion',
    tag: 'version',
    description: 'get the version of this server',
    consumes: ['application/json'],
    produces: ['application/json'],
    response: 'io.k8s.apimachinery.pkg.version.Info',
  });
}

export function issuerPath(): OperationPath {
  return read('/.well-known/openid-configuration/', {
    id: 'getServiceAccountIssuerOpenIDConfiguration',
    tag: 'WellKnown',
    description: 'get the OpenID configuration of the issuer of service account tokens',
    produces: ['application/json'],
    response: TEXT,
  });
}

export function issuerKeysPath(): OperationPath {
  return read('/openid/v1/jwks/', {
    id: 'getServiceAccountIssuerOpenIDKeyset',
    tag: 'openid',
    description: 'get the public keys that service account tokens can be verified with',
    produces: ['application/jwk-set+json'],
    response: TEXT,
  });
}
