import type { AdmissionAttributes, ServedVersion } from '@keelson/machinery';
import type { MatchedRequest } from './matched-request.js';

const OPERATIONS: readonly AdmissionAttributes['operation'][] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'];

/**
 * Something found out once for all requests that rules cannot tell apart: the same operation on the same version of a
 * resource, in a namespace or outside. What is kept goes with the version.
 */
export class RequestKinds<T> {
  readonly #found = new WeakMap<ServedVersion, (T | undefined)[]>();

  of(attributes: MatchedRequest, find: () => T): T {
    const { served, operation, namespace } = attributes;
    let kinds = this.#found.get(served);
    if (kinds === undefined) {
      kinds = new Array<T | undefined>(OPERATIONS.length * 2).fill(undefined);
      this.#found.set(served, kinds);
    }
    const at = OPERATIONS.indexOf(operation) * 2 + (namespace === '' ? 0 : 1);
    let found = kinds[at];
    if (found === undefined) {
      found = find();
      kinds[at] = found;
    }
    return found;
  }
}
