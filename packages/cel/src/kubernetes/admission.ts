import type { AdmissionAttributes, Authorizer, JsonObject, KubeObject, ServedVersion } from '@keelson/machinery';
import type { Bindings } from '../evaluate/run.js';
import { AUTHORIZER, AuthorizerValue, RESOURCE_CHECK } from '../library/kubernetes/authorizer.js';
import { JSON_PATCHES } from '../library/kubernetes/json-patch.js';
import { declaredTypes } from '../types/declared-types.js';
import { BOOL, DYN, INT, listOf, mapOf, STRING, structType, TIMESTAMP } from '../types/type.js';
import type { CelValue, JsonMap } from '../values/value.js';
import { type EnvironmentPair, kubernetesEnvironments } from './environments.js';
import { patchTypes } from './patch-types.js';
import { USER_INFO, userTypes, userValue } from './user-type.js';

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

const REQUEST_RESOURCE = 'authorizer.requestResource';

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

export interface AdmissionInputs {
  readonly attributes: AdmissionAttributes;
  /** What the expressions see objects in: as the request's own version, or an equivalent one. */
  readonly version: ServedVersion;
  /** In that version, with apiVersion and kind. */
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
  readonly params?: KubeObject | undefined;
  /** Of the request; absent where it has none, and in match conditions. */
  readonly namespaceObject?: KubeObject | undefined;
  readonly authorizer?: Authorizer | undefined;
}

/** Values of the variables. Made once for a request and a version: authorization is then asked for once. */
export function admissionBindings(inputs: AdmissionInputs): Bindings {
  const { attributes, version, object, oldObject, params, namespaceObject, authorizer } = inputs;
  return {
    object: json(object),
    oldObject: json(oldObject),
    params: json(params),
    namespaceObject: json(namespaceObject && withoutManagement(namespaceObject)),
    request: requestValue(attributes, version),
    ...(authorizer && authorizerVariables(authorizer, attributes)),
  };
}

function json(object: KubeObject | undefined): CelValue {
  return (object ?? null) as JsonMap | null;
}

/** Namespaces are seen without managedFields and ownerReferences. */
function withoutManagement({ metadata, ...rest }: KubeObject): KubeObject {
  const { managedFields: _, ownerReferences: __, ...kept } = metadata as KubeObject['metadata'] & JsonObject;
  return { ...rest, metadata: kept };
}

function authorizerVariables(authorizer: Authorizer, { user, resource, subresource, namespace, name }: AdmissionAttributes): Bindings {
  const value = AuthorizerValue.of(authorizer, user);
  const target = { group: resource.group, resource: resource.resource, subresource, namespace, name };
  return { authorizer: value, [REQUEST_RESOURCE]: value.resource(target) };
}

function requestValue(attributes: AdmissionAttributes, version: ServedVersion): JsonMap {
  const { kind, resource, subresource, name, namespace, operation, user, dryRun, options } = attributes;
  return {
    kind: { ...version.kind },
    resource: { ...version.resource },
    ...(subresource !== '' && { subResource: subresource, requestSubResource: subresource }),
    requestKind: { ...kind },
    requestResource: { ...resource },
    ...(name !== '' && { name }),
    ...(namespace !== '' && { namespace }),
    operation,
    userInfo: userValue(user),
    dryRun,
    options,
  };
}
