import { type AdmissionAttributes, type AdmissionPlugin, findObject, notFound, type ObjectReader } from '@keelson/machinery';
import { isNamespace } from './is-namespace.js';

/** Nothing is written in a namespace that is not there. */
export class NamespaceExists implements AdmissionPlugin {
  readonly name = 'NamespaceExists';
  readonly #namespaces: ObjectReader;

  constructor(namespaces: ObjectReader) {
    this.#namespaces = namespaces;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation !== 'CONNECT';
  }

  async validate({ kind, namespace }: AdmissionAttributes): Promise<void> {
    if (namespace === '' || isNamespace(kind)) return;
    const found = await findObject(this.#namespaces, '', namespace);
    if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
  }
}
