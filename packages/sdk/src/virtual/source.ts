import type { KubeObject } from '@keelson/machinery';

/** What becomes of an object of a source. */
export interface SourceEvent<T extends KubeObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
}

/**
 * Where objects come from that are not stored: another system, a calculation. They need a name, and a namespace where
 * the resource is namespaced.
 */
export interface Source<T extends KubeObject> {
  /** Everything there is; `namespace` is '' for all namespaces. */
  list(asked: { readonly namespace: string }): readonly T[] | Promise<readonly T[]>;
  /** One object; undefined when there is none. When absent, it is looked for in the list. */
  get?(asked: { readonly namespace: string; readonly name: string }): T | undefined | Promise<T | undefined>;
  /**
   * What changes from now on, in all namespaces, until `signal` is aborted. With it the resource can be watched: it is
   * followed for as long as the server lives, and reads are answered from what it has told.
   */
  watch?(asked: { readonly signal: AbortSignal }): AsyncIterable<SourceEvent<T>>;
}
