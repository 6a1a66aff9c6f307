import { type Labels, notFound, type ObjectAccess, type ObjectReader } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { MatchedRequest } from './matched-request.js';

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };

/** The labels of all namespaces, for selectors. */
export class NamespaceLabels {
  static readonly #known = new WeakMap<ObjectAccess, NamespaceLabels>();

  /** One for everybody who looks at the same objects. */
  static of(objects: ObjectAccess): NamespaceLabels {
    let labels = NamespaceLabels.#known.get(objects);
    if (labels === undefined) {
      labels = new NamespaceLabels(objects);
      NamespaceLabels.#known.set(objects, labels);
    }
    return labels;
  }

  readonly #labels = new Map<string, Labels>();
  readonly #namespaces: ObjectReader<core.v1.Namespace>;

  private constructor(objects: ObjectAccess) {
    this.#namespaces = objects.reader<core.v1.Namespace>(NAMESPACES);
    objects.follow<core.v1.Namespace>(NAMESPACES, {
      set: ({ metadata }) => void this.#labels.set(metadata.name ?? '', metadata.labels ?? {}),
      delete: ({ metadata }) => void this.#labels.delete(metadata.name ?? ''),
    });
  }

  /** Of the namespace that a request is in; of one that is being written, as it is to be. Throws 404 when there is none. */
  of(attributes: MatchedRequest): Labels | Promise<Labels> {
    const { resource, subresource, operation, object, namespace } = attributes;
    const writesNamespace = resource.resource === 'namespaces' && subresource === '' && operation !== 'DELETE';
    if (writesNamespace && object !== undefined) return object.metadata.labels ?? {};
    return this.#labels.get(namespace) ?? this.#latest(namespace);
  }

  /** A new namespace may not have been told of yet. */
  async #latest(name: string): Promise<Labels> {
    const namespace = await this.#namespaces.getLatest('', name);
    if (namespace === undefined) throw notFound(NAMESPACES, name);
    return namespace.metadata.labels ?? {};
  }
}
