import type { KubeObject } from '../meta/object.js';

/** Reads the objects of one resource, from memory where it can. Cluster-scoped resources take the empty namespace. */
export interface ObjectReader<T extends KubeObject = KubeObject> {
  /** May be as old as the last event seen. */
  get(namespace: string, name: string): Promise<T | undefined>;
  /** As of now: for where an old answer would refuse what is right. */
  getLatest(namespace: string, name: string): Promise<T | undefined>;
  list(namespace: string): Promise<T[]>;
}
