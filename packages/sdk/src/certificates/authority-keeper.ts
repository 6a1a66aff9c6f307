import type { Authority } from './authority.js';

/** Where an authority is kept, for this process alone or for all replicas of a service. */
export interface AuthorityKeeper {
  /** The one to sign with at this time: made where there is none, and replaced before it ends. */
  current(now: Date): Promise<Authority>;
  /** Calls back when others may have replaced it, until the result is called. */
  follow(onChange: () => void): () => void;
}
