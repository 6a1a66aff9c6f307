import type { AdmissionAttributes, Authorizer, JsonObject, KubeObject, ServedVersion } from '@keelson/machinery';
import type { Bindings } from '../evaluate/run.js';
import { AuthorizerValue } from '../library/kubernetes/authorizer.js';
import type { CelValue, JsonMap } from '../values/value.js';
import { REQUEST_RESOURCE } from './admission.js';
import { userValue } from './user-type.js';

/** What expressions see of a request in one of the versions that its objects may be looked at in. */
export interface RequestView {
  readonly version: ServedVersion;
  /** In that version, with apiVersion and kind. */
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
  readonly params?: KubeObject | undefined;
  /** Absent where the request has none, and in match conditions. */
  readonly namespaceObject?: KubeObject | undefined;
}

/** Values of the variables of admission expressions. Made once for a request: its expressions ask an authorizer each question once. */
export class RequestBindings {
  readonly #attributes: AdmissionAttributes;
  readonly #user: JsonMap;
  readonly #authorizer: Bindings;

  constructor(attributes: AdmissionAttributes, authorizer: Authorizer) {
    this.#attributes = attributes;
    this.#user = userValue(attributes.user);
    this.#authorizer = authorizerVariables(attributes, authorizer);
  }

  of({ version, object, oldObject, params, namespaceObject }: RequestView): Bindings {
    return {
      object: json(object),
      oldObject: json(oldObject),
      params: json(params),
      namespaceObject: json(namespaceObject && withoutManagement(namespaceObject)),
      request: this.#request(version),
      ...this.#authorizer,
    };
  }

  #request(version: ServedVersion): JsonMap {
    const { kind, resource, subresource, name, namespace, operation, dryRun, options } = this.#attributes;
    return {
      kind: { ...version.kind },
      resource: { ...version.resource },
      ...(subresource !== '' && { subResource: subresource, requestSubResource: subresource }),
      requestKind: { ...kind },
      requestResource: { ...resource },
      ...(name !== '' && { name }),
      ...(namespace !== '' && { namespace }),
      operation,
      userInfo: this.#user,
      dryRun,
      options,
    };
  }
}

function json(object: KubeObject | undefined): CelValue {
  return (object ?? null) as JsonMap | null;
}

/** Namespaces are seen without managedFields and ownerReferences. */
function withoutManagement({ metadata, ...rest }: KubeObject): KubeObject {
  const { managedFields: _, ownerReferences: __, ...kept } = metadata as KubeObject['metadata'] & JsonObject;
  return { ...rest, metadata: kept };
}

function authorizerVariables({ user, resource, subresource, namespace, name }: AdmissionAttributes, authorizer: Authorizer): Bindings {
  const value = AuthorizerValue.of(authorizer, user);
  const target = { group: resource.group, resource: resource.resource, subresource, namespace, name };
  return { authorizer: value, [REQUEST_RESOURCE]: value.resource(target) };
}
