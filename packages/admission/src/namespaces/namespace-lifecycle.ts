import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  ApiError,
  forbidden,
  type GroupResource,
  notFound,
  type ObjectAccess,
  type ObjectReader,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { refusedWrite } from '../refused-write.js';
import { isNamespace } from './is-namespace.js';

const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);
const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };
/** For so long a cache is not believed about a namespace whose deletion passed here. */
const DOUBT_MS = 30_000;

/** Nothing is made in a namespace that is not there or on its way out, and some namespaces stay for ever. */
export class NamespaceLifecycle implements AdmissionPlugin {
  readonly name = 'NamespaceLifecycle';
  readonly #namespaces: ObjectReader<core.v1.Namespace>;
  readonly #nowMs: () => number;
  /** Phase of each namespace, as far as it has been told of. */
  readonly #phases = new Map<string, string>();
  /** When deletions passed here, by namespace, oldest first. */
  readonly #deletedAtMs = new Map<string, number>();

  constructor(objects: Pick<ObjectAccess, 'reader' | 'follow'>, nowMs = () => performance.now()) {
    this.#namespaces = objects.reader(NAMESPACES);
    this.#nowMs = nowMs;
    objects.follow<core.v1.Namespace>(NAMESPACES, {
      unmanaged: true,
      set: (namespace) => void this.#phases.set(namespace.metadata.name ?? '', phaseOf(namespace)),
      delete: ({ metadata }) => void this.#phases.delete(metadata.name ?? ''),
    });
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation !== 'CONNECT';
  }

  admit(attributes: AdmissionAttributes): Promise<void> | undefined {
    const { operation, kind, namespace, name, resource } = attributes;
    if (isNamespace(kind)) {
      if (operation === 'DELETE') this.#delete(name);
      return undefined;
    }
    // Whoever asks about access to a namespace need not have it; what is in a namespace may always be deleted.
    if (namespace === '' || operation === 'DELETE' || isAccessReview(resource)) return undefined;
    const phase = this.#isDoubtful(namespace) ? undefined : this.#phases.get(namespace);
    if (phase === undefined) return this.#admitAsStored(attributes);
    checkPhase(attributes, phase);
    return undefined;
  }

  /** For a namespace that it has not been told of yet, or of whose deletion. */
  async #admitAsStored(attributes: AdmissionAttributes): Promise<void> {
    const found = await this.#namespaces.getLatest('', attributes.namespace);
    if (found === undefined) throw notFound(NAMESPACES, attributes.namespace);
    checkPhase(attributes, phaseOf(found));
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

  /** Whether it may not have been told of a deletion of late. */
  #isDoubtful(name: string): boolean {
    const deletedAtMs = this.#deletedAtMs.get(name);
    return deletedAtMs !== undefined && deletedAtMs + DOUBT_MS > this.#nowMs();
  }
}

function phaseOf({ status }: core.v1.Namespace): string {
  return status.phase ?? '';
}

function checkPhase(attributes: AdmissionAttributes, phase: string): void {
  if (attributes.operation === 'CREATE' && phase === 'Terminating') throw terminating(attributes);
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
