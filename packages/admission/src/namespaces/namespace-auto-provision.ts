import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  hasReason,
  type ObjectAccess,
  type ObjectReader,
  type ObjectWriter,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { onCreate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { isNamespace } from './is-namespace.js';

type Namespace = core.v1.Namespace;

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };

/** A namespace is made by making something in it. */
export class NamespaceAutoProvision implements AdmissionPlugin {
  readonly name = 'NamespaceAutoProvision';
  readonly handles = onCreate;
  readonly #reader: ObjectReader<Namespace>;
  readonly #writer: ObjectWriter<Namespace>;

  constructor(objects: ObjectAccess) {
    this.#reader = objects.reader(NAMESPACES);
    this.#writer = objects.writer(NAMESPACES);
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const { dryRun, namespace, kind } = attributes;
    if (dryRun || namespace === '' || isNamespace(kind)) return;
    if ((await this.#reader.get('', namespace)) === undefined) await this.#provide(attributes);
  }

  async #provide(attributes: AdmissionAttributes): Promise<void> {
    try {
      await this.#writer.create({ metadata: { name: attributes.namespace }, spec: {}, status: {} });
    } catch (error) {
      if (hasReason(error, 'AlreadyExists')) return;
      // A refusal of the namespace is told as it is.
      throw hasReason(error, 'Forbidden') ? error : refusedWrite(attributes, (error as Error).message);
    }
  }
}
