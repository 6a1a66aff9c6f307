import { type Bindings, RequestBindings } from '@keelson/cel';
import {
  type AdmissionAttributes,
  type Authorizer,
  findObject,
  type KubeObject,
  notFound,
  type ObjectReader,
  type ServedVersion,
} from '@keelson/machinery';
import { ReviewedObjects } from '../webhooks/reviewed-objects.js';

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };

/** What a policy is evaluated with. */
export interface PolicyInput {
  /** Values of the variables that conditions see: `namespaceObject` is not among them. */
  conditionBindings(): Bindings;
  /** For all others; `namespaceObject` is there when it is asked for. Throws 404 when the namespace is not there. */
  bindings(withNamespace: boolean): Promise<Bindings>;
}

/** A request as the expressions of policies see it. */
export class PolicyRequest {
  readonly objects: ReviewedObjects;
  readonly #attributes: AdmissionAttributes;
  readonly #namespaces: ObjectReader;
  readonly #bindings: RequestBindings;
  #namespace: KubeObject | undefined;

  constructor(attributes: AdmissionAttributes, authorizer: Authorizer, namespaces: ObjectReader) {
    this.objects = new ReviewedObjects(attributes);
    this.#attributes = attributes;
    this.#namespaces = namespaces;
    this.#bindings = new RequestBindings(attributes, authorizer);
  }

  /** In one of its versions, with parameters. */
  at(version: ServedVersion, params: KubeObject | undefined): PolicyInput {
    const view = () => ({ version, params, object: this.objects.view(version), oldObject: this.objects.oldView(version) });
    return {
      conditionBindings: () => this.#bindings.of(view()),
      bindings: async (withNamespace) => {
        const namespaceObject = withNamespace ? await this.#namespaceObject() : undefined;
        return this.#bindings.of({ ...view(), namespaceObject });
      },
    };
  }

  /** Namespaces are in none themselves. */
  async #namespaceObject(): Promise<KubeObject | undefined> {
    const { namespace, kind } = this.#attributes;
    if (namespace === '' || (kind.group === '' && kind.version === 'v1' && kind.kind === 'Namespace')) return undefined;
    this.#namespace ??= await findObject(this.#namespaces, '', namespace);
    if (this.#namespace === undefined) throw notFound(NAMESPACES, namespace);
    return this.#namespace;
  }
}
