import {
  type Amounts,
  amountTexts,
  evaluatorFor,
  excess,
  matchesScope,
  measuredResource,
  parseAmounts,
  pick,
  type Scope,
  sameAmounts,
  scopesOf,
  sum,
} from '@keelson/admission/quota-measuring';
import { formatGroupResource, type GroupResource, type KubeObject, Quantity } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { PendingCharges } from './pending-charges.js';

type ResourceQuota = core.v1.ResourceQuota;

const NOTHING: Amounts = new Map();

/** The status that a quota should have. */
export type QuotaStatus = core.v1.ResourceQuotaStatus;

/** A quota, with what the objects of its namespace use of it. Told of everything in the order in which it was stored. */
export class MeasuredQuota {
  #quota: ResourceQuota;
  #hard: Amounts = NOTHING;
  #scopes: readonly Scope[] = [];
  /** What each object uses, by resource and name. */
  readonly #usages = new Map<string, Amounts>();
  #counted: Amounts = NOTHING;
  readonly #pending: PendingCharges;
  /** Undefined until all objects have been told of. */
  #used: Amounts | undefined;

  constructor(quota: ResourceQuota, nowMs: () => number) {
    this.#quota = quota;
    this.#pending = new PendingCharges(nowMs);
    this.#read();
  }

  get name(): string {
    return this.#quota.metadata.name ?? '';
  }

  get revision(): string {
    return this.#quota.metadata.resourceVersion ?? '';
  }

  /** Whether it is still the quota it was: a change of what it limits makes it another one, to be measured anew. */
  isSame({ metadata, spec }: ResourceQuota): boolean {
    return metadata.uid === this.#quota.metadata.uid && sameAmounts(parseAmounts(spec.hard), this.#hard);
  }

  /** The resources whose objects it must be told of. */
  get resources(): readonly GroupResource[] {
    const found = [...this.#hard.keys()].flatMap((name) => measuredResource(name) ?? []);
    return [...new Map(found.map((resource) => [formatGroupResource(resource), resource])).values()];
  }

  /** The quota has been written: by admission, which has charged it, or by somebody who has measured it. */
  observe(quota: ResourceQuota): void {
    const before = this.#used;
    this.#quota = quota;
    this.#read();
    if (before === undefined) return;
    this.#used = parseAmounts(quota.status.used);
    // What had not been measured was not charged, and what was too little has been put right.
    const charged = excess(
      pick(this.#used, (name) => before.has(name)),
      greater(before, this.#total()),
    );
    this.#pending.add(pick(charged, (_, { sign }) => sign > 0));
  }

  /** An object is as it is told, or gone. */
  measure(resource: GroupResource, name: string, object: KubeObject | undefined): void {
    const key = `${formatGroupResource(resource)}/${name}`;
    const before = this.#usages.get(key) ?? NOTHING;
    const after = object === undefined ? NOTHING : this.#usageOf(resource, object);
    if (after.size === 0) this.#usages.delete(key);
    else this.#usages.set(key, after);
    this.#counted = difference(sum(this.#counted, after), before);
    if (this.#used !== undefined) this.#pending.settle(excess(after, before));
  }

  /** All objects have been told of. What was charged besides may be on its way. */
  complete(): void {
    this.#used = parseAmounts(this.#quota.status.used);
    this.#pending.clear();
    this.#pending.add(pick(excess(this.#used, this.#counted), (_, { sign }) => sign > 0));
  }

  /** What its status should say by now; undefined when it does, or when nobody knows yet. */
  wantedStatus(isServed: (resource: GroupResource) => boolean): QuotaStatus | undefined {
    if (this.#used === undefined) return undefined;
    const total = this.#total();
    const used = new Map<string, Quantity>();
    for (const name of this.#hard.keys()) {
      const resource = measuredResource(name);
      const measured = resource !== undefined && isServed(resource) ? (total.get(name) ?? Quantity.zero) : this.#used.get(name);
      if (measured !== undefined) used.set(name, measured);
    }
    const isRight = sameAmounts(used, this.#used) && sameAmounts(this.#hard, parseAmounts(this.#quota.status.hard));
    return isRight ? undefined : { hard: amountTexts(this.#hard), used: amountTexts(used) };
  }

  #read(): void {
    this.#hard = parseAmounts(this.#quota.spec.hard);
    this.#scopes = scopesOf(this.#quota.spec);
  }

  #total(): Amounts {
    return sum(this.#counted, this.#pending.total());
  }

  #usageOf(resource: GroupResource, object: KubeObject): Amounts {
    const evaluator = evaluatorFor(resource);
    if (evaluator === undefined || !this.#scopes.every((scope) => matchesScope(evaluator, scope, object))) return NOTHING;
    return pick(evaluator.usage(object), (name) => this.#hard.has(name));
  }
}

function difference(a: Amounts, b: Amounts): Amounts {
  const left = new Map(a);
  for (const [name, quantity] of b) left.set(name, (left.get(name) ?? Quantity.zero).sub(quantity));
  return left;
}

/** Of each the greater amount. */
function greater(a: Amounts, b: Amounts): Amounts {
  const most = new Map(a);
  for (const [name, quantity] of b) if ((most.get(name) ?? Quantity.zero).compare(quantity) < 0) most.set(name, quantity);
  return most;
}
