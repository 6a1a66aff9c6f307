import type { KubeObject } from '../meta/object.js';

/**
 * Reads objects of one resource from a cache: no call leaves the process, and what it answers may be as old as the
 * last event seen. The objects are shared; nobody may change them. Cluster-scoped resources take the empty namespace.
 */
export interface Lister<T extends KubeObject = KubeObject> {
  get(namespace: string, name: string): T | undefined;
  /** Everything, or one namespace; ordered by key. */
  list(namespace?: string): Iterable<T>;
  /** Resolves once the cache holds the complete state of some moment after the process started. */
  synced(): Promise<void>;
}
