import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  type Authorizer,
  type FieldError,
  forbidden,
  type Initializers as InitializerList,
  invalid,
  type KubeObject,
  type ObjectAccess,
} from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import { InitializerIndex } from './initializer-index.js';
import { validateInitializers, validateInitializersUpdate } from './initializers-validation.js';

const CONFIGURATIONS = { group: 'admissionregistration.k8s.io', version: 'v1alpha1', resource: 'initializerconfigurations' };
const MIRROR_POD = 'kubernetes.io/config.mirror';

/**
 * Has new objects wait for their initializers (of releases 1.7 to 1.13), and lets these, one after the other, change
 * them. Who may `initialize` a resource may also make objects with initializers of his choice, or without any.
 */
export class Initializers implements AdmissionPlugin {
  readonly name = 'Initializers';
  readonly #index = new InitializerIndex();
  readonly #authorizer: Authorizer;

  constructor(objects: ObjectAccess, authorizer: Authorizer) {
    this.#authorizer = authorizer;
    objects.follow<admissionregistration.v1alpha1.InitializerConfiguration>(CONFIGURATIONS, this.#index);
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE' || operation === 'UPDATE';
  }

  admit(attributes: AdmissionAttributes): Promise<void> | undefined {
    const { object, oldObject, operation, subresource } = attributes;
    if (subresource !== '' || object?.metadata === undefined) return undefined;
    if (operation === 'CREATE') return this.#admitNew(attributes, object);
    return oldObject && this.#admitChange(attributes, object, oldObject);
  }

  #admitNew(attributes: AdmissionAttributes, object: KubeObject): Promise<void> | undefined {
    const { metadata } = object;
    if (metadata.initializers !== undefined) return this.#admitChosen(attributes, object, metadata.initializers);
    if (isMirrorPod(attributes, object)) return undefined;
    const names = this.#index.namesFor(attributes.resource);
    if (names.length > 0) metadata.initializers = { pending: names.map((name) => ({ name })) };
    return undefined;
  }

  /** An empty list lets an object be without initializers. */
  async #admitChosen(attributes: AdmissionAttributes, object: KubeObject, initializers: InitializerList): Promise<void> {
    await this.#requireRight(attributes, 'create with initializers denied');
    refuse(attributes, validateInitializers(initializers));
    if (isEmpty(initializers)) delete object.metadata.initializers;
  }

  #admitChange(attributes: AdmissionAttributes, object: KubeObject, old: KubeObject): Promise<void> | undefined {
    if (object.metadata.initializers !== undefined && isEmpty(object.metadata.initializers)) delete object.metadata.initializers;
    const { initializers } = object.metadata;
    const before = old.metadata.initializers;
    if (initializers === undefined && before === undefined) return undefined;
    refuse(attributes, validateInitializersUpdate(initializers, before));
    return this.#requireRight(attributes, 'update to uninitialized resource denied');
  }

  async #requireRight({ user, resource, name, namespace }: AdmissionAttributes, what: string): Promise<void> {
    const { decision, reason = '' } = await this.#authorizer.authorize({
      user,
      verb: 'initialize',
      resourceRequest: true,
      apiGroup: resource.group,
      apiVersion: resource.version,
      resource: resource.resource,
      subresource: '',
      namespace,
      name,
      path: '',
    });
    if (decision !== 'allow') throw forbidden(resource, name, `${what}: ${reason}`);
  }
}

function refuse({ kind, name }: AdmissionAttributes, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(kind, name, errors);
}

function isEmpty({ pending, result }: InitializerList): boolean {
  return !pending?.length && result === undefined;
}

/** Those run before the server knows of them. */
function isMirrorPod({ kind }: AdmissionAttributes, { metadata }: KubeObject): boolean {
  return kind.group === '' && kind.kind === 'Pod' && metadata.annotations?.[MIRROR_POD] !== undefined;
}
