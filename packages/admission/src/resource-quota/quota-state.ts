import type { Quantity } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { type Amounts, parseAmounts } from './amounts.js';
import { type Scope, scopesOf } from './scope.js';

/** A ResourceQuota as it is enforced. */
export interface QuotaState {
  readonly name: string;
  readonly uid: string;
  /** Of which this is the state. */
  readonly revision: number;
  /** What the status says: what the spec asks for holds once it has been measured. */
  readonly hard: Amounts;
  readonly used: ReadonlyMap<string, Quantity>;
  /** All of them hold of what is counted. */
  readonly scopes: readonly Scope[];
}

export function quotaState({ metadata, spec, status }: core.v1.ResourceQuota): QuotaState {
  return {
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    revision: Number(metadata.resourceVersion ?? 0),
    hard: parseAmounts(status.hard),
    used: parseAmounts(status.used),
    scopes: scopesOf(spec),
  };
}
