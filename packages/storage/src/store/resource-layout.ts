import type { ObjectIndexer } from '../stored-object.js';

/** Where a resource's objects are stored, and how they are read for selection. */
export interface ResourceLayout {
  /** Key prefix of all its objects, with a slash at the end: `/registry/pods/`. */
  readonly prefix: string;
  readonly namespaced: boolean;
  readonly indexer: ObjectIndexer;
  /** Field by which many watchers select one value each, such as `spec.nodeName`: an event then reaches only theirs. */
  readonly triggerField?: string;
  /** Lists that cannot be complete name all objects that cannot be read, for whoever wants to delete those unread; else the first. */
  readonly namesUnreadable?: boolean;
}
