import { type RequestInfo, requiredValue } from '../../filters/request-info.js';

/** Of pods most watchers want those of one node: a write is told to few of them. */
const INDEXED_FIELD: Readonly<Record<string, string>> = { pods: 'spec.nodeName' };

/** How many watches are open, by what they watch. */
export class WatchCounts {
  readonly #counts = new Map<string, number>();

  /** Returns how to forget it again; undefined for one that single writes need not be told to. */
  add(info: RequestInfo): (() => void) | undefined {
    if (wantsOneValue(info)) return undefined;
    const key = keyOf(info, info.namespace, info.name);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return () => this.#remove(key);
  }

  /** How many may have to be told of a write. */
  interestedIn(info: RequestInfo): number {
    if (this.#counts.size === 0) return 0;
    const { namespace, name } = info;
    let count = this.#at(keyOf(info, '', ''));
    if (namespace !== '') count += this.#at(keyOf(info, namespace, ''));
    if (name !== '') count += this.#at(keyOf(info, namespace, name));
    return count;
  }

  #at(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  #remove(key: string): void {
    const left = this.#at(key) - 1;
    if (left > 0) this.#counts.set(key, left);
    else this.#counts.delete(key);
  }
}

function keyOf({ apiGroup, resource }: RequestInfo, namespace: string, name: string): string {
  return `${apiGroup}/${resource}/${namespace}/${name}`;
}

function wantsOneValue({ resource, fieldSelector }: RequestInfo): boolean {
  const field = INDEXED_FIELD[resource];
  return field !== undefined && fieldSelector.includes(field) && requiredValue(fieldSelector, field) !== '';
}
