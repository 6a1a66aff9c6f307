import type { KubeObject } from '@keelson/machinery';
import type { ObjectIndexer } from '@keelson/storage';

/** How objects of a source are shown as if they were stored. */
export interface VirtualForm {
  /** Its bytes, without what the schema does not know. */
  encode(object: KubeObject): Buffer;
  readonly indexer: ObjectIndexer;
}

/** Where an object stands below its resource: `default/web`, or `web` of cluster-scoped ones. Throws for one without a name. */
export function pathOf({ metadata: { namespace = '', name = '' } }: KubeObject): string {
  if (name === '') throw new Error('an object of a source has no name');
  return namespace === '' ? name : `${namespace}/${name}`;
}
