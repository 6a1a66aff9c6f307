import { type AdmissionAttributes, type AdmissionPlugin, ApiError, forbidden, notFound, type ObjectReader } from '@keelson/machinery';
import type { core } from '@keelson/schema';

const IMMORTAL = new Set(['default', 'kube-system', 'kube-public']);
const NAMESPACES = { group: '', resource: 'namespaces' };

/** Nothing is made in a namespace that is not there or on its way out, and some namespaces stay for ever. */
export class NamespaceLifecycle implements AdmissionPlugin {
  readonly name = 'NamespaceLifecycle';
  readonly #namespaces: ObjectReader<core.v1.Namespace>;

  constructor(namespaces: ObjectReader<core.v1.Namespace>) {
    this.#namespaces = namespaces;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation !== 'CONNECT';
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const { operation, kind, namespace, name, resource } = attributes;
    if (kind.group === '' && kind.kind === 'Namespace') {
      if (operation === 'DELETE' && IMMORTAL.has(name)) throw forbidden(NAMESPACES, name, 'this namespace may not be deleted');
      return;
    }
    // Whoever asks about access to a namespace need not have it; what is in a namespace may always be deleted.
    if (namespace === '' || operation === 'DELETE' || resource.resource === 'localsubjectaccessreviews') return;
    const found = (await this.#namespaces.get('', namespace)) ?? (await this.#namespaces.getLatest('', namespace));
    if (found === undefined) throw notFound(NAMESPACES, namespace);
    if (operation === 'CREATE' && found.status.phase === 'Terminating') throw terminating(attributes);
  }
}

function terminating({ resource, name, namespace }: AdmissionAttributes): ApiError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { status } = forbidden(resource, name, why);
  const cause = { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' };
  return new ApiError(403, 'Forbidden', status.message ?? '', { ...status.details, causes: [cause] });
}
