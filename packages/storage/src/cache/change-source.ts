import type { Revision } from '../kv.js';
import type { ResourceLayout } from '../store/resource-layout.js';
import type { ChangeRing } from './change-ring.js';
import type { WatcherIndex } from './watcher-index.js';

/** What live watchers are fed from: the changes of one resource up to now, and those to come. */
export interface ChangeSource {
  readonly layout: ResourceLayout;
  readonly ring: ChangeRing;
  /** The watchers to which further changes are dispatched. */
  readonly watchers: WatcherIndex;
  /** Everything up to here is in the ring, or was. */
  readonly revision: Revision;
  /** Everything up to here has reached the watchers. */
  readonly dispatched: Revision;
  /** Resolves when changes flow. */
  whenLive(): Promise<void>;
}
