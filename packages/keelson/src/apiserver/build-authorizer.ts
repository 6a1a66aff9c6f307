import { alwaysAllow, alwaysDeny, PrivilegedGroupsAuthorizer, privilegedGroup, UnionAuthorizer } from '@keelson/auth';
import type { Authorizer } from '@keelson/machinery';
import type { Instruments } from '@keelson/server';
import type { AuthorizationMode, AuthorizationOptions } from './options.js';

const AUTHORIZERS: Partial<Record<AuthorizationMode, Authorizer>> = { AlwaysAllow: alwaysAllow, AlwaysDeny: alwaysDeny };

/** Asks the modes in their order, after the group that may do everything. */
export function buildAuthorizer({ modes }: AuthorizationOptions, metrics: Instruments['authorization']): Authorizer {
  const authorizers = modes.map((mode) => {
    const authorizer = AUTHORIZERS[mode];
    if (authorizer === undefined) throw new Error(`authorization mode ${mode} has no authorizer`);
    return metrics.counted(mode, mode.toLowerCase(), authorizer);
  });
  return new UnionAuthorizer([new PrivilegedGroupsAuthorizer([privilegedGroup]), ...authorizers]);
}
