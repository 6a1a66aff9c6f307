import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  ApiError,
  findObject,
  forbidden,
  type GroupResource,
  notFound,
  type ObjectReader,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { refusedWrite } from '../refused-write.js';
import { isNamespace } from './is-namespace.js';

const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);
const NAMESPACES = { group: '', resource: 'namespaces' };
/** For so long a cache is not believed about a namespace whose deletion passed here. */
const DOUBT_MS = 30_000;

/** Nothing is made in a namespace that is not there or on its way out, and some namespaces stay for ever. */
export class NamespaceLifecycle implements AdmissionPlugin {
  readonly name = 'NamespaceLifecycle';
  readonly #namespaces: ObjectReader<core.v1.Namespace>;
  readonly #nowMs: () => number;
  /** When deletions passed here, by namespace, oldest first. */
  readonly #deletedAtMs = new Map<string, number>();

  constructor(namespaces: ObjectReader<core.v1.Namespace>, nowMs = () => performance.now()) {
    this.#namespaces = namespaces;
    this.#nowMs = nowMs;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation !== 'CONNECT';
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const { operation, kind, namespace, name, resource } = attributes;
    if (isNamespace(kind)) {
      if (operation === 'DELETE') this.#delete(name);
      return;
    }
    // Whoever asks about access to a namespace need not have it; what is in a namespace may always be deleted.
    if (namespace === '' || operation === 'DELETE' || isAccessReview(resource)) return;
    const found = await this.#find(namespace);
    if (found === undefined) throw notFound(NAMESPACES, namespace);
    if (operation === 'CREATE' && found.status.phase === 'Terminating') throw terminating(attributes);
  }

  #delete(name: string): void {
    if (IMMORTAL.has(name)) throw forbidden(NAMESPACES, name, 'this namespace may not be deleted');
    const nowMs = this.#nowMs();
    for (const [deleted, atMs] of this.#deletedAtMs) {
      if (atMs + DOUBT_MS > nowMs) break;
      this.#deletedAtMs.delete(deleted);
    }
    this.#deletedAtMs.delete(name);
    this.#deletedAtMs.set(name, nowMs);
  }

  /** From the cache where it can be believed: it may not have heard of a new namespace, nor of a deletion of late. */
  #find(name: string): Promise<core.v1.Namespace | undefined> {
    const isDoubtful = (this.#deletedAtMs.get(name) ?? Number.NEGATIVE_INFINITY) + DOUBT_MS > this.#nowMs();
    return isDoubtful ? this.#namespaces.getLatest('', name) : findObject(this.#namespaces, '', name);
  }
}

function isAccessReview({ group, resource }: GroupResource): boolean {
  return group === 'authorization.k8s.io' && resource === 'localsubjectaccessreviews';
}

function terminating(attributes: AdmissionAttributes): ApiError {
  const { namespace } = attributes;
  const { status } = refusedWrite(attributes, `unable to create new content in namespace ${namespace} because it is being terminated`);
  const cause = { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' };
  return new ApiError(403, 'Forbidden', status.message ?? '', { ...status.details, causes: [cause] });
}
