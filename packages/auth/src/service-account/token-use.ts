/**
 * How a token was used that is good, or was: one that should have been renewed (`stale`) or need not yet (`valid`), one
 * that names no audience (`legacy`), one of a secret that a person made (`manual`) or Kubernetes (`auto`), and one of the
 * latter that was marked as invalid (`invalidated`).
 */
export type TokenUse = 'stale' | 'valid' | 'legacy' | 'manual' | 'auto' | 'invalidated';

/** Told of each use that is found out, for metrics. */
export type OnTokenUse = (use: TokenUse) => void;
