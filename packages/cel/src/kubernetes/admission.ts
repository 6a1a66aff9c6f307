import { AUTHORIZER, RESOURCE_CHECK } from '../library/kubernetes/authorizer.js';
import { JSON_PATCHES } from '../library/kubernetes/json-patch.js';
import { declaredTypes } from '../types/declared-types.js';
import { BOOL, DYN, INT, listOf, mapOf, STRING, structType, TIMESTAMP } from '../types/type.js';
import { type EnvironmentPair, kubernetesEnvironments } from './environments.js';
import { patchTypes } from './patch-types.js';
import { USER_INFO, userTypes } from './user-type.js';

const STRINGS = listOf(STRING);
const KIND = structType('kubernetes.GroupVersionKind');
const RESOURCE = structType('kubernetes.GroupVersionResource');
const REQUEST = structType('kubernetes.AdmissionRequest');
const NAMESPACE = structType('kubernetes.Namespace');
const NAMESPACE_METADATA = structType('kubernetes.NamespaceMetadata');
const NAMESPACE_SPEC = structType('kubernetes.NamespaceSpec');
const NAMESPACE_STATUS = structType('kubernetes.NamespaceStatus');
const NAMESPACE_CONDITION = structType('kubernetes.NamespaceCondition');

const types = declaredTypes({
  ...userTypes,
  [KIND.name]: { group: STRING, version: STRING, kind: STRING },
  [RESOURCE.name]: { group: STRING, version: STRING, resource: STRING },
  [REQUEST.name]: {
    kind: KIND,
    resource: RESOURCE,
    subResource: STRING,
    requestKind: KIND,
    requestResource: RESOURCE,
    requestSubResource: STRING,
    name: STRING,
    namespace: STRING,
    operation: STRING,
    userInfo: USER_INFO,
    dryRun: BOOL,
    options: DYN,
  },
  [NAMESPACE.name]: { metadata: NAMESPACE_METADATA, spec: NAMESPACE_SPEC, status: NAMESPACE_STATUS },
  [NAMESPACE_METADATA.name]: {
    name: STRING,
    generateName: STRING,
    namespace: STRING,
    labels: mapOf(STRING, STRING),
    annotations: mapOf(STRING, STRING),
    UID: STRING,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    resourceVersion: STRING,
    finalizers: STRINGS,
  },
  [NAMESPACE_SPEC.name]: { finalizers: STRINGS },
  [NAMESPACE_STATUS.name]: { conditions: listOf(NAMESPACE_CONDITION), phase: STRING },
  [NAMESPACE_CONDITION.name]: { status: STRING, type: STRING, lastTransitionTime: TIMESTAMP, message: STRING, reason: STRING },
});

export const REQUEST_RESOURCE = 'authorizer.requestResource';

/** Which variables an admission expression has beside `object`, `oldObject`, `request` and `namespaceObject`. */
export interface AdmissionVariables {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** Whether it says how an object is to be changed. */
  readonly patches?: boolean;
}

const environments = new Map<string, EnvironmentPair>();

/** For expressions of policies, and for match conditions of policies and webhooks. */
export function admissionEnvironments({ params, authorizer, patches = false }: AdmissionVariables): EnvironmentPair {
  const key = `${params} ${authorizer} ${patches}`;
  const known = environments.get(key);
  if (known !== undefined) return known;
  const pair = kubernetesEnvironments({
    ...(patches && { libraries: [JSON_PATCHES] }),
    variables: {
      object: DYN,
      oldObject: DYN,
      namespaceObject: NAMESPACE,
      request: REQUEST,
      ...(params && { params: DYN }),
      ...(authorizer && { authorizer: AUTHORIZER, [REQUEST_RESOURCE]: RESOURCE_CHECK }),
    },
    types: patches ? { struct: (name) => types.struct(name) ?? patchTypes.struct(name) } : types,
  });
  environments.set(key, pair);
  return pair;
}
