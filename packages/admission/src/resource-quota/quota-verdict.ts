import type { Quantity } from '@keelson/machinery';
import { type Amounts, describeAmounts, describeNames, pick, sum } from './amounts.js';
import type { QuotaRequest } from './quota-request.js';
import type { QuotaState } from './quota-state.js';

/** What one quota says to a request. */
export type QuotaVerdict =
  | { readonly outcome: 'unconcerned' }
  /** `used`: what will be used with the request. */
  | { readonly outcome: 'charged'; readonly used: ReadonlyMap<string, Quantity> }
  /** `asked`: it is not too much, but not said as it must be; or the quota has not been measured yet. */
  | { readonly outcome: 'refused'; readonly asked: boolean; readonly why: string };

const UNCONCERNED: QuotaVerdict = { outcome: 'unconcerned' };

/** Holds a request against a quota. */
export function quotaVerdict(request: QuotaRequest, quota: QuotaState): QuotaVerdict {
  if (!request.isAbout(quota)) return UNCONCERNED;
  const { evaluator, object, usage, attributes } = request;
  const tracked = new Set([...quota.hard.keys()].filter((name) => evaluator.tracks(name)));
  const missing = evaluator.missing?.(tracked, object);
  if (missing !== undefined) return refused(`failed quota: ${quota.name}: ${missing}`, true);
  if ([...tracked].some((name) => !quota.used.has(name)))
    return refused(`status unknown for quota: ${quota.name}, resources: ${describeNames(tracked)}`, true);
  const negative = [...pick(usage, (_, { sign }) => sign < 0).keys()];
  if (negative.length > 0) return refused(`quota usage is negative for resource(s): ${describeNames(negative)}`, true);
  const requested = pick(request.increase(quota), (name) => quota.hard.has(name));
  if (requested.size === 0) return UNCONCERNED;
  const used = sum(quota.used, requested);
  // What a status tells of has happened, whatever the quota.
  const why = attributes.subresource === 'status' ? undefined : exceeded(quota, requested, used);
  return why === undefined ? { outcome: 'charged', used } : refused(why, false);
}

function refused(why: string, asked: boolean): QuotaVerdict {
  return { outcome: 'refused', asked, why };
}

function exceeded({ name, hard, used }: QuotaState, requested: Amounts, total: Amounts): string | undefined {
  const tooMuch = pick(requested, (resource) => {
    const [limit, sumOf] = [hard.get(resource), total.get(resource)];
    return limit !== undefined && sumOf !== undefined && sumOf.compare(limit) > 0;
  });
  if (tooMuch.size === 0) return undefined;
  const those = (amounts: Amounts) => describeAmounts(pick(amounts, (resource) => tooMuch.has(resource)));
  return `exceeded quota: ${name}, requested: ${those(requested)}, used: ${those(used)}, limited: ${those(hard)}`;
}
